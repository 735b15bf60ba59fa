"""Columns that are declared where they are kept: type, axes, unit and meaning in one place.

A class declares a column by its annotation, whether it is a dataclass or not::

    fear: Annotated[F8, Column("place", unit="0-1", meaning="fear of violence")]

The type checker sees an ordinary array; `columns` lists what was declared, and the documents are written from that.
"""

from __future__ import annotations

import inspect
from dataclasses import KW_ONLY, dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import I8, Mask


@dataclass(frozen=True)
class Column:
    """What an array of the model holds.

    Attributes
    ----------
    axes
        What it is counted over, joined by commas: ``cartel, place`` is the shape [cartel, place].
    """

    axes: str
    _: KW_ONLY
    unit: str
    meaning: str


def columns(kind: type) -> dict[str, Column]:
    """Return the columns that a class declares itself, by name and in its order.

    Raises
    ------
    NameError
        If an annotation of the class names what its module imports for type checking only.
    """
    return {name: column for name, (_, column) in _declared(kind).items()}


def _declared(kind: type) -> dict[str, tuple[Any, Column]]:
    """Type of the array and column by name."""
    found = {}
    for name, hint in inspect.get_annotations(kind, eval_str=True).items():
        about = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Column)]
        if about:
            found[name] = (hint.__origin__, about[0])
    return found


class Table:
    """Declared columns of equal length that grow by appending and shrink by keeping.

    A subclass declares each as ``Annotated[NDArray[np.int64], Column(...)]``; the type says what its rows are kept as.
    """

    def __init__(self) -> None:
        declared = _declared(type(self))
        self.names = tuple(declared)
        for name, (array, _) in declared.items():
            while get_args(array):  # NDArray[np.int64], whatever it stands for, ends in np.int64
                array = get_args(array)[-1]
            setattr(self, name, np.zeros(0, array))

    def __len__(self) -> int:
        return int(self[self.names[0]].size)

    def __getitem__(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self, name)
        return column

    def append(self, **values: NDArray[Any]) -> I8:
        """Add rows; every column must be given.  Returns the new rows' numbers."""
        if values.keys() != set(self.names):
            raise ValueError(f"columns {sorted(self.names)} expected, got {sorted(values)}")
        before = len(self)
        for name in self.names:
            old = self[name]
            setattr(self, name, np.concatenate([old, values[name].astype(old.dtype, copy=False)]))
        return np.arange(before, len(self))

    def keep(self, mask: Mask) -> None:
        """Keep only the rows of the mask."""
        for name in self.names:
            setattr(self, name, self[name][mask])
