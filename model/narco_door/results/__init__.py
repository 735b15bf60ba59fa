"""Results: open them, pair them by replicate, say what a policy averted and at what cost, compared with what.

Nothing here needs the model: old folders open as long as their tables can be read.
"""

from narco_door.base.nation import NATION
from narco_door.results.compared import COST, difference, first_difference, headline
from narco_door.results.intervals import intervals
from narco_door.results.measures import AVERTED, DOORS, QUANTITIES, Quantity
from narco_door.results.rates import by_year, door_shares, homicide_rate, rate, through_time, yearly
from narco_door.results.tables import Results, load_results

__all__ = [
    "AVERTED",
    "COST",
    "DOORS",
    "NATION",
    "QUANTITIES",
    "Quantity",
    "Results",
    "by_year",
    "difference",
    "door_shares",
    "first_difference",
    "headline",
    "homicide_rate",
    "intervals",
    "load_results",
    "rate",
    "through_time",
    "yearly",
]
