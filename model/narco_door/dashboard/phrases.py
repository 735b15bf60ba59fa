"""The page's own words, and the model's tables in Spanish."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from narco_door.base.parameters import laws, levers, switches
from narco_door.show.words import LANGUAGES, Language


@cache
def words() -> Mapping[str, tuple[str, ...]]:
    """Every phrase of the page, by name: one for each language."""
    return {key: tuple(told) for key, told in _table("words.toml").items()}


@cache
def spanish() -> Mapping[str, str]:
    """The texts of the model's tables: English to Spanish."""
    texts = {str(english): str(told) for group in _table("spanish.toml").values() for english, told in group.items()}
    for labelled in (levers(), laws(), switches()):
        texts |= {each.label: each.etiqueta for each in labelled.values()}
    return texts


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("narco_door.dashboard").joinpath(name).read_text(encoding="utf-8"))


def tell(key: str, language: Language, **fields: object) -> str:
    """The phrase of this name in this language, with its fields filled in."""
    return words()[key][LANGUAGES.index(language)].format(**fields)


def translated(english: str, language: Language) -> str:
    """A text of the model's tables in this language; English where nobody has translated it yet."""
    return spanish().get(english, english) if language == "es" else english


def marked(english: str, language: Language) -> str:
    """The same as HTML; what is still English says so to a screen reader."""
    told = escape(translated(english, language))
    return told if language == "en" or english in spanish() else f'<span lang="en">{told}</span>'


def limits(language: Language) -> list[tuple[str, str]]:
    """What the model must not be used for: each in a few words, and why."""
    place = LANGUAGES.index(language)
    return [(each["head"][place], each["more"][place]) for each in _table("limits.toml")["limit"]]  # type: ignore[index]
