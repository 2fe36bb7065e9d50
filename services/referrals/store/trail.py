"""Owns the trail of the store for those who follow it: which streams were written after which position."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from services.referrals.domain.client import DetailsErased
from services.referrals.domain.fact import Fact
from services.referrals.store.mapper import FactMapper
from services.runtime.postgres import AsyncPool

_HEAD: Final[LiteralString] = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
_TOUCHED: Final[LiteralString] = (
    "SELECT notification_id, originator_id, topic FROM stored_events"
    " WHERE notification_id > %s AND notification_id <= %s AND topic = ANY (%s) ORDER BY notification_id"
)
_ERASED: Final[LiteralString] = (
    "SELECT told.notification_id, told.initiative, told.agency, told.client_id, told.recorded_at,"
    " first.agency = told.agency"
    " FROM stored_events AS told JOIN stored_events AS first ON first.originator_id = told.originator_id"
    " AND first.originator_version = 1"
    " WHERE told.notification_id > %s AND told.notification_id <= %s AND told.topic = %s ORDER BY told.notification_id"
)
_FACTS: Final[LiteralString] = "SELECT topic, state FROM stored_events WHERE client_id = ANY (%s)"
_CLIENTS: Final[LiteralString] = (
    "SELECT client_id FROM unnest(%s::uuid[]) AS asked (client_id)"
    " WHERE EXISTS (SELECT FROM stored_events WHERE stored_events.client_id = asked.client_id)"
)


class Touched(NamedTuple):
    """An event of a type that was asked for: where it stands, its stream and its type."""

    position: int
    stream: UUID
    topic: str


class Erased(NamedTuple):
    """An erasure that was written down: whose details of whom, when (UTC), and whether that agency registered her."""

    position: int
    initiative: str
    agency: str
    client_id: UUID
    recorded_at: datetime
    registered: bool


class Stretch(NamedTuple):
    """A part of the log, up to position `upto`; `touched` are its events of the types asked for. `head`: its end."""

    touched: list[Touched]
    upto: int
    head: int


class Trail:
    """Reads the log in the order of its positions, without gaps: what is committed later comes later."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def after(self, position: int, topics: Collection[str], *, length: int = 1_000) -> Stretch:
        """The next `length` positions of the log, and which streams were touched there by events of these types."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_HEAD)).fetchone()
            head = int(row[0]) if row else 0
            upto = min(head, position + length)
            if upto <= position:
                return Stretch([], position, head)
            rows = await connection.execute(_TOUCHED, [position, upto, list(topics)], prepare=True)
            return Stretch([Touched(*found) for found in await rows.fetchall()], upto, head)

    async def erased(self, position: int, *, length: int = 100_000) -> tuple[list[Erased], int]:
        """The erasures of the next `length` positions of the log, and up to which position that is."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_HEAD)).fetchone()
            upto = min(int(row[0]) if row else 0, position + length)
            rows = await connection.execute(_ERASED, [position, upto, DetailsErased.TYPE])
            return [Erased(*found) for found in await rows.fetchall()], max(upto, position)

    async def facts_of(self, clients: Collection[UUID]) -> list[Fact]:
        """Every fact about these clients, in no order."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_FACTS, [list(clients)], prepare=True)
            return [self._mapper.decode(topic, state) for topic, state in await rows.fetchall()]

    async def known(self, clients: Collection[UUID]) -> set[UUID]:
        """Those of these clients about whom there is any event."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_CLIENTS, [list(clients)], prepare=True)
            return {row[0] for row in await rows.fetchall()}
