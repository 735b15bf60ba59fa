"""What no field of a file alone can show, for phases and for scenarios that are written out alike."""

from collections.abc import Sequence
from typing import Any

from narco_door.base.declared import records
from narco_door.base.errors import nearest
from narco_door.base.months import month_text
from narco_door.base.nation import NATION
from narco_door.base.toml_lines import KeyPath
from narco_door.scenario.conditions import RATE
from narco_door.scenario.orders import Order
from narco_door.scenario.reading import Origin
from narco_door.scenario.schema import place_codes, place_names


def check_places(allocation: Any, table: str, key: KeyPath, origin: Origin) -> None:
    """Refuse shares of places that are not in the table."""
    for place in allocation if isinstance(allocation, dict) else ():
        if place not in place_codes(table):
            raise origin.error(key, f'no place "{place}" in the table "{table}"{_near_code(place, table)}')


def check_condition(when: Any, table: str, key: KeyPath, origin: Origin) -> None:
    """Refuse a condition without a threshold or with two, of an unknown record, or of an unknown place."""
    if (when.above is None) == (when.below is None):
        raise origin.error(key, 'a condition has one threshold; expected either "above" or "below"')
    known = (RATE, *records())
    if when.record not in known:
        hint = nearest(when.record, known) or "; see narco-door explain records"
        raise origin.error((*key, "record"), f'no record "{when.record}"{hint}')
    if when.place != NATION and when.place not in place_codes(table):
        hint = f'{_near_code(when.place, table)}, or "{NATION}" for the nation'
        raise origin.error((*key, "place"), f'no place "{when.place}" in the table "{table}"{hint}')


def check_earmarks(orders: Sequence[Order], key: KeyPath, origin: Origin) -> None:
    """Refuse to give away more of the taxes than there is, even if every condition were met."""
    parts = [order for order in orders if order.share]
    for month in sorted({order.start for order in parts}):
        total = sum(order.share for order in parts if order.start <= month < order.end)
        if total > 1 + 1e-9:
            problem = f"earmarks of {month_text(month)} come to {total:g} of the taxes; expected 1 at most"
            raise origin.error(key, problem)


def _near_code(place: str, table: str) -> str:
    names = place_names(table)
    codes = tuple(names)
    meant = [code for code in codes if place in (code.lstrip("0"), names[code])]
    if meant:
        return f'; did you mean "{meant[0]}"?'
    return f"; expected a code from {codes[0]} to {codes[-1]} (narco-door explain places)"
