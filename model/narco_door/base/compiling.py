"""numba's `njit`, keeping what it compiles in a folder that is named by the sources it takes in.

numba makes a function anew when the file of that function changes, but not when a word does that it takes in from
another file: old code would go on giving old numbers under a new name.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from numba import config, njit

__all__ = ["WITHOUT_REFERENCES", "njit"]

WITHOUT_REFERENCES: dict[str, Any] = {"_nrt": False}
"""For functions that allocate nothing: numba then counts no references to the tables that they are given."""

_HERE = Path(__file__).parent.parent
_OURS = _HERE / "__pycache__"
_NAME = "narco-door-compiled-"
_SOURCES = (
    "base/ages",
    "base/compiling",
    "base/doors",
    "base/draws",
    "country/arrivals",
    "country/roll",
    "inside/careers",
    "questions/trials/kernel",
    "street/crossroads",
)


def _folder() -> Path:
    text = b"".join((_HERE / f"{name}.py").read_bytes() for name in _SOURCES)
    home = Path(os.environ.get("NUMBA_CACHE_DIR") or _OURS)
    return home / f"{_NAME}{hashlib.sha256(text).hexdigest()[:12]}"


def _forget(kept: Path) -> None:
    """Remove what was compiled from other sources; a folder that the user named is the user's to tidy."""
    stale = set(_OURS.glob(f"{_NAME}*")) - {kept} if kept.parent == _OURS else set()
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)


_KEPT = _folder()
config.CACHE_DIR = str(_KEPT)  # type: ignore[attr-defined]
_forget(_KEPT)
