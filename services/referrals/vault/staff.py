"""Owns who works for an agency, as the sign-in provider says it whenever they come (R22)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from services.referrals.domain.frozen import frozen
from services.runtime.postgres import AsyncPool

AGAIN: Final = timedelta(hours=1)
_SAW = """
INSERT INTO staff (initiative, agency, subject, name, roles, seen_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (initiative, agency, subject) DO UPDATE
SET name = excluded.name, roles = excluded.roles, seen_at = excluded.seen_at
"""
_OF = "SELECT subject, name, roles, seen_at FROM staff WHERE initiative = %s AND agency = %s ORDER BY subject"


@frozen
class Member:
    """Somebody who signed in for an agency; `seen_at` is about when they last came (UTC)."""

    subject: str
    name: str | None
    roles: tuple[str, ...]
    seen_at: datetime


class Staff:
    """Keeps each person once; it is written down once an hour that they are there."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool
        self._seen: dict[tuple[str, str, str], datetime] = {}

    async def saw(self, initiative: str, agency: str, member: Member, roles: Collection[str]) -> None:
        """They are there now. Raises what an outage raises."""
        place = (initiative, agency, member.subject)
        before = self._seen.get(place)
        if before is not None and member.seen_at - before < AGAIN:
            return
        async with self._pool.connection() as connection:
            await connection.execute(
                _SAW, [initiative, agency, member.subject, member.name, sorted(roles), member.seen_at]
            )
        self._seen[place] = member.seen_at

    async def of(self, initiative: str, agency: str) -> list[Member]:
        """Everybody who ever came, by their subjects."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_OF, [initiative, agency])).fetchall()
        return [Member(row[0], row[1], tuple(row[2]), row[3]) for row in rows]
