"""Mappings of numbers that remember who read them, so that a number which nothing reads is found."""

from collections.abc import Iterator, Mapping

from narco_door.base.errors import nearest


class Remembered[Value](Mapping[str, Value]):
    """A read-only mapping that remembers which of its keys were asked for.

    A key that nothing reads is a fault in the model: ``unread`` finds it.
    """

    __slots__ = ("_read", "_values")  # what was read stands by itself, so that it is found at once the next time

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values.plain() if isinstance(values, Remembered) else dict(values)
        self._read: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        try:
            return self._read[name]
        except KeyError:
            if name not in self._values:
                raise KeyError(f'no "{name}" here{nearest(name, self._values)}') from None
        value = self._read[name] = self._values[name]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remembered) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._values.items())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._values})"

    def unread(self) -> frozenset[str]:
        """Return the names that nobody asked for yet."""
        return frozenset(self._values.keys() - self._read.keys())

    def read(self) -> frozenset[str]:
        """Return the names that somebody asked for."""
        return frozenset(self._read)

    def remember(self, names: frozenset[str]) -> None:
        """Count names as asked for: what was found with them is kept elsewhere and found again."""
        self._read |= {name: self._values[name] for name in names}

    def plain(self) -> dict[str, Value]:
        """Return the values as a new dictionary; this does not count as reading them."""
        return dict(self._values)


class Numbers(Remembered[float]):
    """The parameters of a scenario by name."""


class Switches(Remembered[bool]):
    """The mechanisms of a scenario by name: True is on."""


class Laws(Remembered[float]):
    """The laws in force in a month by name."""
