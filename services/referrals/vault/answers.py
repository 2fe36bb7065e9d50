"""Owns the first answers to commands that write no event: a note, a correction of identity (rule R9)."""

from datetime import datetime, timedelta

from services.referrals.domain.frozen import frozen
from services.referrals.vault.keys import KeyedHash, joined
from services.runtime.postgres import AsyncPool

_KEPT = timedelta(days=30)
_FIND = "SELECT fingerprint, answer FROM answers WHERE agency = %s AND route = %s AND key = %s"
_KEEP = (
    "INSERT INTO answers (agency, route, key, fingerprint, answer) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (agency, route, key) DO UPDATE SET key = answers.key RETURNING fingerprint, answer"
)
_FORGET = "DELETE FROM answers WHERE recorded_at < %s"


@frozen
class FirstAnswer:
    """What was answered first under a key: `answer` is text of the caller's, without a body or an identity."""

    fingerprint: bytes
    answer: str


class Answers:
    """First answers, kept for 30 days for each agency, route and idempotency key. The key is kept as a keyed hash."""

    def __init__(self, pool: AsyncPool, keyed: KeyedHash) -> None:
        self._pool = pool
        self._keyed = keyed

    async def find(self, agency: str, route: str, key: str) -> FirstAnswer | None:
        """The first answer under this key, to be looked up before anything is written."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_FIND, self._name(agency, route, key))).fetchone()
        return FirstAnswer(*row) if row else None

    async def keep(self, agency: str, route: str, key: str, answer: FirstAnswer) -> FirstAnswer:
        """Keep an answer of status 2xx; returns the one that stands, which is a twin's where that was first."""
        async with self._pool.connection() as connection:
            values = [*self._name(agency, route, key), answer.fingerprint, answer.answer]
            row = await (await connection.execute(_KEEP, values)).fetchone()
        return FirstAnswer(*row) if row else answer

    async def forget(self, now: datetime) -> int:
        """Forget what is older than 30 days; the number of answers."""
        async with self._pool.connection() as connection:
            return (await connection.execute(_FORGET, [now - _KEPT])).rowcount

    def _name(self, agency: str, route: str, key: str) -> list[object]:
        return [agency, route, self._keyed.of(joined(agency, route, key))]
