"""Owns the HTTP process of measures, put together from its settings: what it answers, whom it believes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI
from psycopg_pool import ConnectionPool

from contracts.initiative import load_initiatives
from services.measures.api import releases
from services.measures.api.release_steps import Building
from services.measures.api.routers import ROUTERS
from services.measures.application.building import Builds
from services.measures.application.own import Lately
from services.measures.releases import build as releasing
from services.measures.settings import MeasuresSettings
from services.runtime.auth import IssuerKeys, Verifier, keys_over_http, possession_for
from services.runtime.http import HttpApp, create_app
from services.runtime.http.serve import serve
from services.runtime.postgres import conninfo, is_outage
from services.runtime.postgres.login import refuse_strong_now
from services.runtime.telemetry import Telemetry


def build(settings: MeasuresSettings, *, telemetry: Telemetry | None = None) -> HttpApp:
    """The HTTP app. Its pool lives as long as its lifespan; the database may be away when it starts.

    Raises BadInitiative.
    """
    pool: releases.Pool = ConnectionPool(
        conninfo(settings.measures_dsn, "closeknit measures serve"),
        min_size=1,
        max_size=4,
        timeout=5.0,
        configure=refuse_strong_now,
        check=ConnectionPool.check_connection,  # or a server that was away is an error once a connection
        open=False,
    )

    initiatives = load_initiatives(settings.initiatives)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool.open(wait=False)
        app.state.pool = pool
        yield
        await asyncio.to_thread(pool.close)

    async def ready() -> Mapping[str, bool]:
        return {"database": await asyncio.to_thread(_answers, pool)}

    return create_app(
        "Closeknit measures",
        routers=ROUTERS,
        parts={
            "verifier": _verifier(settings),
            "initiatives": initiatives,
            "lately": Lately(),
            "building": Building(lambda slug, order: releasing.build(settings, initiatives[slug], order), Builds()),
        },
        telemetry=telemetry or Telemetry.start("measures", settings),
        ready=ready,
        lifespan=lifespan,
    )


def _verifier(settings: MeasuresSettings) -> Verifier:
    possession = possession_for(settings, behind_socket=settings.measures_socket is not None)
    return Verifier(settings.issuer, IssuerKeys(keys_over_http(settings.jwks_url)), possession=possession)


def run(settings: MeasuresSettings) -> None:
    """Serves until SIGTERM or SIGINT."""
    serve(build(settings), host=settings.measures_host, port=settings.measures_port, unix=settings.measures_socket)


def _answers(pool: releases.Pool) -> bool:
    try:
        with pool.connection(timeout=1.0) as connection:
            return connection.execute("SELECT FROM projection.current").fetchone() is not None
    except psycopg.Error as error:
        if not is_outage(error):
            raise
        return False
