"""Owns reading what accounts for one client's disclosures, of all agencies: for her, or to be narrowed to one's own."""

from collections.abc import Collection
from typing import Final, LiteralString
from uuid import UUID

from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import select, written_row
from services.referrals.store.written import Written
from services.runtime.postgres import AsyncPool

_OF_HER: Final[LiteralString] = select(
    "WHERE client_id = ANY(%s) AND initiative = %s AND topic = ANY(%s) ORDER BY originator_id, originator_version"
)


class Accounting:
    """A query on the event table, by its index of clients."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def of(self, initiative: str, clients: Collection[UUID], topics: Collection[str]) -> list[Written]:
        """The events of these types of these clients, stream by stream, each in its order."""
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_OF_HER, [list(clients), initiative, list(topics)], prepare=True)
            return [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]
