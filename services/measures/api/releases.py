"""Releases over HTTP: frozen figures of the caller's initiative, the same for everyone, today and later."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as InQuery
from psycopg import Connection
from psycopg_pool import ConnectionPool

from contracts.initiative import Initiative
from services.measures.api.csv_table import written
from services.measures.api.paging import next_url, place_of
from services.measures.api.problems import no_such_measure, not_in_catalogue, withdrawn
from services.measures.api.release_shapes import Coming, Releases, ReleaseShown
from services.measures.api.shapes import READERS, Figures, FiguresOf, Page, Reader
from services.measures.domain.measure import By
from services.measures.domain.period import whole_day
from services.measures.releases import ledger, views
from services.measures.releases.build import SETTLED
from services.measures.releases.lattice import from_then_on, matures_on, over
from services.measures.store import journeys
from services.runtime.auth import Principal
from services.runtime.http import Call, Part, Reply, fresh, lean_router
from services.runtime.http.problem import not_found
from services.runtime.http.route import problem_responses

router = lean_router()
figures_router = APIRouter()

Pool = ConnectionPool[Connection[Any]]
AtPool = Annotated[Pool, Part("pool")]
AtInitiatives = Annotated[Mapping[str, Initiative], Part("initiatives")]

PATH = "/v1/releases"


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


@router.get("/v1/releases")
async def list_releases(
    principal: Reader, pool: AtPool, initiatives: AtInitiatives, page: Annotated[Page, InQuery()]
) -> Releases:
    """Releases of the caller's initiative, the newest first, and which come next; drafts for the backbone alone."""

    before = place_of(PATH, principal.initiative, page.cursor)
    initiative, now = initiatives[principal.initiative], datetime.now(UTC)

    def read() -> tuple[list[ledger.Release], list[Coming], list[Coming]]:
        with pool.connection() as connection:
            found = ledger.of_initiative(
                connection, principal.initiative, before, page.limit + 1, drafts=_drafts(principal)
            )
            return found, *_to_come(connection, initiative, now, drafts=_drafts(principal))

    found, coming, buildable = await asyncio.to_thread(read)
    shown = found[: page.limit]
    last = shown[-1].number if shown != found else None
    following = next_url(PATH, principal.initiative, page.limit, last)
    return Releases(
        items=[ReleaseShown.of(release, principal) for release in shown],
        coming=coming,
        buildable=buildable,
        next=following,
    )


@router.get("/v1/releases/{release}")
async def get_release(principal: Reader, call: Call, pool: AtPool, release: UUID) -> Reply[ReleaseShown]:
    """One release with the definitions that it froze; a draft is there for the backbone alone."""
    found = await fresh(call, lambda: asyncio.to_thread(find_release, pool, release, principal))
    return Reply(ReleaseShown.of(found, principal), version=found.version)


def _drafts(principal: Principal) -> bool:
    return "backbone" in principal.roles


def _to_come(
    connection: Connection[Any], initiative: Initiative, now: datetime, *, drafts: bool
) -> tuple[list[Coming], list[Coming]]:
    """What comes next, and for who sees drafts what can be built; nothing of either where nothing is recorded."""
    if not journeys.count(connection, journeys.Basis(initiative.slug, now), 1):
        return [], []
    released = ledger.periods_released(connection, initiative.slug)
    coming = _coming(initiative, released, None, now)
    today = now.astimezone(initiative.timezone).date()
    if not drafts and all(each.due_on > today for each in coming):
        return coming, []
    begins_on = _begins_on(connection, initiative, now)
    buildable = _buildable(initiative, released, begins_on, now) if drafts else []
    return _coming(initiative, released, begins_on, now), buildable


def _coming(initiative: Initiative, released: frozenset[str], begins_on: date | None, now: datetime) -> list[Coming]:
    """The next period of each length that has no release, from the newest on that every measure may be told of.

    None that was over before the data begin, where that day is known.
    """
    window = max(_windows(initiative))
    found = []
    for length in initiative.releases.periods:
        spans = from_then_on(initiative, length, now - window)
        reached = (span for span in spans if begins_on is None or span.end > begins_on)
        span = next(span for span in reached if span.name not in released)
        found.append(Coming.of(span, whole_day(matures_on(span, window), initiative.timezone)))
    return found


def _begins_on(connection: Connection[Any], initiative: Initiative, now: datetime) -> date | None:
    """The local date on which the data begin, as a release says, else the facts; None where there are none."""
    if said := ledger.begins_on(connection, initiative.slug):
        return said
    begins = journeys.begins(connection, journeys.Basis(initiative.slug, now))
    return begins and begins.astimezone(initiative.timezone).date()


def _buildable(
    initiative: Initiative, released: Collection[str], begins_on: date | None, now: datetime
) -> list[Coming]:
    """Every period that is over, of which some measure may be told, and that has no release."""
    windows, until = _windows(initiative), now - SETTLED
    spans = (span for span in over(initiative, until, begins_on) if span.name not in released)
    return [
        Coming.of(span, whole_day(matures_on(span, max(windows)), initiative.timezone))
        for span in spans
        if matures_on(span, min(windows)) <= until
    ]


def _windows(initiative: Initiative) -> list[timedelta]:
    """How long after a period each measure on a scorecard is told of it; at least one."""
    return [each.window for each in views.listed(initiative)] or [timedelta(0)]


@figures_router.get(
    "/v1/releases/{release}/figures",
    operation_id="get_release_figures",
    response_model=Figures,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        **problem_responses(401, 403, 404, 409, 422, 429, 500, 503),
    },
    openapi_extra={"x-roles": READERS, "security": [{"bearer": []}]},
)
async def get_release_figures(
    principal: Reader,
    pool: Annotated[Pool, Depends(_pool)],
    request: Request,
    release: str,
    *,
    asked: Annotated[FiguresOf, InQuery()],
) -> Response:
    """One table of a release: a measure by one of its breakdowns, or as one total; JSON, or CSV for a spreadsheet."""
    try:
        id = UUID(release)
    except ValueError:
        raise not_found() from None
    table = await asyncio.to_thread(_table, pool, principal, id, asked)
    wants_csv = asked.format == "csv" or (asked.format is None and "text/csv" in request.headers.get("accept", ""))
    if not wants_csv:
        return Response(table.model_dump_json(), media_type="application/json")
    name = f"{table.name}-{table.measure.measure}-by-{table.by}.csv"
    return Response(
        written(table, asked.language),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def find_release(pool: Pool, release: UUID, principal: Principal) -> ledger.Release:
    """A release that this person may know of. Raises 404."""
    with pool.connection() as connection:
        try:
            return ledger.find(connection, release, principal.initiative, drafts=_drafts(principal))
        except ledger.UnknownRelease:
            raise not_found() from None


def _table(pool: Pool, principal: Principal, release: UUID, asked: FiguresOf) -> Figures:
    found = find_release(pool, release, principal)
    measure = next((measure for measure in found.measures if measure.id == asked.measure), None)
    if measure is None:
        raise no_such_measure(asked.measure)
    if asked.by not in measure.by:
        raise not_in_catalogue("/query/by", "not_broken_down")
    if found.withdrawn:
        raise withdrawn()
    with pool.connection() as connection:
        tables = {by: ledger.figures(connection, found.id, measure.id, by) for by in {By.NONE, asked.by}}
    return Figures.of(found, measure, asked.by, tables, found.references.get(measure.id, {}).get(str(asked.by)))
