"""The rule of the crossroads once more, as hand-tuned Mesa agents: what the compiled walk is measured against."""

import math
from types import SimpleNamespace

import mesa

SCHOOL, FORMAL, INFORMAL, HOME, IDLE, CARTEL = range(6)


LOW, UNIT = (1 << 32) - 1, 2.0**-32


class YouthAgent(mesa.Agent):
    """One youth as an object; slots and local names, as fast as plain Python gets.

    It does what the compiled walk does: luck keyed by month, person and door (by Python's own tuple hash, the
    cheapest keyed draw there is), the rule, and the month's counts by place, band, sex and door.
    """

    __slots__ = ("age", "deprivation", "door", "man", "moral", "name", "place", "record", "schooling")

    def __init__(self, model, *, name, place, age, man, door, schooling, deprivation, moral, record):
        super().__init__(model)
        self.name = name
        self.place, self.age, self.man, self.door = place, age, man, door
        self.schooling, self.deprivation, self.moral, self.record = schooling, deprivation, moral, record

    def step(self):
        model, age, door = self.model, self.age, self.door
        self.age = age + 1
        band = 0 if age < 180 else 1 if age < 216 else 2 if age < 300 else 3
        if door <= IDLE:
            rule = model.rule
            if door == SCHOOL:
                if age % 6 == 0:
                    self.schooling += 1
                ends = age in (180, 216, 264, 300)
                hazard = (
                    1.0 if ends else rule.call_dropout[band] + rule.call_dropout_poor[band] * self.deprivation / 255
                )
            else:
                ends, hazard = False, rule.call[door]
            bits = hash((model.key, self.name))
            if (bits >> 32 & LOW) * UNIT < hazard:
                door = self.door = self.crossroads(bits, age, door, ends, rule)
        model.counts[self.place][band][self.man][door] += 1

    def crossroads(self, bits, age, door, ends, rule):
        model, man = self.model, self.man
        here, flow = model.streets[self.place], model.flows[self.place]
        flow[0] += 1
        flow[1] += man
        draw = hash((bits, 1))
        like = 1.0 + rule.like_home[man]
        best = HOME if (draw >> 32 & LOW) * UNIT * like < rule.like_home[man] else IDLE
        time = -math.log(((draw & LOW) + 0.5) * UNIT) / like
        if age < 300:
            draw = hash((bits, 2))
            high = (draw >> 32 & LOW) * UNIT
            stays = door == SCHOOL
            seated = age < 180 or (stays and not ends)
            if seated or high < here.belief_school:
                flow[2] += not seated
                if seated or high < here.belief_school * here.width_school:
                    flow[5] += not seated
                    like = here.like_school * (rule.like_staying if stays else rule.like_returning)
                    if age < 180:
                        like *= rule.like_under15
                    like *= rule.barrier[self.deprivation]
                    effort = -math.log(((draw & LOW) + 0.5) * UNIT) / like
                    if effort < time:
                        best, time = SCHOOL, effort
        if age >= 192:
            draw = hash((bits, 3))
            high = (draw >> 32 & LOW) * UNIT
            if high < here.belief_formal:
                flow[3] += 1
                chance = here.belief_formal * here.width_formal * rule.chance_formal[self.schooling]
                if high < (chance * rule.record_penalty if self.record else chance):
                    flow[6] += 1
                    like = here.like_formal * rule.learn_formal[self.schooling]
                    effort = -math.log(((draw & LOW) + 0.5) * UNIT) / like
                    if effort < time:
                        best, time = FORMAL, effort
        if age >= 168:
            draw = hash((bits, 4))
            high = (draw >> 32 & LOW) * UNIT
            if high < here.belief_informal:
                flow[4] += 1
                if high < here.belief_informal * here.width_informal:
                    flow[7] += 1
                    like = here.like_informal * rule.learn_informal[self.schooling]
                    if age < 216:
                        like *= rule.like_informal_minor
                    effort = -math.log(((draw & LOW) + 0.5) * UNIT) / like
                    if effort < time:
                        best, time = INFORMAL, effort
        draw = hash((bits, 5))
        high = (draw >> 32 & LOW) * UNIT
        if high < here.width_narco * rule.offers_by_sex[man]:
            flow[8] += 1
            like = here.like_narco * rule.resist[self.moral]
            if -math.log(((draw & LOW) + 0.5) * UNIT) / like < time:
                best = CARTEL
        elif high > 1.0 - here.force * rule.offers_by_sex[man]:
            best = CARTEL
        return best


class ObjectWorld(mesa.Model):
    """A model of `YouthAgent`s that starts from the rows of a `NarcoDoor`."""

    def __init__(self, model, street, agents):
        super().__init__(rng=1)
        self.key = 0
        self.counts = self.flows = None
        rule = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in model.rule._asdict().items()}
        calls = [0.0, rule["call_formal"], rule["call_informal"], rule["call_home"], rule["call_idle"]]
        self.rule = SimpleNamespace(**rule, call=calls)
        fields = street._asdict()
        self.streets = [
            SimpleNamespace(**{k: float(v[p]) for k, v in fields.items()}) for p in range(len(model.places))
        ]
        roll, rows = model.roll, model.youth.rows()[:: max(1, len(model.youth.rows()) // agents)][:agents]
        place, birth, man, _ = roll.whereabouts(rows)
        self.youths = []
        for k, row in enumerate(rows):
            youth = YouthAgent(
                self, name=int(row), place=int(place[k]), age=int(model.month - birth[k]), man=int(man[k]), door=int(roll.door[row]),
                schooling=int(roll.schooling[row]), deprivation=int(roll.deprivation[row]), moral=int(roll.moral[row]),
                record=bool(roll.flags[row] & 1),
            )  # fmt: skip
            self.youths.append(youth)

    def step(self):
        self.key += 1
        places = range(len(self.streets))
        self.counts = [[[[0] * 8 for _ in range(2)] for _ in range(4)] for _ in places]
        self.flows = [[0] * 9 for _ in places]
        for youth in self.youths:
            youth.step()
