"""Owns ids that are the same in two runs: each follows from the request that drew it and how many of its kind before.

A data key is made by whoever comes first, a request or the sealer: what else a request names does not hang on it."""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

from opentelemetry.sdk.trace.id_generator import IdGenerator
from starlette.types import ASGIApp, Receive, Scope, Send

from services.runtime.chance import Chance

_FIELDS: Final = (0xF << 76) | (0x3 << 62)
_VARIANT: Final = 0x2 << 62

Drawing = tuple[str, dict[str, Iterator[int]]]
_REQUEST: ContextVar[Drawing] = ContextVar("request")


def begin(name: str) -> None:
    """All that is drawn in this context from now on follows from `name`."""
    _REQUEST.set((name, defaultdict(itertools.count)))


def _digest(kind: str) -> int:
    name, drawn = _REQUEST.get()
    return int.from_bytes(hashlib.sha256(f"{kind} {name} {next(drawn[kind])}".encode()).digest()[:16])


class Fixed:
    """A source of ids that are known before."""

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds
        self.chance = Chance(self._random, self._ordered)

    def _random(self) -> int:
        return _digest("random") & ~_FIELDS | (4 << 76) | _VARIANT

    def _ordered(self) -> int:
        rest = _digest("ordered") & ((1 << 80) - 1) & ~_FIELDS
        return (self._milliseconds << 80) | rest | (7 << 76) | _VARIANT


class FixedSpanIds(IdGenerator):
    """Ids of spans and traces that follow from the request."""

    def generate_span_id(self) -> int:
        return _digest("span") & ((1 << 64) - 1) or 1

    def generate_trace_id(self) -> int:
        return _digest("trace") or 1


class ByRequest:
    """An application whose requests each draw ids of their own, by the trace that the request came with."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            trace = dict(scope["headers"]).get(b"traceparent", b"").decode()
            begin(f"{self._service} {trace}")
        await self._app(scope, receive, send)
