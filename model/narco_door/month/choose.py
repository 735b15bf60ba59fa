"""Every youth at a crossroads looks at the doors and walks through one, or stays at the corner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from narco_door.base import doors as known
from narco_door.base.ages import LAST_AGE
from narco_door.base.arrays import F8, I8, Mask
from narco_door.base.doors import FORMAL, PRECARIOUS
from narco_door.base.remembered import Laws
from narco_door.country.roll import BAND_OF
from narco_door.month.beat import Result, beat
from narco_door.month.disburse import Paid
from narco_door.month.open_doors import Opened
from narco_door.month.recruit import Offers
from narco_door.month.world import World, behind, share
from narco_door.street import formality, minors, referral, trends
from narco_door.street.choice import make_street, narco_liking
from narco_door.street.crossroads import ALWAYS, CHOSEN, FLOWS, PARTS, WAS_FORCED, Rule, Street, empty_entrants, walk


@dataclass(frozen=True)
class Walked(Result):
    """Those who walked through the narco door this month.

    Attributes
    ----------
    rows, place, from_door : int64[entrant]
        Rows of the roll, where, and the door they came from.
    forced : bool[entrant]
    street, rule
        What was seen from the crossroads.
    """

    rows: I8
    place: I8
    from_door: I8
    forced: Mask
    street: Street
    rule: Rule


@beat(reads="roll counts doors search hearsay cartels careers", writes="roll counts doors search")
def choose(world: World, law: Laws, paid: Paid, opened: Opened, offers: Offers) -> Walked:
    """Every youth at a crossroads looks at the doors and walks through one, or stays at the corner."""
    street, rule = what_is_seen(world, law, paid, opened, offers)
    flows, reports, entrants = walk_the_roll(world, street, rule)
    tried, let_in = (reports[:, k] * float(world.weight) for k in (0, 1))
    flow = {name: flows[:, k] * float(world.weight) for k, name in enumerate(FLOWS)}
    world.doors.believe(tried, let_in, ends=flow["ends"])
    search, kept = world.search, world.numbers["lookers_memory"]
    search.men = kept * search.men + (1.0 - kept) * flow["crossroads_m"]
    search.sought = kept * search.sought + (1.0 - kept) * flow["sought"] / PARTS
    search.boys = kept * search.boys + (1.0 - kept) * flow["sought_minor"] / PARTS
    sought = tried[:, FORMAL]
    hired = np.where(sought > 0, let_in[:, FORMAL] / np.maximum(sought, 1), world.doors.width[:, FORMAL])
    notes = {"new_crossroads": flow["crossroads"], "new_offers": flow["offers"]}
    notes["new_offers_minor"] = flow["offers_minor"]
    for door in known.tried():
        notes[f"width_{known.names()[door]}"] = world.doors.width[:, door]
        notes[f"belief_{known.names()[door]}"] = world.doors.belief[:, door]
    # of all who tried, like the belief beside which it is drawn: the model's own width is for nine years of school
    notes["width_formal"] = hired
    return Walked(notes, *entrants, street, rule)


def what_is_seen(world: World, law: Laws, paid: Paid, opened: Opened, offers: Offers) -> tuple[Street, Rule]:
    """What a youth sees from the crossroads of each place, and the rule under the laws in force."""
    n, members = world.numbers, world.cartels.held.sum(axis=0)
    men = world.counts[:, :, 1][..., known.free()].sum(axis=(1, 2)) * float(world.weight)
    liking = narco_liking(
        n, world.switches, pay=n["first_room_pay"] * world.cartels.pay, promise=world.hearsay.promise,
        risk=world.hearsay.risk, peers=members / np.maximum(men, 1.0),
    )  # fmt: skip
    coverage = {
        "scholarships": share(paid.at_work["scholarships"], paid.poor["scholarships"]),
        "cash_transfers": share(paid.at_work["cash_transfers"], paid.poor["cash_transfers"]),
        "mentoring": share(paid.at_work["mentoring"], behind(world, PRECARIOUS)),
        "apprenticeships": share(paid.at_work["apprenticeships"], world.doors.jobs),
    }
    preferred = minors.preference(law, n)
    search, least, years = world.search, float(world.weight), (world.month - world.start) / 12.0
    boys = np.clip(search.boys / np.maximum(search.sought, least), 0.0, 1.0)
    plain = np.maximum(search.men, least) / np.maximum(search.sought, least)
    adults = plain * minors.dilution(preferred, boys)  # offers in all stay the same
    street = make_street(
        world.places, world.doors, width_narco=offers.width * adults, force=offers.force * adults,
        like_narco=liking * trends.work(n, world.switches, years=years), coverage=coverage,
        prevented=n["outreach_most"] * offers.reached,
        lean=_lean(world, law, np.maximum(coverage["mentoring"], offers.reached)), felt=opened.felt,
    )  # fmt: skip
    kept = formality.kept(world.rule, law, n)
    rule = trends.grown(world.rule, n, world.switches, years=years)
    return street, rule._replace(keep_formal=kept, offers_minor=preferred)


def _lean(world: World, law: Laws, coverage: F8) -> F8:
    """How much likelier than by lottery programmes reach a youth, by place, age band, sex and door.

    `coverage` is the share, of those outside school and formal work, whom the largest of them reaches.
    """
    log = world.careers.log
    if law["referral"] == 0.0:
        return np.ones(world.counts.shape)
    age = log["entered"] - log["birth"]
    late = (log["entered"] >= world.month - int(world.numbers["referral_months"])) & (age < LAST_AGE)
    shape = world.counts.shape[1:]
    cell = np.ravel_multi_index((BAND_OF[age[late]], log["man"][late], log["from_door"][late]), shape)
    rates = referral.entry_rates(cell, world.counts)
    return referral.leaning(rates, world.counts, coverage, law=law, numbers=world.numbers)


def walk_the_roll(world: World, street: Street, rule: Rule) -> tuple[I8, I8, tuple[I8, I8, I8, Mask]]:
    """The walk along the roll, in as many pieces as there are threads; pieces are whole places."""
    roll, places = world.roll, len(world.places)
    flows = np.zeros((places, len(FLOWS)), np.int64)
    reports = np.zeros((places, 2, len(known.doors())), np.int64)
    calls = (ALWAYS * rule.call * street.call).astype(np.uint64)
    rows, notes, numbers = empty_entrants(places, entrant_room(world))

    def piece(lo: int, hi: int) -> None:
        walk(
            lo, hi, world.month, world.draws.key("crossroads", world.month), world.draws.key("queue"),
            roll.window(world.month), roll.first, roll.women, roll.base, roll.first_birth, roll.door, roll.schooling,
            roll.deprivation, roll.moral, roll.flags, roll.tally, street, rule, calls, flows, reports, rows, notes,
            numbers,
        )  # fmt: skip

    if world.pool is None:
        piece(0, places)
    else:
        list(world.pool.map(lambda p: piece(p, p + 1), range(places)))
    if (numbers > rows.shape[1]).any():
        raise RuntimeError(f"more than {rows.shape[1]} entries in one place and month: raise `entrant_room`")
    world.counts = roll.by_band(world.month)
    taken = np.arange(rows.shape[1])[None, :] < numbers[:, None]
    note = notes[taken]
    place = np.repeat(np.arange(places), numbers)
    return flows, reports, (rows[taken], place, (note & CHOSEN).astype(np.int64), (note & WAS_FORCED) > 0)


def entrant_room(world: World) -> int:
    """Entries of a place and month that the buffers can hold: one in twenty of the youths of the largest place."""
    return max(256, int((world.roll.first[:, -1] - world.roll.first[:, 0]).max()) // 20)
