"""Each table has one source: what the terminal, the documents and the page show are the same cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape

import polars as pl
import pytest
from rich.console import Console

from narco_door.cli.documenting import TABLES
from narco_door.cli.printing import table as on_terminal
from narco_door.country.facts import parameters
from narco_door.dashboard.page.sheets import table as on_page
from narco_door.show.catalogue import evidence, ledger
from narco_door.show.sheets import (
    Cell,
    Code,
    Grade,
    Head,
    Measured,
    Number,
    Range,
    Sheet,
    Source,
    Verdict,
    markdown,
    plain,
)  # fmt: skip

WIDE = 10_000
sheets = cache(lambda name: TABLES[name]())


def terminal(sheet: Sheet) -> str:
    console = Console(width=WIDE, no_color=True)
    with console.capture() as told:
        console.print(on_terminal(sheet))
    return told.get()


def page(sheet: Sheet, language: str = "en") -> str:
    parts = (on_page(part, "name", language) for _, part in sheet.groups())  # type: ignore[arg-type]
    return unescape(re.sub(r"<[^>]+>", " ", "".join(parts)))


RENDERERS = {"terminal": terminal, "documents": markdown, "page": page}


def words(text: str) -> str:
    """Letters and digits alone: what marks a cell up differs, what it says does not."""
    return "".join(re.findall(r"\w+", text))


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_shown_by_all_three(name: str, render: Callable[[Sheet], str]) -> None:
    sheet = sheets(name)
    assert sheet.rows
    shown = words(render(sheet))
    told = [line for row in sheet.rows for cell in row[sheet.grouped :] for line in plain(cell).splitlines()]
    missing = {line for line in told if words(line.replace(" to ", "–")) not in shown and words(line) not in shown}
    assert not missing


@pytest.mark.parametrize("name", TABLES)
def test_a_cell_changed_in_the_source_changes_in_all_three(name: str) -> None:
    sheet = sheets(name)
    last = [*sheet.rows[-1]]
    last[-1] = "something else"
    changed = replace(sheet, rows=[*sheet.rows[:-1], last])
    for render in RENDERERS.values():
        assert "something else" not in render(sheet)
        assert "something else" in render(changed)


CELLS: dict[str, tuple[Cell, str, str, str]] = {
    "words": ("US$ 3 | 4\nmore", r"US\$ 3 \| 4 more", "US$ 3 | 4\nmore", "US$ 3 | 4\nmore"),
    "markup": ("[b] <i>", "[b] <i>", "[b] <i>", "[b] &lt;i&gt;"),
    "number": (12345.6, "12,346", "12,346", "12,346"),
    "year": (Number(2012, "year"), "2012", "2012", "2012"),
    "code": (Code("n_cartels"), "`n_cartels`", "n_cartels", "<code>n_cartels</code>"),
    "range": (Range(0.5, 2), "0.5 to 2", "0.5 to 2", "0.5–2"),
    "measured": (Measured(12.34, 0.5), "12.3 ± 0.5", "12.3 ± 0.5", "12.3 ± 0.5"),
    "once": (Measured(12.34, None), "12.3", "12.3", "12.3"),
    "held": (Verdict(True), "yes", "yes", "<span class='nd-verdict-yes'>yes</span>"),
    "failed": (Verdict(False), "**no**", "no", "<span class='nd-verdict-no'>no</span>"),
    "grade": (
        Grade("assumed"),
        "assumed",
        "assumed",
        "<span class='nd-key nd-grade-assumed'>assumed</span>",
    ),
    "source": (Source("White 1970"), "White 1970", "White 1970", "<small class='nd-source'>White 1970</small>"),
    "several": ((Code("a"), " > ", Code("b")), "`a` > `b`", "a > b", "<code>a</code> &gt; <code>b</code>"),
}


@pytest.mark.parametrize("kind", CELLS)
def test_each_kind_of_cell_is_written_as_its_place_wants_it(kind: str) -> None:
    cell, document, plainly, web = CELLS[kind]
    sheet = Sheet("One", (Head("a"),), [(cell,)])
    assert markdown(sheet).splitlines()[-1] == f"| {document} |"
    assert plain(cell) == plainly
    assert plainly.split("\n")[0] in terminal(sheet)
    assert f"<th scope='row'>{web}</th>" in on_page(sheet, "One", "en")


GOODS = Sheet(
    "Goods",
    (Head("shelf"), Head("name"), Head("unit", under=True), Head("price", right=True), Head("why", brief=False)),
    [("left", "bread", "loaf", 2.5, "old"), ("right", "milk", "litre", 1.25, "new"), ("left", "salt", "", 1, "")],
    note="prices of today",
    grouped=True,
)


def test_groups_stand_under_their_heads() -> None:
    assert [(group, [row[0] for row in part.rows]) for group, part in GOODS.groups()] == [
        ("left", ["bread", "salt"]),
        ("right", ["milk"]),
    ]
    text = markdown(GOODS)
    assert text.index("**left**") < text.index("salt") < text.index("**right**") < text.index("milk")
    assert text.endswith("\n\nPrices of today.\n")
    assert terminal(GOODS).index("left") < terminal(GOODS).index("salt") < terminal(GOODS).index("right")


def test_where_there_is_little_room_columns_stand_below_each_other_or_are_left_out() -> None:
    below = terminal(GOODS).splitlines()
    assert [line.split() for line in below[2:4]] == [["name"], ["unit", "price", "why"]]
    assert "why" not in terminal(GOODS.brief())
    (_, part), _ = GOODS.groups()
    shown = on_page(part, "Goods", "en")
    assert "<th scope='col'>Name, unit</th>" in shown
    assert "bread<small>loaf</small>" in shown
    assert "<th scope='row'>salt</th>" in shown  # an empty cell leaves no gap


def test_names_of_the_code_stand_below_words_on_the_page() -> None:
    sheet = Sheet("One", (Head("name"), Head("label", under=True)), [(Code("peers"), "Pull of peers")])
    assert "Pull of peers<small><code>peers</code></small>" in on_page(sheet, "One", "en")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="Two: 2 cells expected"):
        Sheet("Two", (Head("a"), Head("b")), [("only one",)])


def test_every_number_is_explained_with_its_source() -> None:
    shown = {plain(row[1]): (plain(row[3]), plain(row[-1])) for row in sheets("parameters").rows}
    assert {name: source for name, (_, source) in shown.items()} == {p.name: p.source for p in parameters().values()}
    assert shown["deprivation_sd"][0] == f"{parameters()['deprivation_sd'].value:g}"


def test_verdicts_that_are_kept_and_fresh_ones_make_the_same_table() -> None:
    kept = pl.read_csv(evidence.KEPT / "validation.csv", schema_overrides={"years": pl.String})
    assert evidence.validation(kept).rows == evidence.validation().rows
    assert "mean of 8 replicates" in plain(evidence.validation(kept, replicates=8).note)
    worse = kept.with_columns(holds=pl.lit(value=False))
    assert plain(evidence.validation(worse).note).startswith("within their range: 0 of ")


@pytest.mark.parametrize("name", ["calibration", "validation", "skill", "ledger", "scores"])
def test_an_installed_package_says_that_nothing_is_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (evidence, ledger):
        monkeypatch.setattr(room, "KEPT", evidence.KEPT / "nowhere")
    sheet = TABLES[name]()
    for render in (terminal, markdown):
        assert "armed members" not in render(sheet)
    assert "been written down" in markdown(sheet)
