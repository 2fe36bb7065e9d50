"""Releases over HTTP: frozen figures of the caller's initiative, the same for everyone, today and later."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as InQuery
from psycopg import Connection
from psycopg_pool import ConnectionPool

from contracts.initiative import Initiative
from services.measures.api.paging import next_url, place_of
from services.measures.api.shapes import READERS, FigureRow, Figures, FiguresOf, Page, Reader, Releases, ReleaseShown
from services.measures.domain.measure import By
from services.measures.releases import ledger
from services.runtime.http import Part, lean_router
from services.runtime.http.problem import FieldError, malformed, not_found

router = lean_router()
figures_router = APIRouter()

Pool = ConnectionPool[Connection[Any]]
AtPool = Annotated[Pool, Part("pool")]

PATH = "/v1/releases"
_NUMBERS = ("numerator", "denominator", "percent", "low", "high", "missing", "pending", "excluded")


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


def _initiatives(request: Request) -> Mapping[str, Initiative]:
    found: Mapping[str, Initiative] = request.app.state.initiatives
    return found


@router.get("/v1/releases")
async def list_releases(principal: Reader, pool: AtPool, page: Annotated[Page, InQuery()]) -> Releases:
    """Releases of the caller's initiative, the newest first."""

    before = place_of(PATH, principal.initiative, page.cursor)

    def read() -> list[ledger.Release]:
        with pool.connection() as connection:
            return ledger.of_initiative(connection, principal.initiative, before, page.limit + 1)

    found = await asyncio.to_thread(read)
    shown = found[: page.limit]
    last = shown[-1].number if shown != found else None
    following = next_url(PATH, principal.initiative, page.limit, last)
    return Releases(items=[ReleaseShown.of(release) for release in shown], next=following)


@router.get("/v1/releases/{release}")
async def get_release(principal: Reader, pool: AtPool, release: UUID) -> ReleaseShown:
    """One release with the definitions that it froze."""
    return ReleaseShown.of(await asyncio.to_thread(_find, pool, release, principal.initiative))


@figures_router.get(
    "/v1/releases/{release}/figures",
    operation_id="get_release_figures",
    response_model=Figures,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra={"x-roles": READERS, "security": [{"bearer": []}]},
)
async def get_release_figures(
    principal: Reader,
    pool: Annotated[Pool, Depends(_pool)],
    initiatives: Annotated[Mapping[str, Initiative], Depends(_initiatives)],
    request: Request,
    release: str,
    *,
    asked: Annotated[FiguresOf, InQuery()],
) -> Response:
    """One table of a release: a measure, by quarter, by category or as one total; JSON, or CSV for a spreadsheet."""
    try:
        id = UUID(release)
    except ValueError:
        raise not_found() from None
    table = await asyncio.to_thread(_table, pool, initiatives[principal.initiative], id, asked)
    wants_csv = asked.format == "csv" or (asked.format is None and "text/csv" in request.headers.get("accept", ""))
    if not wants_csv:
        return Response(table.model_dump_json(), media_type="application/json")
    name = f"{table.name}-{table.measure.measure}-by-{table.by}.csv"
    return Response(
        _csv(table), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _find(pool: Pool, release: UUID, initiative: str) -> ledger.Release:
    with pool.connection() as connection:
        try:
            return ledger.find(connection, release, initiative)
        except ledger.UnknownRelease:
            raise not_found() from None


def _table(pool: Pool, initiative: Initiative, release: UUID, asked: FiguresOf) -> Figures:
    found = _find(pool, release, initiative.slug)
    measure = next((measure for measure in found.measures if measure.id == asked.measure), None)
    if measure is None:
        raise not_found()
    if asked.by not in measure.by:
        raise malformed([FieldError("/query/by", "not_broken_down", "This measure has no such breakdown.")])
    with pool.connection() as connection:
        tables = {by: ledger.figures(connection, found.id, measure.id, by) for by in {By.NONE, asked.by}}
    return Figures.of(found, measure, asked.by, tables, initiative.reference_group(str(asked.by), measure.id))


def _csv(table: Figures) -> str:
    """RFC 4180; "too few to show" where a number is hidden, an empty field where there is none."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["release", "measure", "version", "cutoff", str(table.by), *_NUMBERS])
    for row in [*table.rows, table.total]:
        start = [table.name, table.measure.measure, table.measure.version, table.cutoff.isoformat()]
        writer.writerow([*start, row.label or "total", *_numbers(row, table.measure.counts_clients)])
    return text.getvalue()


def _numbers(row: FigureRow, counts_clients: bool) -> list[float | str]:
    hidden = {name: "too few to show" for name in _NUMBERS if getattr(row, name) is None}
    if counts_clients:
        hidden["denominator"] = ""
    if counts_clients or row.denominator == 0:
        hidden |= dict.fromkeys(("percent", "low", "high"), "")
    return [hidden.get(name, getattr(row, name)) for name in _NUMBERS]
