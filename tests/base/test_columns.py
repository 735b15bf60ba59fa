"""Columns are declared once: tables are made of them, and what is declared can be listed."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pytest
from numpy.typing import NDArray

from narco_door.base.columns import Column, Table, columns

PERSONS = Column("place, month", unit="persons", meaning="who is here")


class Shop(Table):
    price: Annotated[NDArray[np.float64], Column("good", unit="US$", meaning="what it costs")]
    sold: Annotated[NDArray[np.bool_], Column("good", unit="yes, no", meaning="whether it is gone")]


class Plain:
    here: Annotated[NDArray[np.int64], PERSONS]
    undeclared: int


def test_what_is_declared_is_listed_in_its_order_and_nothing_else() -> None:
    assert columns(Plain) == {"here": PERSONS}
    assert list(columns(Shop)) == ["price", "sold"]


def test_a_table_keeps_its_columns_as_they_are_declared() -> None:
    shop = Shop()
    assert len(shop) == 0
    assert shop.append(price=np.array([1, 2, 3]), sold=np.array([0, 1, 0])).tolist() == [0, 1, 2]
    assert shop.append(price=np.array([4.5]), sold=np.array([1])).tolist() == [3]
    shop.keep(shop.sold)
    assert shop.price.dtype == np.float64
    assert shop["price"] is shop.price
    assert shop.price.tolist() == [2, 4.5]
    assert shop.sold.tolist() == [True, True]


def test_a_row_with_a_column_missing_or_unknown_is_refused() -> None:
    for given in ({"price": np.zeros(1)}, {"price": np.zeros(1), "sold": np.zeros(1), "age": np.zeros(1)}):
        with pytest.raises(ValueError, match="expected, got"):
            Shop().append(**given)
