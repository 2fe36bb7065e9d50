"""The releases that were ever written, and how they are read; nothing in it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from contracts.initiative import MeasurementConsent, ReleasePeriod
from services.measures.domain.data_quality import DataQuality
from services.measures.domain.measure import By
from services.measures.domain.suppression import Shown
from services.measures.releases.document import Beside
from services.measures.releases.lattice import Span


class UnknownRelease(Exception):
    """There is no such release, or none that the caller may know of."""


class State(StrEnum):
    """Where a release stands."""

    DRAFT = "draft"  # built, and seen by the backbone alone
    PUBLISHED = "published"  # approved by another person
    WITHDRAWN = "withdrawn"  # its figures are not shown any more; the reason is


class Decision(NamedTuple):
    """What somebody of the backbone decided of a release, and when (aware)."""

    at: datetime
    by: str
    reason: str | None = None


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
    """A release as it was written; times are aware. `built_by` is a person's sign-in, or an operator's name.

    `begins_on` is the local date on which the data begin, where that is in its period.
    """

    id: UUID
    initiative: str
    name: str
    number: int
    span: Span
    begins_on: date | None
    cutoff: datetime
    last_position: int
    restricted: bool
    measurement_consent: MeasurementConsent
    rows: Mapping[str, Sequence[str]]
    references: Mapping[str, Mapping[str, str]]
    withheld: Mapping[str, date]
    document_sha256: str
    beside: tuple[Beside, ...]
    quality: DataQuality
    built_at: datetime
    built_by: str
    approved: Decision | None
    withdrawn: Decision | None
    measures: tuple[MeasureOf, ...]

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.withdrawn:
            return State.WITHDRAWN
        return State.PUBLISHED if self.approved else State.DRAFT

    @property
    def version(self) -> int:
        """Its version: one more with every decision."""
        return 1 + sum(decision is not None for decision in (self.approved, self.withdrawn))


_FOUND: Final = (
    "SELECT r.id, r.initiative, r.name, r.number, r.period, r.length, r.since, r.until, r.zone, r.begins_on, r.cutoff,"
    " r.last_position, r.restricted, r.measurement_consent, r.rows_, r.references_, r.withheld, r.document_sha256,"
    " r.beside, r.quality, r.built_at, r.built_by, a.decided_at AS approved_at, a.decided_by AS approved_by,"
    " w.decided_at AS withdrawn_at, w.decided_by AS withdrawn_by, w.reason FROM releases r"
    " LEFT JOIN release_decisions a ON a.release = r.id AND a.decision = 'approved'"
    " LEFT JOIN release_decisions w ON w.release = r.id AND w.decision = 'withdrawn'"
)
_ORDER: Final = " ORDER BY r.number DESC LIMIT %(limit)s"
_AS_THEY_ARE: Final = ("id", "initiative", "name", "number", "begins_on", "cutoff", "last_position", "restricted") + (
    *("measurement_consent", "document_sha256", "built_at", "built_by"),
)


def find(connection: Connection[Any], release: UUID, initiative: str | None = None, *, drafts: bool = True) -> Release:
    """One release, of this initiative where one is named; raises UnknownRelease.

    Without `drafts` only one that was approved once is there.
    """
    found = _read(connection, " WHERE r.id = %(id)s", {"id": release, "limit": 1})
    if not found or initiative not in (None, found[0].initiative) or not (drafts or found[0].approved):
        raise UnknownRelease
    return found[0]


def of_initiative(
    connection: Connection[Any], initiative: str, before: int | None, limit: int, *, drafts: bool = True
) -> list[Release]:
    """Releases of an initiative, the newest first, from those with a number below `before`."""
    where = " WHERE r.initiative = %(initiative)s AND r.number < coalesce(%(before)s, 2147483647)"
    if not drafts:
        where += " AND a.decided_at IS NOT NULL"
    return _read(connection, where, {"initiative": initiative, "before": before, "limit": limit})


def figures(connection: Connection[Any], release: UUID, measure: str, by: By) -> list[tuple[str, Shown]]:
    """The rows of one table in their order, each with its label."""
    rows = connection.execute(
        "SELECT label, numerator, denominator, missing, pending, excluded, true, detail FROM release_cells"
        " WHERE release = %s AND measure = %s AND by_ = %s ORDER BY place",
        [release, measure, str(by)],
    ).fetchall()
    return [(label, Shown(*values)) for label, *values in rows]


def overlapping(connection: Connection[Any], initiative: str, span: Span) -> list[Release]:
    """What was ever published of an initiative about a time that overlaps, in the order of its making.

    What was withdrawn since is among it: who read it may have kept it.
    """
    where = (
        " WHERE r.initiative = %(initiative)s AND a.decided_at IS NOT NULL AND r.since < %(end)s"
        " AND r.until > %(first)s"
    )
    values = {"initiative": initiative, "first": span.first, "end": span.end, "limit": None}
    return _read(connection, where, values)[::-1]


def periods_released(connection: Connection[Any], initiative: str) -> frozenset[str]:
    """The names of the periods of which a release was published and stands."""
    rows = connection.execute(
        "SELECT r.period FROM releases r JOIN release_decisions a ON a.release = r.id AND a.decision = 'approved'"
        " WHERE r.initiative = %s AND NOT EXISTS ("
        "SELECT FROM release_decisions w WHERE w.release = r.id AND w.decision = 'withdrawn')",
        [initiative],
    ).fetchall()
    return frozenset(period for (period,) in rows)


def begins_on(connection: Connection[Any], initiative: str) -> date | None:
    """The local date on which the data begin, as far as some release of the initiative says so."""
    found = connection.execute("SELECT min(begins_on) FROM releases WHERE initiative = %s", [initiative]).fetchone()
    return found[0] if found else None


def _read(connection: Connection[Any], where: str, values: dict[str, object]) -> list[Release]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute((_FOUND + where + _ORDER).encode(), values).fetchall()
        measures = _measures(connection, [row["id"] for row in rows])
    return [_release(row, measures.get(row["id"], ())) for row in rows]


def _release(row: Mapping[str, Any], measures: tuple[MeasureOf, ...]) -> Release:
    length: ReleasePeriod = row["length"]
    return Release(
        **{name: row[name] for name in _AS_THEY_ARE},
        span=Span(length, row["period"], row["since"], row["until"], row["zone"]),
        rows=row["rows_"],
        beside=tuple(Beside(UUID(id), sha256) for id, sha256 in row["beside"]),
        quality=DataQuality(**row["quality"]),
        references=row["references_"],
        withheld={measure: date.fromisoformat(day) for measure, day in row["withheld"].items()},
        approved=Decision(row["approved_at"], row["approved_by"]) if row["approved_at"] else None,
        withdrawn=Decision(row["withdrawn_at"], row["withdrawn_by"], row["reason"]) if row["withdrawn_at"] else None,
        measures=measures,
    )


def _measures(connection: Connection[Any], releases: list[UUID]) -> dict[UUID, tuple[MeasureOf, ...]]:
    rows = connection.execute(
        "SELECT release, measure, version, title, of_, text_, note, counts_clients, groupings, cells_sha256"
        " FROM release_measures WHERE release = ANY(%s) ORDER BY place",
        [releases],
    ).fetchall()
    found: dict[UUID, tuple[MeasureOf, ...]] = {}
    for release, id, version, title, of, text, note, counts, by, sha256 in rows:
        one = MeasureOf(id, version, title, of, text, note, counts, tuple(map(By, by)), sha256)
        found[release] = (*found.get(release, ()), one)
    return found
