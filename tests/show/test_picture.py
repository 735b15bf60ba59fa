"""The drawing of the doors: true to its numbers, well-formed, spoken in two languages."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.base.doors import named, plain
from narco_door.base.errors import UserError
from narco_door.results import Results
from narco_door.show.picture import DoorNumbers, doors_drawing, doors_size, doors_svg
from narco_door.show.picture.inner_room import room_door
from narco_door.show.picture.palette import LEGITIMATE, OPENED, arrow_width, doorway
from narco_door.show.picture.pen import Gradient, Group, Label, Shape, flat, moved, number, pen, polygon, shade
from narco_door.show.picture.street import door_box, swing
from narco_door.show.words import LANGUAGES, Language
from synthetic import made_up

SVG = "{http://www.w3.org/2000/svg}"
SHARE = st.floats(0, 1)
MORE = dict.fromkeys(named(plain()), 0.5)  # a number for doors that are not the drawing's own
NUMBERS = DoorNumbers(
    width={"school": 0.82, "formal": 0.21, "informal": 0.9, "narco": 0.031, **MORE},
    opening={"school": 0.55, "formal": 0.12, "informal": 0.83, **MORE},
    accepted=0.013,
    behind={"school": 0.41, "formal": 0.17, "informal": 0.22, "home": 0.13, "idle": 0.064, "narco": 0.0052, **MORE},
    entries=352.4,
    rooms={"lookout": 45864, "gunman": 27342, "chief": 4816, "boss": 1116, "capo": 23},
    exits={"prison": 2.8, "death": 3.1, "left": 1.5},
    scenario="kingpins_first",
    month=datetime.date(2012, 6, 1),
    replicates=4,
)
NOTHING = DoorNumbers(
    width=dict.fromkeys(OPENED, float("nan")),
    opening=dict.fromkeys(LEGITIMATE, float("nan")),
    accepted=float("nan"),
    behind=dict.fromkeys((*OPENED, "home", "idle"), float("nan")),
    entries=0,
    rooms=dict.fromkeys(NUMBERS.rooms, 0.0),
    exits=dict.fromkeys(NUMBERS.exits, float("nan")),
)


@pytest.fixture(scope="module")
def results() -> Results:
    """Two arms, two replicates, two years."""
    return made_up(("no_new_money", "doors_first"), replicates=2, months=24, parting=6)


def labels(svg: str) -> list[str]:
    """Every text that the drawing shows or says."""
    root = ElementTree.fromstring(svg)
    return [e.text or "" for tag in ("text", "title", "desc") for e in root.iter(f"{SVG}{tag}")]


# --- the numbers ---


def test_numbers_come_from_records(results: Results) -> None:
    """Levels are those of the month, flows those of the year that ends in it, both means over replicates."""
    numbers = DoorNumbers.from_results(results, "doors_first", datetime.date(2008, 6, 1))
    mine = results.series.filter(pl.col("scenario") == "doors_first", pl.col("place") == "00")

    def means(record: str, *, months: int = 1) -> np.ndarray:
        """One mean for each replicate."""
        start = datetime.date(2008, 6, 1) if months == 1 else datetime.date(2007, 7, 1)
        span = pl.col("month").is_between(start, datetime.date(2008, 6, 1))
        rows = mine.filter(span, pl.col("record") == record).group_by("replicate").agg(pl.col("value").mean())
        return rows.sort("replicate")["value"].to_numpy()

    assert numbers.width["formal"] == pytest.approx(means("width_formal").mean())
    assert numbers.opening["school"] == pytest.approx(means("belief_school").mean())
    assert numbers.behind["idle"] == pytest.approx((means("n_idle") / means("n_youth")).mean())
    assert numbers.rooms["chief"] == pytest.approx(means("n_chiefs").mean())
    assert numbers.entries == pytest.approx(means("new_entries", months=12).mean() * 12 * 7 / 365.25)
    deaths = means("new_member_deaths", months=12) / means("n_members", months=12)
    assert numbers.exits["death"] == pytest.approx(1000 * deaths.mean())
    willing = means("new_entries", months=12) - means("new_entries_forced", months=12)
    assert numbers.accepted == pytest.approx((willing / means("new_offers", months=12)).mean())
    assert numbers.replicates == 2


def test_a_month_is_a_date_or_a_number(results: Results) -> None:
    """The same month either way, any day of it; the last month is the default."""
    by_number = DoorNumbers.from_results(results, "doors_first", 2008 * 12 + 5)
    assert by_number == DoorNumbers.from_results(results, "doors_first", datetime.date(2008, 6, 17))
    assert DoorNumbers.from_results(results, "doors_first").month == datetime.date(2008, 12, 1)


def test_a_single_state_can_be_drawn(results: Results) -> None:
    """The doors of Chihuahua are not those of the nation, and the drawing names it."""
    numbers = DoorNumbers.from_results(results, "doors_first", place="08")
    assert numbers.rooms["lookout"] < 55e3 / 4
    assert "Chihuahua" in doors_svg(numbers)


def test_what_is_not_there_is_an_error(results: Results) -> None:
    """The message says what there is."""
    with pytest.raises(UserError, match="doors_first"):
        DoorNumbers.from_results(results, "doors_last")
    with pytest.raises(UserError, match="2007-01 to 2008-12"):
        DoorNumbers.from_results(results, "doors_first", datetime.date(2031, 1, 1))
    with pytest.raises(UserError, match="place"):
        DoorNumbers.from_results(results, "doors_first", place="99")


# --- shapes follow numbers ---


@given(SHARE, SHARE)
def test_a_door_that_lets_in_more_is_wider(one: float, other: float) -> None:
    """Doorways, leaves, inner doors and arrows never shrink when their number grows."""
    low, high = sorted((one, other))
    assert doorway(low) <= doorway(high)
    assert swing(low) <= swing(high)
    assert arrow_width(10 * low) <= arrow_width(10 * high)
    rooms = {"lookout": 1.0}
    assert room_door(low, rooms) <= room_door(high, rooms)
    for door in OPENED:
        assert door_box(door, low)[2] <= door_box(door, high)[2]


def test_a_wider_narco_door_is_seen_to_be_wider() -> None:
    """From one in a hundred to two, its doorway grows by more than three pixels."""
    assert doorway(0.02) - doorway(0.01) > 3


@given(SHARE, SHARE, SHARE)
def test_the_drawing_keeps_its_elements(width: float, opening: float, behind: float) -> None:
    """A page can glide from any numbers to any others: the same elements in the same order."""
    other = replace(
        NUMBERS,
        width=dict.fromkeys(OPENED, width),
        opening=dict.fromkeys(LEGITIMATE, opening),
        behind=dict.fromkeys(NUMBERS.behind, behind),
    )

    def kinds(numbers: DoorNumbers) -> list[str]:
        return [e.tag for e in ElementTree.fromstring(doors_svg(numbers)).iter()]

    assert kinds(NUMBERS) == kinds(other) == kinds(NOTHING)


def test_doors_do_not_touch_when_wide_open() -> None:
    """Frames of neighbouring doors leave a gap even if every door lets in everyone."""
    boxes = [door_box(door, 1.0) for door in OPENED]
    edges = [(x - 10, x + wide + 10) for x, _, wide, _ in boxes]
    assert all(right < left for (_, right), (left, _) in pairwise(edges))


# --- the SVG ---


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("numbers", [NUMBERS, NOTHING], ids=["numbers", "nothing"])
def test_svg_is_well_formed(numbers: DoorNumbers, language: Language, dark: bool, stacked: bool) -> None:
    """It parses, names itself for screen readers, has unique ids, and every fade it uses is there."""
    svg = doors_svg(numbers, language=language, dark=dark, stacked=stacked, ident="d1", compared=NUMBERS)
    root = ElementTree.fromstring(svg)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert set((root.get("aria-labelledby") or "").split()) <= set(ids)
    used = {f[5:-1] for e in root.iter() if (f := e.get("fill", "")).startswith("url(#")}
    assert used <= set(ids)
    assert "nan" not in svg
    width, height = doors_size(stacked=stacked)
    assert root.get("viewBox") == f"0 0 {number(width)} {number(height)}"


def test_two_drawings_on_a_page_share_no_id() -> None:
    """Each id begins with the drawing's own name."""
    ids = [{e.get("id") for e in ElementTree.fromstring(doors_svg(NUMBERS, ident=i)).iter()} for i in ("a", "b")]
    assert ids[0] & ids[1] == {None}


def test_values_are_written() -> None:
    """The numbers can be read, not only seen."""
    shown = labels(doors_svg(NUMBERS))
    for text in ("41", "lets in 82 of 100", "they think 12", "45,900", "3.1", "352 a week", "6.4 of 100"):
        assert text in shown, text
    assert "352 people a week walk through the narco door" in shown


def test_languages_share_no_words() -> None:
    """Whatever has letters differs."""
    english, spanish = (set(labels(doors_svg(NUMBERS, language=language))) for language in LANGUAGES)
    assert not {text for text in english & spanish if any(c.isalpha() for c in text)}


def test_night_is_not_day() -> None:
    """Dark mode changes colours and nothing else."""
    day, night = doors_svg(NUMBERS), doors_svg(NUMBERS, dark=True)
    assert day != night
    assert labels(day) == labels(night)


def test_the_same_numbers_make_the_same_bytes() -> None:
    """And other numbers make others."""
    assert doors_svg(NUMBERS) == doors_svg(replace(NUMBERS))
    assert doors_svg(NUMBERS) != doors_svg(replace(NUMBERS, entries=700))


def test_names_are_escaped() -> None:
    """A scenario may be called anything."""
    svg = doors_svg(replace(NUMBERS, scenario="<b>&'\""), ident='x"y')
    assert "<b>" in " ".join(labels(svg)).lower()


def test_the_dashed_doors_are_those_of_the_other() -> None:
    """Compared with itself, the dashed doorway lies on the real one."""
    drawn = flat(doors_drawing(NUMBERS, compared=NUMBERS))
    dashed = [s for s in drawn if isinstance(s, Shape) and s.dash and len(s.path) == 4]
    assert len(dashed) == len(OPENED)
    for door, shape in zip(OPENED, dashed, strict=True):
        x, _, wide, _ = door_box(door, NUMBERS.width[door])
        assert {round(p[0], 6) for _, points in shape.path for p in points} == {
            round(x, 6),
            round(x + wide, 6),
        }


# --- pen and words ---


def test_pen_tools() -> None:
    """Paths are read, moved and shaded."""
    assert pen("M 0 0 L 10 5 Z") == (("M", ((0.0, 0.0),)), ("L", ((10.0, 5.0),)), ("Z", ()))
    fade = Gradient((0, 0), (1, 1), ((0, "#000000", 1), (1, "#ffffff", 0)))
    shape = Shape(polygon((0, 0), (1, 0), (1, 1)), fade, width=1)
    group = moved(Group("g", (shape, Label((1, 1), "a", 10, "#000000"))), 5, 0, scale=2)
    drawn, label = group.items
    assert isinstance(drawn, Shape)
    assert isinstance(drawn.fill, Gradient)
    assert isinstance(label, Label)
    assert drawn.path[1] == ("L", ((7, 0),))
    assert (drawn.fill.end, drawn.width) == ((7, 2), 2)
    assert (label.at, label.size) == ((7, 2), 20)
    assert [shade("#808080", f) for f in (0.5, 2)] == ["#404040", "#ffffff"]
    assert [number(v) for v in (1.04, -0.01, 2.25, 10)] == ["1", "0", "2.2", "10"]
