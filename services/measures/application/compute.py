"""One exact figure, for an operator on the machine: exempt from R24, and therefore never behind the gateway."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

import psycopg

from contracts.initiative import Initiative
from services.measures.definitions import find
from services.measures.domain.figure import Figure, compute
from services.measures.domain.interval import Estimate
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from services.measures.domain.summary import Course
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys, progress
from services.runtime.postgres import conninfo

SECONDS_TO_CATCH_UP = 20.0
NOT_THERE = dict.fromkeys(("numerator", "denominator", "missing", "pending", "excluded"))


def exact(
    settings: MeasuresSettings,
    initiative: Initiative,
    measure: str,
    *,
    since: date | None = None,
    until: date | None = None,
    cutoff: datetime | None = None,
) -> dict[str, object]:
    """The figure of a measure over local dates [since, until) of an initiative, as known at `cutoff` (default: now).

    Waits a while for what Kafka has and the facts have not; `lag` says what was left, `parked` what cannot be applied.
    A sensitive measure is not available (`available`, its numbers null) where the initiative has not turned its
    restricted topic on (R6). Raises UnknownMeasure.
    """
    definition = find(measure)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures compute"), autocommit=True) as connection:
        left = progress.await_read(connection, settings.kafka, SECONDS_TO_CATCH_UP)
        parked = progress.parked(connection)
    at = cutoff or datetime.now(UTC)
    period = Period.of_dates(since, until, initiative.timezone)
    with journeys.reading(settings.measures_dsn) as connection:
        rule = initiative.measurement_consent
        on = journeys.basis(connection, initiative.slug, at, rule, restricted=definition.sensitive)
        figure = compute(definition, journeys.journeys(connection, on), period, AsOf(at, initiative.timezone, rule))
    available = initiative.restricted_topic or not definition.sensitive
    return (
        document(figure)
        | ({} if available else NOT_THERE)
        | {
            "available": available,
            "measure": definition.id,
            "initiative": initiative.slug,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "facts": on.facts,
            "lag": left,
            "parked": parked,
        }
    )


def document(figure: Figure) -> dict[str, object]:
    """A figure as plain JSON values; times are in days, shares and their intervals from 0 to 1."""
    course = figure.course
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "missing": figure.missing,
        "pending": figure.pending,
        "excluded": figure.excluded,
        "definition": figure.definition,
        "definition_version": int(figure.definition.rpartition("_v")[2]),
        "cutoff": figure.cutoff.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "population_note": figure.population_note,
        "kind": str(figure.kind),
        "share": _plain(figure.estimate),
        "rules": dict(figure.rules),
        "shares": None if figure.shares is None else dict(figure.shares),
        "course": None if course is None else asdict(course) | {"within": _within(course)},
        "spread": None if figure.spread is None else asdict(figure.spread),
        "quality": asdict(figure.quality),
    }


def _within(course: Course) -> list[dict[str, object]]:
    return [{"days": days, "share": _plain(share)} for days, share in course.within.items()]


def _plain(estimate: Estimate | None) -> dict[str, object] | None:
    return None if estimate is None else asdict(estimate)
