"""The door of the server: who may come in, and what a page may load."""

from __future__ import annotations

import re
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
SOCKETS: Final = re.compile(r"/jupyter/api/kernels/[\w.-]{1,64}/channels\Z")
LEAVING: Final = re.compile(r"/_solara/api/close/[\w.-]{1,64}\Z")
PAGES: Final = ("/", "/readyz")
FILES: Final = ("/static/", "/jupyter/nbextensions/")
ASSETS: Final = "/_solara/cdn/"  # what is not installed, the framework would fetch from elsewhere and serve as ours
ELSEWHERE: Final = (b"x-forwarded-host", b"script-name", b"x-script-name")  # nobody is told that it stands elsewhere
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
        headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        known, named = dict(headers), [value in self.hosts for name, value in headers if name == "host"] == [True]
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in ELSEWHERE]}
        if scope["type"] == "websocket":
            welcome = named and self._own(known.get("origin", "")) and bool(SOCKETS.match(scope["path"]))
            await (self.app(scope, receive, send) if welcome and _of_a_page(scope) else _close(receive, send))
        elif not named:
            await _refuse(send, 421)
        elif not self._there(scope) or self._foreign(scope, known):
            await _refuse(send, 404)
        elif _too_long(known):
            await _refuse(send, 413)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _there(self, scope: Scope) -> bool:
        """Whether visitors may ask for a path in this way; a name that the file system refuses is not there."""
        path = scope["path"]
        if LEAVING.match(path):
            return scope["method"] == "POST" and _of_a_page(scope)
        if path.startswith(ASSETS):
            return self._installed(path.removeprefix(ASSETS))
        return path in PAGES or path.startswith(FILES)

    def _installed(self, name: str) -> bool:
        if "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
            return False
        try:
            return (self.assets / name).is_file()
        except (OSError, ValueError):
            return False

    def _foreign(self, scope: Scope, headers: MutableMapping[str, str]) -> bool:
        """Whether another site sends something here."""
        return scope["method"] not in ("GET", "HEAD") and "origin" in headers and not self._own(headers["origin"])

    def _own(self, origin: str) -> bool:
        try:
            return urlsplit(origin).netloc in self.hosts
        except ValueError:
            return False


def _of_a_page(scope: Scope) -> bool:
    """Whether the query names the page that asks, as every page does."""
    return bool(re.match(rb"session_id=[\w.-]{1,64}(&|\Z)", scope.get("query_string", b"")))


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
