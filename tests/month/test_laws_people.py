"""Nobody appears, vanishes or stands in two places: the laws of people, checked every month.

The legal-states table:

    state     door     room   term   age
    at rest   0-4      none   none   school, home, corner any; informal work from 14, a formal job from 16
    inside    CARTEL   0-3    none   any from 12
    prison    PRISON   none   yes    any from 14 (a child is out the month after)
    dead      DEAD     none   none   any, for ever
"""

from __future__ import annotations

import numpy as np
import pytest

from narco_door.base.doors import CARTEL, DEAD, FORMAL, HOME, IDLE, INFORMAL, PRISON, SCHOOL, outside
from narco_door.base.doors import names as door_names
from narco_door.book.book import RECORDS
from narco_door.inside.careers import _STAYS, FATES, ROOMS, fate, prison_terms
from narco_door.month.model import NarcoDoor
from worlds import STORM, Snapshot, Watched, plan, watch

AT_REST = {door_names()[number]: number for number in outside()}
MINOR = 18 * 12


def by_place(watched: Watched, rows: np.ndarray) -> np.ndarray:
    """Persons of the rows, by place."""
    model = watched.model
    return np.bincount(model.world.roll.whereabouts(rows)[0], minlength=len(model.world.places)) * float(
        model.world.weight
    )


def ages(watched: Watched, month: Snapshot, rows: np.ndarray) -> np.ndarray:
    """Ages of rows in months."""
    return month.month - watched.model.world.roll.whereabouts(rows)[1]


# everybody is somewhere, once ---------------------------------------------------------------------------------------


def test_the_storm_is_one(storm: Watched) -> None:
    """The laws below are only worth what happens in the world that they watch."""
    book = storm.model.records
    for record in (
        "new_entries_forced", "new_entries_minor", "new_entries_from_prison", "new_member_deaths", "new_member_arrests",
        "new_member_leavers", "new_releases", "new_promotions", "new_captures", "new_splits",
        *(f"new_entries_from_{door}" for door in AT_REST),
    ):  # fmt: skip
        assert book.nation(record).sum() >= 5, record
    assert (storm.model.world.careers.log["terms"] > 1).any()


def test_the_table_and_the_roll_tell_the_same(watched: Watched) -> None:
    for month in watched.months:
        row, jailed = month.table["row"], month.table["jailed"]
        assert np.unique(row).size == row.size
        assert (np.flatnonzero(month.door == CARTEL) == np.sort(row[~jailed])).all()
        assert (np.flatnonzero(month.door == PRISON) == np.sort(row[jailed])).all()
        assert month.door.max() < len(door_names())


def test_youths_are_the_living_of_12_to_29(watched: Watched) -> None:
    for month in watched.months:
        living = month.rows[month.door[month.rows] != DEAD]
        assert (month.by_place("n_youth") == by_place(watched, living)).all()
        parts = [month.by_place(f"n_{door}") for door in AT_REST]
        parts += [month.by_place("n_youth_inside"), month.by_place("n_youth_prison")]
        assert (month.by_place("n_youth") == sum(parts)).all()


def test_each_count_is_the_number_of_rows_behind_the_door(watched: Watched) -> None:
    doors = {
        **{f"n_{name}": door for name, door in AT_REST.items()},
        "n_youth_inside": CARTEL,
        "n_youth_prison": PRISON,
    }
    for month in watched.months:
        for record, door in doors.items():
            rows = month.rows[month.door[month.rows] == door]
            assert (month.by_place(record) == by_place(watched, rows)).all(), f"{record} in {month}"


def test_bands_of_age_count_the_same_rows(watched: Watched) -> None:
    for month in watched.months:
        age, door = ages(watched, month, month.rows) // 12, month.door[month.rows]
        man = watched.model.world.roll.whereabouts(month.rows)[2]
        for low, high in ((12, 14), (15, 17), (18, 24)):
            pupils = month.rows[(age >= low) & (age <= high) & (door == SCHOOL)]
            assert (month.by_place(f"n_school_{low}_{high}") == by_place(watched, pupils)).all()
        for sex, letter in ((0, "f"), (1, "m")):
            neet = (age >= 18) & (age <= 24) & (man == sex) & np.isin(door, (HOME, IDLE))
            assert (month.by_place(f"n_neet_{letter}_18_24") == by_place(watched, month.rows[neet])).all(), f"{month}"


def test_the_dead_are_in_no_band_of_age(storm: Watched) -> None:
    for month in storm.months:
        living = month.rows[month.door[month.rows] != DEAD]
        age, man = ages(storm, month, living) // 12, storm.model.world.roll.whereabouts(living)[2]
        for low, high in ((12, 14), (15, 17), (18, 24)):
            band = living[(age >= low) & (age <= high)]
            assert (month.by_place(f"n_youth_{low}_{high}") == by_place(storm, band)).all()
        men = living[(age >= 18) & (age <= 24) & (man == 1)]
        assert (month.by_place("n_youth_m_18_24") == by_place(storm, men)).all()


def test_members_and_prisoners_are_counted_of_any_age(watched: Watched) -> None:
    for month in watched.months:
        row, jailed = month.table["row"], month.table["jailed"]
        assert (month.by_place("n_members") == by_place(watched, row[~jailed])).all()
        assert (month.by_place("n_prison") == by_place(watched, row[jailed])).all()
        minor = row[~jailed & (month.month - month.table["birth"] < MINOR)]
        assert (month.by_place("n_members_minor") == by_place(watched, minor)).all()
        rooms = [month.by_place(name) for name in ("n_lookouts", "n_gunmen", "n_chiefs", "n_bosses")]
        assert (month.by_place("n_members") == sum(rooms)).all()


def test_the_nation_is_the_sum_of_its_places(watched: Watched) -> None:
    for month in watched.months:
        for record in RECORDS:
            if record.nation == "only":
                assert not month.by_place(record.name).any(), record.name
            elif record.kind != "level" and record.nation == "sum":
                nation, places = month.page[record.name][0], month.by_place(record.name)
                assert nation == pytest.approx(places.sum(), rel=1e-12), record.name
            elif record.kind == "level" and record.nation == "sum":
                nation, places = month.page[record.name][0], month.by_place(record.name)
                assert places.min() - 1e-12 <= nation <= places.max() + 1e-12, record.name


# stocks follow flows ------------------------------------------------------------------------------------------------


def test_members_change_by_those_who_enter_die_leave_or_are_arrested(watched: Watched) -> None:
    for before, after in watched.pairs():
        gone = sum(after.by_place(f"new_member_{how}") for how in ("deaths", "arrests", "leavers"))
        expected = before.by_place("n_members") + after.by_place("new_entries") - gone
        assert (after.by_place("n_members") == expected).all(), f"{after}"


def test_prisoners_change_by_arrests_and_releases(watched: Watched) -> None:
    for before, after in watched.pairs():
        expected = before.by_place("n_prison") + after.by_place("new_member_arrests") - after.by_place("new_releases")
        assert (after.by_place("n_prison") == expected).all(), f"{after}"


def test_the_dead_are_those_whose_death_was_written_down(watched: Watched) -> None:
    deaths = np.zeros(len(watched.model.world.places))
    for month in watched.months:
        deaths += month.by_place("new_member_deaths")
        assert (by_place(watched, np.flatnonzero(month.door == DEAD)) == deaths).all()


def test_entries_add_up(watched: Watched) -> None:
    for month in watched.months:
        entries = month.by_place("new_entries")
        assert (entries == sum(month.by_place(f"new_entries_from_{door}") for door in (*AT_REST, "prison"))).all()
        for part in ("new_entries_minor", "new_entries_forced"):
            assert (month.by_place(part) <= entries).all()
        willing = entries - month.by_place("new_entries_forced") - month.by_place("new_entries_from_prison")
        called = np.maximum(willing - month.by_place("new_relapses"), 0)  # who relapses needs no offer
        assert (called <= month.by_place("new_offers")).all()
        assert (month.by_place("new_offers") <= month.by_place("new_crossroads")).all()


# legal states -------------------------------------------------------------------------------------------------------


def test_the_dead_stay_dead_and_hold_no_room(watched: Watched) -> None:
    for before, after in watched.pairs():
        assert (after.door[before.door == DEAD] == DEAD).all()
    for month in watched.months:
        assert not np.isin(month.table["row"], np.flatnonzero(month.door == DEAD)).any()


def test_members_hold_one_of_four_rooms_and_rise_one_at_a_time(watched: Watched) -> None:
    for month in watched.months:
        assert set(np.unique(month.table["room"]).tolist()) <= set(range(len(ROOMS)))
    for before, after in watched.pairs():
        stayed = ~before.table["jailed"]
        room = dict(zip(before.table["row"][stayed].tolist(), before.table["room"][stayed].tolist(), strict=True))
        for row, now, old in zip(
            after.table["row"].tolist(), after.table["room"].tolist(), after.table["entered"].tolist(), strict=True
        ):
            if row in room and old < after.month:
                assert 0 <= now - room[row] <= 1
            elif old == after.month:
                assert now == 0


def test_prison_terms_by_age(watched: Watched) -> None:
    for month in watched.months:
        jailed = month.table["jailed"]
        log = month.table["log"][jailed]
        arrest = month.log["fate_month"][log]
        assert (month.log["fate"][log] == FATES.index("jailed")).all()
        term, age = month.table["until"][jailed] - arrest, arrest - month.table["birth"][jailed]
        begun = arrest > watched.model.world.start  # terms of the prisoners of the first month began before it
        assert (term[begun & (age < 14 * 12)] == 0).all()
        assert (term[begun & (age < 16 * 12)] <= 36).all()
        assert (term[begun & (age < 18 * 12)] <= 60).all()
        assert (term[begun] >= 0).all()
        assert (term[begun & (age >= 18 * 12)] >= 6).all()
        since_before = arrest < month.month
        assert (month.table["until"][jailed][since_before] > month.month).all(), f"kept beyond the term in {month}"


def test_no_child_of_12_or_13_is_kept_in_prison(watched: Watched) -> None:
    for before, after in watched.pairs():
        jailed = before.table["jailed"]
        children = before.table["row"][jailed & (before.month - before.table["birth"] < 14 * 12 - 1)]
        assert (after.door[children] != PRISON).all()


def test_the_law_of_terms() -> None:
    numbers = plan().parameters
    draw = np.linspace(0.0, 1.0, 1001)[:-1]
    for age, most in (
        (12 * 12, 0),
        (14 * 12 - 1, 0),
        (14 * 12, 36),
        (16 * 12 - 1, 36),
        (16 * 12, 60),
        (18 * 12 - 1, 60),
    ):
        term = prison_terms(np.full(1000, age), draw, numbers)
        assert term.min() == 0
        assert term.max() == most
        assert term.mean() == pytest.approx(most / 2, abs=0.5)
    adults = prison_terms(np.full(1000, 18 * 12), draw, numbers)
    assert adults.min() == 6
    assert adults.max() <= numbers["adult_term_max_years"] * 12
    assert (np.diff(adults) >= 0).all()


def test_which_doors_an_age_can_walk_through(watched: Watched) -> None:
    for before, after in watched.pairs():
        rows = after.rows
        age, old, new = ages(watched, after, rows), before.door[rows], after.door[rows]
        assert (age[new == INFORMAL] >= 14 * 12).all()
        assert (age[new == FORMAL] >= 16 * 12).all()
        assert not ((old != new) & (new == SCHOOL) & (age >= watched.model.world.rule.school_until)).any()


def test_school_is_open_until_30_or_without_school_years_until_25() -> None:
    ages_back = []
    for off in ((), ("school_year",)):
        watched = watch(plan(until="2008-12", persons=1000, off=off))
        back = [
            ages(watched, after, rows[(before.door[rows] != SCHOOL) & (after.door[rows] == SCHOOL)])
            for before, after in watched.pairs()
            for rows in [np.intersect1d(before.rows, after.rows)]
        ]
        ages_back.append(np.concatenate(back))
    late, early = ages_back
    assert 25 * 12 <= late.max() < 30 * 12
    assert 20 * 12 < early.max() < 25 * 12


def test_who_is_not_yet_12_or_30_already_is_left_alone(watched: Watched) -> None:
    model = watched.model
    for before, after in watched.pairs():
        birth = model.world.roll.whereabouts(np.arange(after.door.size))[1]
        unborn = after.month + 1 - birth < 12 * 12  # next month's twelve-year-olds are dealt their door already
        assert (after.door[unborn] == SCHOOL).all()
        assert not after.flags[unborn].any()
        old = after.month - birth >= 30 * 12
        assert np.isin(after.door[old & np.isin(before.door, outside())], outside()).all()
        assert (after.door == before.door)[old & np.isin(before.door, outside())].all()
        assert (after.schooling == before.schooling)[old].all()


def test_schooling_grows_by_half_years_at_school_and_never_falls(watched: Watched) -> None:
    for before, after in watched.pairs():
        both = np.intersect1d(before.rows, after.rows)
        grown = after.schooling[both].astype(int) - before.schooling[both]
        half_year = ages(watched, after, both) % 6 == 0
        assert set(np.unique(grown).tolist()) <= {0, 1}
        assert (grown == (half_year & (before.door[both] == SCHOOL))).all()


# careers ------------------------------------------------------------------------------------------------------------


def test_every_career_ends_as_the_roll_says(watched: Watched) -> None:
    for month in watched.months:
        row, fates = month.log["row"], month.log["fate"]
        assert np.unique(row).size == row.size
        door = month.door[row]
        assert ((fates == FATES.index("dead")) == (door == DEAD)).all()
        assert ((fates == FATES.index("inside")) == (door == CARTEL)).all()
        assert (fates[door == PRISON] == FATES.index("jailed")).all()
        assert ((month.log["fate_month"] < 0) == (fates == FATES.index("inside"))).all()
        assert (month.log["terms"][fates == FATES.index("jailed")] >= 1).all()
        assert np.isin(np.flatnonzero(~np.isin(month.door, outside())), row).all()


def test_careers_frame_has_everyone_once(watched: Watched) -> None:
    frame, model = watched.model.careers_frame(), watched.model
    assert frame["person"].n_unique() == len(frame)
    assert frame["weight"].unique().to_list() == [model.world.weight]
    entered = frame.filter(frame["entry_month"].is_not_null())
    entries = model.records.nation("new_entries").sum() - model.records.nation("new_entries_from_prison").sum()
    again = model.records.nation("new_entries").sum() - model.world.weight * len(entered)
    assert again >= 0
    assert model.world.weight * len(entered) <= entries
    assert entered["entry_age"].min() >= 12.0  # type: ignore[operator]
    assert entered["entry_age"].max() < 30.0  # type: ignore[operator]
    assert set(frame["from_door"].unique().to_list()) <= set(AT_REST)
    dead = frame.filter(frame["fate"] == "dead")
    assert len(dead) * model.world.weight == model.records.nation("new_member_deaths").sum()
    assert frame["jail_terms"].sum() * model.world.weight >= model.records.nation("new_member_arrests").sum()


def test_competing_hazards_have_their_closed_form() -> None:
    death, arrest, leaving, n = 0.03, 0.05, 0.02, 20_000
    outcomes = np.array([fate((k + 0.5) / n, death, arrest, leaving) for k in range(n)])
    total = death + arrest + leaving
    happens = 1.0 - np.exp(-total)
    for code, share in enumerate((1.0 - happens, *(happens * h / total for h in (death, arrest, leaving)))):
        assert abs((outcomes == code).sum() - n * share) <= 1.0
    assert fate(0.0, 0.0, 0.0, 0.0) == _STAYS


# limits that need no statistics -------------------------------------------------------------------------------------


def test_no_offers_no_recruits() -> None:
    closed = {"accepted_first": np.inf, "offer_in_prison": 0.0}
    model = NarcoDoor(plan(until="2009-12", numbers={**STORM, **closed}, off=["forced_recruitment"])).run()
    assert not model.records.nation("new_entries").any()
    assert not model.records.nation("new_offers").any()
    assert not model.records.nation("width_narco").any()
    assert (np.diff(model.records.nation("n_members")) <= 0).all()
    assert model.records.nation("n_vacancies")[-1] > 0  # it is the offers that are missing, not the wish


def test_force_alone_recruits_by_force() -> None:
    closed = {"accepted_first": np.inf, "offer_in_prison": 0.0}
    model = NarcoDoor(plan(until="2007-12", numbers={**STORM, **closed})).run()
    entries = model.records.nation("new_entries")
    assert entries.sum() > 0
    assert (entries == model.records.nation("new_entries_forced")).all()


IMMORTAL = {
    **dict.fromkeys(("death_contest", "death_strife", "arrest_hazard", "leaving_hazard", "leaving_early"), 0.0),
    "let_go_rate": 0.0, "absorbed_join": 1.0, "absorbed_jailed": 0.0,
}  # fmt: skip


def test_without_deaths_arrests_and_leaving_everyone_stays() -> None:
    model = NarcoDoor(plan(until="2009-12", numbers={**STORM, **IMMORTAL}))
    founders = model.world.careers.table["row"][~model.world.careers.table["jailed"]].copy()
    model.run()
    members = model.records.nation("n_members")
    assert (np.diff(members) >= 0).all()
    assert members[-1] == members[0] + model.records.nation("new_entries")[1:].sum()
    assert members[-1] > members[0]
    assert (model.world.roll.door[founders] == CARTEL).all()
    for record in ("new_member_deaths", "new_member_arrests", "new_member_leavers"):
        assert not model.records.nation(record).any()


def test_homicides_are_ordinary_where_no_member_dies() -> None:
    model = NarcoDoor(plan(until="2007-12", numbers=IMMORTAL)).run()
    rate = model.world.numbers["ordinary_share"] * model.world.places.ordinary_homicide_rate
    for k, killed in enumerate(model.records.by_place("new_homicides")):
        assert killed == pytest.approx(rate * model.world.places.population(model.world.start + k) / 12e5)
