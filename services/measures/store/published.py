"""Reads facts back as they were read from Kafka, for a comparison with the store that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from services.runtime.postgres import Connection

_PAGE: Final = 5_000
_ROWS: Final[LiteralString] = (
    "SELECT event_id, initiative, subject, type, agency, occurred_at, recorded_at, position, topic, partition,"
    " offset_ AS place, convert_to(data::text, 'UTF8') AS data FROM live.facts ORDER BY position"
)


class Row(NamedTuple):
    """One fact; `place` is its record's offset, `data` the record's bytes. Times are aware."""

    event_id: UUID
    initiative: str
    subject: str
    type: str
    agency: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    topic: str
    partition: int
    place: int
    data: bytes


def rows(connection: Connection) -> Iterator[Row]:
    """Every fact in the order of its position in the event store, as of one moment; needs a transaction."""
    with connection.cursor("published", row_factory=class_row(Row)) as cursor:
        cursor.itersize = _PAGE
        yield from cursor.execute(_ROWS)


def parked_places(connection: Connection) -> frozenset[tuple[str, int, int]]:
    """Topic, partition and offset of every record that is kept aside."""
    found = connection.execute("SELECT topic, partition, offset_ FROM live.parked").fetchall()
    return frozenset((str(topic), int(partition), int(offset)) for topic, partition, offset in found)
