"""Owns when services were last sent a referral, for the hub's rule of a capacity check (R2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, LiteralString

from services.runtime.postgres import AsyncPool
from services.runtime.postgres.behalf import across

_LAST: Final[LiteralString] = (
    "SELECT asked.service, sent.sent_at FROM unnest(%s::text[], %s::text[]) AS asked (service, agency)"
    " CROSS JOIN LATERAL (SELECT sent_at FROM work_index WHERE initiative = %s AND kind = 'referral'"
    " AND to_agency = asked.agency AND service = asked.service ORDER BY sent_at DESC LIMIT 1) sent"
)
"""Each from its agency's latest on, not by all that was ever sent to it."""


async def last_sent(pool: AsyncPool, initiative: str, services: Mapping[str, str]) -> dict[str, datetime]:
    """By service, of these with their agencies; UTC. Whom nobody was ever sent to is not in it."""
    with across("directory"):
        async with pool.connection() as connection:
            rows = await connection.execute(_LAST, [list(services), list(services.values()), initiative])
            return {row[0]: row[1] for row in await rows.fetchall()}
