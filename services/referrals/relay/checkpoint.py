"""Owns how far each topic is known to be acknowledged by Kafka: a lower bound, kept in PostgreSQL."""

from collections.abc import Iterable, Sequence

import psycopg
from psycopg.rows import TupleRow


class Checkpoint:
    """The checkpoint of some topics, over a connection of its owner's."""

    def __init__(self, connection: psycopg.Connection[TupleRow], topics: Sequence[str]) -> None:
        self._connection = connection
        self._topics = list(topics)

    def read(self) -> int:
        """The position up to which every one of the topics has everything; 0 when one of them is new."""
        rows = self._connection.execute(
            "SELECT position FROM relay_checkpoint WHERE topic = ANY (%s)", [self._topics]
        ).fetchall()
        return min((int(row[0]) for row in rows), default=0) if len(rows) == len(self._topics) else 0

    def write(self, position: int) -> None:
        """Everything up to `position` is acknowledged. Never goes back."""
        self._connection.execute(
            "INSERT INTO relay_checkpoint AS c (topic, position) SELECT unnest(%s::text[]), %s"
            " ON CONFLICT (topic) DO UPDATE SET position = greatest(c.position, excluded.position)",
            [self._topics, position],
        )

    def forget(self, topics: Iterable[str]) -> None:
        """Start these topics over from the first event."""
        self._connection.execute("UPDATE relay_checkpoint SET position = 0 WHERE topic = ANY (%s)", [list(topics)])
