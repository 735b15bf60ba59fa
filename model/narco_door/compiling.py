"""numba's `njit`, keeping what it compiles in a folder that is named by the sources it takes in.

numba makes a function anew when the file of that function changes, but not when a word does that it takes in from
another file: old code would go on giving old numbers under a new name.
"""

import hashlib
import os
import shutil
from pathlib import Path

from numba import config, njit

__all__ = ["njit"]

_HERE = Path(__file__).parent
_SOURCES = ("arrivals", "careers", "crossroads", "draws", "roll")


def _folder() -> Path:
    text = b"".join((_HERE / f"{name}.py").read_bytes() for name in _SOURCES)
    given = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(given) if given else _HERE / "__pycache__"
    return home / f"compiled-{hashlib.sha256(text).hexdigest()[:12]}"


def _forget(kept: Path) -> None:
    """Remove what was compiled from other sources."""
    for folder in kept.parent.glob("compiled-*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


_KEPT = _folder()
config.CACHE_DIR = str(_KEPT)  # type: ignore[attr-defined]
_forget(_KEPT)
