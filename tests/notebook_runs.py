"""Run the notebooks again and keep them as small as they came: `uv run python tests/notebook_runs.py 02 05` (or all).

What is kept holds outputs and no trace of the machine: no times, no paths, no state of widgets. The test runs each in
another process by `--into` and compares.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).parent.parent / "notebooks"
KEPT = ("text/plain", "text/markdown", "image/png")
LIVE = {"application/vnd.jupyter.widget-view+json", "application/javascript"}  # nothing without a kernel
PICTURES = {"02_kingpins_or_doors": ("doors", "comparison")}
"""Pictures of the README, with the notebook that shows them."""
NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
SECONDS = 600  # of patience with one cell


def notebooks() -> list[Path]:
    """The notebooks in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(path: Path) -> Any:
    """Run a notebook from clean and return it as it is to be kept."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = {}
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            config=_sockets(folder),
            timeout=SECONDS,
            kernel_name="python3",
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(FOLDER)}},
        )
        client.execute(env={**os.environ, "PYTHONHASHSEED": "0"})
    return tidy(notebook)


def _sockets(folder: str) -> Config:
    """Sockets in a folder of their own where there are such: two runs at a time cannot take each other's port."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def tidy(notebook: Any) -> Any:
    """Leave cells and small outputs."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number:02}", {}
        if cell.cell_type == "code":
            cell.outputs = [_small(output) for output in cell.outputs if not LIVE & set(output.get("data", {}))]
    return notebook


def _small(output: Any) -> Any:
    if "data" in output:
        output.data = {kind: output.data[kind] for kind in KEPT if kind in output.data}
        if "image/png" in output.data or "text/markdown" in output.data:
            output.data.pop("text/plain", None)
        output.metadata = {}
    return output


def save(notebook: Any, path: Path) -> None:
    """Write a notebook."""
    nbformat.write(notebook, path)


def told(notebook: Any) -> Iterator[tuple[int, str]]:
    """Every text that a notebook puts out, with the number of its cell."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield number, output.text
            for kind, content in output.get("data", {}).items():
                if kind.startswith("text/"):
                    yield number, content


def pictures(notebook: Any) -> list[int]:
    """The cells that show a picture."""
    return [
        number
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]


def shown(notebook: Any, name: str) -> str:
    """Return the picture of this name as the notebook holds it, in base 64."""
    (cell,) = [cell for cell in notebook.cells if f'album.show("{name}"' in cell.source and cell.cell_type == "code"]
    return next(str(output.data["image/png"]) for output in cell.outputs if "image/png" in output.get("data", {}))


def keep_pictures(notebook: Any, name: str) -> None:
    """Write the pictures of the README beside the notebook that shows them."""
    for picture in PICTURES.get(name, ()):
        path = FOLDER / "pictures" / f"{picture}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b64decode(shown(notebook, picture)))


def differences(kept: Any, fresh: Any) -> list[str]:
    """Say where the texts of two runs differ by more than the last digit of a number."""
    ours, theirs = list(told(kept)), list(told(fresh))
    if [number for number, _ in ours] != [number for number, _ in theirs]:
        return ["they do not put out text in the same cells"]
    found = []
    for (number, old), (_, new) in zip(ours, theirs, strict=True):
        if not same(old, new):
            lines = zip(old.splitlines(), new.splitlines(), strict=False)
            apart = next(((a, b) for a, b in lines if not same(a, b)), (old[:200], new[:200]))
            found.append(f"cell {number}: kept {apart[0]!r}, now {apart[1]!r}")
    return found


def same(old: str, new: str) -> bool:
    """Whether two texts are the same but for one unit in the last place of their numbers."""
    if NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return False
    return all(_near(a, b) for a, b in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True))


def _near(old: str, new: str) -> bool:
    if old == new:
        return True
    digits, _, power = old.replace(",", "").partition("e")
    decimals = len(digits.partition(".")[2])
    unit = 10.0 ** (int(power or 0) - decimals)
    return abs(float(old.replace(",", "")) - float(new.replace(",", ""))) <= 1.01 * unit


def _named(words: Iterable[str]) -> list[Path]:
    wanted = list(words)
    return [path for path in notebooks() if not wanted or any(path.name.startswith(word) for word in wanted)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="how the names begin; all by default")
    parser.add_argument("--into", type=Path, help="write into this folder instead of in place")
    parser.add_argument("--core", type=int, help="keep to this core, as two at a time are faster than one on two")
    given = parser.parse_args()
    if given.core is not None and hasattr(os, "sched_setaffinity"):
        every = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {every[given.core % len(every)]})
    for source in _named(given.names):
        done = executed(source)
        save(done, (given.into or FOLDER) / source.name)
        if given.into is None:
            keep_pictures(done, source.stem)
