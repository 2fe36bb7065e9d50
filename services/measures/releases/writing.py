"""Writes a release once, under the next name of its period; what it was put together from is beside its cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from services.measures.domain.data_quality import DataQuality
from services.measures.releases import ledger
from services.measures.releases.document import Document, Measured
from services.measures.releases.ledger import Release


def write(
    connection: Connection[Any],
    document: Document,
    *,
    quality: DataQuality,
    built_by: str,
    withheld: Mapping[str, date],
) -> Release:
    """Writes a release, or finds it when it was written before, or what it counts was published already."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('closeknit releases', 0))")
        if (known := _published(cursor, document)) is not None:
            return ledger.find(connection, known)
        if cursor.execute("SELECT FROM releases WHERE id = %s", [document.id]).fetchone() is None:
            _insert(cursor, document, quality, built_by, withheld)
    return ledger.find(connection, document.id)


def _published(cursor: Cursor[Any], document: Document) -> UUID | None:
    found = cursor.execute(
        "SELECT r.id FROM releases r JOIN release_decisions a ON a.release = r.id AND a.decision = 'approved'"
        " WHERE r.order_sha256 = %s ORDER BY r.number LIMIT 1",
        [document.order_sha256],
    ).fetchone()
    return found[0] if found else None


def made_by(connection: Connection[Any], initiative: str, person: str, key: bytes) -> tuple[UUID, bytes] | None:
    """The release that a person's command with this key made, and what that command was; None before."""
    found = connection.execute(
        "SELECT release, fingerprint FROM release_keys WHERE initiative = %s AND person = %s AND key = %s",
        [initiative, person, key],
    ).fetchone()
    return (found[0], bytes(found[1])) if found else None


def keep(connection: Connection[Any], by: tuple[str, str, bytes], fingerprint: bytes, release: UUID) -> None:
    """Remembers which release a command of (initiative, person, key) made; who came together made the same."""
    connection.execute(
        "INSERT INTO release_keys (initiative, person, key, fingerprint, release) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [*by, fingerprint, release],
    )


def _insert(
    cursor: Cursor[Any], document: Document, quality: DataQuality, built_by: str, withheld: Mapping[str, date]
) -> None:
    basis, span = document.basis, document.span
    number = _count(cursor, "SELECT coalesce(max(number), 0) FROM releases WHERE initiative = %s", basis.initiative)
    same = "SELECT count(*) FROM releases WHERE initiative = %s AND period = %s"
    name = f"{span.name}.{_count(cursor, same, basis.initiative, span.name) + 1}"
    cursor.execute(
        "INSERT INTO releases (id, initiative, name, number, period, length, cutoff, last_position, restricted, since,"
        " until, zone, begins_on, measurement_consent, rows_, references_, withheld, facts, facts_sha256, order_sha256,"
        " beside, document_sha256, quality, built_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [document.id, basis.initiative, name, number + 1, span.name, span.length, basis.cutoff, basis.last_position]
        + [basis.restricted, span.first, span.end, span.zone, document.begins_on, basis.rule]
        + [json.dumps(document.frame.stored())]
        + [json.dumps(document.references), json.dumps({each: day.isoformat() for each, day in withheld.items()})]
        + [basis.facts, basis.facts_sha256, document.order_sha256]
        + [json.dumps([[str(release), sha256] for release, sha256 in document.beside])]
        + [document.sha256, json.dumps(asdict(quality)), built_by],
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
    with cursor.copy(
        "COPY release_cells (release, measure, by_, place, label, numerator, denominator, missing, pending, excluded,"
        " detail, atoms) FROM STDIN"
    ) as copy:
        for row in _cells(release, measured):
            copy.write_row(row)


def _cells(release: UUID, measured: Measured) -> Iterator[tuple[object, ...]]:
    for by, rows in measured.cells.items():
        for place, (label, row) in enumerate(rows.items()):
            numbers = (row.numerator, row.denominator, row.missing, row.pending, row.excluded)
            beside = None if row.detail is None else json.dumps(row.detail)
            atoms = list(measured.atoms[by][label])
            yield (release, measured.definition.id, str(by), place, label, *numbers, beside, atoms)


def _count(cursor: Cursor[Any], query: str, *values: object) -> int:
    found = cursor.execute(query.encode(), list(values)).fetchone()
    return int(found[0]) if found else 0
