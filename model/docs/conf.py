"""The documentation site, built without a network: `uv run sphinx-build -W model/docs dist/docs`.

Before Sphinx reads the pages, two folders are made anew: a page for every module of the package, and a copy of the
notebooks with the outputs that they are kept with.
"""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

os.environ["NUMBA_DISABLE_JIT"] = "1"  # plain functions, with their signatures and docstrings

from docutils import nodes
from latex2mathml.converter import convert

import narco_door

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent.parent / "notebooks"
GROUPS = {  # the rooms of the package, as a reader would visit them; what is in no group comes last
    "The month": ("month", "book"),
    "The country and its youths": ("country", "street"),
    "Behind the narco door": ("inside",),
    "The state": ("state",),
    "Scenarios": ("scenario",),
    "Runs and results": ("runs", "results", "questions"),
    "Figures and pictures": ("show",),
}
REST = "Tools"
LEFT_OUT = ("dashboard", "cli")  # pages and commands: the guide describes them

project = "narco-door"
author = copyright = "The narco-door authors"
version = release = version_of("narco-door")
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["**/.ipynb_checkpoints"]
default_role = "code"

myst_enable_extensions = ["dollarmath"]
myst_dmath_allow_space = False  # US$ 30 and US$ 200 are no formula
myst_dmath_allow_digits = False
myst_heading_anchors = 3
nb_execution_mode = "off"

autodoc_default_options = {"members": True, "ignore-module-all": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"narco-door {version}"
html_show_sourcelink = False
html_math_renderer = "mathml"


def _pages_of_modules() -> None:
    """Write a page for each group of modules; what it says of a module is what its docstrings say."""
    folder = HERE / "reference" / "modules"
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[str, list[str]] = {title: [] for title in (*GROUPS, REST)}
    for found in pkgutil.walk_packages(narco_door.__path__, "narco_door."):
        room = found.name.split(".")[1]
        if room not in LEFT_OUT:
            title = next((title for title, rooms in GROUPS.items() if room in rooms), REST)
            name = found.name.removeprefix("narco_door.")
            pages[title].append(f"## `{name}`\n\n```{{eval-rst}}\n.. automodule:: {found.name}\n```\n")
    written = {f"{n:02}_{title.lower().replace(' ', '_')}.md": title for n, title in enumerate(pages, start=1)}
    for name, title in written.items():
        (folder / name).write_text("\n".join([f"# {title}\n", *pages[title]]), encoding="utf-8")
    for left in folder.glob("*.md"):
        if left.name not in written:
            left.unlink()


def _copy_of_notebooks() -> None:
    gallery = HERE / "gallery"
    gallery.mkdir(exist_ok=True)  # never emptied: two builds at a time write the same
    for found in sorted(NOTEBOOKS.glob("*")):
        if found.suffix == ".ipynb":
            shutil.copy(found, gallery / found.name)
        elif found.is_dir() and not found.name.startswith("."):
            shutil.copytree(found, gallery / found.name, dirs_exist_ok=True)
    names = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    for left in gallery.glob("*.ipynb"):
        if left.stem not in names:
            left.unlink()
    tree = "\n".join(["```{toctree}", ":maxdepth: 1", "", *names, "```"]) if names else "There is no notebook yet."
    words = "Each makes its figures again when it is run; here they stand as they were last run."
    page = f"# Notebooks\n\n{words}\n\n{tree}\n"
    (gallery / "index.md").write_text(page, encoding="utf-8")


def _plain_words(*given: Any) -> None:
    """Prefixes of records, like `n_` and `new_`, are words and not links."""
    lines = given[-1]
    lines[:] = [re.sub(r"(?<![`\w])(\w+)_(?![\w`])", r"\1\\_", line) for line in lines]


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f"<div class='math'>{convert(node.astext(), display='block')}</div>")
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Formulas become MathML, which browsers draw by themselves, without scripts from elsewhere."""
    app.connect("autodoc-process-docstring", _plain_words)
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))


_pages_of_modules()
_copy_of_notebooks()
