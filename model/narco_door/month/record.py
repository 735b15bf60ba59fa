"""The month is written down: what the beats noted, and who stands where at its end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from narco_door.base.ages import ADULT, BANDS
from narco_door.base.arrays import F8
from narco_door.base.doors import CARTEL, NEET, PRISON, SCHOOL, alive, names, outside
from narco_door.inside.careers import ROOMS, count
from narco_door.month.beat import Result, beat
from narco_door.month.contend import Moves
from narco_door.month.strike import Blows
from narco_door.month.world import World, residents
from narco_door.state.government import CENTS

LARGE = 1000.0
"""Members from which on a cartel counts as large in the records."""

_ROOM_RECORDS = dict(zip(ROOMS, ("n_lookouts", "n_gunmen", "n_chiefs", "n_bosses"), strict=True))


@beat(reads="roll cartels careers government lawbook records", writes="records")
def record(world: World, blows: Blows, moves: Moves, results: Sequence[Result]) -> None:
    """The month is written down, with the notes of all beats."""
    values = {**_youths(world), **_inside(world)}
    for result in (*results, blows, moves):
        values |= result.notes
    world.records.write(world.month, values, nation=_nation(world), events=[*blows.events, *moves.events])


def _youths(world: World) -> dict[str, F8]:
    """Youths behind each door at the month's end."""
    now = world.roll.by_band(world.month) * float(world.weight)  # [place, band, sex, door]
    living = now[..., alive()].sum(axis=3)
    out: dict[str, F8] = {f"n_{names()[door]}": now[..., door].sum(axis=(1, 2)) for door in outside()}
    out["population"] = residents(world)
    out["n_youth"] = living.sum(axis=(1, 2))
    out["n_youth_inside"], out["n_youth_prison"] = (now[..., door].sum(axis=(1, 2)) for door in (CARTEL, PRISON))
    for k, band in enumerate(BANDS[:3]):
        out[f"n_youth_{band}"] = living[:, k].sum(axis=1)
        out[f"n_school_{band}"] = now[:, k, :, SCHOOL].sum(axis=1)
    of_18_24 = BANDS.index("18_24")
    for sex, letter in enumerate("fm"):
        out[f"n_youth_{letter}_18_24"] = living[:, of_18_24, sex]
        out[f"n_neet_{letter}_18_24"] = now[:, of_18_24, sex][:, NEET].sum(axis=1)
    return out


def _inside(world: World) -> dict[str, F8]:
    """Members and prisoners of all ages, what cartels want and where they are."""
    table, held, p, w = world.careers.table, world.cartels.held, len(world.places), float(world.weight)
    inside, size = ~table["jailed"], held.sum(axis=0)
    minors = inside & (world.month - table["birth"] < ADULT)
    out = {
        "n_members": size,
        "n_members_minor": count(table["place"][minors], p) * w,
        "n_prison": count(table["place"][table["jailed"]], p) * w,
        "n_vacancies": world.cartels.vacancies.sum(axis=0),
        "n_cartels": world.cartels.present.sum(axis=0).astype(float),
        "n_large_claims": (world.cartels.present & (held.sum(axis=1) >= LARGE)[:, None]).sum(axis=0).astype(float),
        "effective_cartels": np.where(size > 0, size**2 / np.maximum((held**2).sum(axis=0), 1e-9), 0.0),
    }
    for k, room in enumerate(ROOMS):
        out[_ROOM_RECORDS[room]] = count(table["place"][inside & (table["room"] == k)], p) * w
    return out


def _nation(world: World) -> dict[str, float]:
    """Records that are not the sum or the mean of the places."""
    cartels, government = world.cartels, world.government
    size = np.sort(cartels.held.sum(axis=1))[::-1]
    total = max(float(size.sum()), 1.0)
    out = {
        "n_cartels": float((size > 0).sum()),
        "n_large_cartels": float((size >= LARGE).sum()),
        "share_largest": float(size[:1].sum()) / total,
        "share_five_largest": float(size[:5].sum()) / total,
        "effective_cartels": cartels.effective_number(),
        "n_begun": float(len(world.lawbook.begun)),
    }
    left = government.left() / CENTS
    for k, lever in enumerate(government.levers):
        out[f"promised_{lever.name}"] = government.promised[k] / CENTS
        out[f"unspent_{lever.name}"] = float(left[k])
    return out
