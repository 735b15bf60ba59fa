"""What the model keeps of every entity: each variable with its axes, unit and meaning, as the documents list them.

`where` is the way from the `World` to the variable; a test walks it in a living model and compares the axes.
"""

from typing import NamedTuple

from narco_door.base.columns import columns
from narco_door.country.roll import Roll
from narco_door.inside.careers import CareerLog, MemberTable
from narco_door.inside.cartels import Underworld
from narco_door.inside.wars import Pacts, Wars
from narco_door.month.world import Hearsay, Search, World
from narco_door.state.corruption_and_fear import CorruptionAndFear
from narco_door.state.government import Government
from narco_door.street.doors import Doors


class Variable(NamedTuple):
    """One state variable.

    Attributes
    ----------
    entity
        Whose it is: person, member, career, cartel, war, pact, place or government.
    where
        Attributes from the world to it, joined by dots.
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


DECLARED = (  # whose, the way from the world to them, and the class that declares them
    ("person", "roll.", Roll),
    ("member", "careers.table.", MemberTable),
    ("career", "careers.log.", CareerLog),
    ("cartel", "cartels.", Underworld),
    ("war", "cartels.wars.", Wars),
    ("pact", "cartels.pacts.", Pacts),
    ("place", "doors.", Doors),
    ("place", "search.", Search),
    ("place", "hearsay.", Hearsay),
    ("place", "", World),
    ("place", "corruption_and_fear.", CorruptionAndFear),
    ("government", "government.", Government),
)
VARIABLES = tuple(
    Variable(entity, f"{way}{name}", column.axes, column.unit, column.meaning)
    for entity, way, kind in DECLARED
    for name, column in columns(kind).items()
)
