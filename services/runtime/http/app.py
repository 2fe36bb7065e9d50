"""The app of an HTTP service: lean routes first, FastAPI for the document and the rest, problems for every failure."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from opentelemetry.trace import Span
from starlette.exceptions import HTTPException
from starlette.types import Lifespan, Message, Receive, Scope, Send

from services.runtime.auth import AuthProblem
from services.runtime.chance import random_id
from services.runtime.http import headers
from services.runtime.http import problem as problems
from services.runtime.http.health import Ready, health_router
from services.runtime.http.malformed import fastapi_errors
from services.runtime.http.problem import MEDIA_TYPE, Problem, instance_of
from services.runtime.http.route import PROBLEM_RESPONSE, LeanRoute
from services.runtime.http.table import RouteTable
from services.runtime.http.wire import BODY_LIMIT, Disconnected, answer_problem, without_body
from services.runtime.postgres import Overloaded, Unavailable, is_outage
from services.runtime.telemetry import Telemetry, current_traceparent, describe, is_sampled

SERVER_ERROR = 500
GONE = 499  # the caller went away; no answer was sent

Translate = Callable[[Exception], Problem | None]


class HttpApp(FastAPI):
    """FastAPI with lean routes answered before its middleware, and every failure as problem+json."""

    table: RouteTable
    translate: Translate
    telemetry: Telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        started, asked = time.perf_counter(), scope["method"]
        if asked == "HEAD":
            scope, send = {**scope, "method": "GET"}, without_body(send)
        seen = _Seen(send)
        route, path_params, allowed = self.table.find(scope["method"], scope["path"])
        given: dict[bytes, bytes] = dict(scope["headers"])
        traceparent = headers.traceparent_of(given)
        scope["app"], scope["route"], scope["allowed"], scope["path_params"] = self, route, allowed, path_params
        scope["given_headers"], scope["request_id"], scope["traceparent"] = given, str(random_id()), traceparent
        scope["asked"] = asked
        if traceparent is not None and not is_sampled(traceparent):
            await self._answer(scope, receive, seen)
        else:
            with self._span(scope, traceparent) as span:
                scope["traceparent"] = current_traceparent() or traceparent
                await self._answer(scope, receive, seen)
                span.set_attribute("http.response.status_code", seen.status)
        self._told(scope, seen.status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: "_Seen") -> None:
        """Answers in any case; what goes wrong inside is a problem."""
        route: LeanRoute | None = scope["route"]
        try:
            if route is not None:
                await route.answer(scope, receive, send)
            elif scope["allowed"]:
                raise problems.method_not_allowed(scope["allowed"])
            else:
                await super().__call__(scope, receive, send)
        except Disconnected:
            send.status = GONE
        except Exception as error:
            found = self.problem_of(error)
            if found.status >= SERVER_ERROR:
                keys = {"slug": found.slug, "route": _template(scope), **describe(error)}
                if found.slug in problems.AWAITED:
                    self.telemetry.log.info("version awaited", **keys)
                else:
                    self.telemetry.log.error("request failed", **keys)
            if send.status == 0:
                await answer_problem(send, found, scope["request_id"])

    def _span(self, scope: Scope, traceparent: str | None) -> AbstractContextManager[Span]:
        target = f"{scope['asked']} {_template(scope)}"
        return self.telemetry.spans.span("request", target, kind="server", parent=traceparent)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = _template(scope), scope["asked"]
        self.telemetry.metrics.record(
            "http.server.request.duration",
            seconds,
            {"http.route": route, "http.request.method": method, "http.response.status_code": status},
        )
        self.telemetry.log.debug(
            "request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 3)
        )

    def problem_of(self, error: Exception) -> Problem:
        """The problem that stands for an exception; one that nobody knows is 500 and says nothing of itself."""
        match error:
            case Problem():
                return error
            case AuthProblem():
                return _of_auth(error)
            case RequestValidationError():
                return problems.malformed(fastapi_errors(error))
            case HTTPException():
                return _of_starlette(error)
            case Overloaded():
                return problems.overloaded(error.retry_after)
            case Unavailable():
                return problems.unavailable(error.retry_after, error.part)
        if is_outage(error):
            return problems.unavailable()
        return self.translate(error) or problems.internal()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document, with the problem and the bearer token that every operation refers to."""
        if self.openapi_schema is None:
            document = super().openapi()
            components = document.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = problems.SCHEMA
            components["responses"] = {"Problem": {"description": "A problem (RFC 9457).", **PROBLEM_RESPONSE}}
            _refer_to_problem(document["paths"])
            components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "at+jwt"}}
            self.openapi_schema = document
        return self.openapi_schema


def _refer_to_problem(paths: Mapping[str, Mapping[str, Any]]) -> None:
    for operations in paths.values():
        for operation in operations.values():
            responses = operation["responses"]
            for status, response in responses.items():
                if response.get("content") == PROBLEM_RESPONSE["content"]:
                    responses[status] = {"$ref": "#/components/responses/Problem"}
            if "201" in responses:
                again = {"description": "It is so already: nothing was made."}
                operation["responses"] = {"200": {**responses["201"], **again}, **responses}


def _template(scope: Scope) -> str:
    """The route's template, never the path: a path may name somebody."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


class _Seen:
    """Passes messages on and remembers the status, so that a failure half way is not answered twice."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def create_app(  # noqa: PLR0913 - the composition root of a service names its parts here
    title: str,
    *,
    routers: Iterable[APIRouter],
    parts: Mapping[str, Any] | None = None,
    translate: Translate = lambda error: None,
    telemetry: Telemetry | None = None,
    ready: Ready | None = None,
    lifespan: Lifespan[FastAPI] | None = None,
    version: str = "1",
    documents: bool = True,
) -> HttpApp:
    """An app with the routes of `routers`, /health and /openapi.json.

    `parts` go on `app.state`: `verifier` is needed by every route with a principal, the others by `Part` arguments.
    `translate` turns a service's own refusals into problems. A lifespan may add parts to `app.state` when it starts.
    """
    app = HttpApp(
        title=title,
        version=version,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if documents else None,
    )
    app.table, app.translate, app.telemetry = RouteTable(), translate, telemetry or Telemetry.off()
    for name, part in (parts or {}).items():
        setattr(app.state, name, part)
    for router in [*routers, health_router(ready, app.telemetry.metrics)]:
        app.router.routes.extend(router.routes)
        for route in router.routes:
            if isinstance(route, LeanRoute):
                app.table.add(route)
    for kind in (Problem, AuthProblem, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _respond)
    return app


async def _respond(request: Request, error: Exception) -> Response:
    app: HttpApp = request.app
    found = app.problem_of(error)
    request_id = str(request.scope.get("request_id", random_id()))
    headers = {"Cache-Control": "no-store", "X-Request-Id": request_id} | found.headers
    return Response(found.encoded(instance_of(request_id)), found.status, headers, MEDIA_TYPE)


def _of_auth(error: AuthProblem) -> Problem:
    found = {"not-signed-in": problems.not_signed_in, "role-forbids": problems.role_forbids}.get(error.slug)
    if found is None:
        return Problem(
            error.status,
            error.slug,
            "The sign-in service does not answer.",
            error.detail,
            headers={"Retry-After": str(error.retry_after or 2)},
        )
    made = found()
    made.detail = error.detail
    return made


def _of_starlette(error: HTTPException) -> Problem:
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            return problems.not_found()
        case 405:
            return problems.method_not_allowed(filter(None, headers.get("Allow", "").split(", ")))
        case 401:
            return problems.not_signed_in()
        case 403:
            return problems.role_forbids()
        case 413:
            return problems.too_large(BODY_LIMIT)
        case 415:
            return problems.unsupported_media_type()
        case status if status >= SERVER_ERROR:
            return problems.unavailable()
        case status:
            return Problem(status, "malformed", "The request is not well formed.", headers=headers)
