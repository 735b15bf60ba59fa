"""Cartels: rents, the contest for them, vacancies, succession and splits, moving next door.

Armed members fight over the rents of a place as in a contest of Tullock (1980): each cartel wants its best
response to the others' force, so fragmentation itself raises the demand for youths and a monopoly is peaceful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import mesa
import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8, I8, Mask
from narco_door.base.columns import Column
from narco_door.base.draws import Draws, child_key
from narco_door.base.remembered import Numbers
from narco_door.book.book import Event
from narco_door.country.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Cartel(mesa.Agent):  # type: ignore[misc]
    """One organisation: a name, a seat, a leader; its territory is a row of the `Underworld`."""

    def __init__(self, model: mesa.Model, *, row: int, key: int, name: str, underworld: Underworld) -> None:
        super().__init__(model)
        self.row, self.key, self.name = row, key, name
        self.leaders = 1
        self.splits = 0
        self._world = underworld

    @property
    def members(self) -> float:
        """Persons inside, of all rooms."""
        return float(self._world.held[self.row].sum())

    @property
    def seat(self) -> int:
        """Place in which it has most members (its founding place when it has none)."""
        return int(self._world.seats()[self.row])

    @property
    def places(self) -> I8:
        """Places in which it is present."""
        return np.flatnonzero(self._world.present[self.row])

    @property
    def cohesion(self) -> float:
        """1 = whole; drops when the leader falls and heals over about a year."""
        return float(self._world.cohesion[self.row])


def best_response(rents: F8, others: F8, cost: F8) -> F8:
    """Members a cartel wants for the contest, best response to the others' force.

    Maximises ``rents * s / (s + others) - cost * s``; 0 for a monopolist, who has nobody to fight.  With n equal
    rivals each wants ``rents * (n - 1) / (n**2 * cost)``.
    """
    return np.maximum(np.sqrt(np.maximum(rents * others / cost, 0.0)) - others, 0.0)


class Underworld:
    """All cartels' territories; persons throughout."""

    held: Annotated[F8, Column("cartel, place", unit="persons", meaning="members of all rooms")]
    vacancies: Annotated[F8, Column("cartel, place", unit="persons", meaning="members wanted and not held")]
    present: Annotated[Mask, Column("cartel, place", unit="yes, no", meaning="whether it claims the place")]
    cohesion: Annotated[F8, Column("cartel", unit="0-1", meaning="1 is whole; falls with the leader and heals")]
    alive: Annotated[Mask, Column("cartel", unit="yes, no", meaning="whether it still exists")]
    rounding: Annotated[
        F8,
        Column(
            "cartel, room",
            unit="0-1",
            meaning="how its posts are rounded, drawn once, so that small cartels' pyramids are unbiased",
        ),
    ]
    pay: Annotated[F8, Column("place", unit="ratio", meaning="pay of the first room over that of the first month")]

    def __init__(self, model: mesa.Model, places: Places, *, numbers: Numbers, switches: Mapping[str, bool]) -> None:
        self.model, self.places = model, places
        self.numbers, self.switches = numbers, switches
        self.n_places = len(places.code)
        self.cartels: list[Cartel] = []
        shape = (0, self.n_places)
        self.held = np.zeros(shape)
        self.vacancies = np.zeros(shape)
        self.present = np.zeros(shape, bool)
        self.cohesion, self.rounding = np.zeros(0), np.zeros((0, 4))
        self.alive = np.zeros(0, bool)
        self.pay = np.full(self.n_places, 1.0)
        self.events: list[Event] = []

    def found(self, *, name: str, key: int, present: Mask, cohesion: float = 1.0) -> Cartel:
        """A new cartel in the places of `present`."""
        cartel = Cartel(self.model, row=len(self.cartels), key=key, name=name, underworld=self)
        self.cartels.append(cartel)
        blank = np.zeros((1, self.n_places))
        self.held, self.vacancies = np.vstack([self.held, blank]), np.vstack([self.vacancies, blank])
        self.present = np.vstack([self.present, present[None, :]])
        self.cohesion = np.append(self.cohesion, cohesion)
        self.alive = np.append(self.alive, True)
        draws = Draws(key)
        rounding = [draws.uniform("posts", room, 0) for room in range(4)]
        self.rounding = np.vstack([self.rounding, [rounding]])
        return cartel

    def seats(self) -> I8:
        """Place in which each cartel has most members, int64[cartel]."""
        seats: I8 = np.where(self.held.any(axis=1), self.held.argmax(axis=1), self.present.argmax(axis=1))
        return seats

    def living(self) -> list[Cartel]:
        """Cartels that still exist, oldest first."""
        return [self.cartels[row] for row in np.flatnonzero(self.alive)]

    # recruit ---------------------------------------------------------------------------------------------------

    def want(self, rents: F8, *, labour: float = 1.0, truce: float = 0.0) -> None:
        """Set every cartel's vacancies: what it wants in each place less what it holds.

        Parameters
        ----------
        rents : float64[place]
            US$ a month.
        labour : float
            Members that production needs for the same rents, relative to the first month.
        truce : float
            Share of the contest that is suspended by law.
        """
        n = self.numbers
        cost = n["member_cost"] * self.pay
        others = self.held.sum(axis=0) - self.held
        wanted = np.zeros_like(self.held)
        if self.switches["contest"]:
            wanted = best_response(rents[None, :], others, cost[None, :]) * (1.0 - truce)
        sharers = np.maximum(self.present.sum(axis=0), 1)
        needed = n["labour_share"] * labour * rents / cost / sharers
        self.vacancies = np.where(self.present, np.maximum(np.maximum(wanted, needed[None, :]) - self.held, 0.0), 0.0)

    def raise_pay(self) -> None:
        """Unfilled vacancies raise the first room's pay slowly; full ranks let it fall back."""
        if not self.switches["rising_pay"]:
            return
        open_posts, held = self.vacancies.sum(axis=0), self.held.sum(axis=0)
        scarcity = open_posts / np.maximum(open_posts + held, 1.0)
        n = self.numbers
        self.pay = self.pay * (1.0 + n["pay_rise"] * scarcity) - n["pay_return"] * (self.pay - 1.0)

    def hire(self, place: I8, draw: F8) -> I8:
        """Which cartel takes each recruit: in proportion to its vacancies there (else to its members)."""
        weight = np.where(self.vacancies.sum(axis=0) > 0, self.vacancies, self.held + self.present * 1e-9)
        weight = weight + (weight.sum(axis=0) == 0) * self.alive[:, None]
        edges = np.cumsum(weight, axis=0)
        target = draw * edges[-1, place]
        chosen: I8 = (edges[:, place] <= target[None, :]).sum(axis=0).clip(0, len(self.cartels) - 1)
        return chosen

    # conflict --------------------------------------------------------------------------------------------------

    def death_hazard(self, truce: float = 0.0) -> F8:
        """Monthly hazard of a member to be killed, [cartel, place]: rivals' share as far as no truce suspends the
        contest, and strife inside.
        """
        n = self.numbers
        total = np.maximum(self.held.sum(axis=0), 1e-9)
        rivalry = (1.0 - self.held / total) if self.switches["contest"] else np.zeros_like(self.held)
        rivalry = rivalry * (1.0 - truce)
        strife = np.repeat((1.0 - self.cohesion)[:, None], self.n_places, axis=1) * n["strife_elsewhere"]
        rows = np.flatnonzero(self.alive)
        strife[rows, self.seats()[rows]] = 1.0 - self.cohesion[rows]
        return n["death_contest"] * np.maximum(rivalry, 0.0) + n["death_strife"] * strife

    def heal(self) -> None:
        """Cohesion recovers after a leader's fall."""
        self.cohesion += (1.0 - self.cohesion) / self.numbers["cohesion_months"]

    # leaders ---------------------------------------------------------------------------------------------------

    def fall(self, cartel: Cartel, *, month: int, draws: Draws, bench: float, place: int | None = None) -> int:
        """The leader of a cartel is captured: an heir takes over, or it splits by territory.

        Parameters
        ----------
        bench : float
            Plaza bosses over the posts for them: a thin second rank makes a split likelier.
        place
            Where; by default at the seat.

        Returns
        -------
        int
            How many pieces would break away, 0 if an heir holds it together; see `break_away` and `divide`.
        """
        size = cartel.members
        self.events.append(Event("capture", cartel.name, cartel.seat if place is None else place, round(size)))
        self.cohesion[cartel.row] = self.numbers["cohesion_after"]
        cartel.leaders += 1
        return self._pieces(cartel, size, month=month, draws=draws, bench=bench)

    def _pieces(self, cartel: Cartel, size: float, *, month: int, draws: Draws, bench: float) -> int:
        """How many rivals break away: none with the chance of an heir, then one more as long as luck has it."""
        n = self.numbers
        chance = n["split_chance"] * size / (size + n["split_half_size"]) * (1.0 - n["bench_effect"] * min(bench, 1.0))
        most = min(int(size / n["split_min_size"]), int(n["split_most"])) if self.switches["splits"] else 0
        pieces = 0
        while pieces < most and draws.uniform(f"split {pieces}", month, cartel.key) < chance:
            pieces, chance = pieces + 1, n["split_again"]
        return pieces

    def break_away(self, cartel: Cartel, piece: int, *, month: int, name: str = "") -> Cartel:
        """Found the rival that a piece of a cartel becomes, as yet without members."""
        cartel.splits += 1
        return self.found(
            name=name or f"{cartel.name}.{cartel.splits}", key=child_key(cartel.key, month, piece + 1),
            present=np.zeros(self.n_places, bool), cohesion=self.numbers["cohesion_after"],
        )  # fmt: skip

    def sides(
        self, cartel: Cartel, piece: int, *, seat: int, month: int, draws: Draws, sharers: int
    ) -> tuple[Mask, F8]:
        """How a piece parts a cartel's territory, `sharers` pieces being left to deal out.

        Returns
        -------
        takes : bool[place]
            Where the piece claims the place: on its own where luck has it, beside the old cartel at the seat.
        share : float64[place]
            Share of the members of each place who go with it: at the seat an even one, elsewhere nearly all or
            nearly none.
        """
        n = self.numbers
        name = np.array([child_key(cartel.key, month, piece + 1)], np.uint64)
        luck = self._luck("territory", month, name, draws)[0]
        takes = luck < 1.0 / sharers
        share = np.where(takes, 1.0 - n["split_mixing"], n["split_mixing"])
        takes[seat], share[seat] = True, 1.0 / sharers
        return takes, share

    def divide(self, cartel: Cartel, rival: Cartel, moved: F8, *, takes: Mask, share: F8, seat: int) -> None:
        """Move claims, members and vacancies to the rival; the sums of the latter two stay the same, and vacancies go
        with the claims.
        """
        self.held[cartel.row] -= moved
        self.held[rival.row] += moved
        given = np.where(takes, self.vacancies[cartel.row], 0.0)
        given[seat] *= share[seat]
        self.vacancies[rival.row] += given
        self.vacancies[cartel.row] -= given
        self.present[rival.row] = takes & self.present[cartel.row]
        self.present[cartel.row] &= ~takes
        self.present[[cartel.row, rival.row], seat] = True
        self.events.append(Event("split", rival.name, rival.seat, round(float(moved.sum()))))

    # territory -------------------------------------------------------------------------------------------------

    def move(self, month: int, *, rents: F8, draws: Draws) -> Mask:
        """Cartels claim the neighbouring place with most rent per member, and give up places where they are weak.

        Parameters
        ----------
        rents : float64[place]
            US$ a month.

        Returns
        -------
        bool[cartel, place]
            Where a cartel's members are left without it: the places that it gave up, all of its last followers'.
        """
        n = self.numbers
        rich = rents / (self.held.sum(axis=0) + n["entry_floor"])
        keys = np.array([cartel.key for cartel in self.cartels], np.uint64)
        tries = self.alive & (draws.uniforms("enter", month, keys) < n["entry_rate"])
        for row in np.flatnonzero(tries):
            self._enter_next_door(int(row), rich)
        left = self.present & (self._luck("exit", month, keys, draws) < n["exit_rate"] * self._weakness())
        left &= (self.present & ~left).any(axis=0)  # somebody always stays, to whom those left behind can go
        self.present &= ~left
        for row, place in np.argwhere(left):
            self.events.append(Event("exit", self.cartels[row].name, int(place), round(float(self.held[row, place]))))
        return left | self._dissolve()[:, None]

    def _luck(self, decision: str, month: int, keys: NDArray[np.uint64], draws: Draws) -> F8:
        """A draw for each name and place."""
        names = np.repeat(keys, self.n_places)
        with np.errstate(over="ignore"):  # names are 64 bits, whatever overflows
            names += np.tile(np.arange(self.n_places, dtype=np.uint64), keys.size)
        return draws.uniforms(decision, month, names).reshape(keys.size, self.n_places)

    def _weakness(self) -> F8:
        """1 where a cartel has nobody, falling to 0 at the share of a place's members that holds it firmly.

        Nearly straight in the members, so that it is nearly the same on average whether one agent stands for ten
        people or for hundreds: presence must not hang on whether the last agent of a few is lost.
        """
        share = self.held / np.maximum(self.held.sum(axis=0), 1.0)
        return np.maximum(1.0 - share / self.numbers["exit_share"], 0.0)

    def _enter_next_door(self, row: int, rich: F8) -> None:
        near = self.places.neighbours[self.present[row]].any(axis=0) & ~self.present[row]
        if not near.any():
            return
        place = int(np.argmax(np.where(near, rich, -1.0)))
        self.present[row, place] = True
        self.events.append(Event("entry", self.cartels[row].name, place, 0))

    def _dissolve(self) -> Mask:
        """Cartels without a place are no more, bool[cartel]."""
        gone = self.alive & ~self.present.any(axis=1)
        for row in np.flatnonzero(gone):
            self.alive[row] = False
            self.cartels[row].remove()
        return gone

    def abandon(self, left: Mask) -> None:
        """Forget members and vacancies of the cells of bool[cartel, place], before their members find a new cartel."""
        self.held[left], self.vacancies[left] = 0.0, 0.0

    def effective_number(self) -> float:
        """Inverse Herfindahl index of members over cartels."""
        size = self.held.sum(axis=1)
        total = size.sum()
        return float(total**2 / (size**2).sum()) if total > 0 else 0.0

    def drain_events(self) -> list[Event]:
        """The month's events, handed over once."""
        events, self.events = self.events, []
        return events


def founders(world: Underworld, places: Places, *, key_of: Callable[[int], int]) -> None:
    """The organisations of the first month, each in the states it held."""
    for number, founder in enumerate(places.cartels):
        present = np.zeros(world.n_places, bool)
        present[list(founder.places)] = True
        world.found(name=founder.name, key=key_of(number), present=present)
