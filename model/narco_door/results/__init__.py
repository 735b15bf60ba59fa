"""Results: open them, pair them by replicate, say what a policy averted and at what cost, compared with what.

Nothing here needs the model: old folders open as long as their tables can be read.
"""

from narco_door.results.compared import COST, MEASURES, difference, first_difference, headline
from narco_door.results.intervals import intervals
from narco_door.results.rates import DOORS, door_shares, homicide_rate, rate, yearly
from narco_door.results.tables import NATION, Results, load_results

__all__ = [
    "COST",
    "DOORS",
    "MEASURES",
    "NATION",
    "Results",
    "difference",
    "door_shares",
    "first_difference",
    "headline",
    "homicide_rate",
    "intervals",
    "load_results",
    "rate",
    "yearly",
]
