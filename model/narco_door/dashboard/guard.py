"""The door of the server: who may come in, and what a page may load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The page's parts are compiled in the browser, which needs 'unsafe-eval'; nothing may come from elsewhere.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
HIDDEN: Final = ("/resourcez", "/_solara/api/evict")
ASSETS: Final = "/_solara/cdn/"  # what is not installed, the framework would fetch from elsewhere and serve as ours
LONGEST_BODY: Final = 64 * 1024  # no part of the page sends more by HTTP; files come over the socket


class Guard:
    """Let in only visitors who asked for one of the hosts, and sockets that the page itself opened.

    Parameters
    ----------
    app
        What is guarded.
    hosts
        Names under which it is known, with the port where it is not the usual one.
    assets
        Folder of the installed files of the front end: of what is asked for below `ASSETS`, they alone are there.
    """

    def __init__(self, app: App, hosts: frozenset[str], assets: Path) -> None:
        self.app, self.hosts, self.assets = app, hosts, assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        welcome = headers.get("host") in self.hosts and self._there(scope["path"])
        if scope["type"] == "websocket":
            own = urlsplit(headers.get("origin", "")).netloc in self.hosts
            await (self.app(scope, receive, send) if welcome and own else _close(receive, send))
        elif not welcome or self._foreign(scope, headers):
            await _refuse(send, 404 if headers.get("host") in self.hosts else 421)
        elif _too_long(headers):
            await _refuse(send, 413)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _there(self, path: str) -> bool:
        """Whether visitors may ask for a path; a name that the file system refuses is not there."""
        if not path.startswith(ASSETS.rstrip("/")):
            return not path.startswith(HIDDEN)
        name = path.removeprefix(ASSETS)
        if not path.startswith(ASSETS) or "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
            return False
        try:
            return (self.assets / name).is_file()
        except (OSError, ValueError):
            return False

    def _foreign(self, scope: Scope, headers: MutableMapping[str, str]) -> bool:
        """Whether another site sends something here."""
        origin = headers.get("origin")
        return (
            scope["method"] not in ("GET", "HEAD") and origin is not None and urlsplit(origin).netloc not in self.hosts
        )


def _too_long(headers: MutableMapping[str, str]) -> bool:
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdigit() or int(length) > LONGEST_BODY


async def _close(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"not here\n"})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *HEADERS]}
        await send(message)

    return sending
