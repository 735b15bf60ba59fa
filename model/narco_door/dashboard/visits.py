"""What one client and one visit may have of the public page: places, messages, time of the machine."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from narco_door.dashboard.address import LONGEST_QUERY

MOST_VISITS: Final = 100
SOCKETS: Final = 2  # of one visit: the old one may still be there when the browser opens another
RUNS: Final = 2  # the page is begun once; a second time if the first was lost on its way
COMMS: Final = 8
VISIT_BURST, VISIT_RATE = 12.0, 0.25  # seconds of work that are had at once, and earned in a second
CLIENT_BURST, CLIENT_RATE = 60.0, 0.5
LONGEST_WAIT: Final = 8.0  # seconds; who would have to wait longer is told that the page is busy
REQUEST: Final = 0.01  # seconds that a request by HTTP is counted for
KINDS: Final = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
TARGETS: Final = ("solara.control", "jupyter.widget.control")
_NAME: Final = re.compile(r"[\w.-]{1,64}\Z")


class BusyError(Exception):
    """More than one may have, or nothing that a page sends; the words are told to whoever asked."""


@dataclass
class Purse:
    """Seconds of work that may be spent: so many at once, so many earned each second.

    Parameters
    ----------
    burst, rate
        The most it holds, and what it earns in a second.
    clock
        Tells the time in seconds.
    """

    burst: float
    rate: float
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        self._left, self._then = self.burst, self.clock()

    def spend(self, seconds: float) -> None:
        """Take what was used, even if there is less."""
        self._earn()
        self._left -= seconds

    @property
    def wait(self) -> float:
        """Seconds until there is something to spend."""
        self._earn()
        return max(-self._left / self.rate, 0.0)

    @property
    def full(self) -> bool:
        """Whether nothing was spent lately."""
        self._earn()
        return self._left >= self.burst

    def _earn(self) -> None:
        now = self.clock()
        self._left = min(self._left + (now - self._then) * self.rate, self.burst)
        self._then = now


@dataclass
class Client:
    """Somebody with an address of his own."""

    purse: Purse
    visits: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Visit:
    """One open page: its sockets, and what came over them."""

    name: str
    client: Client
    purse: Purse
    sockets: int = 0
    runs: int = 0
    comms: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)

    def check(self, text: str | None) -> None:
        """Look at a message as a browser sends it.

        Raises
        ------
        BusyError
            No page sends this, or not so often.
        """
        kind, content = _read(text)
        name = content.get("comm_id")
        if kind == "comm_open":
            self._open(name, content.get("target_name"))
        elif name in self.controls:
            self._control(content.get("data"))
        elif kind == "comm_msg" and not isinstance(content.get("data"), dict):
            raise BusyError("a message without data")

    def _open(self, name: object, target: object) -> None:
        if not isinstance(name, str) or not _NAME.match(name) or target not in TARGETS or len(self.comms) >= COMMS:
            raise BusyError("no part of the page")
        self.comms.add(name)
        if target == TARGETS[0]:
            self.controls.add(name)

    def _control(self, data: object) -> None:
        method = data.get("method") if isinstance(data, dict) else None
        if method == "run" and isinstance(data, dict):
            self.runs += 1
            if self.runs > RUNS or not _begins(data.get("args")):
                raise BusyError("begun already")
        elif method is not None and method != "app-status":  # a comm that is closed says nothing
            raise BusyError("nothing that a page asks for")


def _begins(args: object) -> bool:
    """Whether these are the words with which a browser begins a page."""
    if not isinstance(args, dict) or args.get("appName") not in (None, "__default__"):
        return False
    path, themes = args.get("path", ""), args.get("themes")
    return isinstance(path, str) and len(path) <= LONGEST_QUERY and isinstance(themes, dict)


def _read(text: str | None) -> tuple[str, dict[str, Any]]:
    """The kind and content of a message."""
    try:
        message = json.loads(text or "")
        kind, content, channel = message["header"]["msg_type"], message["content"], message["channel"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BusyError("not a message") from None
    if kind not in KINDS or not isinstance(content, dict) or not isinstance(channel, str):
        raise BusyError("not a message of a page")
    if kind in KINDS[:3] and not (isinstance(content.get("comm_id"), str) and message.get("buffers", ()) == []):
        raise BusyError("a message to nobody")
    return kind, content


class Visits:
    """Everybody who is here.

    Parameters
    ----------
    alive
        Names of the visits that the server still remembers, whether or not anybody looks at them.
    clock
        Tells the time in seconds.
    """

    def __init__(
        self, alive: Callable[[], set[str]], clock: Callable[[], float], *, of_one: int, most: int = MOST_VISITS
    ) -> None:
        self.alive, self.clock, self.of_one, self.most = alive, clock, of_one, most
        self.visits: dict[str, Visit] = {}
        self.clients: dict[str, Client] = {}

    def client(self, address: str | None) -> Client:
        """The client of an address; a network of IPv6 is one client."""
        self._forget()
        return self.clients.setdefault(_network(address), Client(Purse(CLIENT_BURST, CLIENT_RATE, self.clock)))

    def room(self, client: Client) -> bool:
        """Whether one more page can be opened."""
        return self._has_room(client) or self._leaver(client) is not None

    def enter(self, name: str, client: Client) -> tuple[Visit, str | None]:
        """Open a socket of a visit.

        Returns
        -------
        visit, gone
            The visit, and the name of one that nobody looks at any more and that has to make room for it.

        Raises
        ------
        BusyError
            There is no place.
        """
        visit, gone = self.visits.get(name), None
        if not _NAME.match(name) or (visit is not None and (visit.client is not client or visit.sockets >= SOCKETS)):
            raise BusyError("open already")
        if visit is None:
            if not self._has_room(client):
                gone = self._leaver(client)
                if gone is None:
                    raise BusyError("no place")
                self.remove(gone)
            visit = self.visits[name] = Visit(name, client, Purse(VISIT_BURST, VISIT_RATE, self.clock))
            client.visits += 1
        visit.sockets += 1
        return visit, gone

    def remove(self, name: str) -> None:
        """Free the place of a visit."""
        visit = self.visits.pop(name, None)
        if visit is not None:
            visit.client.visits -= 1

    def _has_room(self, client: Client) -> bool:
        return client.visits < self.of_one and len(self.visits) < self.most

    def _leaver(self, client: Client) -> str | None:
        """The oldest visit without a socket that would make room: the client's own if he has all that he may."""
        own = client.visits >= self.of_one
        return next((v.name for v in self.visits.values() if not v.sockets and (v.client is client or not own)), None)

    def _forget(self) -> None:
        alive = self.alive()
        for visit in [v for v in self.visits.values() if not v.sockets and v.name not in alive]:
            self.remove(visit.name)
        for address, client in list(self._idle()):
            if client.purse.full:
                del self.clients[address]

    def _idle(self) -> Iterator[tuple[str, Client]]:
        return ((address, client) for address, client in self.clients.items() if not client.visits)


def _network(address: str | None) -> str:
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(known if known.version == 4 else ipaddress.ip_network((known, 64), strict=False))
