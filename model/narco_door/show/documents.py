"""The tables of the documents, written from the catalogue, so that no document can go stale.

`uv run narco-door documents` rewrites what stands between `<!-- generated: NAME -->` and `<!-- end -->` in the
documents beside the package and in the guide; with `--check` it only says which are out of date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from narco_door.base.errors import UserError
from narco_door.show.sheets import Sheet, markdown

HOME = Path(__file__).parents[2]
_REGION = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

type Tables = Mapping[str, Callable[[], Sheet]]


def paths() -> list[Path]:
    """The documents: those beside the package, then the pages of the site that are written by hand."""
    pages = (
        path for path in sorted((HOME / "docs").rglob("*.md")) if path.parent.name in ("docs", "guide", "reference")
    )
    found = [*sorted(HOME.glob("*.md")), *pages]
    if not found:
        raise UserError(f"no document in {HOME}; the documents come with the repository, not with the package")
    return found


def renewed(text: str, tables: Tables, *, where: str = "") -> str:
    """The text with every generated region as the tables have it now.

    Raises
    ------
    UserError
        If a region has no end or asks for a table that is not there.
    """
    opened = re.findall(r"<!-- generated: ([\w-]+) -->", text)
    closed = [match["name"] for match in _REGION.finditer(text)]
    if opened != closed or text.count("<!-- end -->") != len(opened):
        raise UserError(f"{where}: a generated region has no end; expected <!-- end --> after each")
    for name in opened:
        if name not in tables:
            raise UserError(f'{where}: no table "{name}"; expected one of {", ".join(tables)}')
    return _REGION.sub(lambda match: f"{match[1]}\n{markdown(tables[match['name']]())}\n{match[3]}", text)


def stale(tables: Tables) -> dict[Path, str]:
    """Each document that is out of date, with the text that it should have."""
    found = {path: path.read_text(encoding="utf-8") for path in paths()}
    fresh = {path: renewed(text, tables, where=path.name) for path, text in found.items()}
    return {path: text for path, text in fresh.items() if text != found[path]}
