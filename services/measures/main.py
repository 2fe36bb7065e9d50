"""The composition root of measures: its consumer, and what an operator asks of it, from settings."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from services.measures import consumer
from services.measures.application import compute as exact_figure
from services.measures.application import population
from services.measures.application.looking import Asked, configured
from services.measures.domain.measure import By
from services.measures.projection import rebuild as rebuilding
from services.measures.projection.rebuild import Onto
from services.measures.releases import build as releasing
from services.measures.releases import checking, deciding
from services.measures.releases.document import Document
from services.measures.releases.ledger import Release
from services.measures.settings import MeasuresSettings
from services.measures.store import kept
from services.measures.store.facts import OtherKey, current
from services.measures.store.progress import existing_topics, lag
from services.runtime.garbage import settle
from services.runtime.kafka import KafkaProblem
from services.runtime.postgres import apply_migrations, conninfo, ensure_login
from services.runtime.postgres.login import refuse_strong_at
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle

Environ = Mapping[str, str]
Found = TypeVar("Found")


def run_serve(environ: Environ = os.environ) -> None:
    """Serves until SIGTERM or SIGINT. Raises SettingsProblem, StrongRole; OSError where the port is taken."""
    from services.measures.serving import run  # noqa: PLC0415 -- the consumer starts sooner without HTTP

    settings = MeasuresSettings.from_env(environ)
    refuse_strong_at(settings.measures_dsn)
    run(settings)


def run_consume(environ: Environ = os.environ) -> None:
    """Turns events into facts until SIGTERM or SIGINT. Waits for topics.

    Raises StrongRole, TooManyInvalid, KafkaProblem.
    """
    settings = MeasuresSettings.from_env(environ)
    refuse_strong_at(settings.measures_dsn)
    with telemetry_of("measures-consume", settings) as telemetry:
        lifecycle = Lifecycle(settings.heartbeat)
        with lifecycle.signals():
            consume(settings, telemetry, lifecycle)


def consume(settings: MeasuresSettings, telemetry: Telemetry, lifecycle: Lifecycle) -> None:
    """The same until `lifecycle` stops: under one log key, and after a rotation under the next."""
    while not lifecycle.stopping:
        key = consumer.await_key(settings, lifecycle)
        topics = consumer.await_topics(settings, lifecycle, key)
        if topics:
            worker = consumer.build(settings, topics, telemetry, lifecycle, key)
            settle()
            with contextlib.suppress(OtherKey):
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


def release_approve(release: UUID, person: str, *, environ: Environ = os.environ) -> tuple[Release, bool]:
    """Publishes a draft that another person built; and whether it was published before.

    Raises UnknownRelease, OwnRelease, Withdrawn, Overlaps.
    """
    decided_now = list[Release]()
    says = deciding.Says(person, before=decided_now.append)
    return _decided(environ, lambda connection: deciding.approve(connection, release, says)), not decided_now


def release_withdraw(release: UUID, person: str, reason: str, *, environ: Environ = os.environ) -> tuple[Release, bool]:
    """Takes a release's figures away, for a reason that stays; and whether they were away before.

    Raises UnknownRelease, Withdrawn.
    """
    decided_now = list[Release]()
    says = deciding.Says(person, before=decided_now.append)
    return _decided(environ, lambda connection: deciding.withdraw(connection, release, says, reason)), not decided_now


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
    return population.import_figures(settings, found, path, datetime.now(found.timezone).year, correct=correct)


def rebuild(
    progress: Callable[[int, int], None] = lambda done, of: None,
    *,
    onto: Onto | None = None,
    environ: Environ = os.environ,
) -> dict[str, Any]:
    """Builds all facts anew from Kafka beside those in use, which they then replace at once; says what differed.

    With `onto` from the topics under another log key. Raises RebuildProblem, KafkaProblem, TooManyInvalid; then nothing
    has changed.
    """
    settings = MeasuresSettings.from_env(environ)
    with telemetry_of("measures-rebuild", settings) as telemetry:
        topics = existing_topics(settings.broker, onto.key if onto else log_key(environ))
        if not topics:
            raise KafkaProblem("none of the topics of measures is there; run `closeknit topics`")
        gc.collect()
        gc.freeze()
        return asdict(rebuilding.rebuild(settings, topics, telemetry, progress, onto))


def log_key(environ: Environ = os.environ) -> int:
    """The log key under which the facts that readers see were read."""
    settings = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures log key"), autocommit=True) as connection:
        return current(connection)[1]


def forget_before(environ: Environ = os.environ) -> None:
    """Drops the facts that the last rebuild replaced, and what was kept of clients whom facts do not name any more."""
    settings = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures forget"), autocommit=True) as connection:
        connection.execute("SELECT projection.forget()")
        kept.forget(connection)


def forget_unfinished(environ: Environ = os.environ) -> None:
    """Drops the facts of a rebuild that was killed. Raises RebuildProblem while one is running."""
    rebuilding.forget_unfinished(MeasuresSettings.from_env(environ).measures_dsn)


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
