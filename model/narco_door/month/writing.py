"""From the model's state to the month's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.months import as_date
from narco_door.country.roll import CARTEL, FORMAL, HOME, IDLE, INFORMAL, PRISON, SCHOOL
from narco_door.inside.careers import ROOMS, Fates, count
from narco_door.street.crossroads import FLOWS

if TYPE_CHECKING:
    from narco_door.month.beats import Entrants
    from narco_door.month.model import NarcoDoor

_ROOM_RECORDS = dict(zip(ROOMS, ("n_lookouts", "n_gunmen", "n_chiefs", "n_bosses"), strict=True))


def values(m: NarcoDoor, entrants: Entrants, fates: Fates) -> dict[str, F8]:
    """Every record that is known by place."""
    return {**_youths(m, fates), **_inside(m), **_entries(m, entrants, fates), **_world(m), **_money(m), **m.notes}


def nation(m: NarcoDoor) -> dict[str, float]:
    """Records that are not the sum or the mean of the places."""
    world, gov = m.underworld, m.government
    out = {
        "n_cartels": float((world.held.sum(axis=1) > 0).sum()),
        "effective_cartels": world.effective_number(),
        "n_begun": float(len(m.lawbook.begun)),
    }
    left = gov.left() / 100.0
    for k, lever in enumerate(gov.levers):
        out[f"promised_{lever.name}"] = gov.promised[k] / 100.0
        out[f"unspent_{lever.name}"] = float(left[k])
    return out


def _youths(m: NarcoDoor, fates: Fates) -> dict[str, F8]:
    """Youths behind each door at the month's end: the walk's count, then those who came back or were taken."""
    w = float(m.weight)
    members, prison = _under_30(m)
    behind = {
        door: m.behind(k)
        for door, k in (("school", SCHOOL), ("formal", FORMAL), ("informal", INFORMAL), ("home", HOME))
    }
    idle = m.behind(IDLE) + fates.back.sum(axis=(1, 2)) * w
    alive = m.counts[..., :7].sum(axis=3) - fates.died_young
    by_age = alive[:, :3].sum(axis=2) * w
    at_school = m.counts[:, :3, :, SCHOOL].sum(axis=2) * w
    by_sex = alive[:, 2] * w
    neet = (m.counts[:, 2, :, HOME] + m.counts[:, 2, :, IDLE] + fates.back[:, 2]) * w
    out = {f"n_{door}": number for door, number in behind.items()}
    out |= {
        "population": m.places.population(m.month),
        "n_idle": idle, "n_youth_inside": members, "n_youth_prison": prison,
        "n_youth": sum(behind.values()) + idle + members + prison,
        "n_youth_f_18_24": by_sex[:, 0], "n_youth_m_18_24": by_sex[:, 1],
        "n_neet_f_18_24": neet[:, 0], "n_neet_m_18_24": neet[:, 1],
    }  # fmt: skip
    for k, band in enumerate(("12_14", "15_17", "18_24")):
        out[f"n_youth_{band}"], out[f"n_school_{band}"] = by_age[:, k], at_school[:, k]
    return out


def _under_30(m: NarcoDoor) -> tuple[F8, F8]:
    table, p = m.careers.table, len(m.places)
    young = m.month - table["birth"] < 360
    jailed = table["jailed"]
    return count(table["place"][young & ~jailed], p) * float(m.weight), count(
        table["place"][young & jailed], p
    ) * float(m.weight)


def _inside(m: NarcoDoor) -> dict[str, F8]:
    table, p, w = m.careers.table, len(m.places), float(m.weight)
    inside = ~table["jailed"]
    minors = inside & (m.month - table["birth"] < 216)
    held = m.underworld.held
    size = held.sum(axis=0)
    out = {
        "n_members": size,
        "n_members_minor": count(table["place"][minors], p) * w,
        "n_prison": count(table["place"][table["jailed"]], p) * w,
        "n_vacancies": m.underworld.vacancies.sum(axis=0),
        "n_cartels": m.underworld.present.sum(axis=0).astype(float),
        "effective_cartels": np.where(size > 0, size**2 / np.maximum((held**2).sum(axis=0), 1e-9), 0.0),
    }
    for k, room in enumerate(ROOMS):
        out[_ROOM_RECORDS[room]] = count(table["place"][inside & (table["room"] == k)], p) * w
    return out


def _entries(m: NarcoDoor, entrants: Entrants, fates: Fates) -> dict[str, F8]:
    p, w = len(m.places), float(m.weight)
    recalled = m.roll.whereabouts(fates.recalled)
    place = np.concatenate([entrants.place, recalled[0]])
    birth = np.concatenate([m.roll.whereabouts(entrants.rows)[1], recalled[1]])
    out = {
        "new_crossroads": m.flows[:, 0] * w,
        "new_offers": m.flows[:, FLOWS.index("offers")] * w,
        "new_entries": count(place, p) * w,
        "new_entries_minor": count(place[m.month - birth < 216], p) * w,
        "new_entries_forced": count(entrants.place[entrants.forced], p) * w,
        "new_entries_from_prison": count(recalled[0], p) * w,
        "new_promotions": fates.promotions * w,
        "new_member_deaths": fates.deaths * w,
        "new_member_arrests": fates.arrests * w,
        "new_member_leavers": fates.leavers * w,
        "new_releases": fates.releases * w,
    }
    for k, door in enumerate(("school", "formal", "informal", "home", "idle")):
        out[f"new_entries_from_{door}"] = count(entrants.place[entrants.from_door == k], p) * w
    return out


def _world(m: NarcoDoor) -> dict[str, F8]:
    p = len(m.places)
    events = m.underworld.events
    at = {
        kind: count(np.array([e.place for e in events if e.kind == kind], np.int64), p).astype(float)
        for kind in ("capture", "split")
    }
    doors = m.doors
    return {
        "new_captures": at["capture"], "new_splits": at["split"], "new_homicides": m.homicides,
        **{f"width_{door}": width for door, width in doors.width.items()}, "width_formal": _hired(m),
        **{f"belief_{door}": belief for door, belief in doors.belief.items()},
        "width_narco": m.width_narco, "belief_narco": m.promise,
        "corruption": m.weed.corruption, "fear": m.weed.fear, "deprivation": m.weed.deprivation,
        "rents": m.underworld.rents,
        "pay_narco": m.numbers["first_room_pay"] * m.numbers["youth_pay_ratio"] * m.places.pay * m.underworld.pay,
    }  # fmt: skip


def _hired(m: NarcoDoor) -> F8:
    """Formal jobs got over tries of the month: of all who tried, like the belief beside which it is drawn (the
    model's own width is for nine years of school, and stands in where nobody tried).
    """
    tried, got = (m.flows[:, FLOWS.index(f"{word}_formal")] for word in ("tried", "in"))
    return np.where(tried > 0, got / np.maximum(tried, 1), m.doors.width["formal"])


def _money(m: NarcoDoor) -> dict[str, F8]:
    gov, zero = m.government, np.zeros(len(m.places))
    out = {}
    for k, lever in enumerate(gov.levers):
        out[f"spent_{lever.name}"] = gov.spent[k] / 100.0
        out[f"leaked_{lever.name}"] = gov.leaked[k] / 100.0
        out[f"unspent_{lever.name}"] = gov.returned[k] / 100.0
        out[f"promised_{lever.name}"] = zero
    return out


__all__ = ["CARTEL", "PRISON", "as_date", "nation", "values"]
