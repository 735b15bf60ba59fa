"""A hostile client of the public page, and the table of what it tried: `python tests/dashboard/strangers.py` writes it."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

from narco_door.dashboard.address import packed
from narco_door.dashboard.asking import MOST_SILENT
from narco_door.scenario import load_one

TABLE = Path(__file__).parents[2] / "model" / "docs" / "guide" / "strangers.md"
SMALL = "lang=en&from=2007-07&to=2008-12&runs=2&scale=200"
HOSTILE, FRIENDLY = "198.51.100.7", "203.0.113.5"
LONG_KEY = "a" + ".a" * 12_000 + " = 1"
SCENARIO = 'title = "t"\nquestion = "q"\nextends = "baseline"\n'


class Page:
    """A browser without a screen: it opens the page, hears its parts and speaks to them."""

    def __init__(self, port: int, client: str = HOSTILE) -> None:
        self.port, self.client, self.name = port, client, str(uuid.uuid4())
        self.parts: dict[str, dict[str, Any]] = {}
        self.heard, self.done, self.locked = "", False, False

    async def connect(self, **headers: str) -> None:
        address = f"127.0.0.1:{self.port}"
        self.socket = await websockets.connect(
            f"ws://{address}/jupyter/api/kernels/{self.name}/channels?session_id={uuid.uuid4()}",
            additional_headers={"Origin": f"http://{address}", "X-Forwarded-For": self.client, **headers},
            max_size=None,
        )

    async def begin(self, query: str = SMALL, *, times: int = 1) -> None:
        control = str(uuid.uuid4())
        await self.say("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        args = {"path": f"/?{query}", "dark": False, "themes": {"light": {}, "dark": {}}}
        for _ in range(times):
            await self.say("comm_msg", {"comm_id": control, "data": {"method": "run", "args": args}})

    async def open(self, query: str = SMALL) -> None:
        await self.connect()
        await self.begin(query)
        await self.hear('"finished"', seconds=300)

    async def end(self) -> None:
        """Wait until the runs are done, which may be before the page is there."""
        if not self.done:
            await self.hear('"stage"', '"done"', seconds=300)

    async def say(self, kind: str, content: object) -> None:
        header = {"msg_id": str(uuid.uuid4()), "msg_type": kind, "session": "x", "username": "", "version": "5.3"}
        sent = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "buffers": []}
        sent["content"] = content
        await self.socket.send(json.dumps(sent))

    async def send(self, part: str, event: str, data: object) -> None:
        """Send an event to a part of the page, found by a word that stands in it."""
        content = {"method": "custom", "content": {"event": event, "data": data}}
        await self.say("comm_msg", {"comm_id": self.part(part), "data": content})

    def part(self, word: str) -> str:
        return next(name for name, state in self.parts.items() if word in json.dumps(state))

    async def hear(self, *words: str, seconds: float = 60.0) -> str:
        """The next message that has all words in it."""
        async with asyncio.timeout(seconds):
            async for message in self.socket:
                text = message if isinstance(message, str) else message[:2000].decode("utf-8", "replace")
                self._note(text)
                if all(word in text for word in words):
                    return text
        raise ConnectionError("closed")

    def _note(self, text: str) -> None:
        self.heard = text if "Traceback" in text else self.heard
        self.done = self.done or ('"stage"' in text and '"done"' in text)
        if '"comm_open"' in text and (message := json.loads(text))["header"]["msg_type"] == "comm_open":
            self.parts[message["content"]["comm_id"]] = message["content"]["data"].get("state", {})

    async def close(self) -> None:
        """Go without a word, as a stranger does."""
        self.socket.transport.abort()
        await self.socket.wait_closed()

    async def click(self) -> float:
        """Seconds until a lever that is locked or unlocked shows it; what was sent before is no answer."""
        began, self.locked = time.perf_counter(), not self.locked
        await self.send('\\"presets\\"', "lock", "courts")
        while self._shows(await self.hear('"comm_msg"', '"sheet"')) is not self.locked:
            pass
        return time.perf_counter() - began

    def _shows(self, message: str) -> bool:
        """Whether the lever is locked on the sheet that a message brings."""
        sheet = json.loads(json.loads(message)["content"]["data"]["state"]["sheet"])
        levers = [lever for group in sheet["groups"] for lever in group["levers"]]
        return any(lever["locked"] for lever in levers if lever["name"] == "courts")


async def raw(port: int, sent: bytes, seconds: float = 5.0) -> bytes:
    """All that is answered to some bytes until the connection ends, or in some seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with suppress(TimeoutError, ConnectionError):
        writer.write(sent)
        async with asyncio.timeout(seconds):
            while more := await reader.read(100_000):
                answer += more
    writer.close()
    return answer


# --- what is tried: each returns how many inputs it sent, and the answers ---


def requests(port: int) -> list[bytes]:
    """What nobody's browser asks for, as bytes."""
    own = f"127.0.0.1:{port}"
    paths = [
        "/resourcez", "/resourcez/", "/_solara/api/evict/x", "/_solara/cdn", "/_solara/cdn/", "/_solara/cdn/vega",
        "/_solara/cdn/%2e%2e/%2e%2e/setup.py", "/_solara/cdn/lodash@4/lodash.js", "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd", "/static/public/%00", "/static/assets/%ff", "/jupyter/api/kernels/x",
        "/jupyter/api/kernels/x/y", "/jupyter/nbextensions/../../x", "//evil.example/", "/%0d%0aSet-Cookie:x", "/..;/", "/a b",
        "/_solara/auth/login", "/_solara/api/close/x", "/static/" + "x" * 5000, "/?" + "&".join(f"a{i}=1" for i in range(401)),
        "/?" + "x" * 100_000, "/?file=" + "A" * 60_000, "/?lang=" + "%00" * 500, "/robots.txt", "/.git/config", "/.env", "/admin",
    ]  # fmt: skip
    hosts = [f"{own} x", "a b", "", "evil.example", f"{own}\r\nHost: {own}", "127.0.0.1:1", f"{own},evil", f"x@{own}"]
    more = [
        "Transfer-Encoding: chunked", "Content-Length: 99999999", "Content-Length: -1", "Content-Length: many",
        "X-Forwarded-Host: a b", "X-Script-Name: /evil", "Script-Name: /evil", "Origin: http://[", "Origin: null",
        "Origin: https://evil.example", "Cookie: " + "a=b; " * 2000, "Accept-Language: " + "x" * 5000, "X-Forwarded-For: " + "1," * 999,
        "Range: bytes=0-1,2-3,4-5", "Upgrade: h2c\r\nConnection: Upgrade", "X-Forwarded-Proto: javascript", "If-None-Match: *",
    ]  # fmt: skip
    mine = f"Host: {own}\r\nX-Forwarded-For: {HOSTILE}\r\nConnection: close\r\n"
    sent = [f"GET {path} HTTP/1.1\r\n{mine}\r\n" for path in paths]
    sent += [f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n" for host in hosts]
    sent += [f"{verb} / HTTP/1.1\r\n{mine}{line}\r\n\r\n" for line in more for verb in ("GET", "POST")]
    sent += [
        f"{verb} {path} HTTP/1.1\r\n{mine}\r\n"
        for verb in ("PUT", "DELETE", "TRACE", "FOO", "HEAD")
        for path in paths[:8]
    ]
    return [line.encode("latin-1") for line in sent]


async def over_http(port: int) -> tuple[int, list[bytes]]:
    """Answers without the lines of the page's own script, in one of which the word traceback stands."""
    sent = requests(port)
    page = (
        await raw(port, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    ).splitlines()
    answers = [await raw(port, each) for each in sent]
    return len(sent), [b"\n".join(line for line in each.splitlines() if line not in page) for each in answers]


async def upgrades(port: int) -> tuple[int, list[bytes]]:
    """Sockets that no page opens."""
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: Upgrade"
    paths = ["/", "/jupyter/api/kernels/x/channels", "/jupyter/api/kernels/x/y?session_id=x", "/jupyter/api/kernels/%00/channels?session_id=x",
             "/jupyter/api/kernels/" + "x" * 999 + "/channels?session_id=x", "/jupyter/api/kernels/x/channels?session_id=", "/static/x"]  # fmt: skip
    origins = [
        "https://evil.example",
        "null",
        "",
        "http://[",
        f"http://127.0.0.1:{port}.evil.example",
        f"http://127.0.0.1:{port}",
    ]
    sent = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Forwarded-For: {HOSTILE}\r\nOrigin: {origin}\r\n{key}\r\n\r\n".encode()
        for path in paths for origin in origins
    ]  # fmt: skip
    return len(sent), [await raw(port, each, 2.0) for each in sent]


def messages() -> list[str | bytes]:
    """What no page says over its socket."""
    whole = {"channel": "shell", "header": {"msg_type": "comm_msg"}, "content": {"comm_id": "x", "data": {}}}
    kinds = [
        "execute_request",
        "shutdown_request",
        "comm_close",
        "debug_request",
        "",
        "__class__",
        7,
        None,
        ["comm_msg"],
    ]
    shapes: list[Any] = [None, 7, [], {}, "x", {"header": 7}, {"header": {}}, {"header": {"msg_type": "comm_msg"}}]
    opened = [{"comm_id": "x", "target_name": name, "data": {"state": {}}} for name in ("jupyter.widget", "x", None, 7)]
    return [
        "", "x", "[" * 100_000, '{"header":' * 50_000, "9" * 10_000, "NaN", b"", b"\0\0\0\1", b"\xff" * 1000,
        *(json.dumps(shape) for shape in shapes),
        *(json.dumps({**whole, "header": {"msg_type": kind}}) for kind in kinds),
        *(json.dumps({**whole, "header": {"msg_type": "comm_open"}, "content": content}) for content in opened),
        *(json.dumps({**whole, "content": content}) for content in ({}, [], None, {"comm_id": {}}, {"comm_id": "x", "data": 7})),
        *(json.dumps({**whole, "channel": channel}) for channel in (None, {}, 7)),
        json.dumps({**whole, "content": {"comm_id": "x", "data": {"x": "y" * 600_000}}}),
    ]  # fmt: skip


async def over_the_socket(port: int) -> tuple[int, list[bytes]]:
    sent, answers = messages(), []
    for each in sent:
        page = Page(port)
        await page.connect()
        await page.socket.send(each)
        with suppress(websockets.ConnectionClosed, TimeoutError):
            async with asyncio.timeout(0.3):
                answers.append(str(await page.socket.recv()).encode())
        await page.close()
    return len(sent), answers


async def begun(port: int) -> tuple[int, list[bytes]]:
    """A page that is begun with odd words."""
    odd: list[Any] = [
        {}, None, 7, {"path": 7}, {"path": "/", "themes": 7}, {"path": "/" + "x" * 99_999, "themes": {}},
        {"path": "/", "appName": "__main__", "themes": {}}, {"path": "/nowhere", "themes": {}}, {"path": "", "themes": {}},
    ]  # fmt: skip
    answers = []
    for args in odd:
        page = Page(port)
        await page.connect()
        await page.say("comm_open", {"comm_id": "c", "target_name": "solara.control", "data": {}})
        await page.say("comm_msg", {"comm_id": "c", "data": {"method": "run", "args": args}})
        with suppress(websockets.ConnectionClosed, TimeoutError, ConnectionError):
            await page.hear('"finished"', seconds=3)
        answers.append(page.heard.encode())
        await page.close()
    return len(odd), answers


def files() -> list[object]:
    """What is uploaded: scenarios of nobody, and things that are no files."""
    luck, whole = random.Random(1), load_one("mixed").to_toml()
    texts = [
        LONG_KEY, SCENARIO + LONG_KEY, "x = " + "[" * 30_000, "x = " + "9" * 5000, "\0" * 500, "[a]\n" * 16_000,
        SCENARIO.replace("baseline", "/etc/passwd"), SCENARIO.replace("baseline", "../../x"), "compare = [1]", "title = \x1b[31m",
        SCENARIO + "[run]\nplaces = '/etc'\n", SCENARIO + "[run]\nseed = 1e999\n", SCENARIO + "[run]\npersons_per_agent = 1\n",
        *("".join(luck.choice([c, "", '"', "[", "=", "\n"]) if luck.random() < 0.02 else c for c in whole) for _ in range(20)),
    ]  # fmt: skip
    odd: list[object] = [None, 7, [], {}, {"name": 7}, {"size": -1}, {"name": "x" * 99_999, "size": 1, "text": None}]
    return [*odd, *({"name": "x.toml", "size": len(text), "text": text} for text in texts)]


def addresses() -> list[str]:
    """What is forged into an address."""
    bad = [
        LONG_KEY,
        SCENARIO + LONG_KEY,
        SCENARIO.replace("baseline", "/etc/passwd"),
        "x = " + "[" * 9000,
        "a" * 60_000,
        "\0",
    ]
    values = ["1e999", "-1", "nan", "9" * 5000, "%00", "x" * 3000, "１０", "..", "<script>", "null"]
    keys = ["total", "seed", "runs", "scale", "from"]
    return [
        *(f"file={packed(text)}" for text in bad), "file=" + "A" * 6000, "file=%%%", "x" * 100_000,
        "&".join(f"a{i}=1" for i in range(401)), *(f"{key}={value}" for key in keys for value in values),
    ]  # fmt: skip


async def into_the_page(port: int) -> tuple[int, list[bytes]]:
    """Files and addresses, one after another in one visit, which may wait but lives."""
    page = Page(port)
    await page.open()
    for sent in files():
        await page.send("Open a scenario", "opened", sent)
    for query in addresses():
        state = {"method": "update", "state": {"location": f"/?{query}"}, "buffer_paths": []}
        await page.say("comm_msg", {"comm_id": page.part('"location"'), "data": state})
    with suppress(websockets.ConnectionClosed, TimeoutError, ConnectionError):
        await page.hear("nobody says this", seconds=8)
    await page.close()
    return len(files()) + len(addresses()), [page.heard.encode()]


async def flood(port: int, what: str, times: int, begin: int = 1) -> tuple[int, list[bytes]]:
    """The same again and again in one visit, until it is told that the page is busy or some seconds have passed."""
    page = Page(port)
    await page.connect()
    await page.begin(times=begin)
    await page.hear('"finished"')
    said: dict[str, Callable[[int], Awaitable[None]]] = {
        "move": lambda i: page.send('\\"presets\\"', "move", {"lever": "courts", "amount": 5 * (i % 100), "word": i}),
        "preset": lambda i: page.send('\\"presets\\"', "preset", ("doors_first", "kingpins_first")[i % 2]),
        "folder": lambda i: page.send('"folder"', "want", "folder"),
        "widget": lambda i: page.say(
            "comm_open", {"comm_id": f"w{i}", "target_name": "jupyter.widget", "data": {"state": {}}}
        ),
    }
    if what == "folder":
        await page.end()
    with suppress(websockets.ConnectionClosed, TimeoutError, ConnectionError):
        async with asyncio.timeout(4):
            hearing = asyncio.create_task(page.hear("nobody says this"))
            try:
                for i in range(times if what else 0):
                    await said[what](i)
                await hearing
            finally:
                hearing.cancel()
    await page.close()
    return max(times, begin), [page.heard.encode()]


async def silent(port: int) -> tuple[int, list[bytes]]:
    """Connections and sockets that say nothing: the oldest make room."""
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_SILENT + 1)]
    ended = await asyncio.wait_for(held[0][0].read(1), 10)
    pages, refused = [Page(port) for _ in range(101)], 0
    for page in pages:
        try:
            await page.connect()
        except websockets.InvalidStatus:
            refused += 1
    for _, writer in held:
        writer.close()
    for page in pages:
        if hasattr(page, "socket"):
            await page.close()
    assert (ended, refused > 60) == (b"", True)
    return 2 * len(pages), []


TRIED: Sequence[tuple[str, str, Callable[[int], Awaitable[tuple[int, list[bytes]]]]]] = (
    ("requests that no browser makes: paths, hosts, headers, verbs", "404, 413, 421 or the page", over_http),
    ("sockets of other sites and of no page", "closed", upgrades),
    ("messages that no page sends: no JSON, deep JSON, widgets, code", "the socket is closed, its visit is forgotten", over_the_socket),
    ("pages that are begun with odd words", "closed, or a page that was not found", begun),
    ("files and addresses: a key of 12,000 parts, deep arrays, other files", "one sentence; the page goes on", into_the_page),
    ("20,000 widgets made by hand", "closed at the first", lambda port: flood(port, "widget", 20_000)),
    ("100 pages begun in one visit", "closed at the third", lambda port: flood(port, "", 0, begin=100)),
    ("3,000 moves of a lever", "each waits for the one before, then *busy*", lambda port: flood(port, "move", 3000)),
    ("500 plans chosen", "each waits for the one before, then *busy*", lambda port: flood(port, "preset", 500)),
    ("100 clicks on the results folder", "one is made, the others are told *busy*", lambda port: flood(port, "folder", 100)),
    ("202 connections and sockets that say nothing", "30 of one client; the oldest makes room; ended in time", silent),
)  # fmt: skip


@dataclass
class Survived:
    """What was seen while a stranger tried."""

    tried: str
    answer: str
    inputs: int = 0
    clicks: list[float] = field(default_factory=list)
    most: float = 0.0
    answers: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def clicking(page: Page, seen: Survived, resident: Callable[[], float]) -> AsyncIterator[None]:
    """Another visitor who goes on clicking."""

    async def click() -> None:
        while True:
            seen.clicks.append(await page.click())
            seen.most = max(seen.most, resident())
            await asyncio.sleep(0.2)

    task = asyncio.create_task(click())
    try:
        yield
    finally:
        while not seen.clicks and not task.done():
            await asyncio.sleep(0.05)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def besiege(port: int, resident: Callable[[], float]) -> tuple[list[float], list[Survived]]:
    """Try everything while another visitor clicks; his times before, and what was seen each time.

    The stranger has a thread of his own, as he has a machine of his own: the other does not wait for him here.
    """
    other, siege = Page(port, FRIENDLY), list[Survived]()
    await other.open(f"{SMALL}&base=baseline")
    await other.end()
    before = [await other.click() for _ in range(5)]
    for tried, answer, attack in TRIED:
        seen = Survived(tried, answer)
        async with clicking(other, seen, resident):
            seen.inputs, seen.answers = await asyncio.to_thread(asyncio.run, attack(port))
        siege.append(seen)
    await other.close()
    return before, siege


def table(before: list[float], siege: list[Survived]) -> str:
    """The document."""
    rows = "\n".join(
        f"| {each.tried} | {each.inputs:,} | {each.answer} | {each.most:.0f} MB "
        f"| {1000 * statistics.median(each.clicks):.0f} ms | {1000 * max(each.clicks):.0f} ms |"
        for each in siege
    )
    return (
        "# What strangers tried\n\n"
        "One client attacks the public page while another visitor, at another address, locks and unlocks a lever. Before\n"
        f"the attack a click of his was answered in {1000 * statistics.median(before):.0f} ms. This page is written by\n"
        "`tests/dashboard/strangers.py`; `tests/dashboard/test_strangers.py` tries the same and fails if memory\n"
        "passes 1.2 GB, if an answer holds a traceback, or if the other visitor waits.\n\n"
        "| tried | inputs | survived: what came back | memory at most | the other's click, median | worst |\n"
        f"|---|---:|---|---:|---:|---:|\n{rows}\n"
    )


def main() -> None:
    """Write the table."""
    from conftest import serving

    with serving("--public", "--host-name", "127.0.0.1") as server:
        before, siege = asyncio.run(besiege(server.port, server.resident))
    TABLE.write_text(table(before, siege), encoding="utf-8")
    print(TABLE.read_text("utf-8"))


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    main()
