"""The public page shares itself out: each client waits for his own work, and who asks for too much is told *busy*."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from narco_door.dashboard.guard import HEADERS, App, Message, Receive, Scope, Send
from narco_door.dashboard.visits import LONGEST_WAIT, REQUEST, BusyError, Client, Visit, Visits
from narco_door.show.words import LANGUAGES, say

AT_ONCE: Final = 2  # messages that are answered at a time; more would only share one interpreter
HOLD: Final = 2.0  # seconds after which an answer that is not there yet lets the next begin
KNOCK: Final = 0.03  # seconds between two sockets of a client, who is counted for them: others have theirs meanwhile
BEGIN: Final = 20.0  # seconds in which a socket must begin a page
SILENCE: Final = 1800.0  # seconds after which a page that says nothing is closed
SENDING: Final = 10.0  # seconds that a browser may take to take a message
ANSWERING: Final = 120.0  # seconds that an answer by HTTP may take
AGAIN: Final = 30  # seconds after which a page that found no place asks again
TRY_LATER: Final = 1013  # what a socket is closed with that is told *busy*


class Gate:
    """Give every client his share.

    Parameters
    ----------
    app
        What is shared.
    visits
        Who is here.
    close
        Ends a visit and gives back what it holds; called in a thread of its own.
    begin, silence, sending
        Seconds that are waited for a socket to begin a page, to say more, and to take a message.
    """

    def __init__(
        self,
        app: App,
        visits: Visits,
        close: Callable[[str], None],
        *,
        begin: float = BEGIN,
        silence: float = SILENCE,
        sending: float = SENDING,
    ) -> None:
        self.app, self.visits, self.close = app, visits, close
        self.begin, self.silence, self.sending = begin, silence, sending
        self.answering = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or all messages of a socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        client = self.visits.client((scope.get("client") or ("",))[0])
        if scope["type"] == "websocket":
            await self._socket(client, scope, receive, send)
        elif client.purse.wait > LONGEST_WAIT:
            await _busy(send, b"busy\n", b"text/plain; charset=utf-8")
        elif scope["path"] == "/" and not self.visits.room(client):
            await _busy(send, _full(), b"text/html; charset=utf-8")
        else:
            client.purse.spend(REQUEST)
            async with asyncio.timeout(ANSWERING):
                await self.app(scope, receive, send)

    async def _socket(self, client: Client, scope: Scope, receive: Receive, send: Send) -> None:
        client.purse.spend(KNOCK)
        async with client.door:
            await asyncio.sleep(KNOCK)
        try:
            visit, gone = self.visits.enter(scope["path"].split("/")[-2], client)
        except BusyError:
            await receive()
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        if gone is not None:
            await asyncio.to_thread(self.close, gone)
        socket = _Socket(self, visit, receive, send)
        try:
            await self.app(scope, socket.receive, socket.send)
        finally:
            socket.answered()
            visit.sockets -= 1
            if socket.ended or not (visit.runs or visit.sockets):
                self.visits.remove(visit.name)
                await asyncio.to_thread(self.close, visit.name)


class _Socket:
    """What a visit says, one message at a time, and only as much as it may."""

    def __init__(self, gate: Gate, visit: Visit, receive: Receive, send: Send) -> None:
        self.gate, self.visit, self.ended = gate, visit, False
        self._receive, self._send = receive, send
        self._began: tuple[float, float] | None = None
        self._hold: asyncio.TimerHandle | None = None

    async def receive(self) -> Message:
        """The next message; that it is asked for tells that the one before was answered."""
        self.answered()
        try:
            async with asyncio.timeout(self.gate.silence if self.visit.runs else self.gate.begin):
                message = await self._receive()
            if message["type"] == "websocket.receive":
                self.visit.check(message.get("text"))
                await self._turn()
        except (BusyError, TimeoutError) as problem:
            return await self._end(str(problem) or "silent")
        return message

    async def send(self, message: Message) -> None:
        """Hand a message to the browser; one that does not take it has gone away."""
        try:
            async with asyncio.timeout(self.gate.sending):
                await self._send(message)
        except TimeoutError:
            self.ended = True
            raise RuntimeError("websocket.close: the browser takes nothing") from None

    def answered(self) -> None:
        """Count what the answer took, and let others have their turn."""
        if self._began is not None:
            spent = min(now - then for now, then in zip(_clocks(), self._began, strict=True))
            self._began = None
            self.visit.purse.spend(spent)
            self.visit.client.purse.spend(spent)
        self._let_go()

    async def _turn(self) -> None:
        """Wait until there is time for this visit; of one client one message is answered at a time."""
        wait = max(self.visit.purse.wait, self.visit.client.purse.wait)
        if wait > LONGEST_WAIT:
            raise BusyError("busy")
        await asyncio.sleep(wait)
        turn, answering = self.visit.client.turn, self.gate.answering
        await turn.acquire()
        try:
            await answering.acquire()
        except BaseException:
            turn.release()
            raise
        self._began = _clocks()
        self._hold = asyncio.get_running_loop().call_later(HOLD, self._let_go)

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.cancel()
            self._hold = None
            self.visit.client.turn.release()
            self.gate.answering.release()

    async def _end(self, words: str) -> Message:
        self.ended = True
        await self.send({"type": "websocket.close", "code": TRY_LATER, "reason": words})
        return {"type": "websocket.disconnect", "code": TRY_LATER}


def _clocks() -> tuple[float, float]:
    """Time as it goes by, and what this process had of it: nobody pays for what the machine did for others."""
    return time.monotonic(), time.process_time()


def _full() -> bytes:
    """A page for whom there is no place."""
    told = "".join(f"<p lang='{each}'>{say('no_place', each, n=AGAIN)}</p>" for each in LANGUAGES)
    refresh = f"<meta http-equiv='refresh' content='{AGAIN}'>"
    return f"<!doctype html><meta charset='utf-8'>{refresh}<title>narco-door</title>{told}".encode()


async def _busy(send: Send, body: bytes, kind: bytes) -> None:
    headers: list[tuple[bytes, Any]] = [(b"content-type", kind), (b"retry-after", str(AGAIN).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
