"""Every notebook runs from clean without a warning, gives the numbers that it is kept with, and shows nothing of a machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import nbformat
import pytest

from notebook_runs import FOLDER, PICTURES, differences, notebooks, pictures, same, shown, told

ROOT = FOLDER.parent
NAMES = (
    "01_the_narco_door",
    "02_kingpins_or_doors",
    "03_history",
    "04_the_published_answer",
    "05_when_a_capo_falls",
    "06_the_seminar",
    "07_what_a_peso_buys",
    "08_write_your_own",
    "09_the_trials",
)
MOST_BYTES = 400_000


def kept(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def test_there_are_nine() -> None:
    assert tuple(path.stem for path in notebooks()) == NAMES


@pytest.mark.long
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"notebook {name}")) for name in NAMES]
)
def test_a_notebook_runs_and_gives_its_numbers_again(name: str, tmp_path: Path, worker_id: str) -> None:
    """On a core of its own, while another worker has another."""
    runner = Path(__file__).parents[1] / "notebook_runs.py"
    core = worker_id.removeprefix("gw") if worker_id != "master" else "0"
    done = subprocess.run(
        [sys.executable, str(runner), name, "--into", str(tmp_path), "--core", core],
        capture_output=True, text=True, check=False, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)[-4000:]
    old, new = kept(name), nbformat.read(tmp_path / f"{name}.ipynb", as_version=4)
    assert not warned(new), warned(new)
    assert not differences(old, new), differences(old, new)
    assert pictures(old) == pictures(new)


def warned(notebook: Any) -> list[str]:
    """What a notebook wrote on stderr: warnings, mostly."""
    return [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_kept_small_and_whole(name: str) -> None:
    path, notebook = FOLDER / f"{name}.ipynb", kept(name)
    assert path.stat().st_size < MOST_BYTES
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith("# ")
    assert pictures(notebook), "no figure"
    assert not warned(notebook)
    assert "| figure | panel | line |" in "".join(text for _, text in told(notebook)), "no table of plotted numbers"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    for cell in notebook.cells:
        assert not cell.metadata, "traces of a run"
        assert cell.cell_type == "markdown" or cell.source.strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_nothing_of_a_machine(name: str) -> None:
    texts = [text for _, text in told(kept(name))] + [cell.source for cell in kept(name).cells]
    places = {str(ROOT), str(Path.home()), tempfile.gettempdir(), sys.prefix}
    for text in texts:
        assert not [place for place in places if f"{place}/" in text]
        assert not re.search(r"\bat 0x[0-9a-f]{6,}", text), "an address of memory"


def test_links_between_notebooks_lead_somewhere() -> None:
    prose = [cell.source for name in NAMES for cell in kept(name).cells if cell.cell_type == "markdown"]
    links = [link for source in prose for link in re.findall(r"\]\(([^)#:]+)\)", source)]
    assert links
    assert [link for link in links if not (FOLDER / link).is_file()] == []


def test_pictures_of_the_readme_are_those_of_a_notebook() -> None:
    """So that the numbers on them are compared as well; the README names the command that draws them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\(notebooks/pictures/([\w.]+)\)", text))
    assert linked == {f"{name}.png" for names in PICTURES.values() for name in names}
    for notebook, names in PICTURES.items():
        assert f"notebooks/{notebook}.ipynb" in text
        for name in names:
            stored = (FOLDER / "pictures" / f"{name}.png").read_bytes()
            assert stored == b64decode(shown(kept(notebook), name))
    assert "narco-door run kingpins_vs_doors" in text


FINDINGS = {
    "README.md": ("homicides", "years lived inside cartels", "entries into cartels"),
    "README.es.md": ("homicidios", "años vividos dentro de cárteles", "entradas a los cárteles"),
}
FEWER = {"README.md": "fewer killed in", "README.es.md": "menos muertos en"}
ARMS = ("Kingpins first", "Doors first", "Doors, no way out", "Mixed")
MEASURES = ("homicides averted", "member-years averted", "entries averted")


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_of_the_readme_are_those_of_a_notebook(name: str) -> None:
    """The notebook is run from clean above; averted is the reference minus the scenario, the README says the scenario minus it."""
    (found,) = [
        text for _, text in told(kept("02_kingpins_or_doors")) if "| the reference has |" in text and "Mixed" in text
    ]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.splitlines()[2:]]
    known = {(row[0], row[1]): [number(cell) for cell in row[3:8]] for row in cells if row[1] in MEASURES}
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for word, measure in zip(FINDINGS[name], MEASURES, strict=True):
        (line,) = [line for line in lines if line.startswith(f"| {word} |")]
        base, *arms = [[number(n) for n in re.findall(r"[+−]?[\d,]+", cell)] for cell in line.strip("|").split("|")[1:]]
        for arm, said in zip(ARMS, arms, strict=True):
            mean, low, high, of, _ = known[arm, measure]
            assert said == pytest.approx([-mean, -high, -low], abs=50), (word, arm)
            assert base == pytest.approx([of], abs=50)
    (line,) = [line for line in lines if line.startswith(f"| {FEWER[name]} |")]
    said = [number(re.findall(r"\d+", cell)[0]) for cell in line.strip("|").split("|")[2:]]
    assert said == [known[arm, "homicides averted"][-1] for arm in ARMS]


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def test_numbers_may_differ_in_their_last_digit_alone() -> None:
    assert same("| a | 1.2345 |", "| a | 1.2346 |")
    assert same("1,234 of 5", "1,235 of 5")
    assert not same("1.2345", "1.2348")
    assert not same("1,234", "1,240")
    assert not same("a 1", "b 1")
    assert same("2e-05", "3e-05")
    assert not same("2e-05", "2e-04")
