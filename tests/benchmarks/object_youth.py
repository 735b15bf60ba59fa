"""The rule of the crossroads once more, as hand-tuned Mesa agents: what the compiled walk is checked and measured against.

They draw the same luck, so every youth must end behind the same door as on the roll.
"""

from math import log
from types import SimpleNamespace

import mesa

from narco_door.base.draws import GOLDEN
from narco_door.street import crossroads as compiled
from worlds import window_rows

SCHOOL, FORMAL, INFORMAL, HOME, IDLE, CARTEL = range(6)
GOLDEN = int(GOLDEN)
ALL, LOW, UNIT, UNIT53 = (1 << 64) - 1, (1 << 32) - 1, 2.0**-32, 2.0**-53
AT_REST, AT_SCHOOL, AT_FORMAL, AT_INFORMAL, AT_NARCO, QUEUE, MENTOR, CASH = (
    int(getattr(compiled, f"_{name}"))
    for name in ("AT_REST", "AT_SCHOOL", "AT_FORMAL", "AT_INFORMAL", "AT_NARCO", "QUEUE", "MENTOR", "CASH")
)
AT_PLAIN = compiled._AT_PLAIN.tolist()


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & ALL
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & ALL
    return z ^ (z >> 31)


class YouthAgent(mesa.Agent):
    """One youth as an object; slots and local names, as fast as plain Python gets."""

    __slots__ = ("birth", "deprivation", "door", "man", "moral", "name", "place", "record", "schooling")

    def __init__(self, model, *, name, place, birth, man, door, schooling, deprivation, moral, record):
        super().__init__(model)
        self.name = name * GOLDEN & ALL
        self.place, self.birth, self.man, self.door = place, birth, man, door
        self.schooling, self.deprivation, self.moral, self.record = schooling, deprivation, moral, record

    def step(self):
        model, door = self.model, self.door
        age = model.month - self.birth
        band = 0 if age < 180 else 1 if age < 216 else 2 if age < 300 else 3
        if door == SCHOOL:
            if age % 6 == 0:
                self.schooling += 1
            stages, months = model.rule.stages, model.rule.stage_months
            ends = any(age - stage == self.moral % months for stage in stages)
            if ends:
                call = 1 << 32
            else:
                least, steeper = model.dropout[self.place][band]
                call = least + steeper * self.deprivation
        else:
            ends, call = False, model.call[self.place][door]
        # a draw, as `mix` has it: calls are dear in Python
        z = model.key + self.name & ALL
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & ALL
        z = (z ^ z >> 27) * 0x94D049BB133111EB & ALL
        if (z ^ z >> 31) >> 32 < call:
            door = self.door = self.crossroads(z ^ z >> 31, age, door, ends, model.rule)
        model.counts[self.place][band][self.man][door] += 1

    def holds(self, salt, share):
        return share > 0.0 and (mix(mix(self.model.queue + self.name & ALL) + salt & ALL) >> 11) * UNIT53 < share

    def crossroads(self, bits, age, door, ends, rule):
        model, man, deprivation = self.model, self.man, self.deprivation
        here, flow = model.streets[self.place], model.flows[self.place]
        flow[0] += 1
        flow[1] += man
        sought = round(1000 * rule.offers_by_age[age] * (rule.offers_stage_end if ends else 1.0))
        flow[9] += man * sought
        flow[10] += man * sought * (age < 216)
        flow[11] += ends
        draw = mix(bits + AT_REST & ALL)
        home = rule.like_home[man] * (rule.like_home_minor if age < 216 else 1.0)
        like = 1.0 + home
        best = HOME if (draw >> 32) * UNIT * like < home else IDLE
        time = -log(((draw & LOW) + 0.5) * UNIT)
        mentor = INFORMAL <= door <= IDLE and self.holds(MENTOR, here.mentors)
        lift = rule.mentor_belief if mentor else 0.0
        if age < rule.school_until:
            draw = mix(bits + AT_SCHOOL & ALL)
            high = (draw >> 32) * UNIT
            stays = door == SCHOOL
            seated = age < 180 or (stays and not ends)
            belief = 1.0 if seated else min(here.belief_school + lift, 1.0)
            if high < belief:
                flow[2] += not seated
                if seated or high < belief * here.width_school:
                    flow[5] += not seated
                    this = here.like_school * rule.like_school[man]
                    this *= rule.like_staying if stays else rule.like_returning
                    if age < 180:
                        this *= rule.like_under15
                    poor = deprivation >= rule.poor_line
                    if not (poor and 180 <= age < 264 and self.holds(QUEUE, here.scholarships)):
                        got = poor and age < 216 and self.holds(CASH, here.transfers)
                        this *= rule.barrier_half[deprivation] if got else rule.barrier[deprivation]
                    effort = -log(((draw & LOW) + 0.5) * UNIT)
                    if effort * like < time * this:
                        best, time, like = SCHOOL, effort, this
        if age >= 192:
            draw = mix(bits + AT_FORMAL & ALL)
            high = (draw >> 32) * UNIT
            belief = min(here.belief_formal + lift, 1.0)
            if high < belief:
                flow[3] += 1
                chance = belief * here.width_formal * rule.chance_formal[self.schooling]
                if high < (chance * rule.record_penalty if self.record else chance):
                    flow[6] += 1
                    this = here.like_formal * rule.learn_formal[self.schooling]
                    if deprivation >= rule.poor_line and self.holds(CASH, here.transfers):
                        this *= rule.keep_formal[self.schooling]
                    effort = -log(((draw & LOW) + 0.5) * UNIT)
                    if effort * like < time * this:
                        best, time, like = FORMAL, effort, this
        if age >= 168:
            draw = mix(bits + AT_INFORMAL & ALL)
            high = (draw >> 32) * UNIT
            if high < here.belief_informal:
                flow[4] += 1
                if high < here.belief_informal * here.width_informal:
                    flow[7] += 1
                    this = here.like_informal * rule.learn_informal[self.schooling]
                    if age < 216:
                        this *= rule.like_informal_minor
                    effort = -log(((draw & LOW) + 0.5) * UNIT)
                    if effort * like < time * this:
                        best, time, like = INFORMAL, effort, this
        for plain in rule.plain:
            if rule.ages[plain][0] <= age < rule.ages[plain][1]:
                draw = mix(bits + AT_PLAIN[plain] & ALL)
                high = (draw >> 32) * UNIT
                if high < here.belief[plain] and high < here.belief[plain] * here.width[plain]:
                    effort = -log(((draw & LOW) + 0.5) * UNIT)
                    if effort * like < time * here.like[plain]:
                        best, time, like = plain, effort, here.like[plain]
        draw = mix(bits + AT_NARCO & ALL)
        high = (draw >> 32) * UNIT
        offers = rule.offers_by_sex[man] * rule.offers_by_age[age]
        if ends:
            offers *= rule.offers_stage_end
        if age < 216:
            offers *= rule.offers_minor
        if high < here.width_narco * offers:
            flow[8] += 1
            flow[12] += age < 216
            this = here.like_narco * rule.resist[self.moral]
            if mentor:
                this *= rule.mentor_resist
            if -log(((draw & LOW) + 0.5) * UNIT) * like < time * this:
                best = CARTEL
        elif high > 1.0 - here.force * offers:
            best = CARTEL
        return best


class ObjectWorld(mesa.Model):
    """A model of `YouthAgent`s that starts from the youths of a `NarcoDoor` before a walk.

    Parameters
    ----------
    model : NarcoDoor
        Its month and roll are read, not changed.
    street, rule : Street, Rule
        What youths see this month.
    """

    def __init__(self, model, street, rule):
        super().__init__(rng=1)
        self.month = model.month
        self.key, self.queue = (
            int(model.world.draws.key("crossroads", model.month)),
            int(model.world.draws.key("queue")),
        )
        self.counts = self.flows = None
        self.rule = SimpleNamespace(**{k: v.tolist() if hasattr(v, "tolist") else v for k, v in rule._asdict().items()})
        self.streets = [self._street(street, p) for p in range(len(model.world.places))]
        self.call = [
            [0, *(int(2.0**32 * call) for call in self._calls(here)), 0, 0, 0, *self._plain()] for here in self.streets
        ]
        self.dropout = [self._dropout(here) for here in self.streets]
        roll, self.rows = model.world.roll, window_rows(model, model.month)
        place, birth, man, name = (column.tolist() for column in roll.whereabouts(self.rows))
        columns = {
            name: getattr(roll, name)[self.rows].tolist()
            for name in ("door", "schooling", "deprivation", "moral", "flags")
        }
        self.youths = [
            YouthAgent(
                self, name=name[k], place=place[k], birth=birth[k], man=man[k], door=columns["door"][k],
                schooling=columns["schooling"][k], deprivation=columns["deprivation"][k], moral=columns["moral"][k],
                record=columns["flags"][k] & 1,
            )
            for k in range(len(self.rows))
        ]  # fmt: skip

    def _street(self, street, p):
        """What is seen in one place, as plain attributes."""
        chances = {"force", "scholarships", "transfers", "mentors"}
        here = {name: float(getattr(street, name)[p]) for name in chances}
        for door, name in ((SCHOOL, "school"), (FORMAL, "formal"), (INFORMAL, "informal"), (CARTEL, "narco")):
            here |= {
                f"{what}_{name}": float(getattr(street, what)[p, door]) for what in ("width", "belief", "like", "call")
            }
        here |= {what: getattr(street, what)[p].tolist() for what in ("width", "belief", "like")}
        return SimpleNamespace(**here)

    def _plain(self):
        """Calls of those behind doors that ask for nothing but an age."""
        return [int(2.0**32 * self.rule.call[plain]) for plain in self.rule.plain]

    def _calls(self, here):
        return (
            self.rule.call[FORMAL] * here.call_formal,
            self.rule.call[INFORMAL],
            self.rule.call[HOME],
            self.rule.call[IDLE],
        )

    def _dropout(self, here):
        hazards = zip(self.rule.call_dropout, self.rule.call_dropout_poor, strict=True)
        return [
            (int(2.0**32 * least * here.call_school), int(2.0**32 * poor * here.call_school / 255.0))
            for least, poor in hazards
        ]

    def step(self):
        """Let everybody live the month once more."""
        places = range(len(self.streets))
        self.counts = [[[[0] * len(self.rule.call) for _ in range(2)] for _ in range(4)] for _ in places]
        self.flows = [[0] * 13 for _ in places]
        for youth in self.youths:
            youth.step()
