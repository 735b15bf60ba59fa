"""When two scenarios part."""

from collections import Counter
from dataclasses import replace

from narco_door.scenario.plan import Scenario


def parting(mine: Scenario, theirs: Scenario) -> int:
    """Return the first month in which two scenarios pay, watch for or tell of different things; if never, the month
    after all.

    It is the first month of the run for scenarios that differ in more than orders and events.
    """
    if replace(mine, orders=(), events=()).digest != replace(theirs, orders=(), events=()).digest:
        return mine.run.start
    ours, others = Counter(mine.orders), Counter(theirs.orders)  # the same order twice pays twice
    apart = [*(ours - others), *(others - ours)]
    watched = set(mine.triggers) ^ set(theirs.triggers)  # one may be met long before its money would have begun
    told = set(mine.happening) ^ set(theirs.happening)
    starts = [
        *(order.start for order in apart),
        *(trigger.start for trigger in watched),
        *(event.month for event in told),
    ]
    return max(min(starts, default=mine.run.end), mine.run.start)
