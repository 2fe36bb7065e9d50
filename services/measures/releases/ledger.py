"""The releases that were ever written, and how they are read; nothing in it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from contracts.initiative import MeasurementConsent
from services.measures.domain.measure import By
from services.measures.domain.period import Quarter
from services.measures.domain.suppression import Shown
from services.measures.releases.document import Cells, Document, Measured


class UnknownRelease(Exception):
    """There is no such release."""


@dataclass(frozen=True)
class MeasureOf:
    """One measure as a release froze it."""

    id: str
    version: int
    title: str
    of: str
    text: str
    note: str
    counts_clients: bool
    by: tuple[By, ...]
    cells_sha256: str


@dataclass(frozen=True)
class Release:
    """A release as it was written; times are aware."""

    id: UUID
    initiative: str
    name: str
    number: int
    cutoff: datetime
    last_position: int
    since: datetime
    until: datetime
    zone: str
    measurement_consent: MeasurementConsent
    document_sha256: str
    parked: int
    built_at: datetime
    measures: tuple[MeasureOf, ...]


_COLUMNS = (
    "id, initiative, name, number, cutoff, last_position, since, until, zone, measurement_consent, document_sha256,"
    " parked, built_at"
)


def write(connection: Connection[Any], document: Document, parked: int) -> Release:
    """Writes a release under the next name of its last quarter, or finds it when it was written before."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('closeknit releases', 0))")
        if cursor.execute("SELECT FROM releases WHERE id = %s", [document.id]).fetchone() is None:
            _insert(cursor, document, parked)
    return find(connection, document.id)


def find(connection: Connection[Any], release: UUID, initiative: str | None = None) -> Release:
    """One release, of this initiative where one is named; raises UnknownRelease."""
    found = _read(connection, "id = %(id)s", {"id": release, "initiative": initiative}, 1)
    if not found or initiative not in (None, found[0].initiative):
        raise UnknownRelease
    return found[0]


def of_initiative(connection: Connection[Any], initiative: str, before: int | None, limit: int) -> list[Release]:
    """Releases of an initiative, the newest first, from those with a number below `before`."""
    where = "initiative = %(initiative)s AND number < coalesce(%(before)s, 2147483647)"
    return _read(connection, where, {"initiative": initiative, "before": before}, limit)


def figures(connection: Connection[Any], release: UUID, measure: str, by: By) -> list[tuple[str, Shown]]:
    """The rows of one table in their order, each with its label."""
    rows = connection.execute(
        "SELECT label, numerator, denominator, missing, pending, excluded FROM release_cells"
        " WHERE release = %s AND measure = %s AND by_ = %s ORDER BY place",
        [release, measure, str(by)],
    ).fetchall()
    return [(label, Shown(*values)) for label, *values in rows]


def _insert(cursor: Cursor[Any], document: Document, parked: int) -> None:
    basis, span = document.basis, document.span
    cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM releases WHERE initiative = %s", [basis.initiative])
    number = (cursor.fetchone() or (1,))[0]
    quarter = str(Quarter.of(span.until, ZoneInfo(span.zone)).before())
    cursor.execute(
        "SELECT count(*) + 1 FROM releases WHERE initiative = %s AND name LIKE %s", [basis.initiative, f"{quarter}.%"]
    )
    name = f"{quarter}.{(cursor.fetchone() or (1,))[0]}"
    cursor.execute(
        "INSERT INTO releases (id, initiative, name, number, cutoff, last_position, since, until, zone, facts,"
        " facts_sha256, document_sha256, parked, measurement_consent)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [document.id, basis.initiative, name, number, basis.cutoff, basis.last_position, span.since, span.until]
        + [span.zone, basis.facts, basis.facts_sha256, document.sha256, parked, basis.rule],
    )
    for place, measured in enumerate(document.measures):
        _insert_measure(cursor, document.id, place, measured)


def _insert_measure(cursor: Cursor[Any], release: UUID, place: int, measured: Measured) -> None:
    definition = measured.definition
    cursor.execute(
        "INSERT INTO release_measures (release, measure, place, version, title, of_, text_, note, counts_clients,"
        " groupings, cells_sha256) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [release, definition.id, place, definition.version, definition.title, definition.of, definition.text]
        + [definition.note, definition.counts_clients, list(map(str, measured.cells)), measured.sha256],
    )
    cursor.executemany(
        "INSERT INTO release_cells (release, measure, by_, place, label, numerator, denominator, missing, pending,"
        " excluded) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        list(_cell_rows(release, definition.id, measured.cells)),
    )


def _cell_rows(release: UUID, measure: str, cells: Cells) -> Sequence[tuple[object, ...]]:
    return [
        (release, measure, str(by), place, label, row.numerator, row.denominator)
        + (row.missing, row.pending, row.excluded)
        for by, rows in cells.items()
        for place, (label, row) in enumerate(rows.items())
    ]


def _read(connection: Connection[Any], where: str, values: dict[str, object], limit: int) -> list[Release]:
    query = f"SELECT {_COLUMNS} FROM releases WHERE {where} ORDER BY number DESC LIMIT %(limit)s"  # noqa: S608 - fixed texts
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), values | {"limit": limit}).fetchall()
        return [Release(**row, measures=_measures(cursor, row["id"])) for row in rows]


def _measures(cursor: Cursor[dict[str, Any]], release: UUID) -> tuple[MeasureOf, ...]:
    rows = cursor.execute(
        'SELECT measure AS id, version, title, of_ AS "of", text_ AS text, note, counts_clients, groupings AS by,'
        " cells_sha256 FROM release_measures WHERE release = %s ORDER BY place",
        [release],
    ).fetchall()
    return tuple(MeasureOf(**{**row, "by": tuple(map(By, row["by"]))}) for row in rows)
