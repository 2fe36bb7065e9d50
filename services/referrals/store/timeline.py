"""Owns the timeline: a client's events as one agency sees them by itself, as of a time and as known by a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import COLUMNS, select, written_row
from services.referrals.store.written import Written
from services.runtime.postgres import AsyncPool

_OF_HER: Final[LiteralString] = "client_id = %(client)s AND initiative = %(initiative)s"
_IN_SPAN: Final[LiteralString] = (
    "(%(as_of)s::timestamptz IS NULL OR occurred_at <= %(as_of)s)"
    " AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)"
)
# Rule R8: an agency's own entries, and those of referrals and handoffs that it is a side of, as long as it is one.
_OF_A_SIDE: Final[LiteralString] = (
    "(agency = %(agency)s OR EXISTS ("
    "   SELECT FROM work_index w WHERE w.id = e.originator_id AND w.kind IN ('referral', 'handoff', 'appointment')"
    "   AND (w.from_agency = %(agency)s"
    "   OR (w.to_agency = %(agency)s AND (w.receiver_until IS NULL OR e.originator_version <= w.receiver_until)))))"
)
QUERY: Final[LiteralString] = (
    "SELECT " + COLUMNS + " FROM stored_events e"  # noqa: S608 - all of them are literals of our own
    " WHERE " + _OF_HER + " AND " + _IN_SPAN + " AND " + _OF_A_SIDE + " ORDER BY occurred_at, notification_id"
)
# The same, and what anybody recorded that she agreed to, whenever it was: what holds now decides what is seen.
_WITH_CONSENTS: Final[LiteralString] = (
    "SELECT * FROM (SELECT " + COLUMNS + ", " + _IN_SPAN + " AND " + _OF_A_SIDE + " AS seen"  # noqa: S608 - as above
    " FROM stored_events e WHERE " + _OF_HER + " OFFSET 0) AS hers WHERE seen OR topic LIKE 'consent.%%'"
    " ORDER BY occurred_at, notification_id"
)
# Of all that she has few are of these types or of the class, and what they say is read of these alone.
_OF_TYPES: Final[LiteralString] = (
    "SELECT " + COLUMNS + " FROM stored_events e"  # noqa: S608 - as above
    " WHERE " + _OF_HER + " AND (topic = ANY (%(topics)s)"
    " OR convert_from(state, 'UTF8')::json ->> 'restricted' = %(restricted)s) AND " + _OF_A_SIDE
)
_ALL_OF_HER: Final[LiteralString] = select("WHERE " + _OF_HER + " ORDER BY originator_id, originator_version")


class WithConsents(NamedTuple):
    """What an agency sees as a side, and every event of a consent of hers."""

    seen: list[Written]
    consents: list[Written]


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

    async def among(
        self, initiative: str, agency: str, client: UUID, *, topics: Collection[str], restricted: RestrictedClass
    ) -> list[Written]:
        """Of what `of` finds, in no order: events of these types, and of whatever type those of this class."""
        given = {"client": client, "initiative": initiative, "agency": agency}
        asked = given | {"topics": list(topics), "restricted": restricted}
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_OF_TYPES, asked, prepare=True)
            return [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]

    async def with_consents(
        self,
        initiative: str,
        agency: str,
        client: UUID,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> WithConsents:
        """The same as `of`, and what all agencies recorded of her consents, in one question."""
        given = {"client": client, "initiative": initiative, "agency": agency, "as_of": as_of, "known_at": known_at}
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_WITH_CONSENTS, given, prepare=True)
            rows = [(written_row(row, self._mapper.decode), row[-1]) for row in await cursor.fetchall()]
        found = WithConsents([], [])
        for event, seen in rows:
            if seen:
                found.seen.append(event)
            if event.fact.TYPE.startswith("consent."):
                found.consents.append(event)
        return found

    async def whole(self, initiative: str, client: UUID) -> list[Written]:
        """All that is stored of a client, stream by stream: to decide what of it may be shown, never to be shown."""
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_ALL_OF_HER, {"client": client, "initiative": initiative}, prepare=True)
            return [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]
