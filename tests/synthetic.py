"""Results made up of random walks, in the schema of real ones, to draw figures from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from narco_door.book.book import RECORDS
from narco_door.country.places import load_places
from narco_door.results import Results

ARMS = ("no_new_money", "kingpins_first", "doors_first", "mixed")
PLACES = tuple(f"{code:02d}" for code in range(1, 33))
START = datetime.date(2007, 1, 1)
F8 = NDArray[np.float64]
EVENTS = {
    "scenario": pl.String, "replicate": pl.Int32, "month": pl.Date, "kind": pl.String,
    "cartel": pl.String, "place": pl.String, "persons": pl.Int64,
}  # fmt: skip

# What the nation has of each thing in the first month; what is not named here starts at 1.
NATION: dict[str, float] = {
    "population": 110e6, "n_youth": 38e6, "n_school": 15.6e6, "n_formal": 6.5e6, "n_informal": 8.4e6,
    "n_home": 4.9e6, "n_idle": 2.4e6, "n_youth_inside": 88e3, "n_youth_prison": 6e4,
    "n_members": 1e5, "n_members_minor": 12e3, "n_lookouts": 55e3, "n_gunmen": 38e3, "n_chiefs": 6.2e3,
    "n_bosses": 800, "n_prison": 9e4, "n_vacancies": 8e3, "n_cartels": 8, "effective_cartels": 4.2,
    "new_crossroads": 2.2e6, "new_offers": 11e3, "new_entries": 1.55e3, "new_entries_forced": 150,
    "new_member_deaths": 320, "new_member_arrests": 290, "new_member_leavers": 170, "new_homicides": 820,
    "width_school": 0.82, "width_formal": 0.24, "width_informal": 0.9, "width_narco": 0.012,
    "belief_school": 0.61, "belief_formal": 0.15, "belief_informal": 0.86, "belief_narco": 0.1,
}  # fmt: skip
# How many times as much of it there is at the end, for each unit of money moved into an arm's own idea.
PULL: dict[str, dict[str, float]] = {
    "kingpins_first": {
        "n_members": 1.5, "new_entries": 1.6, "new_homicides": 1.9, "n_cartels": 20.0, "width_narco": 1.6,
    },
    "doors_first": {
        "n_members": 0.7, "new_entries": 0.6, "new_homicides": 0.75, "n_school": 1.1, "n_idle": 0.6,
        "belief_formal": 1.9, "width_formal": 1.6, "width_narco": 0.6,
    },
    "mixed": {"n_members": 0.72, "new_entries": 0.66, "new_homicides": 1.05, "n_school": 1.05},
}  # fmt: skip
MONEY: dict[str, dict[str, float]] = {
    "no_new_money": {"policing": 900, "cash_transfers": 400},
    "kingpins_first": {"policing": 900, "cash_transfers": 400, "kingpin_operations": 700, "courts": 120},
    "doors_first": {
        "policing": 900, "cash_transfers": 700, "scholarships": 480, "apprenticeships": 300, "mentoring": 55,
    },
    "mixed": {"policing": 900, "cash_transfers": 550, "scholarships": 240, "kingpin_operations": 350},
}  # fmt: skip


def made_up(
    arms: tuple[str, ...] = ARMS,
    *,
    replicates: int = 3,
    months: int = 48,
    parting: int = 18,
    seed: int = 7,
) -> Results:
    """Results of several arms (the first is the reference), alike until the month of parting."""
    dates = [_month(k) for k in range(months)]
    tables = [
        _table(arm, replicate, dates, names=arms, parting=parting, seed=seed)
        for arm in arms
        for replicate in range(replicates)
    ]
    careers = [
        _careers(arm, replicate, months, seed).with_columns(pl.col("scenario").cast(pl.Enum(arms)))
        for arm in arms
        for replicate in range(replicates)
    ]
    return Results(
        pl.concat(tables), pl.DataFrame(schema=EVENTS), pl.concat(careers), _manifest(arms, replicates, dates)
    )


def _month(k: int) -> datetime.date:
    return datetime.date(START.year + k // 12, k % 12 + 1, 1)


def _manifest(arms: tuple[str, ...], replicates: int, dates: list[datetime.date]) -> dict[str, object]:
    return {
        "name": "made-up", "hash": "0123456789", "reference": arms[0] if len(arms) > 1 else None,
        "replicates": replicates, "persons_per_agent": 100,
        "from": f"{dates[0]:%Y-%m}", "to": f"{dates[-1]:%Y-%m}",
        "places": "mexico", "scenarios": [{"name": arm, "title": arm.replace("_", " ")} for arm in arms],
    }  # fmt: skip


def _table(
    arm: str, replicate: int, dates: list[datetime.date], *, names: Sequence[str], parting: int, seed: int
) -> pl.DataFrame:
    """One replicate: random walks shared by all arms, times what the arm's policy does to them."""
    rng, months = np.random.default_rng([seed, replicate]), len(dates)
    sizes = np.random.default_rng(seed).dirichlet(np.full(len(PLACES), 3.0))
    since = np.clip((np.arange(months) - parting) / max(months - parting, 1), 0, None)
    book = np.empty((months, len(PLACES) + 1, len(RECORDS)))
    for k, record in enumerate(RECORDS):
        walk = np.exp(np.cumsum(rng.normal(0, 0.012, (months, len(PLACES))), axis=0))
        pull = 1 + (PULL.get(arm, {}).get(record.name, 1.0) - 1) * since[:, None]
        own = 1 + rng.normal(0, 0.02) * since[:, None] * (pull != 1)
        book[:, 1:, k] = _values(record.name, record.kind, sizes, walk * pull * own)
        book[:, 0, k] = book[:, 1:, k].sum(axis=1) if record.kind != "level" else book[:, 1:, k] @ sizes
    _pay(book, arm, since)
    return _long(book, arm, replicate, dates, names)


def _values(name: str, kind: str, sizes: F8, walk: F8) -> F8:
    base = NATION.get(name, 1.0)
    if kind == "level":
        values: F8 = np.minimum(base * walk, 1.0) if name.startswith(("width", "belief")) else base * walk
        return values
    return base * sizes * walk


def _pay(book: F8, arm: str, since: F8) -> None:
    """Money is spent in the levers of the arm, a little leaks and some is left."""
    column = {record.name: k for k, record in enumerate(RECORDS)}
    for name, k in column.items():
        word, _, lever = name.partition("_")
        if word not in ("promised", "spent", "leaked", "unspent"):
            continue
        before, after = (MONEY.get(a, {}).get(lever, 0.0) for a in (ARMS[0], arm))
        month = np.where(since > 0, after, before) * 1e6 / 12
        part = {"promised": 1.0, "spent": 0.83, "leaked": 0.09, "unspent": 0.08}[word]
        flow = np.cumsum(month) * part if word == "unspent" else month * part
        book[:, 1:, k] = 0 if word in ("promised", "unspent") else flow[:, None] / len(PLACES)
        book[:, 0, k] = flow


def _long(book: F8, arm: str, replicate: int, dates: list[datetime.date], names: Sequence[str]) -> pl.DataFrame:
    months, places, records = book.shape
    place = np.tile(np.repeat(np.arange(places, dtype=np.uint32), records), months)
    record = np.tile(np.arange(records, dtype=np.uint32), months * places)
    return pl.DataFrame(
        {
            "scenario": pl.repeat(arm, book.size, dtype=pl.Enum(names), eager=True),
            "replicate": pl.repeat(replicate, book.size, dtype=pl.Int32, eager=True),
            "month": pl.Series(np.repeat(np.array(dates, "datetime64[D]"), places * records)),
            "place": pl.Series(place).cast(pl.Enum(["00", *PLACES])),
            "record": pl.Series(record).cast(pl.Enum([r.name for r in RECORDS])),
            "value": book.ravel(),
        }
    )


def _careers(arm: str, replicate: int, months: int, seed: int) -> pl.DataFrame:
    """Careers whose end comes sooner where leaders are hunted."""
    rng = np.random.default_rng([seed, replicate, 1])
    n = 40 * months
    entry = np.sort(rng.integers(0, months, n))
    time = rng.exponential(110 if arm != "kingpins_first" else 75, n)
    ended = entry + time < months
    fate = np.where(ended, rng.choice(["dead", "jailed", "left"], n, p=[0.42, 0.38, 0.2]), "inside")
    end = [_month(int(e)) if done else None for e, done in zip(entry + time, ended, strict=True)]
    return pl.DataFrame(
        {
            "scenario": [arm] * n,
            "replicate": pl.repeat(replicate, n, dtype=pl.Int32, eager=True),
            "person": np.arange(n, dtype=np.uint64),
            "place": rng.choice(PLACES, n),
            "sex": rng.choice(["m", "f"], n, p=[0.95, 0.05]),
            "entry_month": [_month(int(e)) for e in entry],
            "entry_age": rng.uniform(12, 29, n),
            "from_door": rng.choice(["school", "formal", "informal", "home", "idle"], n),
            "forced": rng.random(n) < 0.1,
            "highest_room": rng.choice(["lookout", "gunman", "chief", "boss"], n, p=[0.6, 0.33, 0.06, 0.01]),
            "fate": fate,
            "fate_month": pl.Series(end, dtype=pl.Date),
            "jail_terms": np.where(fate == "jailed", 1, 0),
            "weight": np.full(n, 100),
        }
    )


def eighteen_years(replicates: int = 4) -> Results:
    """Homicides and people of the states and the nation, 2007-24: all that forecasts of homicides read."""
    months = [datetime.date(2007 + k // 12, k % 12 + 1, 1) for k in range(216)]
    codes, rng = load_places().code, np.random.default_rng(5)
    people = np.tile(load_places().mid_year_people[:, 12], (216, 1)).astype(float)
    parts = []
    for replicate in range(replicates):
        killed = people * rng.gamma(4.0, 5e-5 / 12, (216, len(codes)))
        for name, table in (("new_homicides", killed), ("population", people)):
            whole = np.column_stack([table.sum(axis=1), table])
            parts.append(pl.DataFrame({
                "scenario": "baseline", "replicate": replicate, "month": np.repeat(np.array(months, "datetime64[D]"), whole.shape[1]),
                "place": ["00", *codes] * 216, "record": name, "value": whole.ravel(),
            }))  # fmt: skip
    about = {"scenarios": [{"name": "baseline"}], "places": "mexico", "persons_per_agent": 400, "sets": 4, "seed": 1}
    series = pl.concat(parts).with_columns(pl.col("replicate").cast(pl.Int32))
    return Results(series, pl.DataFrame(), pl.DataFrame(), about)
