"""The rule of the crossroads once more, as hand-tuned Mesa agents: what the compiled walk is measured against."""

import math
from types import SimpleNamespace

import mesa

SCHOOL, FORMAL, INFORMAL, HOME, IDLE, CARTEL = range(6)


class YouthAgent(mesa.Agent):
    """One youth as an object; slots, local names and the model's own generator, as fast as plain Python gets."""

    __slots__ = ("age", "deprivation", "door", "man", "moral", "place", "record", "schooling")

    def __init__(self, model, *, place, age, man, door, schooling, deprivation, moral, record):
        super().__init__(model)
        self.place, self.age, self.man, self.door = place, age, man, door
        self.schooling, self.deprivation, self.moral, self.record = schooling, deprivation, moral, record

    def step(self):
        age, door = self.age, self.door
        self.age = age + 1
        if door > IDLE:
            return
        if age % 6 == 0 and door == SCHOOL:
            self.schooling += 1
        rule = self.model.rule
        ends = door == SCHOOL and age in (180, 216, 264, 300)
        if not ends:
            if door == SCHOOL:
                band = 0 if age < 180 else 1 if age < 216 else 2 if age < 300 else 3
                hazard = rule.call_dropout[band] + rule.call_dropout_poor[band] * self.deprivation / 255
            else:
                hazard = rule.call[door]
            if self.model.luck() >= hazard:
                return
        self.door = self.crossroads(age, door, ends, rule)

    def crossroads(self, age, door, ends, rule):
        street, luck = self.model.streets[self.place], self.model.luck
        likes = [1.0, rule.like_home[self.man]]
        doors = [IDLE, HOME]
        if age < 300:
            stays = door == SCHOOL
            seated = age < 180 or (stays and not ends)
            if seated or luck() < street.belief_school * street.width_school:
                like = street.like_school * (rule.like_staying if stays else rule.like_returning)
                if age < 180:
                    like *= rule.like_under15
                if not (self.deprivation >= rule.poor_line and luck() < street.scholarships):
                    like *= rule.barrier[self.deprivation]
                likes.append(like)
                doors.append(SCHOOL)
        if age >= 192:
            chance = street.width_formal * rule.chance_formal[self.schooling]
            if self.record:
                chance *= rule.record_penalty
            if luck() < street.belief_formal * chance:
                likes.append(street.like_formal * rule.learn_formal[self.schooling])
                doors.append(FORMAL)
        if age >= 168 and luck() < street.belief_informal * street.width_informal:
            like = street.like_informal * rule.learn_informal[self.schooling]
            likes.append(like * rule.like_informal_minor if age < 216 else like)
            doors.append(INFORMAL)
        if luck() < street.width_narco * rule.offers_by_sex[self.man]:
            likes.append(street.like_narco * rule.resist[self.moral])
            doors.append(CARTEL)
        elif luck() < street.force * rule.offers_by_sex[self.man]:
            return CARTEL
        best, first = IDLE, math.inf
        for there, like in zip(doors, likes, strict=True):
            time = -math.log(1.0 - luck()) / like
            if time < first:
                best, first = there, time
        return best


class ObjectWorld(mesa.Model):
    """A model of `YouthAgent`s that starts from the rows of a `NarcoDoor`."""

    def __init__(self, model, street, agents):
        super().__init__(rng=1)
        self.luck = self.random.random
        rule = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in model.rule._asdict().items()}
        calls = [0.0, rule["call_formal"], rule["call_informal"], rule["call_home"], rule["call_idle"]]
        self.rule = SimpleNamespace(**rule, call=calls)
        fields = street._asdict()
        self.streets = [
            SimpleNamespace(**{k: float(v[p]) for k, v in fields.items()}) for p in range(len(model.places))
        ]
        roll, rows = model.roll, model.youth.rows()[:: max(1, len(model.youth.rows()) // agents)][:agents]
        place, birth, man, _ = roll.whereabouts(rows)
        for k, row in enumerate(rows):
            YouthAgent(
                self, place=int(place[k]), age=int(model.month - birth[k]), man=int(man[k]), door=int(roll.door[row]),
                schooling=int(roll.schooling[row]), deprivation=int(roll.deprivation[row]), moral=int(roll.moral[row]),
                record=bool(roll.flags[row] & 1),
            )  # fmt: skip

    def step(self):
        for agent in list(self._agents):
            agent.step()
