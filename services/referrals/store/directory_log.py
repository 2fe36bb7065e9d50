"""Owns reading the directory's events in their order, for whoever keeps the directory in memory."""

from typing import Final, LiteralString

import psycopg
from psycopg.rows import TupleRow

from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import select, written_row
from services.referrals.store.written import Written
from services.runtime.postgres import AsyncPool

LENGTH: Final = 1_000
# The condition is that of the index of migration 0005, word for word, or it is not used.
_AFTER: Final[LiteralString] = select(
    "WHERE topic IN ('agency.stated.v1', 'capacity.stated.v1', 'service.stated.v1') AND notification_id > %s"
    " ORDER BY notification_id LIMIT %s"
)


class DirectoryLog:
    """Reads over a pool: every edit from a position on, at most a thousand at once."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def after(self, position: int) -> list[Written]:
        """The next events of the directory, in the order of positions."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_AFTER, [position, LENGTH], prepare=True)
            return [written_row(row, self._mapper.decode) for row in await rows.fetchall()]


def whole_directory(connection: psycopg.Connection[TupleRow], mapper: FactMapper) -> list[Written]:
    """Every event of the directory, for a program that runs alone."""
    found: list[Written] = []
    position = 0
    while page := connection.execute(_AFTER, [position, LENGTH]).fetchall():
        found += [written_row(row, mapper.decode) for row in page]
        position = found[-1].position or position
    return found
