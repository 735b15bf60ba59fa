"""The numbers behind the picture: how wide each door is, who is where, who leaves and how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

import numpy as np
import polars as pl

from narco_door.base.errors import UserError
from narco_door.base.months import as_date
from narco_door.base.nation import NATION
from narco_door.country.places import PLACE_COLUMNS, load_places
from narco_door.results import QUANTITIES, Quantity, Results
from narco_door.results.measures import EXITS, ROOMS, Read, share_of_youths
from narco_door.results.rates import reader, wide
from narco_door.show.picture.palette import LEGITIMATE, OPENED

WORLDS = {"medellin": "Medellín"}  # names of worlds other than Mexico, the same in every language
BEHIND = {door: share_of_youths("cartel" if door == "narco" else door) for door in (*OPENED, "home", "idle")}
LEAVING = {way: Quantity(way, (record,), ("n_members",), times=1000, months=1) for way, record in EXITS.items()}
ACCEPTED = Quantity("accepted", ("new_entries",), ("new_offers",), less=("new_entries_forced",))
_QUANTITIES = (*BEHIND.values(), *LEAVING.values(), ACCEPTED, QUANTITIES["entries"])
_DOORS = (*(f"width_{door}" for door in OPENED), *(f"belief_{door}" for door in LEGITIMATE))
RECORDS = tuple(dict.fromkeys((*_DOORS, *ROOMS.values(), *(name for each in _QUANTITIES for name in each.read))))
"""All that the picture reads."""


@dataclass(frozen=True)
class DoorNumbers:
    """All that the picture shows of one place in one month.

    Attributes
    ----------
    width
        Of those who try a door, the share (0-1) let in, by legitimate door. For the narco door, the
        chance that a young man at a crossroads gets an offer.
    opening
        How far each of the legitimate doors stands open (0-1): the share that young people think are
        let in. The narco door stands wide open to all who get an offer.
    accepted
        Of those who get an offer from the narco, the share (0-1) that goes in unforced.
    behind
        Youths behind each door, as a share (0-1) of all youths: the doors, home and idle.
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
            Flows (entries, deaths, arrests, leavers) are those of the twelve months that end in it.
        place
            Code of the place; "00" is the nation.

        Raises
        ------
        UserError
            If the results hold no such scenario, place or month.
        """
        if scenario not in results.scenarios:
            held = ", ".join(results.scenarios)
            raise UserError(f"no scenario {scenario!r} in these results; they hold {held}")
        mine = results.series.filter(pl.col("scenario") == scenario)
        when = _month(month, mine)
        runs = wide(results.having(series=mine.filter(pl.col("month") <= when)), RECORDS, place=place)
        world = str(results.manifest.get("places", "mexico"))
        return cls.of(reader(runs), scenario=scenario, month=when, place=place, world=world)

    @classmethod
    def of(cls, read: Read, *, scenario: str, month: datetime.date, place: str, world: str = "mexico") -> Self:
        """Take the numbers of the last month that is read, mean over the replicates that have them.

        Parameters
        ----------
        read
            Gives each of `RECORDS`, float64[replicate, month].
        scenario, month, place
            What it is of.
        world
            Name of the table of places.
        """

        def at(quantity: Quantity) -> float:
            values = quantity.of(read)[:, -1]
            known = values[~np.isnan(values)]
            return float(known.mean()) if known.size else float("nan")

        def record(name: str) -> float:
            return at(Quantity(name, (name,)))

        return cls(
            width={door: record(f"width_{door}") for door in OPENED},
            opening={door: record(f"belief_{door}") for door in LEGITIMATE},
            accepted=at(ACCEPTED),
            behind={door: at(share) / 100 for door, share in BEHIND.items()},
            entries=at(QUANTITIES["entries"]),
            rooms={room: record(name) for room, name in ROOMS.items()},
            exits={way: at(share) for way, share in LEAVING.items()},
            scenario=scenario,
            month=month,
            place=place,
            place_name=_name(world, place),
            replicates=len(read("n_members")),
        )


def place_table(world: str) -> pl.DataFrame | None:
    """A table of places (code, name, ...); None if it is not kept here."""
    try:
        places = load_places(world)
    except UserError:
        return None
    return pl.DataFrame({column: getattr(places, column) for column in PLACE_COLUMNS})


def _name(world: str, place: str) -> str:
    """A place's own name; nothing for Mexico, which has one in each language."""
    if place == NATION:
        return "" if world == "mexico" else WORLDS.get(world, PurePath(world).name.capitalize())
    table = place_table(world)
    if table is None or "name" not in table.columns:
        return ""
    return "".join(table.filter(pl.col("code") == place)["name"].head(1).to_list())


def _month(month: datetime.date | int | None, rows: pl.DataFrame) -> datetime.date:
    months: list[datetime.date] = rows["month"].unique().sort().to_list()
    if month is None:
        return months[-1]
    when = as_date(month) if isinstance(month, int) else month.replace(day=1)
    if when not in months:
        raise UserError(f"no month {when:%Y-%m} in these results; they run {months[0]:%Y-%m} to {months[-1]:%Y-%m}")
    return when
