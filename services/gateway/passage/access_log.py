"""Owns the access log of the public API: one line a request, by the route's template, written many at a time."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

import orjson

EVERY_SECONDS = 0.25
MOST_LINES = 1000


class _Told(NamedTuple):
    """One request; `at` is when it ended, seconds since 1970."""

    at: float
    method: str
    route: str
    status: int
    seconds: float

    def line(self) -> bytes:
        line = {
            "ts": datetime.fromtimestamp(self.at, UTC),
            "level": "info",
            "service": "gateway",
            "event": "request",
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "duration_ms": round(self.seconds * 1000, 3),
        }
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


class AccessLog:
    """Lines as the telemetry's log writes them, but gathered: written one by one they would cost a tenth of a request.

    A line holds nothing but method, template, status and duration in milliseconds. Up to a quarter of a second of it is
    lost when the process is killed.
    """

    def __init__(self, stream: BinaryIO | None = None, *, on: bool = True) -> None:
        self._stream = stream
        self._on = on
        self._told: list[_Told] = []
        self._timer: asyncio.TimerHandle | None = None

    def tell(self, method: str, route: str, status: int, seconds: float) -> None:
        """Notes one request; needs a running event loop."""
        if not self._on:
            return
        self._told.append(_Told(time.time(), method, route, status, seconds))
        if len(self._told) >= MOST_LINES:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY_SECONDS, self.flush)

    def flush(self) -> None:
        """Writes what is gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        told, self._told = self._told, []
        if told:
            stream = self._stream or sys.stderr.buffer
            stream.write(b"".join([each.line() for each in told]))
            stream.flush()
