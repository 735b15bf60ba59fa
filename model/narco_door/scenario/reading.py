"""From a TOML text to a checked form, or to one message: where, what, what was expected, what is near."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from narco_door.base.declared import laws, levers, switches
from narco_door.base.errors import UserError, listed, nearest
from narco_door.base.toml_lines import KeyPath, Lines
from narco_door.base.toml_text import read_toml
from narco_door.country.facts import parameters
from narco_door.scenario.schema import RunTable

_BOUNDS = (
    "greater_than_equal",
    "less_than_equal",
    "finite_number",
    "greater_than",
    "less_than",
)
_EMPTY = ("string_too_short", "too_short")
_MANY = 16
_KINDS = {
    "set": "lever",
    "add": "lever",
    "allocations": "lever",
    "earmark": "lever",
    "law": "law",
    "parameters": "parameter",
    "switches": "switch",
}


@dataclass(frozen=True)
class Origin:
    """Where words of a user come from: a file with lines, or the ``--set`` options."""

    label: str
    lines: Lines
    options: bool = False

    def at(self, path: KeyPath = ()) -> str:
        """Return the place of a key in words: ``file:line``, or the option itself."""
        line = self.lines.of(path) or 1
        return f"in {self.lines.show(line)}" if self.options else f"{self.label}:{line}"

    def error(self, path: KeyPath, problem: str) -> UserError:
        """Return the error that says where the problem is and what it is."""
        return UserError(f"{self.at(path)}: {problem}")


def parse(text: str, label: str) -> tuple[dict[str, Any], Origin]:
    """Read a TOML text.

    Raises
    ------
    UserError
        As `read_toml`.
    """
    document, lines = read_toml(text, label)
    return document, Origin(label, lines)


def check[Form: BaseModel](form: type[Form], document: Mapping[str, Any], origin: Origin) -> Form:
    """Check a document against a form.

    Raises
    ------
    UserError
        Naming the problems in the order of the lines, and how many more there are.
    """
    try:
        return form.model_validate(dict(document))
    except ValidationError as problem:
        found = sorted(problem.errors(include_url=False), key=lambda item: origin.lines.of(item["loc"]) or 1)
    sentences = (f"{origin.at(item['loc'])}: {_sentence(form, document, item)}" for item in found)
    raise UserError(listed(sentences, of=len(found)))


def _sentence(form: type[BaseModel], document: Mapping[str, Any], item: ErrorDetails) -> str:
    """Put one problem into words."""
    path = item["loc"]
    name, here, got = _last_name(path), _inside(document, path[:-1]), show(item["input"])
    field = field_at(form, path)
    title = title_of(field) if field is not None else ""
    expected = f"; expected {title}" if title else ""
    match item["type"]:
        case "said":
            return f'"{name}"{here}: {item["msg"]}'
        case "extra_forbidden":
            return _unknown(form, document, path)
        case "missing":
            return f'"{name}" is missing{here}{expected}'
        case "literal_error":
            return f'"{name}"{here} is {item["ctx"]["expected"]}{_near_word(item)}; got {got}'
        case kind if kind in _BOUNDS:
            return f'"{name}" = {got}{here} is out of bounds{_bound(item)}{expected}'
        case kind if kind in _EMPTY:
            return f'"{name}"{here} is empty{expected}'
        case "model_type" | "model_attributes_type" | "dict_type":
            double = isinstance(path[-1], int)
            written = f"[[{_dotted(path)}]]" if double else f"[{_dotted(path)}]"
            return f'"{name}" is a table, written {written}; got {got}'
    return f'"{name}"{here} has the wrong type{expected}; got {got}'


def _bound(item: ErrorDetails) -> str:
    """Say which bound was crossed."""
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    crossed = [f"{words[k]} {v:g}" for k, v in item.get("ctx", {}).items() if k in words]
    return f", {' and '.join(crossed)}" if crossed else ""


def title_of(field: FieldInfo) -> str:
    """Return what a field's value looks like; in ``Annotated[...] | None`` the words stand further in."""
    inner = (mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ()))
    titles = [field.title, *(getattr(mark, "title", None) for mark in inner)]
    return next((title for title in titles if title), "")


def _near_word(item: ErrorDetails) -> str:
    return nearest(str(item["input"]), re.findall(r"'([^']*)'", item["ctx"]["expected"]))


def _unknown(form: type[BaseModel], document: Mapping[str, Any], path: KeyPath) -> str:
    """Say that a key is not known here, and which one may be meant, or where it belongs, or what is known."""
    name, known = str(path[-1]), names_at(form, path[:-1])
    kind = _KINDS.get(_last_name(path[:-1]), "key")
    hint = nearest(name, known) or _belongs(name, path)
    if not hint and len(known) <= _MANY:
        hint = f"; expected one of {', '.join(known)}"
    return f'unknown {kind} "{name}"{_inside(document, path[:-1])}{hint}'


def _belongs(name: str, path: KeyPath) -> str:
    homes: dict[str, Callable[[], Iterable[str]]] = {
        "[phase.set] or [phase.add]": levers,
        "[phase.law]": laws,
        "[parameters]": parameters,
        "[switches]": switches,
        "[run]": lambda: names_at(RunTable, ()),
    }
    here = f"[{_dotted(path[:-1])}]"
    return next(
        (f"; it belongs in {home}" for home, names in homes.items() if name in names() and here not in home),
        "",
    )


def _inside(document: Mapping[str, Any], path: Iterable[str | int]) -> str:
    """Name the table around a key; a phase by its own name too."""
    path = tuple(path)
    if not path:
        return ""
    called = ""
    if len(path) > 1 and path[0] == "phase" and isinstance(path[1], int):
        phase = document["phase"][path[1]]
        if isinstance(phase, dict) and not str(phase.get("name", "--set")).startswith("--set"):
            called = f' of "{phase["name"]}"'
    return f" in [{_dotted(path)}]{called}"


def _dotted(path: Iterable[str | int]) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _last_name(path: Iterable[str | int]) -> str:
    names = [part for part in path if isinstance(part, str)]
    return names[-1] if names else ""


def show(value: object) -> str:
    """Write a value as it looks in a TOML file, in short."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            return "a table"
        case list():
            return f"[{', '.join(show(part) for part in value)}]"
    return str(value)


def field_at(form: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """Return the field of a form at a path, or None if there is none."""
    field: FieldInfo | None = None
    here: type[BaseModel] | None = form
    for part in path:
        if isinstance(part, int):
            continue
        field = _fields(here).get(part) if here is not None else None
        here = _form_in(field.annotation) if field is not None else None
    return field


def names_at(form: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that a table of a form knows."""
    field = field_at(form, path)
    here = _form_in(field.annotation) if field is not None else form
    return list(_fields(here)) if here is not None else []


def _fields(form: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _form_in(annotation: Any) -> type[BaseModel] | None:
    """Return the form inside an annotation like ``list[Form]`` or ``Form | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(
        (form for part in get_args(annotation) if (form := _form_in(part)) is not None),
        None,
    )
