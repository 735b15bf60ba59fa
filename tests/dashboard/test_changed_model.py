"""Nothing is rigged without a sign: a changed model is named on the page, in every download, and no preset is lit."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import ipyvue
import pytest
import solara
from playwright.sync_api import Page, expect

from conftest import DONE, Server, visit
from narco_door.base.months import month_number
from narco_door.dashboard.changes import Changed, changes, told, warning
from narco_door.dashboard.downloads import KINDS, make
from narco_door.dashboard.library import Library
from narco_door.dashboard.page.controls import MoneyPanel
from narco_door.dashboard.policy import plan, preset, presets, settled, uploaded
from narco_door.dashboard.reproduce import python
from narco_door.dashboard.run_queue import RunQueue
from narco_door.dashboard.state import State, clamp
from narco_door.dashboard.work import Picture, Work
from narco_door.dashboard.written import written
from narco_door.scenario import scenario_from_toml
from narco_door.show.words import LANGUAGES, Language, words

RIGGED = settled(
    clamp(
        State(
            money=(("courts", 305.0),), start=month_number("2007-03"), last=month_number("2007-12"), replicates=2,
            persons_per_agent=200, seed=7, off=frozenset({"fear"}), numbers=(("split_chance", 0.0),),
        )
    )
)  # fmt: skip
HONEST = replace(RIGGED, off=frozenset(), numbers=())


def lived(state: State) -> Picture:
    shown: list[Picture] = []
    Work(plan(state), Library(RunQueue(2)), show=shown.append, tell=lambda _: None, cancel=threading.Event()).run()
    return shown[-1]


@pytest.fixture(scope="module")
def rigged() -> Picture:
    return lived(RIGGED)


def test_a_changed_model_is_told_and_one_as_it_comes_is_not() -> None:
    assert set(changes(plan(RIGGED))) == {Changed("fear", False), Changed("split_chance", 0.0)}
    assert changes(plan(HONEST)) == ()
    usual = dict(plan(HONEST).policy.parameters.plain())["split_chance"]
    assert changes(plan(replace(HONEST, numbers=(("split_chance", usual),)))) == ()


def test_what_a_file_believes_is_told_too() -> None:
    text = 'title = "t"\nquestion = "q"\nextends = "mixed"\n[parameters]\nmyopia = 0.5\n[switches]\nfear = false\n'
    asked = plan(settled(uploaded(text, "m.toml", State())))
    assert set(changes(asked)) == {Changed("myopia", 0.5), Changed("fear", False)}


@pytest.mark.parametrize("name", presets())
def test_a_plan_that_comes_with_narco_door_changes_no_number(name: str) -> None:
    assert changes(plan(settled(clamp(preset(name, State()))))) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_warning_names_each_change(language: Language) -> None:
    said = warning(plan(RIGGED), language)
    assert said.startswith(words(language).phrases["changed_head"])
    for each in changes(plan(RIGGED)):
        assert each.told(language) in said
    many = replace(RIGGED, off=frozenset(plan(HONEST).policy.switches.plain()))
    assert len(told(plan(many), language)) == 7


def test_no_preset_is_lit_when_the_model_was_changed() -> None:
    kingpins = settled(clamp(preset("kingpins_first", State())))
    for state, lit in ((kingpins, 1), (replace(kingpins, off=frozenset({"fear"})), 0)):
        _, context = solara.render(MoneyPanel(state, lambda _: None), handle_error=False)
        (widget,) = [w for w in context.find(ipyvue.VueTemplate).widgets if hasattr(w, "vue_move")]
        sheet = json.loads(widget.sheet)
        assert sum(each["chosen"] for each in (*sheet["presets"], *sheet["others"])) == lit
        context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_every_download_says_it(rigged: Picture, kind: str) -> None:
    """By its words; a table whose bytes are those of the command line, and pictures of points, by name as well."""
    file = make(kind, RIGGED, plan(RIGGED), rigged, "x")
    said = words("en").phrases["changed_head"].encode()
    if kind == "folder":
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert [n for n in archive.namelist() if n.endswith("CHANGED_MODEL.txt")]
    elif kind in ("toml", "csv", "svg"):
        assert said[:40] in file.content
    if kind != "toml":
        assert "changed-model" in file.name


def test_a_download_of_the_model_as_it_comes_says_nothing_of_it() -> None:
    picture = lived(HONEST)
    for kind in ("toml", "csv", "svg"):
        file = make(kind, HONEST, plan(HONEST), picture, "x")
        assert b"changed" not in file.content
        assert "changed" not in file.name


def test_the_red_line_of_a_figure_covers_nothing(rigged: Picture) -> None:
    """The page grows by what the line needs, and all else stays as many inches above its foot."""
    from matplotlib.figure import Figure

    from narco_door.show.figures.paper import warn

    figure = Figure(figsize=(10, 5))
    axes, text = figure.add_axes((0.1, 0.2, 0.8, 0.6)), figure.text(0.1, 0.9, "title")
    warn(figure, "red words " * 30)
    tall = figure.get_size_inches()[1]
    assert tall > 5
    assert axes.get_position().y0 * tall == pytest.approx(1.0)
    assert text.get_position()[1] * tall == pytest.approx(4.5)


@pytest.mark.parametrize("state", [RIGGED, HONEST, preset("merida_2007", RIGGED)])
def test_the_file_that_is_kept_says_all_that_was_chosen(state: State) -> None:
    asked = plan(settled(clamp(state)))
    again = scenario_from_toml(written(asked), name=asked.policy.name)
    assert (again.digest, again.run, again.idle) == (asked.policy.digest, asked.policy.run, ())


def test_an_upload_that_is_kept_keeps_its_words_and_gets_what_was_chosen_besides() -> None:
    text = '# mine\ntitle = "t"\nquestion = "q"\nextends = "merida_2007"\n[parameters]\nmyopia = 0.5\n'
    asked = plan(replace(settled(uploaded(text, "m.toml", State())), seed=9, last=month_number("2010-12")))
    kept = written(asked)
    assert "# mine" in kept
    again = scenario_from_toml(kept, name=asked.policy.name)
    assert (again.digest, again.run) == (asked.policy.digest, asked.policy.run)


def test_the_python_of_the_page_runs_as_a_script_and_shows_the_mean(tmp_path: Path) -> None:
    asked = plan(HONEST)
    (tmp_path / "my_policy.toml").write_text(written(asked), encoding="utf-8")
    (tmp_path / "mine.py").write_text(python(HONEST, asked), encoding="utf-8")
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "homicides averted" in done.stdout
    assert "mean" in done.stdout
    assert "…" not in done.stdout.splitlines()[2]  # no column is left out


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_banner_stands_until_the_model_is_put_back(page: Page, server: Server) -> None:
    visit(page, server, "lang=en&from=2007-01&to=2008-12&runs=2&scale=200&base=kingpins_first&off=fear&split_chance=0")
    banner = page.get_by_role("region", name=words("en").phrases["changed_head"])
    expect(banner).to_contain_text("“Fear” is switched off")
    expect(banner).to_contain_text("(split_chance) is 0 instead of")
    expect(page.locator(".nd-chip[aria-pressed=true]")).to_have_count(0)
    banner.get_by_role("button", name="Put the model back").click()
    expect(banner).to_have_count(0)
    page.wait_for_selector(DONE)
    page.wait_for_url(lambda url: "split_chance" not in url and "off=" not in url)
