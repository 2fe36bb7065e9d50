"""Owns one request's way through: table, token, decision, then the bytes to the service behind and its answer back."""

import random
import time
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from services.gateway.access.authorize import Resource, authorize
from services.gateway.access.rates import Rates
from services.gateway.passage.access_log import AccessLog
from services.gateway.passage.guesses import Guesses
from services.gateway.passage.hop import Hop
from services.gateway.passage.request import Request
from services.gateway.passage.table import Found, Operation, Table
from services.gateway.passage.upload import Upload, is_upload
from services.gateway.passage.upstreams import Upstreams
from services.runtime.auth import AuthProblem, Principal, Verifier
from services.runtime.chance import random_id
from services.runtime.http import problem as problems
from services.runtime.http.headers import traceparent_of
from services.runtime.http.problem import Problem
from services.runtime.http.wire import Disconnected, answer_problem, read_body
from services.runtime.telemetry import Telemetry, current_traceparent, describe, is_sampled

NOSNIFF = (b"x-content-type-options", b"nosniff")
HSTS = (b"strict-transport-security", b"max-age=31536000")
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
        initiatives: Collection[str],
        telemetry: Telemetry,
        access_log: AccessLog,
        trace_ratio: float,
        guesses: Guesses | None = None,
        rates: Rates | None = None,
        https: bool = False,
    ) -> None:
        self._table = table
        self._upstreams = upstreams
        self._verifier = verifier
        self._initiatives = initiatives
        self._telemetry = telemetry
        self._access_log = access_log
        self._trace_ratio = trace_ratio
        self._guesses = guesses
        self._rates = rates or Rates(agency=None, address=None)
        self._safe = [NOSNIFF, HSTS] if https else [NOSNIFF]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, told = time.perf_counter(), _Told()
        found = self._table.find(scope["method"], scope["path"])
        if found.operation is not None:
            told.route = found.operation.template
        headers: dict[bytes, bytes] = dict(scope["headers"])
        traceparent = traceparent_of(headers)
        if traceparent is None and random.random() >= self._trace_ratio:  # noqa: S311 - a sample, not a secret
            traceparent = f"00-{random.getrandbits(128):032x}-{random.getrandbits(64) or 1:016x}-00"  # noqa: S311
        try:
            if traceparent is not None and not is_sampled(traceparent):
                await self._answer(found, Request(scope, headers, receive, send, traceparent), told)
                return
            target = f"{scope['method']} {told.route}"
            with self._telemetry.spans.span("request", target, kind="server", parent=traceparent) as span:
                request = Request(scope, headers, receive, send, current_traceparent() or "")
                await self._answer(found, request, told)
                span.set_attribute("http.response.status_code", told.status)
        finally:
            self._tell(scope["method"], told, time.perf_counter() - started)

    async def _answer(self, found: Found, request: Request, told: _Told) -> None:
        """Answers in any case; what goes wrong is a problem, or raised when an answer had begun."""
        try:
            operation = await self._admitted(found, request)
            if self._guesses is not None:
                self._guesses.check(operation.action, request)
            await self._forward(operation, request, told)
            if self._guesses is not None:
                self._guesses.told(operation.action, request, told.status)
        except Disconnected:
            told.status = GONE
        except Exception as error:
            problem = _problem_of(error)
            if problem.status >= SERVER_ERROR:
                self._telemetry.log.error("request failed", slug=problem.slug, route=told.route, **describe(error))
            if told.status:
                raise  # half an answer is out: the server has to cut the connection, so that it does not look whole
            told.status = problem.status
            await answer_problem(request.send, problem, str(random_id()), self._safe)

    async def _admitted(self, found: Found, request: Request) -> Operation:
        """The operation, once the caller may do it. Raises Problem, AuthProblem."""
        operation = found.operation
        if operation is None:
            if found.allowed:
                raise problems.method_not_allowed(found.allowed)
            raise problems.not_found()
        principal = None
        if b"authorization" in request.headers:
            raw = request.scope["headers"]
            if (principal := self._verifier.known_by(request.headers, raw)) is None:
                principal = await self._caller(request)
            self._rates.caller(principal)
        else:
            self._count_address(request)
        if principal is None or principal.bound_to is None:
            request.without_proofs()
        resource = Resource(operation.template, self._initiatives, found.parameters)
        decision = authorize(principal, operation.action, resource)
        if not decision.allowed:
            raise problems.not_signed_in() if principal is None else problems.role_forbids()
        return operation

    async def _caller(self, request: Request) -> Principal:
        """Who asks, where that is not yet known; the address counts, but for a token that came with its proof."""
        before = self._verifier.knows(request.scope["headers"])
        if not before:
            self._count_address(request)
        try:
            return await self._verifier.caller(request.scope)
        except AuthProblem:
            if before:
                self._count_address(request)
            raise

    def _count_address(self, request: Request) -> None:
        if self._guesses is None or not self._guesses.is_own(request):
            self._rates.address(request.address)

    async def _forward(self, operation: Operation, request: Request, told: _Told) -> None:
        """Raises what `Pool.ask` raises; once the answer has begun, its end is missing then, and the caller sees so."""
        pool, method = self._upstreams.of(operation.service), request.scope["method"]
        if method in WITH_BODY and is_upload(request.headers):
            upload = Upload(request.receive, request.headers)
            answer = await pool.upload(method, request.head(method, pool.host), upload)
        else:
            body = await read_body(request.receive, request.headers) if method in WITH_BODY else None
            answer = await pool.ask(method, request.wire(method, pool.host, body), request.receive)
        answer.headers += self._safe
        told.status = answer.status
        send = request.send
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if answer.rest is not None:
            await _stream(answer.rest, send)
        await send({"type": "http.response.body", "body": answer.body})

    def _tell(self, method: str, told: _Told, seconds: float) -> None:
        self._telemetry.metrics.record(
            "http.server.request.duration",
            seconds,
            {"http.route": told.route, "http.request.method": method, "http.response.status_code": told.status},
        )
        self._access_log.tell(method, told.route, told.status, seconds)


async def _stream(rest: Hop, send: Send) -> None:
    try:
        while piece := await rest.piece():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except BaseException:
        rest.abort()
        raise


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
        case OSError():  # nobody there, nobody in time, or not to the end
            return problems.unavailable()
    return problems.internal()
