"""Owns the timeline: a client's events as one agency may see them, as of a time and as known by a time."""

from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import COLUMNS, written_row
from services.referrals.store.written import Written
from services.runtime.postgres import AsyncPool

# Rule R8: an agency's own entries, and those of referrals and handoffs that it is a side of, as long as it is one.
QUERY: Final[LiteralString] = (
    "SELECT " + COLUMNS + " FROM stored_events e"  # noqa: S608 - COLUMNS is a literal of our own
    " WHERE client_id = %(client)s AND initiative = %(initiative)s"
    " AND (%(as_of)s::timestamptz IS NULL OR occurred_at <= %(as_of)s)"
    " AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)"
    " AND (agency = %(agency)s OR EXISTS ("
    "   SELECT FROM work_index w WHERE w.id = e.originator_id AND w.kind IN ('referral', 'handoff', 'appointment')"
    "   AND (w.from_agency = %(agency)s"
    "   OR (w.to_agency = %(agency)s AND (w.receiver_until IS NULL OR e.originator_version <= w.receiver_until)))))"
    " ORDER BY occurred_at, notification_id"
)


class Timeline:
    """A query on the event table: there is no second copy that could drift."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def of(
        self,
        initiative: str,
        agency: str,
        client: UUID,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> list[Written]:
        """The client's events that the agency may see (rule R8), by when they happened.

        `as_of`: only what had happened by then. `known_at`: only what was recorded by then. Both aware.
        """
        given = {"client": client, "initiative": initiative, "agency": agency, "as_of": as_of, "known_at": known_at}
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(QUERY, given, prepare=True)
            return [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]
