"""Serving the page: to one person on this machine, or hardened for everybody."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from narco_door.base.errors import UserError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

OF_ONE: Final = "NARCO_DOOR_OF_ONE"  # an environment variable: pages that one address may have open
MOST_OF_ONE: Final = 30  # a class behind one address
LOOPBACK: Final = "127.0.0.1"
SWITCH_SECONDS: Final = 0.001  # runs share the interpreter with clicks, which must not wait for it
LONGEST_MESSAGE: Final = 500_000  # bytes of one message over the socket: a file, each letter of it written in six
MOST_CONNECTIONS: Final = 800  # fewer than the files that a process may usually have open
_ALWAYS: Final = {
    "SOLARA_APP": "narco_door.dashboard.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ROOT_PATH": "",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "narco-door",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
}
_PUBLIC: Final = {
    "NARCO_DOOR_PUBLIC": "1",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_KERNEL_MAX_COUNT": "400",  # sockets; the gate lets in fewer, and says so
}


@dataclass(frozen=True)
class Serving:
    """Where the page is served, and to whom.

    Attributes
    ----------
    names
        Host names under which visitors may ask for a public page; the port belongs to a name where it is not
        the usual one.
    """

    host: str = LOOPBACK
    port: int = 8765
    public: bool = False
    names: tuple[str, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """What may stand in the host line of a request."""
        own = (LOOPBACK, "localhost", self.host) if not self.public else self.names
        return frozenset(name for each in own for name in (each, f"{each}:{self.port}"))


def settings(serving: Serving) -> dict[str, str]:
    """What Solara must be told before it is imported."""
    return {**_ALWAYS, **(_PUBLIC if serving.public else {})}


def application(serving: Serving) -> Starlette:
    """Make the server's application; Solara reads its settings once, when it is first imported here."""
    os.environ.update(settings(serving))
    import solara.server.starlette as solara_app
    from solara.server import settings as solara_settings
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount

    from narco_door.dashboard.guard import Guard

    guard = Middleware(Guard, hosts=serving.hosts, assets=solara_settings.assets.proxy_cache_dir)
    return Starlette(
        routes=[Mount("/", routes=solara_app.routes)],
        lifespan=solara_app.lifespan,
        middleware=[guard, *([_gate()] if serving.public else []), *solara_app.middleware],
    )


def _gate() -> Middleware:
    """What shares the public page out, told how Solara remembers a visit and how it forgets one."""
    from solara.server.kernel_context import contexts
    from starlette.middleware import Middleware

    from narco_door.dashboard.gate import Gate
    from narco_door.dashboard.visits import Visits

    def close(name: str) -> None:
        if (context := contexts.get(name)) is not None:
            context.close()

    of_one = int(os.environ.get(OF_ONE, MOST_OF_ONE))
    return Middleware(Gate, visits=Visits(lambda: set(contexts), time.monotonic, of_one=of_one), close=close)


def warm_up() -> None:
    """Have the model loaded and compiled before the first visitor asks for a world."""
    from narco_door.month.model import NarcoDoor
    from narco_door.scenario import load_one

    NarcoDoor(load_one("baseline").replace(persons_per_agent=4000, until="2007-02")).run()
    gc.collect()
    gc.freeze()  # what is there by now stays: to look for garbage means to look at what visitors left


def serve(
    *,
    host: str = LOOPBACK,
    port: int = 8765,
    public: bool = False,
    names: Sequence[str] = (),
    browse: bool = True,
    announce: Callable[[], None] = lambda: None,
) -> None:
    """Serve the page until stopped.

    Parameters
    ----------
    host, port
        Where to listen. Only this machine can reach the default.
    public
        Harden it for everybody: see `guard` and the bounds of `page.session`.
    names
        Host names under which a public page is reached.
    browse
        Open a browser once it listens.
    announce
        Called once all is checked.

    Raises
    ------
    UserError
        The port is taken, or a public page has no name.
    """
    import uvicorn

    from narco_door.dashboard.asking import Asking

    if public and not names:
        raise UserError("a public page needs the name under which it is reached: --host-name example.org")
    if not public and host not in (LOOPBACK, "localhost", "::1"):
        raise UserError(f"host {host}: others could reach it; expected --public with --host-name, or {LOOPBACK}")
    if names and not public:
        raise UserError(f"--host-name {names[0]} is for a page that others reach; expected --public with it")
    _must_be_free(host, port)
    announce()
    sys.setswitchinterval(SWITCH_SECONDS)
    serving = Serving(host, port, public, tuple(names))
    app = application(serving)
    threading.Thread(target=warm_up, daemon=True, name="warm-up").start()
    if browse and not public:
        threading.Timer(1.5, webbrowser.open, [f"http://{host}:{port}/"]).start()
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=Asking,
        limit_concurrency=MOST_CONNECTIONS,
        log_level="warning",
        ws_max_size=LONGEST_MESSAGE,
        ws_per_message_deflate=public,  # on one's own machine squeezing costs more than sending
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=public,
        access_log=False,
    )


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise UserError(
                f"port {port} of {host}: {problem.strerror}; expected a free one, like --port 8766"
            ) from None
