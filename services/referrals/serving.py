"""Owns the HTTP process of referrals, put together from its settings: what it answers, whom it believes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import FastAPI

from services.referrals.api.access import ClientAccess
from services.referrals.api.problems import problem_of
from services.referrals.api.routers import ROUTERS
from services.referrals.application.letter_faces import faces
from services.referrals.application.opening import whole_desk
from services.referrals.directory import Directory
from services.referrals.settings import ServeSettings
from services.referrals.store.reader import Reader
from services.referrals.vault.keys import root_key
from services.runtime.auth import FetchKeys, IssuerKeys, keys_over_http
from services.runtime.clock import Clock, SystemClock
from services.runtime.http import HttpApp, create_app
from services.runtime.http.serve import serve
from services.runtime.postgres import Unavailable
from services.runtime.telemetry import Telemetry


def build(
    settings: ServeSettings,
    *,
    clock: Clock | None = None,
    telemetry: Telemetry | None = None,
    keys: FetchKeys | None = None,
) -> HttpApp:
    """The HTTP app. Its parts live as long as its lifespan; the databases may be away when it starts.

    `keys` fetches the issuer's public keys, over HTTP unless a test brings its own. Raises BadInitiative.
    """
    clock = clock or SystemClock()
    told = telemetry or Telemetry.start("referrals", settings)
    directory = Directory.read(settings.initiatives)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with whole_desk(settings, directory, clock, told) as desk:
            app.state.desk = desk
            yield

    async def ready() -> Mapping[str, bool]:
        return {"store": await _answers(app.state.desk.reader)}

    door = ClientAccess.opened(root_key(settings.keys).derive("client token", "1"), settings)
    app = create_app(
        "Closeknit referrals",
        routers=ROUTERS,
        parts={
            "verifier": door.believing(settings, IssuerKeys(keys or keys_over_http(settings.jwks_url))),
            "public_url": settings.public_url,
            "client_access": door,
            "letter_faces": faces(settings.letter_faces),
        },
        translate=problem_of,
        telemetry=told,
        ready=ready,
        lifespan=lifespan,
    )
    return app


async def _answers(reader: Reader) -> bool:
    try:
        async with asyncio.timeout(1.0):
            await reader.load(UUID(int=0))
    except (Unavailable, TimeoutError):
        return False
    return True


def run(settings: ServeSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    serve(build(settings), host=settings.referrals_host, port=settings.referrals_port, unix=settings.referrals_socket)
