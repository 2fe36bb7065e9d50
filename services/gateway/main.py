"""Builds the gateway from its settings: the one place where its parts meet."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.initiative import load_initiatives
from services.gateway.access.authorize import policies
from services.gateway.access.backchannel import ROUTE, BackChannel
from services.gateway.access.endings import Endings
from services.gateway.access.kept_forms import KeptForms
from services.gateway.access.last_use import LastUse
from services.gateway.access.rates import Rates
from services.gateway.access.session import Sealer
from services.gateway.access.signin import SignIn
from services.gateway.access.tokens import issuer_keys, verifier
from services.gateway.access.tries import Tries
from services.gateway.access.way_back import WayBack
from services.gateway.pages.api import Connection
from services.gateway.pages.application import pages_app
from services.gateway.pages.known_agencies import KnownAgencies
from services.gateway.pages.render import Renderer, StaticFiles
from services.gateway.pages.visit import Site
from services.gateway.passage.access_log import AccessLog
from services.gateway.passage.guesses import Guesses
from services.gateway.passage.request import asked_from
from services.gateway.passage.table import Table
from services.gateway.passage.through import Passage
from services.gateway.passage.upstreams import Upstreams
from services.gateway.settings import GatewaySettings
from services.runtime.clock import Clock, SystemClock
from services.runtime.http.health import readiness
from services.runtime.http.serve import serve
from services.runtime.telemetry import Telemetry

API = "/v1/"


class Gateway:
    """The gateway as one ASGI application: /v1 through the passage, all else the pages."""

    def __init__(self, passage: Passage, pages: ASGIApp, proxies: frozenset[str] = frozenset()) -> None:
        self._passage = passage
        self._pages = pages
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._proxies and scope["type"] == "http":
            scope["other_end"] = scope["client"]
            scope["client"] = asked_from(scope, self._proxies)
        if scope["type"] == "http" and f"{scope['path']}/".startswith(API):
            await self._passage(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


def build(
    settings: GatewaySettings,
    *,
    telemetry: Telemetry | None = None,
    clock: Clock | None = None,
    document: Mapping[str, Any] | None = None,
    access_log: AccessLog | None = None,
) -> Gateway:
    """Raises BadInitiative, BadDocument, BadPolicies. What is not given is the real thing."""
    # Spans are made for requests that the passage chose, so that all others cost nothing.
    telemetry = telemetry or Telemetry.start("gateway", settings.model_copy(update={"trace_ratio": 1.0}))
    _, keys = policies(), issuer_keys(settings)  # a slip in a policy stops the start
    check = verifier(settings, keys)
    static, tries, rates, clock = StaticFiles(), Tries(), Rates(**settings.rates), clock or SystemClock()
    initiatives, upstreams = load_initiatives(settings.initiatives), Upstreams(settings.service_addresses())
    connection = Connection(settings.api_url or settings.public_url, tries.own)
    site = Site(
        settings=settings,
        verifier=check,
        sign_in=SignIn(settings, keys, check),
        connection=connection,
        initiatives=initiatives,
        static=static,
        renderer=Renderer(static, https=settings.over_https),
        clock=clock,
        telemetry=telemetry,
        sealer=Sealer(settings.session_key, "session"),
        endings=Endings(settings.ended_sign_ins),
        last_use=LastUse(settings.session_key, settings.session_idle_minutes, clock),
        way_back=WayBack(settings.session_key, initiatives),
        kept_forms=KeptForms(settings.session_key),
        document=document if document is not None else public_document(),
        tries=tries,
        agencies=KnownAgencies(clock),
    )
    access_log = access_log or AccessLog(on=settings.log_level in {"DEBUG", "INFO"})
    pages = pages_app(site, rates)
    pages.router.routes += _without_pages(BackChannel(settings, keys, site.endings, rates, telemetry), upstreams)
    pages.router.lifespan_context = _lifespan(upstreams, connection, telemetry, access_log)
    return Gateway(_passage(site, upstreams, access_log, rates), pages, settings.proxies)


def _passage(site: Site, upstreams: Upstreams, access_log: AccessLog, rates: Rates) -> Passage:
    return Passage(
        Table(site.document),
        upstreams,
        site.verifier,
        initiatives=site.initiatives,
        telemetry=site.telemetry,
        access_log=access_log,
        trace_ratio=site.settings.trace_ratio,
        guesses=Guesses(site.tries, site.clock),
        rates=rates,
        https=site.settings.over_https,
    )


def _lifespan(upstreams: Upstreams, connection: Connection, telemetry: Telemetry, access_log: AccessLog) -> Any:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        upstreams.open()
        connection.open()
        yield
        await connection.close()
        upstreams.close()
        access_log.flush()
        telemetry.close()

    return lifespan


def _without_pages(ended: BackChannel, upstreams: Upstreams) -> list[Route]:
    """Addresses beside the pages and the API, for other machines."""
    return [
        Route(ROUTE, ended.answer, methods=["POST"]),
        Route("/health/live", live),
        Route("/health/ready", _ready(upstreams)),
    ]


async def live(_: Request) -> Response:
    """Of this process alone."""
    return JSONResponse({"status": "live"})


def _ready(upstreams: Upstreams) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_: Request) -> Response:
        """Of the services behind: without them the gateway can only say that they are down."""
        return readiness(await upstreams.ready())

    return ready


def public_document() -> dict[str, Any]:
    """The public OpenAPI document as it is committed."""
    document: dict[str, Any] = json.loads(resources.files("contracts").joinpath("openapi.json").read_text("utf-8"))
    return document


def run_serve(environ: Mapping[str, str] = os.environ) -> None:
    """Serves until a signal. Raises SettingsProblem, OSError where the port is taken."""
    settings = GatewaySettings.from_env(environ)
    serve(build(settings), host=settings.gateway_host, port=settings.gateway_port)
