"""Consoles of other encodings: a letter that one cannot show becomes the nearest that it can, never a crash."""

import codecs
import io
import sys
import unicodedata

_NEAREST = {"−": "-", "–": "-", "—": "-", "±": "+-", "×": "x", "…": "...", "’": "'", "“": '"', "”": '"'}
"""What decomposing does not find; a minus that became a question mark would be another number."""


def nearest_letters(error: UnicodeError) -> tuple[str, int]:
    """Answer an encoder with plain letters: é becomes e, a true minus a hyphen, the unknown a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _NEAREST.get(letter) or bare or "?"


codecs.register_error("nearest", nearest_letters)


def bear_any_letter() -> None:
    """Have both streams of this process do so."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")
