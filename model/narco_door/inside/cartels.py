"""Cartels: what they claim and hold, the posts that they want filled, whom they let go, where they go next.

How many members a cartel wants in a place follows from the contest for its rents (`inside.contest`) and from who is
at war there (`inside.wars`); who leads it, and what is left when he falls, stands in `inside.leaders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import mesa
import numpy as np

from narco_door.base.arrays import F8, I8, Mask, Names
from narco_door.base.columns import Column
from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers
from narco_door.book.book import Event
from narco_door.country.places import Places
from narco_door.inside import contest
from narco_door.inside.hiring import hired
from narco_door.inside.wars import FOREVER, Pacts, Wars, fighting, rivalry

if TYPE_CHECKING:
    from collections.abc import Mapping


MANY_GONE = 50
OF_EACH = (
    "held", "posts", "present", "cohesion", "capacity", "cost", "fell_at", "pursued", "alive", "key", "rounding",
    "last_post",
)  # fmt: skip
"""What is known of each cartel, by its row."""


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
    def size(self) -> float:
        """Persons for whom it has posts: how strong it is, however many people an agent stands for."""
        return float(self._world.posts[self.row].sum())

    @property
    def seat(self) -> int:
        """Place in which it has most members (its founding place when it has none)."""
        held = self._world.held[self.row]
        return int(held.argmax() if held.any() else self._world.present[self.row].argmax())

    @property
    def places(self) -> I8:
        """Places in which it is present."""
        return np.flatnonzero(self._world.present[self.row])

    @property
    def cohesion(self) -> float:
        """1 = whole; drops when the leader falls and heals over about a year."""
        return float(self._world.cohesion[self.row])


class Underworld:
    """All cartels' territories; persons throughout."""

    held: Annotated[F8, Column("cartel, place", unit="persons", meaning="members of all rooms")]
    posts: Annotated[
        F8, Column("cartel, place", unit="persons", meaning="members for whom it has a post; those not held are vacant")
    ]
    present: Annotated[Mask, Column("cartel, place", unit="yes, no", meaning="whether it claims the place")]
    cohesion: Annotated[F8, Column("cartel", unit="0-1", meaning="1 is whole; falls with the leader and heals")]
    capacity: Annotated[
        F8,
        Column("cartel", unit="0-1", meaning="share of its rents that it can collect; falls with a capture and heals"),
    ]
    cost: Annotated[F8, Column("cartel", unit="ratio", meaning="what a unit of force costs it, relative to others")]
    fell_at: Annotated[I8, Column("cartel", unit="place", meaning="where its last leader was taken; -1 if none was")]
    pursued: Annotated[F8, Column("cartel", unit="per month", meaning="hazard of its leader to be taken by the state")]
    alive: Annotated[Mask, Column("cartel", unit="yes, no", meaning="whether it still exists")]
    key: Annotated[Names, Column("cartel", unit="name", meaning="of a cartel for keyed draws")]
    rounding: Annotated[
        F8,
        Column(
            "cartel, room",
            unit="0-1",
            meaning="how its posts are rounded, drawn once, so that small cartels' pyramids are unbiased",
        ),
    ]
    last_post: Annotated[
        F8,
        Column(
            "cartel, place",
            unit="0-1",
            meaning="how its posts in a place are rounded to whole agents, drawn once, so that their sum is unbiased",
        ),
    ]
    pay: Annotated[F8, Column("place", unit="ratio", meaning="pay of the first room over that of the first month")]
    need: Annotated[
        F8, Column("place", unit="ratio", meaning="members for the same rents, so that the first month is in balance")
    ]
    usual_rents: Annotated[F8, Column("place", unit="US$ a month", meaning="rents of about the last year")]
    usual_vacancy: Annotated[F8, Column("place", unit="0-1", meaning="vacant share of all posts in the first month")]

    def __init__(
        self, model: mesa.Model, places: Places, *, numbers: Numbers, switches: Mapping[str, bool], agent: int = 1
    ) -> None:
        self.model, self.places, self.agent = model, places, agent
        self.numbers, self.switches = numbers, switches
        self.n_places = len(places.code)
        self.cartels: list[Cartel] = []
        shape = (0, self.n_places)
        self.held, self.posts, self.present = np.zeros(shape), np.zeros(shape), np.zeros(shape, bool)
        self.last_post = np.zeros(shape)
        self.cohesion, self.capacity, self.cost, self.pursued = (np.zeros(0) for _ in range(4))
        self.fell_at, self.alive, self.rounding = np.zeros(0, np.int64), np.zeros(0, bool), np.zeros((0, 4))
        self.key = np.zeros(0, np.uint64)
        self.pay = np.full(self.n_places, 1.0)
        self.need = np.ones(self.n_places)
        self.usual_rents, self.usual_vacancy = np.zeros(self.n_places), np.zeros(self.n_places)
        self.wars, self.pacts = Wars(), Pacts()
        self.events: list[Event] = []

    def found(self, *, name: str, key: int, present: Mask, cohesion: float = 1.0, cost: float = 1.0) -> Cartel:
        """A new cartel in the places of `present`."""
        cartel = Cartel(self.model, row=len(self.cartels), key=key, name=name, underworld=self)
        self.cartels.append(cartel)
        draws, nobody = Draws(key), np.zeros(self.n_places)
        new = {
            "held": nobody, "posts": nobody, "present": present, "cohesion": cohesion, "capacity": 1.0, "cost": cost,
            "fell_at": -1, "pursued": 0.0, "alive": True, "key": np.uint64(key),
            "rounding": [draws.uniform("posts", room, 0) for room in range(4)],
            "last_post": draws.uniforms("last post", 0, np.arange(self.n_places, dtype=np.uint64)),
        }  # fmt: skip
        for column in OF_EACH:
            rows = getattr(self, column)
            setattr(self, column, np.concatenate([rows, np.asarray(new[column], rows.dtype)[None]]))
        return cartel

    @property
    def vacancies(self) -> F8:
        """Posts that nobody fills, float64[cartel, place]."""
        return np.maximum(self.whole_posts() - self.held, 0.0)

    def whole_posts(self) -> F8:
        """Posts in persons of whole agents, float64[cartel, place]: else small cartels, of a few agents, would have
        members without a post and posts without a member at once, the more of both the more people an agent stands for.
        """
        return np.floor(self.posts / self.agent + self.last_post) * self.agent

    def keys(self) -> Names:
        """Names for keyed draws, uint64[cartel]."""
        return self.key

    def seats(self) -> I8:
        """Place in which each cartel has most members, int64[cartel]."""
        seats: I8 = np.where(self.held.any(axis=1), self.held.argmax(axis=1), self.present.argmax(axis=1))
        return seats

    def living(self) -> list[Cartel]:
        """Cartels that still exist, oldest first."""
        return [self.cartels[row] for row in np.flatnonzero(self.alive)]

    def named(self, name: str) -> Cartel | None:
        """The living cartel of this name."""
        return next((cartel for cartel in self.living() if cartel.name == name), None)

    # posts -----------------------------------------------------------------------------------------------------

    def wants(self, rents: F8, *, labour: float = 1.0, truce: float = 0.0) -> F8:
        """Members that each cartel would have in each place in the equilibrium of the contest, [cartel, place].

        Parameters
        ----------
        rents : float64[place]
            US$ a month.
        labour : float
            Members that production needs for the same rents, relative to the first month.
        truce : float
            Share of the contest that is suspended by law.
        """
        n, rows = self.numbers, np.flatnonzero(self.alive)
        at_war = self.at_war()[rows] if self.switches["contest"] else np.zeros((rows.size, self.n_places), bool)
        cost = np.where(self.present[rows], self._cost_of_force()[rows, None], np.inf)
        out = np.zeros_like(self.held)
        out[rows] = contest.wanted(
            rents, n["member_cost"] * self.pay, cost, at_war,
            produce=n["labour_share"] * labour, contested=n["contested_share"] * (1.0 - truce),
        )  # fmt: skip
        return out * self.capacity[:, None] * self.need

    def _relative_size(self) -> F8:
        """Posts of each cartel over the mean of the living, float64[cartel]; a new one counts as a tenth of that."""
        size = self.posts.sum(axis=1)
        mean = size[self.alive].sum() / max(int(self.alive.sum()), 1)
        return np.maximum(size / mean if mean > 0 else np.ones_like(size), 0.1)

    def _cost_of_force(self) -> F8:
        """What a unit of force costs each cartel: less if large, more if its leader was taken, float64[cartel]."""
        return self.cost / self.capacity * self._relative_size() ** -self.numbers["returns_to_size"]

    def adjust(self, rents: F8, *, labour: float = 1.0, truce: float = 0.0) -> None:
        """Posts move towards what is wanted, as for `wants`; where rents have risen is kept in mind."""
        n = self.numbers
        self.posts = self.posts + (self.wants(rents, labour=labour, truce=truce) - self.posts) / n["adjust_months"]
        self.posts[~self.present] = 0.0
        self.usual_rents = self.usual_rents + (rents - self.usual_rents) / 12.0

    def at_war(self) -> Mask:
        """Who is at war where, bool[cartel, place]; with `war_and_peace` off all who share a place are."""
        if self.switches["war_and_peace"]:
            return fighting(self.wars, self.held.shape)
        return self.present & (self.present.sum(axis=0) > 1)

    def redundant(self) -> tuple[F8, F8]:
        """Monthly hazards of a member without a post, [cartel, place] each.

        Returns
        -------
        goes_over : float64[cartel, place]
            To be taken by another cartel of the place that has vacancies, as far as there are any.
        let_go : float64[cartel, place]
            To be let go.
        """
        over = self.held - self.whole_posts()
        excess = np.maximum(over, 0.0)
        share = np.divide(excess, self.held, out=np.zeros_like(excess), where=self.held > 0)
        spare, vacant = excess.sum(axis=0), np.maximum(-over, 0.0).sum(axis=0)
        taken = np.minimum(np.divide(vacant, spare, out=np.zeros_like(spare), where=spare > 0), 1.0)
        hazard = self.numbers["let_go_rate"] * share
        return hazard * taken, hazard * (1.0 - taken)

    def raise_pay(self) -> None:
        """More vacancies than in the first month raise the first room's pay slowly; fewer let it fall."""
        if not self.switches["rising_pay"]:
            return
        n, more = self.numbers, self.vacancy() - self.usual_vacancy
        self.pay = np.exp(np.log(self.pay) * (1.0 - n["pay_return"]) + n["pay_rise"] * more)

    def vacancy(self) -> F8:
        """Vacant share of the posts of each place, float64[place]."""
        open_posts = self.vacancies.sum(axis=0)
        return open_posts / np.maximum(open_posts + self.held.sum(axis=0), 1.0)

    def hire(self, place: I8, draw: F8) -> I8:
        """Which cartel takes each recruit, as in `inside.hiring`."""
        members = self.held + self.present * 1e-9
        return hired(place, draw, vacancies=self.vacancies, members=members, alive=self.alive, agent=self.agent)

    # conflict --------------------------------------------------------------------------------------------------

    def war_hazard(self, truce: float = 0.0) -> F8:
        """Monthly hazard of a member to be killed by enemies, [cartel, place], as far as no truce suspends it."""
        if not self.switches["contest"]:
            return np.zeros_like(self.held)
        if self.switches["war_and_peace"]:
            share = rivalry(self.wars, self.held)
        else:
            share = np.maximum(1.0 - self.held / np.maximum(self.held.sum(axis=0), 1e-9), 0.0)
        return self.numbers["death_contest"] * (1.0 - truce) * share

    def strife_hazard(self) -> F8:
        """Monthly hazard of a member to be killed by his own in disorder, [cartel, place]."""
        return self.numbers["death_strife"] * self.disorder()

    def disorder(self) -> F8:
        """How far each cartel is from whole in each place, 0-1, [cartel, place].

        Worst at the seat; where the leader was taken in another place, there more than elsewhere.
        """
        n, disorder = self.numbers, 1.0 - self.cohesion
        strife = np.repeat(disorder[:, None], self.n_places, axis=1) * n["strife_elsewhere"]
        rows = np.flatnonzero(self.alive)
        taken = rows[self.fell_at[rows] >= 0]
        strife[taken, self.fell_at[taken]] = disorder[taken] * n["strife_where_taken"]
        strife[rows, self.seats()[rows]] = disorder[rows]
        return strife

    def heal(self) -> None:
        """Cohesion and capacity recover after a leader's fall."""
        n = self.numbers
        self.cohesion += (1.0 - self.cohesion) / n["cohesion_months"]
        self.capacity += (1.0 - self.capacity) / n["capacity_months"]

    def make_peace(self, one: Cartel, other: Cartel, *, until: int = FOREVER) -> None:
        """End every war between two cartels and bind them to peace up to a month."""
        a, b = sorted((one.row, other.row))
        self.wars.keep((self.wars.a != a) | (self.wars.b != b))
        self.pacts.keep((self.pacts.a != a) | (self.pacts.b != b))
        self.pacts.append(a=np.array([a]), b=np.array([b]), until=np.array([until]))

    def make_war(self, one: Cartel, other: Cartel, where: I8, *, month: int) -> None:
        """Let two cartels fight in some places, pact or not; where they do already, nothing changes."""
        if not self.switches["war_and_peace"]:
            return
        a, b = sorted((one.row, other.row))
        mine = (self.wars.a == a) & (self.wars.b == b)
        if mine.any():
            where = np.setdiff1d(where, self.wars.place[mine])
        self.pacts.keep((self.pacts.a != a) | (self.pacts.b != b))
        rows = np.full(where.size, 1)
        self.wars.append(a=rows * a, b=rows * b, place=where, since=rows * month)
        for place in where:
            size = round(float(self.held[other.row, place]))
            self.events.append(Event("war", other.name, int(place), size))

    # territory -------------------------------------------------------------------------------------------------

    def enter(self, month: int, *, rents: F8, draws: Draws) -> Mask:
        """Some cartels claim the neighbouring place with most rent per member; where, bool[cartel, place].

        A place whose members are in disorder invites rivals.

        Parameters
        ----------
        rents : float64[place]
            US$ a month.
        """
        n, before = self.numbers, self.present.copy()
        members = self.held.sum(axis=0)
        disorder = (self.held * self.disorder()).sum(axis=0) / np.maximum(members, 1.0)
        rich = rents / (members + n["entry_floor"]) * (1.0 + n["entry_disorder"] * disorder)
        chance = 1.0 - np.exp(-n["entry_rate"] * self._relative_size() ** n["entry_size"])
        tries = self.alive & (draws.uniforms("enter", month, self.keys()) < chance)
        for row in np.flatnonzero(tries):
            self._enter_next_door(int(row), rich)
        return self.present & ~before

    def give_up(self, month: int, draws: Draws) -> Mask:
        """Cartels give up places where they are weak: where, bool[cartel, place]; somebody always stays."""
        left = self.present & (self._luck("exit", month, draws) < self.numbers["exit_rate"] * self._weakness())
        left &= (self.present & ~left).any(axis=0)  # to whom those left behind can go
        self.present &= ~left
        for row, place in np.argwhere(left):
            self.events.append(Event("exit", self.cartels[row].name, int(place), round(float(self.held[row, place]))))
        return left

    def _luck(self, decision: str, month: int, draws: Draws) -> F8:
        """A draw for each cartel and place."""
        names = np.repeat(self.keys(), self.n_places)
        with np.errstate(over="ignore"):  # names are 64 bits, whatever overflows
            names += np.tile(np.arange(self.n_places, dtype=np.uint64), len(self.cartels))
        return draws.uniforms(decision, month, names).reshape(len(self.cartels), self.n_places)

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

    def dissolve(self) -> Mask:
        """Cartels without a place are no more, bool[cartel]."""
        gone = self.alive & ~self.present.any(axis=1)
        for row in np.flatnonzero(gone):
            self.alive[row] = False
            self.cartels[row].remove()
        return gone

    def forget(self, named: I8) -> I8 | None:
        """Drop the rows of cartels that are no more, once they are many: what is asked of all rows takes as long.

        Parameters
        ----------
        named : int64[member]
            Rows that somebody still bears the name of.

        Returns
        -------
        int64[cartel] or None
            The new row of each old one, -1 for those that are dropped; None if all stay.
        """
        stays = self.alive.copy()
        stays[named] = True
        if (~stays).sum() < MANY_GONE:
            return None
        for column in OF_EACH:
            setattr(self, column, getattr(self, column)[stays])
        self.cartels = [cartel for cartel, here in zip(self.cartels, stays, strict=True) if here]
        for row, cartel in enumerate(self.cartels):
            cartel.row = row
        rows = np.where(stays, np.cumsum(stays) - 1, -1)
        for pairs in (self.wars, self.pacts):
            pairs.keep(stays[pairs.a] & stays[pairs.b])
            pairs.a, pairs.b = rows[pairs.a], rows[pairs.b]
        return rows

    def abandon(self, left: Mask) -> None:
        """Forget members, posts and wars of the cells of bool[cartel, place], before their members go elsewhere."""
        self.held[left], self.posts[left] = 0.0, 0.0
        self.wars.keep(~(left[self.wars.a, self.wars.place] | left[self.wars.b, self.wars.place]))

    def effective_number(self) -> float:
        """Inverse Herfindahl index of members over cartels."""
        size = self.held.sum(axis=1)
        total = size.sum()
        return float(total**2 / (size**2).sum()) if total > 0 else 0.0

    def drain_events(self) -> list[Event]:
        """The month's events, handed over once."""
        events, self.events = self.events, []
        return events
