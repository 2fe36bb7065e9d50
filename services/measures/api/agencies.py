"""An agency's own figures over HTTP: exact, of its own clients, for its own staff."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query as InQuery

from services.measures.api.details import CourseShown, RateShown, SpreadShown
from services.measures.api.problems import problem_of
from services.measures.api.releases import AtInitiatives, AtPool
from services.measures.api.said import Answer, estimate_of, of_100
from services.measures.api.shapes import Instant, MeasureShown, PeriodName, Query
from services.measures.application import own
from services.measures.domain.measure import Kind, Standing
from services.measures.domain.pieces import Cut, detail
from services.measures.releases import views
from services.measures.releases.lattice import UnknownPeriod, named, newest, recent
from services.measures.store.journeys import one_moment
from services.runtime.auth import Principal, Roles
from services.runtime.http import Part, lean_router
from services.runtime.http.problem import not_found

router = lean_router()

Staff = Annotated[Principal, Roles("staff", "case_manager")]


class OwnQuery(Query):
    """Which period of the initiative's lattice (`2026-Q3`, `2026`); default the newest quarter that is over."""

    period: PeriodName | None = None


class OwnFigureShown(Answer):
    """One measure over the agency's own clients; nothing is hidden. `percent` is of a proportion alone."""

    measure: MeasureShown
    numerator: int
    denominator: int | None
    percent: int | None
    low: float | None
    high: float | None
    missing: int
    pending: int
    excluded: int
    shares: dict[str, int] | None = None
    course: CourseShown | None = None
    spread: SpreadShown | None = None
    rate: RateShown | None = None

    @classmethod
    def of(cls, found: own.OwnFigure) -> OwnFigureShown:
        """A figure as it is."""
        definition, figure = found.definition, found.figure
        share = estimate_of(figure.numerator, figure.denominator) if figure.kind is Kind.PROPORTION else None
        codes = {rule.code: (rule.code,) for rule in definition.rules if rule.standing is Standing.MET}
        return cls(
            measure=MeasureShown.defined(definition),
            numerator=figure.numerator,
            denominator=figure.denominator,
            percent=round(100 * share.value) if share else None,
            low=of_100(share.low) if share else None,
            high=of_100(share.high) if share else None,
            missing=figure.missing,
            pending=figure.pending,
            excluded=figure.excluded,
            **(detail(figure, Cut(definition, codes)) or {}),
        )


class OwnFigures(Answer):
    """An agency's exact figures over a period, as known at the cutoff: not to be passed on, for no cell is hidden.

    `periods` are some that may be asked for, of each length the latest first; the first of each may not be over.
    """

    agency: str
    period: str
    since: Instant
    until: Instant
    cutoff: Instant
    periods: list[str]
    items: list[OwnFigureShown]


@router.get("/v1/agencies/{agency}/figures")
async def get_agency_figures(
    principal: Staff,
    pool: AtPool,
    initiatives: AtInitiatives,
    agency: str,
    *,
    asked: Annotated[OwnQuery, InQuery()],
    lately: Annotated[own.Lately, Part("lately")],
) -> OwnFigures:
    """The caller's agency's figures of its own clients, counted anew every few minutes; 404 for another agency."""
    if principal.agency != agency:
        raise not_found()
    initiative, now = initiatives[principal.initiative], datetime.now(UTC)
    try:
        span = named(initiative, asked.period) if asked.period else newest(initiative, "quarter", now)
    except UnknownPeriod as refusal:
        raise problem_of(refusal) from None
    if span.since > now:
        raise problem_of(UnknownPeriod())

    def count() -> Sequence[own.OwnFigure]:
        with pool.connection() as connection, one_moment(connection):
            return own.figures(connection, initiative, agency, (span.period, now), views.listed(initiative))

    cutoff, found = await asyncio.to_thread(lately.of, (initiative.slug, agency, span.name), now, count)
    return OwnFigures(
        agency=agency,
        period=span.name,
        since=span.since,
        until=span.until,
        cutoff=cutoff,
        periods=[each.name for each in recent(initiative, now)],
        items=[OwnFigureShown.of(each) for each in found],
    )
