"""Owns reading the store by position and by stream from a program without an event loop: relay, rebuild, verify."""

from collections.abc import Iterator
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import Row, select, written_row
from services.referrals.store.written import Written

PAGE: Final = 1_000

_PAGE: Final = select("WHERE notification_id > %s ORDER BY notification_id LIMIT %s")
_STREAM: Final = select("WHERE originator_id = %s ORDER BY originator_version")

Connection = psycopg.Connection[TupleRow]


class Pages:
    """Reads events over a connection of its owner's."""

    def __init__(self, connection: Connection, mapper: FactMapper) -> None:
        self._connection = connection
        self._mapper = mapper

    def after(self, position: int, limit: int = PAGE) -> list[Written]:
        """The next events after a position, in the order in which they were committed, at most `limit`.

        Whatever is committed later has a higher position than everything that was ever read.
        """
        return self._read(_PAGE, (position, limit))

    def rows_after(self, position: int, limit: int = PAGE) -> Iterator[Row]:
        """The same as the rows of `COLUMNS` that `written_row` takes, one by one, their facts unread."""
        return self._rows(_PAGE, (position, limit))

    def all(self, start: int = 0, limit: int = PAGE) -> Iterator[Written]:
        """Every event after `start` up to where the store ends when it gets there."""
        while page := self.after(start, limit):
            yield from page
            start = page[-1].position or start

    def stream(self, stream: UUID) -> list[Written]:
        """The events of one stream, in order."""
        return self._read(_STREAM, (stream,))

    def last_position(self) -> int:
        """The position of the last event, 0 where there is none."""
        row = self._connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()
        return row[0] or 0 if row else 0

    def _read(self, query: LiteralString, given: tuple[object, ...]) -> list[Written]:
        decode = self._mapper.decode
        return [written_row(row, decode) for row in self._rows(query, given)]

    def _rows(self, query: LiteralString, given: tuple[object, ...]) -> Iterator[Row]:
        with self._connection.cursor(binary=True) as cursor:
            cursor.execute(query, given, prepare=True)
            yield from cursor
