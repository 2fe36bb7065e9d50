"""How far a worker has come: positions per partition and the park, written in the transaction of its rows.

The tables stand in a schema of the worker's choice and are made by its migrations:
positions(topic text, partition int, next_offset bigint, position bigint, primary key (topic, partition)) and
parked(topic text, partition int, offset_ bigint, key bytea, reason text, behind boolean, primary key (topic, partition,
offset_)). The park holds the record's place, not its payload: Kafka keeps that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg import sql

from services.runtime.kafka import Partition
from services.runtime.postgres import Connection, Cursor
from services.runtime.worker.outcome import Overtaken


class Place(NamedTuple):
    """The offset that comes next in a partition and the highest position applied there (0 before the first)."""

    next_offset: int
    position: int


START = Place(0, 0)


class Move(NamedTuple):
    """A partition's place before and after a batch."""

    partition: Partition
    before: Place
    after: Place


@dataclass(frozen=True, slots=True)
class Parked:
    """The place of a record that was not applied; `behind` says that only an earlier one of its key is at fault."""

    partition: Partition
    offset: int
    key: bytes | None
    reason: str
    behind: bool


class Ledger:
    """Reads and writes positions and park of one schema."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self._positions = sql.Identifier(schema, "positions")
        self._parked = sql.Identifier(schema, "parked")

    def places(self, connection: Connection, partitions: Iterable[Partition]) -> dict[Partition, Place]:
        """The places of these partitions, START for those that were never worked on."""
        wanted = {Partition(*each): START for each in partitions}
        query = sql.SQL("SELECT topic, partition, next_offset, position FROM {}").format(self._positions)
        for topic, partition, next_offset, position in connection.execute(query):
            if Partition(topic, partition) in wanted:
                wanted[Partition(topic, partition)] = Place(next_offset, position)
        return wanted

    def parked_keys(self, connection: Connection, topic: str, partition: int) -> set[bytes | None]:
        """The keys of a partition whose records wait in the park."""
        query = sql.SQL("SELECT DISTINCT key FROM {} WHERE topic = %s AND partition = %s").format(self._parked)
        return {None if key is None else bytes(key) for (key,) in connection.execute(query, [topic, partition])}

    def count_invalid(self, connection: Connection) -> int:
        """How many records wait in the park for their own fault."""
        query = sql.SQL("SELECT count(*) FROM {} WHERE NOT behind").format(self._parked)
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    def advance(self, cursor: Cursor, moves: Sequence[Move]) -> None:
        """Moves the places on, each from exactly where it stood; raises Overtaken when one stands elsewhere.

        Comes first in the transaction: it locks the rows, so that two workers on one partition take turns and the
        second finds that it was overtaken.
        """
        fresh = [move.partition for move in moves if move.before == START]
        if fresh:
            cursor.execute(
                sql.SQL(
                    "INSERT INTO {} (topic, partition, next_offset, position)"
                    " SELECT topic, partition, 0, 0 FROM unnest(%s::text[], %s::int[]) AS new (topic, partition)"
                    " ON CONFLICT DO NOTHING"
                ).format(self._positions),
                [[each.topic for each in fresh], [each.partition for each in fresh]],
            )
        cursor.execute(
            sql.SQL(
                "UPDATE {} AS stored SET next_offset = new.next_offset, position = new.position"
                " FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[])"
                " AS new (topic, partition, before, next_offset, position)"
                " WHERE (stored.topic, stored.partition, stored.next_offset)"
                " = (new.topic, new.partition, new.before)"
            ).format(self._positions),
            [
                [move.partition.topic for move in moves],
                [move.partition.partition for move in moves],
                [move.before.next_offset for move in moves],
                [move.after.next_offset for move in moves],
                [move.after.position for move in moves],
            ],
        )
        if cursor.rowcount != len(moves):
            raise Overtaken

    def park(self, cursor: Cursor, parked: Sequence[Parked]) -> None:
        """Adds records to the park."""
        cursor.executemany(
            sql.SQL(
                "INSERT INTO {} (topic, partition, offset_, key, reason, behind) VALUES (%s, %s, %s, %s, %s, %s)"
            ).format(self._parked),
            [
                (each.partition.topic, each.partition.partition, each.offset, each.key, each.reason, each.behind)
                for each in parked
            ],
        )
