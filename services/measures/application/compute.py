"""One exact figure, for an operator on the machine: exempt from R24, and therefore never behind the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC

from services.measures.application.coverage import beside
from services.measures.application.looking import Asked, Look, look
from services.measures.definitions import find
from services.measures.domain.figure import Figure, Journeys, compute, seen_by, tabulate
from services.measures.domain.interval import Estimate
from services.measures.domain.journey import Journey
from services.measures.domain.measure import By, Definition, Kind
from services.measures.domain.period import whole_day
from services.measures.domain.redated import is_redated, redated
from services.measures.domain.summary import Course
from services.measures.settings import MeasuresSettings

NOT_THERE = dict.fromkeys(
    ("numerator", "denominator", "missing", "pending", "excluded")
    + ("share", "rate", "rules", "shares", "course", "spread")
)


class NotBrokenDown(Exception):
    """The measure has no such breakdown."""


def exact(
    settings: MeasuresSettings, asked: Asked, measure: str, *, version: int | None = None, by: By = By.NONE
) -> dict[str, object]:
    """The figure of a measure in force, or in one of its versions; with a breakdown a figure for each `row`, too.

    A sensitive measure is not available (`available`, its numbers null) where the initiative has not turned its
    restricted topic on (R6). `redated` are the units that count otherwise than by the due dates that were said first;
    `none_pending_from` is the local date from which nothing of the period is pending.
    Raises UnknownMeasure, NotBrokenDown, and as `look`.
    """
    definition = find(measure, version)
    if by not in definition.by:
        raise NotBrokenDown
    available = asked.initiative.restricted_topic or not definition.sensitive
    again: list[tuple[str, Journey]] = []
    with look(settings, asked, sensitive=definition.sensitive) as seen:
        whole = by is By.NONE and definition.beside is None
        noted = _noting(definition, seen.journeys, again)
        kept = noted if whole else list(noted)
        total = compute(definition, kept, seen.period, seen.as_of)
        rows = None if by is By.NONE else tabulate(definition, kept, seen.period, seen.as_of, by)
        ratios = beside(settings, asked, definition, kept, seen) if definition.beside else None
    shown = (
        document(total) | ({} if available else NOT_THERE) | about(definition, asked, seen) | {"available": available}
    )
    shown |= {"none_pending_from": _ripe_on(definition, seen)}
    shown |= {"redated": redated(definition, again, seen.period, seen.as_of) if available else None}
    shown |= {} if ratios is None else {"ratios": ratios}
    return shown if rows is None else shown | {"by": str(by), "rows": _rows(rows, available=available)}


def _ripe_on(definition: Definition, seen: Look) -> str | None:
    """The local date from which nothing of the period is pending any more; None where the definition does not say."""
    if not definition.settles or not definition.window:
        return None
    last = min(seen.period.until or seen.as_of.cutoff, seen.as_of.cutoff)
    return whole_day(last + definition.window, seen.as_of.zone).isoformat()


def _noting(definition: Definition, journeys: Journeys, again: list[tuple[str, Journey]]) -> Journeys:
    """The same journeys; those in which a due date was said otherwise later are noted as they pass."""
    for client, journey in journeys:
        if is_redated(seen_by(definition, journey)):
            again.append((client, journey))
        yield client, journey


def about(definition: Definition, asked: Asked, seen: Look) -> dict[str, object]:
    """Of what, where and when a figure is, and on what it rests."""
    return {
        "measure": definition.id,
        "initiative": asked.initiative.slug,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
        "facts": seen.facts,
        "lag": seen.lag,
        **asdict(seen.quality),
    }


def _rows(rows: Mapping[str, Figure], *, available: bool) -> list[dict[str, object]]:
    return [{"row": label} | document(figure) for label, figure in rows.items()] if available else []


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
        "share": _plain(figure.estimate) if figure.kind is not Kind.RATE else None,
        "rate": None if figure.kind is not Kind.RATE else _plain(figure.estimate),
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
