"""What an operator asks figures of, and the journeys that answer it: one state of the facts, as known at a cutoff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import psycopg

from contracts.initiative import Initiative, load_initiatives
from services.measures.domain.data_quality import DataQuality
from services.measures.domain.figure import Journeys
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys, progress
from services.measures.store.directory import data_quality
from services.runtime.postgres import conninfo

SECONDS_TO_CATCH_UP = 20.0


class UnknownInitiative(Exception):
    """No initiative of that name is configured."""


def configured(settings: MeasuresSettings, slug: str) -> Initiative:
    """The initiative of that name. Raises UnknownInitiative, BadInitiative."""
    try:
        return load_initiatives(settings.initiatives)[slug]
    except KeyError:
        raise UnknownInitiative from None


@dataclass
class BeforeData(Exception):
    """The period was over before the data begin, on that local date."""

    begins_on: date


@dataclass
class AfterCutoff(Exception):
    """The period begins after the cutoff, on that local date: nothing of it is known by then."""

    cutoff_on: date


@dataclass(frozen=True)
class Asked:
    """Over which local dates [since, until) of an initiative, as known at which cutoff (aware; default: now)."""

    initiative: Initiative
    since: date | None = None
    until: date | None = None
    cutoff: datetime | None = None


@dataclass(frozen=True)
class Look:
    """Journeys to count, and what they rest on: `lag` was not read yet from Kafka, nor `quality.parked` ever."""

    journeys: Journeys
    period: Period
    as_of: AsOf
    facts: int
    lag: int
    quality: DataQuality


@contextmanager
def look(settings: MeasuresSettings, asked: Asked, *, sensitive: bool) -> Iterator[Look]:
    """Waits a while for what Kafka has and the facts have not, then reads; restricted facts for sensitive measures.

    Raises BeforeData and AfterCutoff for a period of which nothing can be known.
    """
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures compute"), autocommit=True) as connection:
        left = progress.await_read(connection, settings.broker, SECONDS_TO_CATCH_UP)
    initiative = asked.initiative
    as_of = AsOf(asked.cutoff or datetime.now(UTC), initiative.timezone, initiative.measurement_consent)
    period = Period.of_dates(asked.since, asked.until, initiative.timezone)
    with journeys.reading(settings.measures_dsn) as connection:
        on = journeys.basis(connection, initiative.slug, as_of.cutoff, as_of.consent, restricted=sensitive)
        _known(period, journeys.begins(connection, on), as_of)
        quality = data_quality(connection, initiative, period, as_of.cutoff)
        yield Look(journeys.journeys(connection, on), period, as_of, on.facts, left, quality)


def _known(period: Period, begins: datetime | None, as_of: AsOf) -> None:
    if period.since is not None and period.since >= as_of.cutoff:
        raise AfterCutoff(as_of.cutoff.astimezone(as_of.zone).date())
    if begins is not None and period.until is not None and period.until <= begins:
        raise BeforeData(begins.astimezone(as_of.zone).date())
