"""A browser is looked for where browsers are, and whoever has none is told; nothing is installed here."""

from __future__ import annotations

from pathlib import Path

import pytest

import browsers


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it, whose folder of programs this is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "own", lambda: str(tmp_path / "playwright"))
    monkeypatch.setattr(browsers, "NAMES", [name for name in browsers.NAMES if "/" not in name])
    return tmp_path


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "playwright"])
def test_a_browser_that_is_there_is_found_and_none_is_installed(bare: Path, name: str) -> None:
    there = program(bare / name)
    assert browsers.find() == str(there)
    assert browsers.bring() == ""


def test_the_way_that_works_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comes = ["/bin/sh", "-c", f"echo > {bare}/chromium && /bin/chmod +x {bare}/chromium"]
    monkeypatch.setattr(browsers, "ways", lambda: [("in vain", ["/bin/sh", "-c", "exit 1"]), ("a way", comes)])
    assert browsers.bring() == "a browser for the tests of the page was installed: a way"
    assert browsers.find() == str(bare / "chromium")


def test_where_none_can_be_had_it_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "ways", lambda: [("in vain", ["/bin/sh", "-c", "exit 1"])])
    assert browsers.bring() == browsers.MISSING
    assert browsers.find() is None


def test_without_a_browser_tests_are_skipped_and_fail_where_all_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        browsers.give_up()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        browsers.give_up()


def test_debians_own_comes_first_where_one_may_install_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [said for said, _ in browsers.ways()] == [browsers.PLAYWRIGHT]
    program(bare / "apt-get")
    for user, first in ((0, browsers.APT), (1000, browsers.PLAYWRIGHT)):
        monkeypatch.setattr("os.geteuid", lambda user=user: user)
        assert browsers.ways()[0][0] == first
