"""Owns reading what accounts for disclosures, of all agencies, to be narrowed, and what waits for privacy officers."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from services.referrals.store.commit import WorkRow
from services.referrals.store.inquiry_row import ANSWERED, OPEN
from services.referrals.store.listed import ROWS
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import select, written_row
from services.referrals.store.written import Written
from services.runtime.postgres import AsyncPool

_OF_HER: Final[LiteralString] = select(
    "WHERE client_id = ANY(%s) AND initiative = %s AND topic = ANY(%s) ORDER BY originator_id, originator_version"
)

_INQUIRIES: Final[LiteralString] = ROWS + (
    "WHERE initiative = %(initiative)s AND to_agency = %(agency)s AND kind = 'inquiry' AND state = %(state)s"
    " AND (due_at, id) > (coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(after)s::uuid, %(none)s))"
    " ORDER BY due_at, id LIMIT %(limit)s"
)
_WAITING: Final[LiteralString] = (
    "SELECT count(*) FROM work_index"
    " WHERE initiative = %(initiative)s AND to_agency = %(agency)s AND kind = 'inquiry' AND state = %(state)s"
)
_NONE: Final = UUID(int=0)


class Accounting:
    """Queries on the event table, by its index of clients, and on the work index."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def of(self, initiative: str, clients: Collection[UUID], topics: Collection[str]) -> list[Written]:
        """The events of these types of these clients, stream by stream, each in its order."""
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_OF_HER, [list(clients), initiative, list(topics)], prepare=True)
            return [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]

    async def inquiries(
        self,
        initiative: str,
        agency: str,
        *,
        answered: bool,
        limit: int,
        after: tuple[datetime | None, UUID] | None = None,
    ) -> list[WorkRow]:
        """What waits for an agency's officer, or was answered, the first due first; `after` is (due_at, id)."""
        since, last = after or (None, None)
        given = {"initiative": initiative, "agency": agency, "state": ANSWERED if answered else OPEN, "none": _NONE}
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(WorkRow)) as cursor:
            await cursor.execute(_INQUIRIES, given | {"since": since, "after": last, "limit": limit})
            return await cursor.fetchall()

    async def inquiries_waiting(self, initiative: str, agency: str) -> int:
        """How many wait for an agency's officer in all."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_WAITING, {"initiative": initiative, "agency": agency, "state": OPEN})
            row = await found.fetchone()
        return int(row[0]) if row else 0
