"""Every word that people read in their own language: one catalogue for each language but English, `locale/*.po`.

`python -m narco_door.show.words` puts the catalogues in their order after a text was added by hand; with `--check` it
only says which are out of order.
"""

from __future__ import annotations

import datetime
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from narco_door.base.doors import named, plain
from narco_door.base.errors import UserError

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages import Catalog

LOCALE: Final = Path(__file__).parent / "locale"
ENGLISH: Final = "en"
LANGUAGES: Final[tuple[str, ...]] = (ENGLISH, *sorted(path.stem for path in LOCALE.glob("*.po")))
_WIDE: Final = 116

type Language = str  # one of LANGUAGES


@dataclass(frozen=True)
class Words:
    """What one language has to say.

    Attributes
    ----------
    phrases
        Those that code asks for, by their key.
    texts
        Those of the model's tables, by their English.
    locale
        How it writes its months.
    """

    phrases: Mapping[str, str]
    texts: Mapping[str, str]
    locale: Locale


@cache
def words(language: Language) -> Words:
    """All phrases and texts of a language; English stands beside every other, in any catalogue."""
    from babel import Locale

    english = language == ENGLISH
    entries = catalogue(LOCALE / f"{LANGUAGES[1] if english else language}.po")
    told = [(entry.context, str(entry.id), str(entry.id if english else entry.string)) for entry in entries if entry.id]
    return Words(
        phrases={key: text or source for key, source, text in told if key},
        texts={source: text for key, source, text in told if text and not key},
        locale=Locale(ENGLISH) if english or entries.locale is None else entries.locale,
    )


def catalogue(path: Path) -> Catalog:
    """Read a PO file."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def has(key: str) -> bool:
    """Whether there is a phrase of this key."""
    return key in words(ENGLISH).phrases


def say(key: str, language: Language, **fields: object) -> str:
    """The phrase of this key in this language, with its fields filled in."""
    return words(language).phrases[key].format(**fields)


def translated(english: str, language: Language) -> str:
    """A text of the model's tables in this language; English where nobody has translated it yet."""
    return words(language).texts.get(english, english)


def marked(english: str, language: Language) -> str:
    """The same as HTML; what is still English says so to a screen reader."""
    told = escape(translated(english, language))
    known = language == ENGLISH or english in words(language).texts
    return told if known else f'<span lang="{ENGLISH}">{told}</span>'


def door_name(door: str, language: Language) -> str:
    """What stands over a door; a plain one that nobody has named, such as a plug-in's, is told by its own name."""
    if door not in named(plain()):
        return say(door, language)
    key = f"door_{door}"
    return say(key, language) if has(key) else door.replace("_", " ").capitalize()


def about(key: str, what: str, language: Language) -> str:
    """The phrase of this key, which is about something; about a plain door without such a phrase its name tells it."""
    return door_name(what, language) if what in named(plain()) and not has(key) else say(key, language)


def kin(what: str) -> str:
    """The door whose units a plain one has; all else has its own."""
    return "school" if what in named(plain()) else what


def arm_name(scenario: str, language: Language) -> str:
    """A scenario's short name for a label: a known translation, else the file name in plain letters."""
    if has(f"arm_{scenario}"):
        return say(f"arm_{scenario}", language)
    text = scenario.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


@cache
def month_name(month: datetime.date, language: Language, *, long: bool = False) -> str:
    """The name of a month and its year, as in ``Jun 2012``."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM" if long else "yMMM", month, locale=words(language).locale)


def in_order(path: Path) -> str:
    """The text of a PO file as it should stand: phrases by key, then texts by their English; its head as it is."""
    from babel.messages import Catalog
    from babel.messages.pofile import write_po

    ordered = Catalog()
    for entry in sorted(catalogue(path), key=lambda entry: (not entry.context, entry.context or "", entry.id)):
        if entry.id:
            added = ordered.add(entry.id, entry.string, context=entry.context, user_comments=entry.user_comments)
            added.flags = set(entry.flags) & {"fuzzy"}  # babel's guess that a % is a format is wrong here
    written = io.BytesIO()
    write_po(written, ordered, width=_WIDE, omit_header=True)
    head, _, _ = path.read_text(encoding="utf-8").partition("\n\n")
    return f"{head}\n\n{written.getvalue().decode().strip()}\n"


def main(asked: Sequence[str]) -> int:
    """Rewrite the catalogues that are out of order, or with ``--check`` only say which are.

    Raises
    ------
    UserError
        If anything else is asked.
    """
    if unknown := set(asked) - {"--check"}:
        raise UserError(f"expected --check or nothing; got {' '.join(sorted(unknown))}")
    check = "--check" in asked
    late = {path: text for path in LOCALE.glob("*.po") if (text := in_order(path)) != path.read_text(encoding="utf-8")}
    for path, text in late.items():
        if check:
            sys.stderr.write(f"{path.name} is out of order; run: python -m narco_door.show.words\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name} is rewritten\n")
    return 1 if late and check else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        sys.stderr.write(f"narco-door: {error}\n")
        sys.exit(2)
