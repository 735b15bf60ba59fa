"""Compiled code: kept where it can be, in memory where it cannot, and never that of other sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from narco_door.base import compiling

HERE = Path(compiling.__file__).parents[1]
RISES = """
import numpy as np
from narco_door.inside.careers import _rise
n, out = 500, np.empty(500, np.bool_)
_rise(np.uint64(7), np.arange(n, dtype=np.uint64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.bool_), np.full((1, 4), 0.5), out)
print("".join("01"[int(rises)] for rises in out))
"""
"""A kernel in one file that takes its luck from another."""


def installed(place: Path) -> Path:
    """A copy of the package beside which nothing can be kept, not even by root."""
    copy = place / "site" / "narco_door"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "assets", "data"))
    (copy / "__pycache__").write_text("a file")
    return copy


def begun(copy: Path, home: Path) -> subprocess.Popen[str]:
    """A process that runs the copy for somebody with a home."""
    ours = ("NARCO_DOOR_CACHE", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    environment = {**clean, "PYTHONPATH": str(copy.parent), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", RISES], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the user's own cache is elsewhere")
def test_two_users_of_one_read_only_tree_get_the_same_numbers_after_a_change_in_place(tmp_path: Path) -> None:
    """One has compiled before the change and has a home, the other has none (18 s of compiling, in four processes)."""
    copy, home, none = installed(tmp_path), tmp_path / "home", tmp_path / "none"
    none.write_text("a file")
    (before, told), (homeless, said) = (each.communicate() for each in (begun(copy, home), begun(copy, none)))
    assert (before, told) == (homeless, "")
    assert said.startswith("compiled code cannot be kept (")
    assert said.count("\n") == 1
    assert len(list(home.rglob("*.nbc"))) == 1
    draws = copy / "base" / "draws.py"
    draws.write_text(draws.read_text("utf-8").replace("0xBF58476D1CE4E5B9", "0xBF58476D1CE4E5BB"), "utf-8")
    after, fresh = begun(copy, home), begun(copy, none)
    assert (answer := after.communicate()[0]) == fresh.communicate()[0]
    assert answer != before


def test_what_cannot_be_kept_is_said_once_and_by_no_process_that_is_begun_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(compiling.CACHE, str(tmp_path / "file" / "below"))
    compiling._say.cache_clear()
    assert [compiling._folder() for _ in range(2)] == [None, None]
    assert os.environ[compiling.CACHE] == compiling.MEMORY
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{tmp_path / 'file' / 'below'}: Not a directory" in said


def test_compiled_code_is_kept_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    assert compiling._folder().parent == tmp_path / "numba"
    monkeypatch.setenv(compiling.CACHE, str(tmp_path / "ours"))
    assert compiling._folder().parent == tmp_path / "ours"


def test_a_full_disk_and_a_damaged_file_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "_KEPT", tmp_path)
    monkeypatch.delenv(compiling.CACHE, raising=False)
    compiling._say.cache_clear()

    def one_more() -> object:
        return compiling.njit(cache=True)(_more)(np.int64(1))

    assert one_more() == 2
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"damaged")
    assert one_more() == 2
    for kept in tmp_path.iterdir():
        kept.unlink()
    monkeypatch.setattr(compiling.FunctionCache, "save_overload", _full)
    assert one_more() == 2
    assert "No space left on device" in capsys.readouterr().err


def _more(number):
    return number + 1


def _full(*made: object) -> None:
    raise OSError(28, "No space left on device")
