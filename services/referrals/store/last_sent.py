"""Owns when services were last sent a referral, for the hub's rule of a capacity check (R2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

from services.runtime.postgres import AsyncPool

_LAST: Final[LiteralString] = (
    "SELECT service, max(sent_at) FROM work_index WHERE initiative = %s AND kind = 'referral'"
    " AND to_agency = ANY (%s) AND service = ANY (%s) GROUP BY service"
)


async def last_sent(
    pool: AsyncPool, initiative: str, agencies: Sequence[str], services: Sequence[str]
) -> dict[str, datetime]:
    """By service, UTC; whom nobody was ever sent to is not in it."""
    async with pool.connection() as connection:
        rows = await connection.execute(_LAST, [initiative, list(agencies), list(services)])
        return {row[0]: row[1] for row in await rows.fetchall()}
