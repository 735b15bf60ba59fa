"""How the public page is shared out: places, time, messages, silence; without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from strangers import messages

from conftest import in_a_loop
from narco_door.dashboard import asking, gate
from narco_door.dashboard.gate import Gate
from narco_door.dashboard.visits import COMMS, VISIT_BURST, VISIT_RATE, BusyError, Client, Purse, Visit, Visits


class Clock:
    """A time that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def visits(of_one: int = 2, most: int = 3) -> tuple[Visits, set[str]]:
    alive = set[str]()
    return Visits(lambda: alive, Clock(), of_one=of_one, most=most), alive


def one() -> Visit:
    purse = Purse(1, 1, Clock())
    return Visit("v", Client(purse), purse)


def said(content: object, kind: str = "comm_msg") -> str:
    return json.dumps({"header": {"msg_type": kind}, "channel": "shell", "content": content, "buffers": []})


CONTROL = said({"comm_id": "c", "target_name": "solara.control", "data": {}}, "comm_open")
RUN = said({"comm_id": "c", "data": {"method": "run", "args": {"path": "/?seed=2", "themes": {}}}})


def test_a_purse_earns_up_to_its_burst_and_says_how_long_one_waits() -> None:
    clock = Clock()
    purse = Purse(10.0, 0.5, clock)
    purse.spend(12.0)
    assert purse.wait == 4.0
    clock.now = 3.0
    assert purse.wait == 1.0
    clock.now = 1000.0
    purse.spend(10.0)
    assert (purse.wait, purse.full) == (0.0, False)


def test_what_no_page_says_is_refused_and_what_a_page_says_is_heard() -> None:
    for text in messages():
        if isinstance(text, str) and len(text) < 500_000 and '"comm_close"' not in text:
            with pytest.raises(BusyError):
                one().check(text)
    visit = one()
    for text in (said({}, "kernel_info_request"), CONTROL, RUN, said({"comm_id": "x", "data": {"method": "custom"}})):
        visit.check(text)
    assert visit.runs == 1


def test_a_page_is_begun_once_or_twice_and_has_few_comms() -> None:
    visit = one()
    for text in (CONTROL, RUN, RUN):
        visit.check(text)
    with pytest.raises(BusyError):
        visit.check(RUN)
    for i in range(COMMS - 1):
        visit.check(CONTROL.replace('"c"', f'"c{i}"'))
    with pytest.raises(BusyError):
        visit.check(CONTROL.replace('"c"', '"more"'))


def test_places_are_bounded_for_one_and_for_all_and_one_who_left_makes_room_at_once() -> None:
    known, alive = visits()
    mine, other = known.client("192.0.2.1"), known.client("192.0.2.2")
    first, _ = known.enter("a", mine)
    known.enter("b", mine)
    alive |= {"a", "b"}
    with pytest.raises(BusyError):
        known.enter("c", mine)
    assert not known.room(mine)
    assert known.room(other)
    first.sockets -= 1
    assert known.enter("c", mine)[1] == "a"
    known.enter("d", other)
    with pytest.raises(BusyError):  # all three places are taken
        known.enter("e", known.client("192.0.2.3"))


def test_a_visit_belongs_to_its_client_and_is_forgotten_when_the_server_has() -> None:
    known, alive = visits()
    visit, _ = known.enter("a", known.client("192.0.2.1"))
    with pytest.raises(BusyError):
        known.enter("a", known.client("192.0.2.2"))
    visit.sockets -= 1
    alive.add("a")
    assert known.client("192.0.2.1").visits == 1
    alive.clear()
    assert known.client("192.0.2.1").visits == 0


def test_a_network_of_ipv6_is_one_client_and_nonsense_another() -> None:
    known, _ = visits()
    for address in ("2001:db8::1", "a b"):
        known.client(address).purse.spend(5)  # else they are forgotten again
    assert known.client("2001:db8::1") is known.client("2001:db8::ffff:2")
    assert known.client("2001:db8::1") is not known.client("2001:db8:0:1::1")
    assert known.client("a b") is known.client(None)


# --- the gate, around a server that answers each message ---


class Socket:
    """A browser that says some words and then waits."""

    def __init__(self, *words: str) -> None:
        self.words, self.told = list(words), list[dict[str, Any]]()

    async def receive(self) -> dict[str, Any]:
        if self.words:
            return {"type": "websocket.receive", "text": self.words.pop(0)}
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(self, message: Any) -> None:
        self.told.append(dict(message))


def scope(client: str = "192.0.2.1", name: str = "a", kind: str = "websocket") -> dict[str, Any]:
    path = f"/jupyter/api/kernels/{name}/channels" if kind == "websocket" else "/"
    return {"type": kind, "path": path, "client": (client, 1)}


def served(known: Visits, heard: list[str], **seconds: float) -> tuple[Gate, list[str]]:
    closed = list[str]()

    async def app(_: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            heard.append(message["text"])
            await send({"type": "websocket.send", "text": "answer"})

    return Gate(app, known, closed.append, **seconds), closed


def test_a_visit_that_has_spent_its_time_is_told_busy_and_gives_back_what_it_held_at_once() -> None:
    known, alive = visits()
    alive.add("a")
    heard, socket = list[str](), Socket(CONTROL, RUN, *[said({"comm_id": "x", "data": {}})] * 3)
    gate_, closed = served(known, heard)
    visit, _ = known.enter("a", known.client("192.0.2.1"))
    visit.sockets -= 1
    visit.purse.spend(VISIT_BURST + VISIT_RATE * 9)
    in_a_loop(gate_(scope(), socket.receive, socket.send))
    assert (heard, closed, known.visits) == ([], ["a"], {})
    assert socket.told == [{"type": "websocket.close", "code": 1013, "reason": "busy"}]


def test_a_socket_that_begins_no_page_and_a_page_that_says_nothing_more_are_closed() -> None:
    for words in ((), (CONTROL,), (CONTROL, RUN)):
        known, _ = visits()
        heard, socket = list[str](), Socket(*words)
        gate_, closed = served(known, heard, begin=0.01, silence=0.02)
        in_a_loop(gate_(scope(), socket.receive, socket.send))
        assert (heard, closed, known.visits) == (list(words), ["a"], {})
        assert socket.told[-1]["reason"] == "silent"


def test_who_opens_many_sockets_at_once_waits_for_each_and_others_do_not_wait_for_him() -> None:
    known, _ = visits(of_one=9, most=99)
    heard = list[str]()
    gate_, _ = served(known, heard, begin=0.01)

    async def come() -> None:
        many = [gate_(scope(name=f"a{i}"), (many := Socket(f"{i}")).receive, many.send) for i in range(4)]
        other = Socket("other")
        await asyncio.gather(*many, gate_(scope("192.0.2.2", "b"), other.receive, other.send))

    known.enter = lambda name, client: heard.append(name) or Visits.enter(known, name, client)  # type: ignore[method-assign]
    in_a_loop(come())
    assert heard.index("b") < heard.index("a1") < heard.index("a2")


def test_a_browser_that_takes_nothing_does_not_hold_the_others_up() -> None:
    async def never(message: Any) -> None:
        await asyncio.sleep(3600)

    known, _ = visits()
    gate_, closed = served(known, [], sending=0.01)
    with pytest.raises(RuntimeError, match=r"websocket\.close"):
        in_a_loop(gate_(scope(), Socket(CONTROL, RUN).receive, never))
    assert closed == ["a"]
    assert gate_.answering._value == gate.AT_ONCE


def test_the_visitor_for_whom_there_is_no_place_is_told_in_both_languages() -> None:
    known, _ = visits(of_one=1)
    known.enter("b", known.client("192.0.2.1"))
    gate_, _ = served(known, [])
    page, socket = Socket(), Socket("connect")
    in_a_loop(gate_(scope(kind="http"), page.receive, page.send))
    in_a_loop(gate_(scope(), socket.receive, socket.send))
    assert page.told[0]["status"] == 503
    assert "no place free" in page.told[1]["body"].decode()
    assert "no hay lugar" in page.told[1]["body"].decode()
    assert socket.told == [{"type": "websocket.close", "code": 1013}]


def test_who_asks_too_often_is_told_busy() -> None:
    known, _ = visits()
    known.client("192.0.2.1").purse.spend(100)
    gate_, _ = served(known, [])
    page = Socket()
    in_a_loop(gate_(scope(kind="http"), page.receive, page.send))
    assert (page.told[0]["status"], page.told[1]["body"]) == (503, b"busy\n")


def test_connections_that_ask_for_nothing_or_never_end_asking_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ASK_SECONDS", 0.3)

    async def app(_: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async def talk() -> list[bytes]:
        from uvicorn import Config, Server

        server = Server(Config(app, port=0, http=asking.Asking, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        answers = []
        for words in (
            b"",
            b"GET / HT",
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(words)
            try:
                answers.append((await reader.read())[:12])
            except ConnectionError:
                answers.append(b"reset")
            writer.close()
        server.should_exit = True
        await serving
        return answers

    silent, half, whole, unended = in_a_loop(talk())
    assert silent in (b"", b"reset")
    assert half in (b"", b"reset")
    assert whole == b"HTTP/1.1 200"
    assert unended in (b"HTTP/1.1 200", b"reset")
