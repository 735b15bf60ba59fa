"""The strict reader of TOML records: whatever is missing, unknown or of another type is told with file and line."""

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from narco_door.base.errors import UserError, nearest
from narco_door.base.toml_lines import Lines
from narco_door.base.toml_text import read_toml

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Table:
    """A data file of the package while it is read: its content and where everything stands."""

    path: Path
    document: dict[str, Any]
    lines: Lines

    @classmethod
    def open(cls, path: Path) -> "Table":
        """Read a TOML file of records.

        Raises
        ------
        UserError
            If the file is missing or cannot be read; see `read_toml`.
        """
        try:
            return cls(path, *read_toml(path.read_text(encoding="utf-8-sig"), str(path)))
        except FileNotFoundError:
            raise UserError(f"{path}: this file is part of narco-door but is missing") from None
        except UnicodeDecodeError as problem:
            raise UserError(f"{path}: not a UTF-8 text ({problem.reason})") from None

    def error(self, path: tuple[str, ...], problem: str) -> UserError:
        """Return an error that says where in the file the problem is."""
        return UserError(f"{self.path}:{self.lines.of(path) or 1}: [{'.'.join(path[:2])}] {problem}")

    def expect_table(self, entry: object, path: tuple[str, ...]) -> None:
        """Raise a UserError unless the entry is a table."""
        if not isinstance(entry, dict):
            raise self.error(path, "expected a table of named entries")

    def record[Record](
        self,
        kind: type[Record],
        path: tuple[str, ...],
        entry: dict[str, Any],
        **given: str,
    ) -> Record:
        """Build a frozen record from a table that has exactly its fields.

        Raises
        ------
        UserError
            If a field is missing, unknown, empty or of another type.
        """
        self.expect_table(entry, path)
        wanted = {field.name: field for field in fields(kind) if field.name not in given}  # type: ignore[arg-type]
        for name in entry:
            if name not in wanted:
                raise self.error((*path, name), f'unknown field "{name}"{nearest(name, wanted)}')
        for name, field in wanted.items():
            if name not in entry and field.default is MISSING:
                raise self.error(path, f'the field "{name}" is missing')
        values = {name: self.value(wanted[name].type, (*path, name), entry[name]) for name in entry}
        return kind(**given, **values)

    def value(self, kind: Any, path: tuple[str, ...], value: object) -> object:
        """Check one field: a number, a text that says something, or one of a few words."""
        kind = getattr(kind, "__value__", kind)
        words = get_args(kind) if get_origin(kind) is Literal else ()
        if words and value not in words:
            raise self.error(
                path,
                f'"{path[-1]}" is one of {", ".join(words)}{nearest(str(value), words)}; got {value!r}',
            )
        if kind is float and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.error(path, f'"{path[-1]}" is a number; got {value!r}')
        if kind is bool and not isinstance(value, bool):
            raise self.error(path, f'"{path[-1]}" is true or false; got {value!r}')
        if kind is str and not (isinstance(value, str) and value.strip()):
            raise self.error(path, f'"{path[-1]}" is a text and may not be empty; got {value!r}')
        return float(value) if kind is float else value  # type: ignore[arg-type]
