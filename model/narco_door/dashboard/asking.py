"""Connections that ask for nothing: bounded in number and time."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ASK_SECONDS: Final = 15.0  # in which a connection must have sent a whole request
MOST_SILENT: Final = 100  # connections that have not asked yet; the oldest makes room


class Asking(H11Protocol):
    """A connection that is ended if no request comes of it, or one that never ends."""

    silent: ClassVar[dict[Asking, None]] = {}  # in the order in which they came

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.silent[self] = None
        self._watch: asyncio.TimerHandle = self.loop.call_later(ASK_SECONDS, self._look)
        if len(self.silent) > MOST_SILENT:
            next(iter(self.silent)).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; whoever has asked is silent no more."""
        super().data_received(data)
        if self.scope is not None:
            self.silent.pop(self, None)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the socket that it becomes."""
        self._forget()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the waiting."""
        self._forget()
        super().connection_lost(exc)

    def _forget(self) -> None:
        self.silent.pop(self, None)
        self._watch.cancel()

    def _look(self) -> None:
        state: Any = self.conn.their_state
        half = state is h11.SEND_BODY or bool(self.conn.trailing_data[0])
        if self in self.silent or half:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(ASK_SECONDS, self._look)
