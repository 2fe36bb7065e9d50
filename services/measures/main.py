"""The composition root of measures: its HTTP process, its consumer, and what an operator asks of it, from settings."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from contracts.initiative import load_initiatives
from services.measures import consumer
from services.measures.api import agencies, changes, explanation, measures, release_steps, releases, targets
from services.measures.api.release_steps import Building
from services.measures.application import compute as exact_figure
from services.measures.application import population
from services.measures.application.building import Builds
from services.measures.application.looking import Asked, configured
from services.measures.application.own import Lately
from services.measures.domain.measure import By
from services.measures.projection import rebuild as rebuilding
from services.measures.releases import build as releasing
from services.measures.releases import checking, deciding
from services.measures.releases.document import Document
from services.measures.releases.ledger import Release
from services.measures.settings import MeasuresSettings
from services.measures.store.progress import existing_topics, lag
from services.runtime.auth import IssuerKeys, Verifier, keys_over_http
from services.runtime.garbage import settle
from services.runtime.http import HttpApp, create_app
from services.runtime.http.serve import serve
from services.runtime.kafka import KafkaProblem
from services.runtime.postgres import apply_migrations, conninfo, ensure_login, is_outage
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle

Environ = Mapping[str, str]
Found = TypeVar("Found")

ROUTERS = (
    measures.router,
    releases.router,
    releases.figures_router,
    changes.router,
    explanation.router,
    release_steps.router,
    agencies.router,
    targets.router,
)
"""Everything of measures that is answered over HTTP."""


def build(settings: MeasuresSettings, *, telemetry: Telemetry | None = None) -> HttpApp:
    """The HTTP app. Its pool lives as long as its lifespan; the database may be away when it starts.

    Raises BadInitiative.
    """
    pool: releases.Pool = ConnectionPool(
        conninfo(settings.measures_dsn, "closeknit measures serve"),
        min_size=1,
        max_size=4,
        timeout=5.0,
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
    possession = settings.possession(behind_socket=settings.measures_socket is not None)
    return Verifier(settings.issuer, IssuerKeys(keys_over_http(settings.jwks_url)), possession=possession)


def run_serve(environ: Environ = os.environ) -> None:
    """Serves until SIGTERM or SIGINT. Raises SettingsProblem; OSError where the port is taken."""
    settings = MeasuresSettings.from_env(environ)
    serve(build(settings), host=settings.measures_host, port=settings.measures_port, unix=settings.measures_socket)


def run_consume(environ: Environ = os.environ) -> None:
    """Turns events into facts until SIGTERM or SIGINT. Waits for topics; raises TooManyInvalid, KafkaProblem."""
    settings = MeasuresSettings.from_env(environ)
    with telemetry_of("measures-consume", settings) as telemetry:
        lifecycle = Lifecycle(settings.heartbeat)
        with lifecycle.signals():
            topics = consumer.await_topics(settings, lifecycle)
            if topics:
                worker = consumer.build(settings, topics, telemetry, lifecycle)
                settle()
                worker.run()


def migrate(owner_dsn: str, app_dsn: str) -> list[str]:
    """Brings the measures database to its newest version; its login gets the password of its own connection string."""
    ensure_login(owner_dsn, "measures_app", str(conninfo_to_dict(app_dsn)["password"]))
    return apply_migrations(owner_dsn, files("services.measures").joinpath("migrations"))


def compute(
    measure: str,
    initiative: str,
    since: date | None = None,
    until: date | None = None,
    *,
    cutoff: datetime | None = None,
    version: int | None = None,
    by: By = By.NONE,
    environ: Environ = os.environ,
) -> dict[str, object]:
    """One exact figure over local dates [since, until): for an operator, exempt from R24.

    Raises UnknownMeasure, NotBrokenDown, UnknownInitiative, BeforeData, AfterCutoff.
    """
    settings = MeasuresSettings.from_env(environ)
    asked = Asked(configured(settings, initiative), since, until, cutoff)
    return exact_figure.exact(settings, asked, measure, version=version, by=by)


def release_build(initiative: str, order: releasing.Order, *, environ: Environ = os.environ) -> Release:
    """Builds a draft; the same facts, period and cutoff give the release that is there already.

    Raises UnknownInitiative, and as `build`.
    """
    settings = MeasuresSettings.from_env(environ)
    return releasing.build(settings, configured(settings, initiative), order)


def release_approve(release: UUID, person: str, *, environ: Environ = os.environ) -> Release:
    """Publishes a draft that another person built. Raises UnknownRelease, OwnRelease, Withdrawn, Overlaps."""
    return _decided(environ, lambda connection: deciding.approve(connection, release, deciding.Says(person)))


def release_withdraw(release: UUID, person: str, reason: str, *, environ: Environ = os.environ) -> Release:
    """Takes a release's figures away, for a reason that stays. Raises UnknownRelease, Withdrawn."""
    return _decided(environ, lambda connection: deciding.withdraw(connection, release, deciding.Says(person), reason))


def release_check(release: UUID, *, environ: Environ = os.environ) -> checking.Checked:
    """Looks whether stored cells are those that were hashed, and show nothing small. Raises UnknownRelease."""
    return _decided(environ, lambda connection: checking.check(connection, release))


def release_reproduce(release: UUID, *, environ: Environ = os.environ) -> tuple[Release, Document]:
    """A release as it was written, and built again from the log now. Raises UnknownRelease."""
    return releasing.again(MeasuresSettings.from_env(environ), release)


def _decided(environ: Environ, decide: Callable[[psycopg.Connection[Any]], Found]) -> Found:
    settings = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures release"), autocommit=True) as connection:
        return decide(connection)


def import_population(
    initiative: str, path: Path, *, correct: bool = False, environ: Environ = os.environ
) -> population.Imported:
    """Adds figures of a population, as others printed them, from a CSV file to an initiative.

    Raises UnknownInitiative, BadFile.
    """
    settings = MeasuresSettings.from_env(environ)
    found = configured(settings, initiative)
    return population.import_figures(settings, found.slug, path, datetime.now(found.timezone).year, correct=correct)


def rebuild(
    progress: Callable[[int, int], None] = lambda done, of: None, *, environ: Environ = os.environ
) -> dict[str, Any]:
    """Builds all facts anew from Kafka beside those in use, which they then replace at once; says what differed.

    Raises RebuildProblem, KafkaProblem, TooManyInvalid; then nothing has changed.
    """
    settings = MeasuresSettings.from_env(environ)
    with telemetry_of("measures-rebuild", settings) as telemetry:
        topics = existing_topics(settings.broker)
        if not topics:
            raise KafkaProblem("none of the topics of measures is there; run `closeknit topics`")
        gc.collect()
        gc.freeze()
        return asdict(rebuilding.rebuild(settings, topics, telemetry, progress))


def consumer_lag(environ: Environ = os.environ) -> int:
    """Records in Kafka that are not in the facts yet."""
    settings = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures lag"), autocommit=True) as connection:
        return lag(connection, settings.broker)


@contextmanager
def telemetry_of(service: str, settings: MeasuresSettings) -> Iterator[Telemetry]:
    """Telemetry of a process without HTTP, flushed at its end."""
    telemetry = Telemetry.start(service, settings)
    try:
        yield telemetry
    finally:
        telemetry.close()


def _answers(pool: releases.Pool) -> bool:
    try:
        with pool.connection(timeout=1.0) as connection:
            return connection.execute("SELECT FROM projection.current").fetchone() is not None
    except psycopg.Error as error:
        if not is_outage(error):
            raise
        return False
