"""numba's `njit`, keeping what it compiles under the content of every source that goes into it.

numba makes a function anew when the file of that function changes, but not when a word does that it takes in from
another file: old code would go on giving old numbers under a new name. Where nothing can be kept, everything is
compiled in memory, which takes longer and gives the same numbers.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.misc.appdirs import AppDirs

__all__ = ["WITHOUT_REFERENCES", "njit"]

WITHOUT_REFERENCES: dict[str, Any] = {"_nrt": False}
"""For functions that allocate nothing: numba then counts no references to the tables that they are given."""

CACHE: Final = "NARCO_DOOR_CACHE"  # an environment variable: the folder to keep compiled code in, or the word
MEMORY: Final = "memory"

_HERE: Final = Path(__file__).parent.parent
_OURS: Final = _HERE / "__pycache__"
_NAME: Final = "narco-door-compiled-"
_SOURCES: Final = (
    "base/ages",
    "base/compiling",
    "base/doors",
    "base/draws",
    "base/search",
    "country/arrivals",
    "country/roll",
    "inside/careers",
    "inside/contest",
    "inside/hiring",
    "month/balance",
    "questions/trials/kernel",
    "street/choice",
    "street/crossroads",
    "street/doors",
)


def njit(function: Callable[..., Any] | None = None, *, cache: bool = False, **options: Any) -> Any:
    """Compile a function as numba's own does; with `cache`, keep what was compiled if it can be kept."""

    def compiled(function: Callable[..., Any]) -> Any:
        made = numba.njit(**options)(function)
        if cache and _KEPT and hasattr(made, "_cache"):  # a plain function without the compiler
            made._cache = _Cache(function)
        return made

    return compiled if function is None else compiled(function)


class _Locator(UserProvidedCacheLocator):
    """Where numba keeps a function, and what must be the same for it to be taken from there."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        self._cache_path = str(_KEPT)

    def get_source_stamp(self) -> str:
        return _KEY

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _Locator:
        return cls(function, file)


class _Kept(CompileResultCacheImpl):
    _locator_classes: list[type[object]] = [_Locator]  # noqa: RUF012, as in its parent


class _Cache(FunctionCache):
    """What was kept is a help, never a need: what cannot be read is compiled, what cannot be written is told."""

    _impl_class = _Kept

    def load_overload(self, *asked: Any) -> Any:
        try:
            return super().load_overload(*asked)
        except Exception:  # a damaged file, in whatever way its reader finds it out
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, *made: Any) -> None:
        try:
            super().save_overload(*made)
        except OSError as problem:
            _tell(f"{_KEPT}: {problem.strerror}")


def _key() -> str:
    """The content of all sources that a compiled function is made of, and the compiler."""
    parts = (numba.__version__.encode(), *((_HERE / f"{name}.py").read_bytes() for name in _SOURCES))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _homes() -> Iterator[Path]:
    """Where compiled code may be kept: where the user says, else beside the sources, else with the user's own."""
    named = os.environ.get(CACHE) or os.environ.get("NUMBA_CACHE_DIR")
    yield from (Path(named),) if named else (_OURS, Path(AppDirs("narco-door", appauthor=False).user_cache_dir))


def _folder() -> Path | None:
    """The first folder that can be written to; None if code is to be compiled in memory."""
    if os.environ.get(CACHE) == MEMORY:
        return None
    troubles = []
    for home in _homes():
        folder = home.absolute() / f"{_NAME}{_KEY}"
        try:
            if home.parts[:1] != ("~",):  # of somebody without a home
                folder.mkdir(parents=True, exist_ok=True)
                tempfile.TemporaryFile(dir=folder).close()
                return folder
        except OSError as problem:
            troubles.append(f"{home}: {problem.strerror}")
    _tell("; ".join(troubles))
    return None


@cache
def _say(words: str) -> None:
    print(words, file=sys.stderr)


def _tell(trouble: str) -> None:
    """Say once, and not again in every process that this one starts, that nothing is kept."""
    if os.environ.get(CACHE) != MEMORY:
        _say(f"compiled code cannot be kept ({trouble}); compiling in memory, some seconds more for each process. "
             f"Name a folder in {CACHE}, or set it to {MEMORY}.")  # fmt: skip
        os.environ[CACHE] = MEMORY


def _forget(kept: Path | None) -> None:
    """Remove what was compiled from other sources; a folder that the user named is the user's to tidy."""
    if kept is not None and kept.parent == _OURS:
        for folder in set(_OURS.glob(f"{_NAME}*")) - {kept}:
            shutil.rmtree(folder, ignore_errors=True)


_KEY: Final = _key()
_KEPT: Final = _folder()
_forget(_KEPT)
