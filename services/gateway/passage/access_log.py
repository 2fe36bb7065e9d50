"""Owns the access log of the public API: one line a request, by the route's template, written many at a time."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import BinaryIO

import orjson

EVERY_SECONDS = 0.25
MOST_LINES = 1000


class AccessLog:
    """Lines as the telemetry's log writes them, but gathered: a system call a request would cost a tenth of it.

    A line holds nothing but method, template, status and duration in milliseconds. Up to a quarter of a second of it is
    lost when the process is killed.
    """

    def __init__(self, stream: BinaryIO | None = None, *, on: bool = True) -> None:
        self._stream = stream
        self._on = on
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None

    def tell(self, method: str, route: str, status: int, seconds: float) -> None:
        """Notes one request; needs a running event loop."""
        if not self._on:
            return
        line = {
            "ts": datetime.now(UTC),
            "level": "info",
            "service": "gateway",
            "event": "request",
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
        }
        self._lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        if len(self._lines) >= MOST_LINES:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY_SECONDS, self.flush)

    def flush(self) -> None:
        """Writes what is gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines:
            stream = self._stream or sys.stderr.buffer
            stream.write(b"".join(lines))
            stream.flush()
