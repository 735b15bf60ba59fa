"""The documentation site builds from the repository alone, without a warning and without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import narco_door

pytestmark = pytest.mark.long

ROOT = Path(narco_door.__file__).parent.parent.parent
NOWHERE = "http://127.0.0.1:9"  # whatever would be fetched is refused


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built by the command of the guide with warnings as errors."""
    out = tmp_path_factory.mktemp("site")
    env = os.environ | dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "model/docs", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return out


def test_the_site_has_its_pages(site: Path) -> None:
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    wanted = {"index", "ODD", "TRACE", "MODEL_CARD", "gallery/index", "reference/public", "reference/commands"}
    guide = {f"guide/{path.stem}" for path in (ROOT / "model" / "docs" / "guide").glob("*.md")}
    assert {f"{page}.html" for page in wanted | guide} <= pages
    assert len(guide) == 7


def test_notebooks_are_its_gallery(site: Path) -> None:
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.stem for path in (site / "gallery").glob("*.html")} == notebooks | {"index"}


def test_every_module_is_in_the_reference(site: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (site / "reference" / "modules").glob("*.html"))
    package = ROOT / "model" / "narco_door"
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[0] in ("cli", "dashboard", "__init__"):
            continue
        name = ".".join(("narco_door", *(part for part in parts if part != "__init__")))
        assert f'id="module-{name}"' in text, f"{name} is not in the reference"


def test_every_public_word_is_described(site: Path) -> None:
    text = (site / "reference" / "public.html").read_text(encoding="utf-8")
    plain = re.sub(r"<[^>]+>", "", text)
    assert not [word for word in narco_door.__all__ if word not in plain]


def test_formulas_are_drawn_and_dollars_are_not(site: Path) -> None:
    text = (site / "ODD.html").read_text(encoding="utf-8")
    formulas = re.findall(r"<math.*?</math>", text, flags=re.DOTALL)
    assert len(formulas) > 100
    assert not [formula for formula in formulas if "US" in formula]
    assert "merror" not in text
    prose = re.sub(r"<math.*?</math>|<[^>]+>", "", text, flags=re.DOTALL)
    assert not re.search(r"(?<!US)\$", prose)


def test_pages_need_nothing_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        fetched = re.findall(r"<(?:script|img|iframe)[^>]+src=\"(https?:[^\"]+)", text)
        fetched += re.findall(r"<link[^>]+rel=\"stylesheet\"[^>]+href=\"(https?:[^\"]+)", text)
        assert not fetched, f"{path.name} fetches {fetched}"


def test_what_is_made_for_the_site_is_not_kept(site: Path) -> None:
    ignored = (ROOT / "model" / "docs" / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/gallery/", "/reference/modules/"} <= set(ignored)
    assert "dist/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
