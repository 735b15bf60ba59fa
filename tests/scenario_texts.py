"""Texts of scenarios for the tests of the reader."""

from pathlib import Path

from narco_door.country.facts import parameters

HEAD = 'title = "T"\nquestion = "Q"\n'
BOUNDED = next(p for p in parameters().values() if p.low < p.value < p.high)
"""A parameter that can be set both higher and lower."""


def phase(
    body: str = "[phase.set]\npolicing = 5\n",
    *,
    name: str = "War",
    start: str = "2007-01",
    to: str = "2008-12",
    extra: str = "",
) -> str:
    """Write a phase: header in its first line, body in its sixth, or seventh with something extra."""
    return f'[[phase]]\nname = "{name}"\nfrom = "{start}"\nto = "{to}"\nsource = "s"\n{extra}{body}'


def write(folder: Path, text: str, name: str = "mine") -> Path:
    """Write a scenario file."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path
