"""What the model keeps of every entity: each variable with its axes, unit and meaning, as the documents list them.

`where` is the way from a `NarcoDoor` to the variable; a test walks it in a living model and compares the axes.
"""

from typing import NamedTuple


class Variable(NamedTuple):
    """One state variable.

    Attributes
    ----------
    entity
        Whose it is: person, member, career, cartel, place or government.
    where
        Attributes and keys from the model to it, joined by dots.
    axes
        What it is counted over, joined by commas; empty for a single value of each entity.
    """

    entity: str
    where: str
    axes: str
    unit: str
    meaning: str

    @property
    def name(self) -> str:
        """The last word of the way."""
        return self.where.rsplit(".", 1)[-1]


def _of(entity: str, home: str, axes: str, rows: str) -> tuple[Variable, ...]:
    """Read lines of `name | unit | meaning`; a name may carry its own axes in brackets."""
    found = []
    for line in rows.strip().splitlines():
        name, unit, meaning = (cell.strip() for cell in line.split("|"))
        name, _, own = name.partition("[")
        found.append(Variable(entity, f"{home}{name}", own.rstrip("]") or axes, unit, meaning))
    return tuple(found)


PERSON = _of(
    "person", "roll.", "person",
    """
    door | 0-7 | the door the person stands behind: school, formal, informal, home, idle; or cartel, prison, dead
    schooling | half-years | time at school since the sixth birthday
    deprivation | 0-1 in 256 steps | need of the family; fixed on the twelfth birthday
    moral | rank, 0-1 in 256 steps | how much the person resists crime, compared with others; fixed for life
    flags | bits | has a criminal record; has walked through the narco door before
    first[place, cohort + 1] | row | first row of each birth month of each place: gives place and age of every row
    women[place, cohort] | row | first woman of a birth month: men stand before women, which gives everyone's sex
    base[place, cohort] | name | name of a birth month's first person for keyed draws; it depends on nothing else
    """,
)  # fmt: skip

MEMBER = _of(
    "member", "careers.table.", "member",
    """
    row | row | whose row of the roll
    name | name | the person's name for keyed draws
    cartel | cartel | which cartel
    place | place | where
    birth | month | month of birth
    entered | month | month of the last entry
    room | 0-3 | lookout, gunman, chief or boss
    jailed | yes, no | whether in prison
    until | month | month of release
    log | row | row of the career
    """,
)  # fmt: skip

CAREER = _of(
    "career", "careers.log.", "career",
    """
    row | row | whose row of the roll
    place | place | where
    man | yes, no | sex
    birth | month | month of birth
    entered | month | month of the first entry
    from_door | 0-7 | door that was left for it
    forced | yes, no | whether taken by force
    room | 0-3 | highest room reached
    fate | 0-3 | inside, dead, jailed or left
    fate_month | month | month of that; -1 while inside
    terms | times | prison terms begun
    """,
)  # fmt: skip

CARTEL = _of(
    "cartel", "underworld.", "cartel, place",
    """
    held | persons | members of all rooms
    vacancies | persons | members wanted and not held
    present | yes, no | whether it claims the place
    cohesion[cartel] | 0-1 | 1 is whole; falls with the leader and heals
    alive[cartel] | yes, no | whether it still exists
    rounding[cartel, room] | 0-1 | how its posts are rounded, drawn once, so that small cartels' pyramids are unbiased
    """,
)  # fmt: skip

PLACE = (
    *_of(
        "place", "doors.", "place",
        """
        width.school | 0-1 | chance that someone over 15 who tries is let in
        width.formal | 0-1 | chance that someone with nine years of school who tries is hired
        width.informal | 0-1 | chance that someone who tries finds work
        belief.school | 0-1 | believed width
        belief.formal | 0-1 | believed width
        belief.informal | 0-1 | believed width
        school_first | 0-1 | width of the school door in the first month
        jobs_first | jobs | formal jobs for youths in the first month
        jobs | jobs | formal jobs for youths
        openings | jobs | of these, not held
        seekers | persons a month | those who tried for a formal job, smoothed
        """,
    ),
    *_of(
        "place", "", "place",
        """
        width_narco | 0-1 | chance that a young man at a crossroads gets an offer
        force | 0-1 | chance that a young man at a crossroads is taken by force
        lookers | persons a month | young men at a crossroads, smoothed
        minors_looking | persons a month | of these under 18, smoothed
        small_first | 0-1 | how far members stood in small groups in the first month
        remembered[memory, place] | agents a month; agents | promotions, mishaps and members as remembered
        promise | per year | promotions a member may hope for, as believed
        risk | per year | death and arrest of a member, learned from those inside, remembered in the same way
        homicides | persons | homicides of the month
        violence | persons a month | homicides, smoothed over a year; what frightens and what steers money
        counts[place, band, sex, door] | agents | youths by age band, sex and door at the last count
        flows[place, flow] | agents | youths at a crossroads, what they tried, where they were let in
        """,
    ),
    *_of(
        "place", "underworld.", "place",
        """
        pay | ratio | pay of the first room over that of the first month
        rents | US$ a month | rents that cartels contest
        """,
    ),
    *_of(
        "place", "weed.", "place",
        """
        corruption | 0-1 | share of police officers who are corrupt
        fear | 0-1 | fear of violence
        fear_first | 0-1 | fear in the first month
        deprivation | 0-1 | mean deprivation of the families of the next twelve-year-olds
        deprivation_first | 0-1 | the same in the first month
        idle_first | 0-1 | share of youths at the corner in the first month
        removal | per month | ordinary removal of corrupt officers; holds corruption still in the first month
        """,
    ),
)  # fmt: skip

GOVERNMENT = _of(
    "government", "government.", "lever, place",
    """
    spent | cents | spent this month
    leaked | cents | leaked this month
    service | units of the lever | what this month's money has at work
    stock | km, square metres | lasting works that stand
    pipeline[order] | cents | promised and not yet disbursed
    waiting[order] | cents | earmarked from the taxes of this month, to be promised in the next
    returned | cents | disbursed and of no use to anyone; given back
    promised[lever] | cents | promised this month
    cum_promised[lever] | cents | promised since the first month
    """,
)  # fmt: skip

VARIABLES = (*PERSON, *MEMBER, *CAREER, *CARTEL, *PLACE, *GOVERNMENT)
