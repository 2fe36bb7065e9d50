"""Owns one request's way through: table, token, decision, then the bytes to the service behind and its answer back."""

import random
import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from services.gateway.access.authorize import Resource, authorize
from services.gateway.passage.access_log import AccessLog
from services.gateway.passage.table import Found, Operation, Table
from services.gateway.passage.upstreams import Upstreams
from services.runtime.auth import AuthProblem, Verifier, bearer
from services.runtime.http import problem as problems
from services.runtime.http.headers import traceparent_of
from services.runtime.http.problem import Problem
from services.runtime.http.wire import Disconnected, answer_problem, read_body
from services.runtime.telemetry import Telemetry, current_traceparent, describe, is_sampled

Headers = list[tuple[bytes, bytes]]

# Nothing else of a request reaches the services behind, and nothing hop-by-hop comes back (RFC 9110 section 7.6.1).
SENT_ON = (
    (b"authorization", "Authorization"),
    (b"content-type", "Content-Type"),
    (b"accept", "Accept"),
    (b"idempotency-key", "Idempotency-Key"),
    (b"if-match", "If-Match"),
    (b"if-none-match", "If-None-Match"),
)
KEPT_BACK = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer",
        b"transfer-encoding", b"upgrade", b"server", b"date", b"set-cookie",
    }
)  # fmt: skip
NOSNIFF = (b"x-content-type-options", b"nosniff")
WHOLE = 262_144  # an answer up to so many bytes is sent in one piece
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
GONE = 499  # the caller went away; no answer was sent
SERVER_ERROR = 500


@dataclass(slots=True)
class _Told:
    """What is told of one request: the route's template, never its path."""

    route: str = "unmatched"
    status: int = 0


class Passage:
    """The public API as a plain ASGI application; it declares nothing itself and knows no body."""

    def __init__(
        self,
        table: Table,
        upstreams: Upstreams,
        verifier: Verifier,
        *,
        telemetry: Telemetry,
        access_log: AccessLog,
        trace_ratio: float,
    ) -> None:
        self._table = table
        self._upstreams = upstreams
        self._verifier = verifier
        self._telemetry = telemetry
        self._access_log = access_log
        self._trace_ratio = trace_ratio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, told = time.perf_counter(), _Told()
        found = self._table.find(scope["method"], scope["path"])
        if found.operation is not None:
            told.route = found.operation.template
        headers: dict[bytes, bytes] = dict(scope["headers"])
        traceparent = traceparent_of(headers)
        if traceparent is None and random.random() >= self._trace_ratio:  # noqa: S311 - a sample, not a secret
            traceparent = f"00-{random.getrandbits(128):032x}-{random.getrandbits(64) or 1:016x}-00"  # noqa: S311
        if traceparent is not None and not is_sampled(traceparent):
            await self._answer(found, _Request(scope, headers, receive, send, traceparent), told)
        else:
            target = f"{scope['method']} {told.route}"
            with self._telemetry.spans.span("request", target, kind="server", parent=traceparent) as span:
                request = _Request(scope, headers, receive, send, current_traceparent() or "")
                await self._answer(found, request, told)
                span.set_attribute("http.response.status_code", told.status)
        self._tell(scope["method"], told, time.perf_counter() - started)

    async def _answer(self, found: Found, request: "_Request", told: _Told) -> None:
        """Answers in any case; what goes wrong is a problem."""
        try:
            operation = await self._admitted(found, request)
            await self._forward(operation, request, told)
        except Disconnected:
            told.status = GONE
        except Exception as error:
            problem = _problem_of(error)
            if problem.status >= SERVER_ERROR:
                self._telemetry.log.error("request failed", slug=problem.slug, route=told.route, **describe(error))
            if told.status == 0:
                told.status = problem.status
                await answer_problem(request.send, problem, str(uuid4()))

    async def _admitted(self, found: Found, request: "_Request") -> Operation:
        """The operation, once the caller may do it. Raises Problem, AuthProblem."""
        operation = found.operation
        if operation is None:
            if found.allowed:
                raise problems.method_not_allowed(", ".join(sorted(found.allowed)))
            raise problems.not_found()
        principal = None
        if b"authorization" in request.headers:
            token = bearer(request.scope["headers"])
            principal = self._verifier.known(token) or await self._verifier.verify(token)
        decision = authorize(principal, operation.action, Resource(operation.template, found.parameters))
        if not decision.allowed:
            raise problems.not_signed_in() if principal is None else problems.role_forbids()
        return operation

    async def _forward(self, operation: Operation, request: "_Request", told: _Told) -> None:
        client, base = self._upstreams.of(operation.service)
        body = await read_body(request.receive, request.headers) if operation.method in WITH_BODY else None
        async with client.request(
            operation.method,
            request.address(base),
            headers=request.sent_on(),
            data=body,
            allow_redirects=False,
        ) as answer:
            headers: Headers = [NOSNIFF]
            headers += [(low, value) for name, value in answer.raw_headers if (low := name.lower()) not in KEPT_BACK]
            length = answer.content_length
            whole = await answer.read() if length is not None and length <= WHOLE else None
            told.status = answer.status
            await request.send({"type": "http.response.start", "status": answer.status, "headers": headers})
            if whole is None:
                async for piece in answer.content.iter_any():
                    await request.send({"type": "http.response.body", "body": piece, "more_body": True})
            await request.send({"type": "http.response.body", "body": whole or b""})

    def _tell(self, method: str, told: _Told, seconds: float) -> None:
        self._telemetry.metrics.record(
            "http.server.request.duration",
            seconds,
            {"http.route": told.route, "http.request.method": method, "http.response.status_code": told.status},
        )
        self._access_log.tell(method, told.route, told.status, seconds)


@dataclass(slots=True)
class _Request:
    """One request as it came, with the trace that it belongs to."""

    scope: Scope
    headers: dict[bytes, bytes]
    receive: Receive
    send: Send
    traceparent: str

    def address(self, base: URL) -> URL:
        path: str = self.scope["path"]
        query: bytes = self.scope["query_string"]
        return _url(f"{base}{path}?{query.decode('latin-1')}" if query else f"{base}{path}")

    def sent_on(self) -> dict[str, str]:
        sent = {"traceparent": self.traceparent}
        for name, known in SENT_ON:
            if (value := self.headers.get(name)) is not None:
                sent[known] = value.decode("latin-1")
        return sent


@lru_cache(maxsize=1024)
def _url(text: str) -> URL:
    """An address that was checked by the table already; the same few are asked for again and again."""
    return URL(text, encoded=True)


def _problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case AuthProblem(status=401):
            return problems.not_signed_in(error.detail)
        case AuthProblem(status=403):
            return problems.role_forbids()
        case AuthProblem():
            return problems.unavailable(error.retry_after or 2)
        case aiohttp.ClientError() | TimeoutError() | OSError():
            return problems.unavailable()
    return problems.internal()
