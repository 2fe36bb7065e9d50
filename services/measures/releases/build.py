"""Builds a release of an initiative, or builds one again to see that it comes out the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from contracts.initiative import Initiative
from services.measures.definitions import CATALOGUE, find
from services.measures.domain.measure import Definition
from services.measures.domain.period import Period, Quarter, quarters
from services.measures.releases import ledger
from services.measures.releases.document import Document, Span
from services.measures.releases.tables import Counted, count
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys, progress
from services.runtime.postgres import conninfo

QUARTERS = 8
SETTLED = timedelta(seconds=2)
SECONDS_TO_CATCH_UP = 60.0


class NotReady(Exception):
    """The facts are behind Kafka: a release now would leave out what is recorded already."""


def build(
    settings: MeasuresSettings, initiative: Initiative, *, cutoff: datetime | None = None, last: int = QUARTERS
) -> ledger.Release:
    """Computes and writes a release of the last whole quarters before `cutoff`, and gives it as it was written.

    `cutoff` (aware; default: a moment ago, so that what was recorded before it has arrived) is when facts must have
    been recorded. The same facts, definitions and cutoff are the same release: it is given again, not written twice.
    Raises NotReady when the facts stay behind Kafka.
    """
    at = cutoff or datetime.now(UTC) - SETTLED
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures release"), autocommit=True) as connection:
        if progress.await_read(connection, settings.kafka, SECONDS_TO_CATCH_UP):
            raise NotReady
        with journeys.reading(settings.measures_dsn) as reading:
            definitions = published(initiative)
            consent, restricted = initiative.measurement_consent, any(each.sensitive for each in definitions)
            on = journeys.basis(reading, initiative.slug, at, consent, restricted=restricted)
            document = _document(reading, on, span_before(at, initiative.zone, last), definitions)
        return ledger.write(connection, document, progress.parked(connection))


def reproduce(settings: MeasuresSettings, release: UUID) -> tuple[str, str]:
    """The hash of a release as it was written, and of the same release built again now; equal unless facts changed.

    Raises UnknownRelease, and UnknownMeasure when a measure is not defined any more.
    """
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures release"), autocommit=True) as connection:
        written = ledger.find(connection, release)
    definitions = tuple(find(measure.id, measure.version) for measure in written.measures)
    restricted = any(each.sensitive for each in definitions)
    with journeys.reading(settings.measures_dsn) as reading:
        cutoff, consent = written.cutoff, written.measurement_consent
        on = journeys.basis(reading, written.initiative, cutoff, consent, written.last_position, restricted=restricted)
        span = Span(written.since, written.until, written.zone)
        return written.document_sha256, _document(reading, on, span, definitions).sha256


def published(initiative: Initiative) -> tuple[Definition, ...]:
    """The measures that stand on the scorecard of some working group, in the order of the catalogue.

    Sensitive ones are not available where the initiative has not turned its restricted topic on (R6).
    """
    listed = {measure for group in initiative.working_groups for measure in group.measures}
    there = (each for each in CATALOGUE.values() if initiative.restricted_topic or not each.sensitive)
    return tuple(each for each in there if each.id in listed)


def span_before(cutoff: datetime, zone: str, last: int) -> Span:
    """The last whole quarters, by local dates, that had ended at the cutoff."""
    local = ZoneInfo(zone)
    this = Quarter.of(cutoff, local)
    period = Period.of_dates(this.before(last).first_day(), this.first_day(), local)
    if period.since is None or period.until is None:
        raise ValueError("a release has a beginning and an end")
    return Span(period.since, period.until, zone)


def _document(
    connection: psycopg.Connection[tuple[object, ...]],
    on: journeys.Basis,
    span: Span,
    definitions: Sequence[Definition],
) -> Document:
    zone = ZoneInfo(span.zone)
    first, last = Quarter.of(span.since, zone), Quarter.of(span.until, zone).before()
    listed = [str(each) for each in quarters(first, last)]
    counted = Counted(Period(span.since, span.until), zone, listed, on.cutoff, on.rule)
    return Document(on, span, count(definitions, journeys.journeys(connection, on), counted))
