"""Owns reading the directory's events in their order, for whoever keeps the directory in memory."""

from datetime import datetime, timedelta
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


FEWEST_ANSWERS: Final = 11
# How many days pass until a service answers, in the middle, over the referrals that were answered since a moment and
# sent since another: all their answers lie behind that. The condition on `topic` is that of the index of 0007.
ANSWERS: Final[LiteralString] = (
    "SELECT w.initiative, w.service,"
    " percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.at - w.sent_at)) / 86400"
    " FROM (SELECT originator_id AS id, min(occurred_at) AS at FROM stored_events"
    " WHERE topic IN ('referral.accepted.v1', 'referral.declined.v1', 'referral.waitlisted.v1')"
    " AND occurred_at > %(begun)s AND occurred_at <= %(now)s"
    " GROUP BY originator_id HAVING min(occurred_at) > %(since)s) a"
    " CROSS JOIN LATERAL (SELECT * FROM work_index WHERE id = a.id LIMIT 1) w"
    " WHERE w.kind = 'referral' AND w.mode = 'direct' AND w.service IS NOT NULL AND w.sent_at > %(begun)s"
    " GROUP BY w.initiative, w.service HAVING count(*) >= %(fewest)s"
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

    async def answers(self, now: datetime) -> dict[tuple[str, str], int]:
        """In how many days services usually answer: the median of the last 90 days, rounded, by initiative and service.

        A service with fewer than 11 answers is left out.
        """
        since = now - timedelta(90)
        given = {"since": since, "begun": since - timedelta(180), "now": now, "fewest": FEWEST_ANSWERS}
        async with self._pool.connection() as connection:
            rows = await connection.execute(ANSWERS, given)
            return {(row[0], row[1]): round(float(row[2])) for row in await rows.fetchall()}


def whole_directory(connection: psycopg.Connection[TupleRow], mapper: FactMapper) -> list[Written]:
    """Every event of the directory, for a program that runs alone."""
    found: list[Written] = []
    position = 0
    while page := connection.execute(_AFTER, [position, LENGTH]).fetchall():
        found += [written_row(row, mapper.decode) for row in page]
        position = found[-1].position or position
    return found
