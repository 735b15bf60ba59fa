"""The work behind the page: looked at while it goes on, cancelled between two months, lived once, kept within bounds."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import solara

from narco_door.base.months import month_number
from narco_door.country.places import load_places
from narco_door.dashboard import charts, measures, run_queue
from narco_door.dashboard.downloads import KINDS, make
from narco_door.dashboard.library import Library, Life, key_of
from narco_door.dashboard.maps import tile_svg
from narco_door.dashboard.mesa_view import DoorsOf, doors_of, lines_of
from narco_door.dashboard.policy import Plan, plan, settled
from narco_door.dashboard.reproduce import command_line
from narco_door.dashboard.run_queue import CancelledError, RunQueue
from narco_door.dashboard.state import State, clamp
from narco_door.dashboard.tables import door_numbers, headline_rows, whole
from narco_door.dashboard.work import Picture, Progress, Work
from narco_door.month.model import NarcoDoor
from narco_door.results import headline, homicide_rate, load_results
from narco_door.runs.experiment import compare
from narco_door.scenario import Scenario

SMALL = settled(
    clamp(
        State(
            money=(("scholarships", 300.0), ("kingpin_operations", -100.0)),
            total=1000.0,
            start=month_number("2007-07"),
            last=month_number("2008-12"),
            replicates=2,
            persons_per_agent=200,
        )
    )
)


def worked(asked: Plan, library: Library) -> tuple[list[Picture], list[Progress]]:
    pictures: list[Picture] = []
    told: list[Progress] = []
    Work(asked, library, show=pictures.append, tell=told.append, cancel=threading.Event()).run()
    return pictures, told


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(RunQueue(2))


@pytest.fixture(scope="module")
def pictures(library: Library) -> list[Picture]:
    return worked(plan(SMALL), library)[0]


@pytest.fixture(scope="module")
def picture(pictures: list[Picture]) -> Picture:
    return pictures[-1]


def test_a_first_look_comes_before_the_closer_one(pictures: list[Picture]) -> None:
    assert [p.refined for p in pictures] == sorted(p.refined for p in pictures)
    assert pictures[-1].complete
    assert [len(p.policy) for p in pictures if p.refined] == [1, 2]


def test_the_page_and_the_command_line_give_identical_series(picture: Picture, tmp_path: Path) -> None:
    (tmp_path / "my_policy.toml").write_text(plan(SMALL).text, encoding="utf-8")
    command = command_line(SMALL, plan(SMALL)).replace("\\\n", " ").split()
    narco_door = Path(sys.executable).with_name("narco-door")
    run = [str(narco_door), *command[1:], "--no-figures", "--out", str(tmp_path / "results"), "--workers", "1"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    (folder,) = (tmp_path / "results").iterdir()
    assert (folder / "series.parquet").read_bytes() == make("parquet", SMALL, plan(SMALL), picture, "x").content
    theirs, ours = load_results(folder), whole(picture)
    assert theirs.events.equals(ours.events)
    assert theirs.careers.equals(ours.careers)


def test_the_headline_is_that_of_the_library(picture: Picture) -> None:
    asked = plan(SMALL)
    results = compare([asked.policy], reference=asked.reference, workers=1)
    expected = headline(results, since="2007-07").drop("scenario", "compared_with")
    found = pl.DataFrame(headline_rows(picture), schema=headline(results).schema)
    assert found.drop("scenario", "compared_with").equals(expected)


def test_the_lines_are_those_of_the_library(picture: Picture) -> None:
    found = {line.measure.name: line for line in measures.lines(picture, "00")}
    rates = homicide_rate(whole(picture), by="month").filter(pl.col("scenario") == "my_policy")
    monthly = rates.filter(pl.col("replicate") == 0)["value"].to_numpy()
    alone = replace(picture, policy=picture.policy[:1], reference=picture.reference[:1])
    mine = {line.measure.name: line for line in measures.lines(alone, "00")}["homicides"].policy
    assert mine is not None
    assert not mine.sure
    assert mine.mean[-1] == pytest.approx(monthly[-12:].mean(), rel=0.01)
    members = found["members"]
    assert members.policy is not None
    assert members.policy.sure
    assert np.all(members.policy.ends["p05"] <= members.policy.mean)
    shares = [found[name].policy for name in ("school", "formal", "informal", "idle")]
    assert all(band is not None and np.all(band.mean < 100) for band in shares)


def test_a_million_add_up_and_the_map_adds_to_the_nation(picture: Picture) -> None:
    fates = measures.of_a_million(picture.policy, "00", 24)
    assert sum(fates.values()) == pytest.approx(1e6)
    book = picture.policy[0].book
    tiles = measures.tiles(
        replace(picture, policy=picture.policy[:1], reference=picture.reference[:1]), "n_members", 24
    )
    youths = book.by_place("n_youth")[23]
    total = sum(tile.value * n / 1000 for tile, n in zip(tiles.values(), youths, strict=True))
    assert total == pytest.approx(book.nation("n_members")[23])
    assert all(tile.clear is None for tile in tiles.values())


def test_the_doors_of_a_month_of_a_run_that_goes_on(pictures: list[Picture]) -> None:
    early = next(p for p in pictures if p.policy)
    numbers = door_numbers(early, "policy", "08", 240)
    assert numbers is not None
    assert numbers.place_name == "Chihuahua"
    assert door_numbers(replace(early, policy=()), "policy", "00", 24) is None


def test_the_same_choice_again_is_found_at_once(library: Library, picture: Picture) -> None:
    again, told = worked(plan(SMALL), library)
    assert [p.refined for p in again] == [True] * len(again)
    assert again[-1].policy[0].book is picture.policy[0].book
    assert told[-1].stage == "done"


def test_a_change_cancels_the_work_between_two_months(library: Library) -> None:
    slow = plan(settled(replace(SMALL, last=month_number("2026-12"), seed=77)))
    cancel, seen = threading.Event(), list[Picture]()

    def show(picture: Picture) -> None:
        seen.append(picture)
        cancel.set()

    Work(slow, library, show=show, tell=lambda _: None, cancel=cancel).run()
    assert len(seen) == 1
    assert seen[0].months < 240
    assert library.find(key_of(slow.reference, 0)) is None


def test_what_a_user_got_wrong_is_told_and_not_raised(library: Library) -> None:
    asked = plan(SMALL)
    broken = replace(asked, policy=replace(asked.policy, run=replace(asked.policy.run, places="atlantis")))
    told = worked(broken, library)[1]
    assert told[-1].stage == "failed"
    assert "atlantis" in told[-1].words


def test_a_fault_is_told_and_raised(library: Library) -> None:
    def broken(picture: Picture) -> None:
        raise ZeroDivisionError(f"cannot draw {picture.months} months")

    told: list[Progress] = []
    work = Work(plan(SMALL), library, show=broken, tell=told.append, cancel=threading.Event())
    with pytest.raises(ZeroDivisionError, match="cannot draw 24 months"):
        work.run()
    assert (told[-1].stage, told[-1].words) == ("failed", "ZeroDivisionError: cannot draw 24 months")


def test_the_library_keeps_within_its_room() -> None:
    library = Library(RunQueue(2), room=3_000_000)
    for seed in range(5):
        worked(plan(settled(replace(SMALL, seed=seed, replicates=2))), library)
    kept = list(library._lives.values())
    assert sum(life.room for life in kept) <= 3_000_000
    assert kept


def test_an_urgent_run_goes_before_a_patient_one() -> None:
    queue, order, cancel = RunQueue(1), list[str](), threading.Event()
    inside, leave = threading.Event(), threading.Event()

    def patient() -> None:
        with queue.turn(urgent=False, cancel=cancel, tell=lambda _: None):
            inside.set()
            leave.wait(5)
            queue.give_way(urgent=False, cancel=cancel)
            order.append("patient")

    def urgent() -> None:
        with queue.turn(urgent=True, cancel=cancel, tell=lambda _: None):
            leave.set()
            time.sleep(0.3)
            order.append("urgent")

    threads = [threading.Thread(target=patient), threading.Thread(target=urgent)]
    threads[0].start()
    inside.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join(10)
    assert order == ["urgent", "patient"]


@pytest.mark.parametrize("most", [60.0, 0.05])
def test_runs_pause_while_a_click_is_answered_but_not_for_ever(most: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_queue, "_CLICK_SECONDS", most)
    queue, cancel, passed = RunQueue(1), threading.Event(), threading.Event()

    def run() -> None:
        queue.give_way(urgent=True, cancel=cancel)
        passed.set()

    with queue.pause():
        thread = threading.Thread(target=run)
        thread.start()
        assert passed.wait(0.3 if most > 1.0 else 30.0) == (most < 1.0)
    assert passed.wait(30)
    thread.join()


def test_a_world_that_branched_is_the_world_lived_from_the_start() -> None:
    """The second first look leaves the first where the money begins; its numbers are those of a run from clean."""
    fresh, tell = Library(RunQueue(1)), lambda _: None
    begin, months = month_number("2008-01"), list[int]()
    for amount in (300.0, 500.0):
        asked = plan(settled(clamp(replace(SMALL, money=(("scholarships", amount),), start=begin))))
        months.clear()
        life = fresh.live(
            asked.policy, 0, urgent=True, apart=asked.apart, cancel=threading.Event(), tell=tell,
            watch=lambda _, done: months.append(done),
        )  # fmt: skip
    assert months[0] == asked.apart + 1 > 1
    assert life.frames.series.equals(NarcoDoor(asked.policy).run().records.series())


def test_who_waits_is_told_his_place_and_can_leave() -> None:
    queue, cancel, told = RunQueue(1), threading.Event(), list[int]()
    with queue.turn(urgent=True, cancel=cancel, tell=told.append):
        waiting = threading.Thread(target=_leave, args=(queue, cancel, told))
        waiting.start()
        while not told:
            time.sleep(0.01)
        cancel.set()
        waiting.join(5)
    assert told[0] == 1
    with queue.turn(urgent=True, cancel=threading.Event(), tell=told.append):
        pass


def _leave(queue: RunQueue, cancel: threading.Event, told: list[int]) -> None:
    turn = queue.turn(urgent=True, cancel=cancel, tell=told.append)
    with pytest.raises(CancelledError):
        turn.__enter__()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_file_can_be_made(kind: str, language: str, picture: Picture) -> None:
    state = replace(SMALL, language=language)
    file = make(kind, state, plan(SMALL), picture, "your own plan")
    assert len(file.content) > 200
    starts = {"png": b"\x89PNG", "doors_png": b"\x89PNG", "svg": b"<svg", "parquet": b"PAR1", "folder": b"PK"}
    assert file.content.startswith(starts.get(kind, b""))


def test_a_results_folder_opens_with_the_library(picture: Picture, tmp_path: Path) -> None:
    file = make("folder", SMALL, plan(SMALL), picture, "x")
    zipfile.ZipFile(io.BytesIO(file.content)).extractall(tmp_path)
    results = load_results(tmp_path / "my_policy-vs-no_new_money")
    assert results.scenarios == ["no_new_money", "my_policy"]
    assert results.reference == "no_new_money"


def test_what_is_kept_of_a_first_look_says_that_it_is_one(library: Library, tmp_path: Path) -> None:
    fine = replace(SMALL, persons_per_agent=100, seed=5)
    pictures, _ = worked(plan(fine), library)
    kept = {}
    for name, picture in {
        "first": next(p for p in pictures if p.policy and p.policy[0].life),
        "last": pictures[-1],
    }.items():
        file = make("folder", fine, plan(fine), picture, "x")
        zipfile.ZipFile(io.BytesIO(file.content)).extractall(tmp_path / name)
        kept[name] = load_results(tmp_path / name / "my_policy-vs-no_new_money")
    said = {name: (each.manifest["persons_per_agent"], each.manifest["replicates"]) for name, each in kept.items()}
    assert said == {"first": (200, 1), "last": (100, 2)}
    assert [len(each.replicates) for each in kept.values()] == [1, 2]
    assert all(
        f"persons_per_agent = {said['first'][0]}" in world["toml"] for world in kept["first"].manifest["scenarios"]
    )


class Backwards(Library):
    """Whose replicates end last first."""

    def __init__(self, replicates: int) -> None:
        super().__init__(RunQueue(2 * replicates))
        self.ends = [threading.Event() for _ in range(replicates)]
        self.left = [2] * replicates

    def live(self, scenario: Scenario, replicate: int, *, urgent: bool, **how: Any) -> Life:
        life = super().live(scenario, replicate, urgent=urgent, **how)
        if not urgent:
            if replicate + 1 < len(self.ends):
                self.ends[replicate + 1].wait(30)
                time.sleep(0.1)  # until it was taken in
            self.left[replicate] -= 1
            if not self.left[replicate]:
                self.ends[replicate].set()
        return life


def test_replicates_keep_their_numbers_in_whatever_order_they_end(library: Library) -> None:
    four = plan(replace(SMALL, replicates=4))
    mixed = [p for p in worked(four, Backwards(4))[0] if p.refined]
    assert [[track.replicate for track in p.policy] for p in mixed] == [[3], [2, 3], [1, 2, 3], [0, 1, 2, 3]]
    assert whole(mixed[0]).replicates == [3]
    orderly = worked(four, library)[0][-1]
    files = [make("parquet", SMALL, four, p, "x").content for p in (mixed[-1], orderly)]
    assert files[0] == files[1]


def test_a_model_of_mesa_can_be_looked_at() -> None:
    model = NarcoDoor(plan(SMALL).policy)
    assert (doors_of(model), lines_of(model)) == ("", "")
    for _ in range(3):
        model.step()
    assert doors_of(model).startswith("<svg")
    assert lines_of(model).count("<figure>") == len(measures.LINES)
    _, context = solara.render(DoorsOf(model), handle_error=False)
    context.close()


def test_charts_and_tiles_hold_their_numbers(picture: Picture) -> None:
    lines = measures.lines(picture, "00")
    frame = charts.Frame(SMALL.first, 24, SMALL.last, SMALL.start)
    for line in lines:
        for gap in (False, True):
            text = charts.chart(line, frame, gap=gap, label="<x> & y")
            assert "nan" not in text
            assert "&lt;x&gt; &amp; y" in text
            assert text.count("nd-band90") == (1 if gap else 2)
    tiles = measures.tiles(picture, "new_homicides", 24)
    text = tile_svg(load_places(), tiles, gap=True, chosen="08", label="map", ident="m")
    assert text.count('role="button"') == 32
    assert text.count('aria-pressed="true"') == 1


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 437), (-13.2, 13.2), (37.9, 41.2), (0, 1e-3)])
def test_ticks_are_round_and_inside(low: float, high: float) -> None:
    found = charts.ticks(low, high)
    assert 2 <= len(found) <= 7
    assert all(low <= tick <= high for tick in found)
