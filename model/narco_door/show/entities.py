"""What the model keeps of every entity: each variable with its axes, unit and meaning, as the documents list them.

`where` is the way from a `NarcoDoor` to the variable; a test walks it in a living model and compares the axes. What a
class declares (`base.columns`) is listed from there; the rows below go as their classes declare their columns.
"""

from typing import NamedTuple

from narco_door.base.columns import columns
from narco_door.country.roll import Roll
from narco_door.inside.careers import CareerLog, MemberTable


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
        school_2007 | 0-1 | width of the school door in the first month
        jobs_2007 | jobs | formal jobs for youths in the first month
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
        fear_2007 | 0-1 | fear in the first month
        deprivation | 0-1 | mean deprivation of the families of the next twelve-year-olds
        deprivation_2007 | 0-1 | the same in the first month
        idle_2007 | 0-1 | share of youths at the corner in the first month
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

DECLARED = (  # whose, the way to them, and the class that declares them
    ("person", "roll.", Roll),
    ("member", "careers.table.", MemberTable),
    ("career", "careers.log.", CareerLog),
)
VARIABLES = (
    *(
        Variable(entity, f"{way}{name}", column.axes, column.unit, column.meaning)
        for entity, way, kind in DECLARED
        for name, column in columns(kind).items()
    ),
    *CARTEL,
    *PLACE,
    *GOVERNMENT,
)
