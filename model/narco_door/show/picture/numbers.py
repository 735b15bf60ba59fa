"""The numbers behind the picture: how wide each door is, who is where, who leaves and how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from narco_door.base.errors import UserError
from narco_door.country.places import PLACE_COLUMNS, load_places
from narco_door.show.picture.palette import EXITS, LEGITIMATE, OPENED, ROOMS

if TYPE_CHECKING:
    import polars as pl

    from narco_door.results import Results

NATION = "00"
WORLDS = {"medellin": "Medellín"}  # names of worlds other than Mexico, the same in every language
WEEKS_A_MONTH = 365.25 / 7 / 12
STOCKS = {
    "lookout": "n_lookouts",
    "gunman": "n_gunmen",
    "chief": "n_chiefs",
    "boss": "n_bosses",
    "capo": "n_cartels",
}
FLOWS = {"prison": "new_member_arrests", "death": "new_member_deaths", "left": "new_member_leavers"}
RECORDS = (
    *(f"width_{door}" for door in OPENED),
    *(f"belief_{door}" for door in LEGITIMATE),
    *(f"n_{door}" for door in (*LEGITIMATE, "home", "idle", "youth", "youth_inside", "members")),
    *STOCKS.values(),
    *FLOWS.values(),
    "new_entries",
    "new_entries_forced",
    "new_offers",
)


@dataclass(frozen=True)
class DoorNumbers:
    """All that the picture shows of one place in one month.

    Attributes
    ----------
    width
        Of those who try a door, the share (0-1) let in: school, formal, informal. For the narco door, the
        chance that a young man at a crossroads gets an offer.
    opening
        How far each of the three legitimate doors stands open (0-1): the share that young people think are
        let in. The narco door stands wide open to all who get an offer.
    accepted
        Of those who get an offer from the narco, the share (0-1) that goes in unforced.
    behind
        Youths behind each door, as a share (0-1) of all youths: the four doors, home and idle.
    entries
        People who enter the narco door in a week.
    rooms
        People in each room of the ladder: lookout, gunman, chief, boss, capo.
    exits
        Of 1,000 people inside, how many go to prison, die or get out in a month.
    """

    width: Mapping[str, float]
    opening: Mapping[str, float]
    accepted: float
    behind: Mapping[str, float]
    entries: float
    rooms: Mapping[str, float]
    exits: Mapping[str, float]
    scenario: str = ""
    month: datetime.date | None = None
    place: str = NATION
    place_name: str = ""
    replicates: int = 1

    @classmethod
    def from_results(
        cls, results: Results, scenario: str, month: datetime.date | int | None = None, *, place: str = NATION
    ) -> Self:
        """Read the numbers of one scenario in one month, averaged over the replicates.

        Parameters
        ----------
        results, scenario
            Where to read, and which scenario.
        month
            The month as a date or as a month number (12 * year + month - 1); the last one if None.
            Flows (entries, deaths, arrests, leavers) are averages of the twelve months that end in it.
        place
            Code of the place; "00" is the nation.

        Raises
        ------
        UserError
            If the results hold no such scenario, place or month.
        """
        rows = _rows(results, scenario, place)
        when = _month(month, rows)
        start = datetime.date(when.year - (when.month < 12), when.month % 12 + 1, 1)
        at, flow = _means(rows, when, when), _means(rows, start, when)
        behind = {door: _ratio(at[f"n_{door}"], at["n_youth"]) for door in (*LEGITIMATE, "home", "idle")}
        willing = flow["new_entries"] - flow["new_entries_forced"]
        return cls(
            width={door: at[f"width_{door}"] for door in OPENED},
            opening={door: at[f"belief_{door}"] for door in LEGITIMATE},
            accepted=_ratio(willing, flow["new_offers"]),
            behind={**behind, "narco": _ratio(at["n_youth_inside"], at["n_youth"])},
            entries=flow["new_entries"] / WEEKS_A_MONTH,
            rooms={room: at[STOCKS[room]] for room in ROOMS},
            exits={door: 1000 * _ratio(flow[FLOWS[door]], flow["n_members"]) for door in EXITS},
            scenario=scenario,
            month=when,
            place=place,
            place_name=_name(results, place),
            replicates=rows["replicate"].n_unique(),
        )


def place_table(results: Results) -> pl.DataFrame | None:
    """The table of the places that a run is about (code, name, ...); None if it is not kept here."""
    import polars as pl

    try:
        places = load_places(str(results.manifest.get("places", "mexico")))
    except UserError:
        return None
    return pl.DataFrame({column: getattr(places, column) for column in PLACE_COLUMNS})


def _name(results: Results, place: str) -> str:
    """A place's own name; nothing for Mexico, which has one in each language."""
    import polars as pl

    if place == NATION:
        world = str(results.manifest.get("places", "mexico"))
        return "" if world == "mexico" else WORLDS.get(world, PurePath(world).name.capitalize())
    table = place_table(results)
    if table is None or "name" not in table.columns:
        return ""
    return "".join(table.filter(pl.col("code") == place)["name"].head(1).to_list())


def _ratio(above: float, below: float) -> float:
    """A share; nan where there is nobody to take a share of."""
    return above / below if below > 0 else float("nan")


def _rows(results: Results, scenario: str, place: str) -> pl.DataFrame:
    import polars as pl

    if scenario not in results.scenarios:
        held = ", ".join(results.scenarios)
        raise UserError(f"no scenario {scenario!r} in these results; they hold {held}")
    return results.select(RECORDS, place=place).filter(pl.col("scenario") == scenario)


def _month(month: datetime.date | int | None, rows: pl.DataFrame) -> datetime.date:
    months: list[datetime.date] = rows["month"].unique().sort().to_list()
    if month is None:
        return months[-1]
    when = datetime.date(month // 12, month % 12 + 1, 1) if isinstance(month, int) else month.replace(day=1)
    if when not in months:
        raise UserError(f"no month {when:%Y-%m} in these results; they run {months[0]:%Y-%m} to {months[-1]:%Y-%m}")
    return when


def _means(rows: pl.DataFrame, start: datetime.date, end: datetime.date) -> dict[str, float]:
    """Mean of each record over the replicates and the months from start to end, both included."""
    import polars as pl

    means = rows.filter(pl.col("month").is_between(start, end)).group_by("record").agg(pl.col("value").mean())
    return dict(zip(means["record"].cast(pl.String), means["value"], strict=True))
