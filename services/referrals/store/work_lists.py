"""Owns the questions that the work index answers: what waits for an agency, what it sent, what came to it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row

from services.referrals.domain import handoff, referral
from services.referrals.domain.check import CheckStatus
from services.referrals.domain.frozen import frozen
from services.referrals.store.commit import WorkRow
from services.referrals.store.last_sent import last_sent
from services.referrals.store.listed import COUNTED, MINE, NEXT_DUE, NOT_MOOT, ROWS, Box, Boxable, boxed, waiting
from services.referrals.store.quiet import paused
from services.referrals.store.standing import versions
from services.runtime.postgres import AsyncPool

_ENDED: Final = sorted(
    {state.value for state in referral.ENDED} | {state.value for state in handoff.ENDED} | {CheckStatus.CLOSED.value}
)
Steps = Collection[tuple[UUID, str]]
"""Steps that are waited for: of which referral or handoff, and what."""


@frozen
class Counts:
    """How many things wait for an agency: `all`, those of them that are late, and by what they wait for."""

    all: int
    overdue: int
    by_kind: dict[str, int]


class WorkLists:
    """Reads the work index for one agency at a time; nothing of a row that is not the agency's is ever returned."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool

    async def some(
        self, initiative: str, agency: str, ids: Iterable[UUID], *, even_moot: bool = False
    ) -> list[WorkRow]:
        """Those of these referrals, handoffs and the like that the agency is a side of; moot questions if asked for."""
        theirs = MINE if even_moot else MINE + NOT_MOOT
        query = ROWS + "WHERE id = ANY (%(ids)s) AND initiative = %(initiative)s AND " + theirs
        given = {"initiative": initiative, "agency": agency, "ids": list(ids)}
        return await self._rows(query, given) if given["ids"] else []

    async def waiting(
        self,
        initiative: str,
        agency: str,
        *,
        now: datetime,
        waits_for: str | None = None,
        overdue: bool = False,
        among: Steps | None = None,
        without: Steps = (),
        limit: int = 50,
        after: tuple[datetime | None, UUID] | None = None,
    ) -> list[WorkRow]:
        """What waits for the agency, the first due first, what has no due time last; `after` is (due_at, id).

        While outreach to a client is paused nothing that needs her is listed (R5).
        `among` leaves these steps alone, `without` all but these.
        """
        since, last = after or (None, None)
        asked = {
            "waits_for": waits_for,
            "overdue": overdue or None,
            "among": None if among is None else [id for id, _ in among],
            "without": [id for id, _ in without] or None,
            "after": last,
        }
        given = {"initiative": initiative, "agency": agency, "now": now, "since": since} | asked
        steps = {"among_for": [what for _, what in among or ()], "without_for": [what for _, what in without]}
        return await self._rows(waiting(_said(asked), limit), given | steps)

    async def paused(self, initiative: str, clients: Collection[UUID]) -> set[UUID]:
        """Those of these clients whom nobody is to reach out to until it is resumed (R5)."""
        return await paused(self._pool, initiative, clients) if clients else set()

    async def next_due(self, initiative: str, agency: str, now: datetime) -> datetime | None:
        """When the next thing is due that waits for the agency, or, where none does, that it is a side of (UTC)."""
        async with self._pool.connection() as connection:
            given = {"initiative": initiative, "agency": agency, "now": now}
            row = await (await connection.execute(NEXT_DUE, given)).fetchone()
        return row[0] if row else None

    async def counts(self, initiative: str, agency: str, now: datetime) -> Counts:
        """How many things wait for the agency."""
        async with self._pool.connection() as connection:
            given = {"initiative": initiative, "agency": agency, "now": now}
            rows = await (await connection.execute(COUNTED, given)).fetchall()
        return Counts(sum(row[1] for row in rows), sum(row[2] for row in rows), {row[0]: row[1] for row in rows})

    async def box(
        self,
        initiative: str,
        agency: str,
        box: Box | None,
        *,
        now: datetime,
        states: tuple[str, ...] | None = None,
        overdue: bool = False,
        category: str | None = None,
        clients: Collection[UUID] | None = None,
        kind: Boxable = "referral",
        limit: int = 50,
        after: tuple[datetime, UUID] | None = None,
    ) -> list[WorkRow]:
        """What came to the agency, what it sent, or both (None), the newest first; `after` is (sent_at, id)."""
        since, last = after or (None, None)
        asked = {
            "states": list(states) if states else None,
            "category": category,
            "clients": None if clients is None else list(clients),
            "overdue": overdue or None,
            "after": last,
        }
        given = {"initiative": initiative, "agency": agency, "now": now, "since": since} | asked
        return await self._rows(boxed(box, kind, _said(asked), limit), given)

    async def open_of(self, initiative: str, agency: str) -> list[WorkRow]:
        """What ends when it leaves: referrals that wait or are served there, or that it sent and nobody has accepted,
        handoffs and questions of either side."""
        query = ROWS + (
            "WHERE initiative = %(initiative)s AND ((to_agency = %(agency)s AND kind = 'referral')"
            " OR (from_agency = %(agency)s AND kind = 'referral' AND state IN ('sent', 'received', 'waitlisted'))"
            " OR (kind IN ('handoff', 'check') AND %(agency)s IN (from_agency, to_agency)))"
            " AND state <> ALL (%(ended)s) ORDER BY sent_at, id"
        )
        return await self._rows(query, {"initiative": initiative, "agency": agency, "ended": _ENDED})

    async def held(self, initiative: str, agency: str, person: str, limit: int) -> list[WorkRow]:
        """What somebody of the agency looks after, the longest first (R22)."""
        query = ROWS + (
            "WHERE initiative = %(initiative)s AND to_agency = %(agency)s AND held_by = %(person)s"
            " ORDER BY sent_at, id LIMIT %(limit)s"
        )
        given = {"initiative": initiative, "agency": agency, "person": person, "limit": limit}
        return await self._rows(query, given)

    async def holdings(self, initiative: str, agency: str) -> dict[str, tuple[int, int]]:
        """How much each of the agency's staff looks after, and of how many clients, by their subjects (R22)."""
        query: LiteralString = (
            "SELECT held_by, count(*), count(DISTINCT client_id) FROM work_index"
            " WHERE initiative = %(initiative)s AND to_agency = %(agency)s AND held_by IS NOT NULL GROUP BY held_by"
        )
        async with self._pool.connection() as connection:
            rows = await connection.execute(query, {"initiative": initiative, "agency": agency})
            return {row[0]: (int(row[1]), int(row[2])) for row in await rows.fetchall()}

    async def led_by(self, initiative: str, agency: str) -> list[tuple[UUID, UUID]]:
        """Streams in which the agency was ever named as who leads, with their clients. A look through the whole log."""
        query: LiteralString = (
            "SELECT DISTINCT originator_id, client_id FROM stored_events WHERE initiative = %(initiative)s"
            " AND topic = 'responsibility.assigned.v1' AND convert_from(state, 'UTF8')::json ->> 'agency' = %(agency)s"
        )
        async with self._pool.connection() as connection:
            rows = await connection.execute(query, {"initiative": initiative, "agency": agency})
            return [(row[0], row[1]) for row in await rows.fetchall()]

    async def of_client(self, initiative: str, agency: str, client: UUID) -> list[WorkRow]:
        """The referrals and handoffs of a client that the agency is a side of, the oldest first."""
        query = ROWS + "WHERE initiative = %(initiative)s AND client_id = %(client)s AND " + MINE + " ORDER BY sent_at"
        return await self._rows(query, {"initiative": initiative, "agency": agency, "client": client})

    async def watched(self, initiative: str, agency: str, limit: int) -> list[WorkRow]:
        """Open referrals of others that the agency watches over (R19), the first due first."""
        query = ROWS + (
            "WHERE initiative = %(initiative)s AND watched_by = %(agency)s"
            " ORDER BY due_at NULLS LAST, id LIMIT %(limit)s"
        )
        return await self._rows(query, {"initiative": initiative, "agency": agency, "limit": limit})

    async def next_timer(self, now: datetime, *, besides: Mapping[UUID, int]) -> WorkRow | None:
        """The row, of any initiative, whose timer ran out first of all that have.

        `besides`: ids that are left out as long as they stand at that version.
        """
        query = ROWS + (
            "w WHERE fires IS NOT NULL AND fires_at <= %(now)s AND NOT EXISTS ("
            "SELECT FROM unnest(%(ids)s::uuid[], %(versions)s::bigint[]) AS l(id, version)"
            " WHERE (l.id, l.version) = (w.id, w.version)) ORDER BY fires_at, id LIMIT 1"
        )
        given = {"now": now, "ids": list(besides), "versions": list(besides.values())}
        return next(iter(await self._rows(query, given)), None)

    async def timers_due(self, now: datetime) -> int:
        """How many timers have run out and not fired yet."""
        query = "SELECT count(*) FROM work_index WHERE fires IS NOT NULL AND fires_at <= %s"
        async with self._pool.connection() as connection:
            row = await (await connection.execute(query, [now])).fetchone()
        return int(row[0]) if row else 0

    async def versions(self, agency: str, rows: Iterable[WorkRow]) -> dict[UUID, int]:
        """At which version each of these stands, as far as the agency sees it (R1)."""
        until = {row.id: row.receiver_until if row.to_agency == agency else None for row in rows}
        return await versions(self._pool, until) if until else {}

    async def last_sent(self, initiative: str, services: Mapping[str, str]) -> dict[str, datetime]:
        """When each of these services, by its agency, was last sent a referral by anybody (UTC); never: not in it."""
        return await last_sent(self._pool, initiative, services)

    async def _rows(self, query: LiteralString | sql.Composed, given: dict[str, Any]) -> list[WorkRow]:
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(WorkRow)) as cursor:
            await cursor.execute(query, given)
            return await cursor.fetchall()


def _said(asked: Mapping[str, object]) -> set[str]:
    return {name for name, value in asked.items() if value is not None}
