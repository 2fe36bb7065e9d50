"""Owns letters to receivers that are not on the system: the name of each in its link, and the code that answers it."""

import hmac
from datetime import datetime
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.vault.codes import MOST_WRONG, signs, typed
from services.referrals.vault.keys import KeyedHash, RootKey, joined
from services.runtime.postgres import AsyncPool

_NAME_SIGNS, _CODE_SIGNS = 8, 6

_LAST = "SELECT number, wrong FROM letters WHERE referral_id = %s ORDER BY number DESC LIMIT 1"
_MAKE = (
    "INSERT INTO letters (name, referral_id, number, initiative, receiver, printed_at) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (name) DO UPDATE SET printed_at = greatest(letters.printed_at, excluded.printed_at)"
)
_PRINTED = "SELECT max(printed_at) FROM letters WHERE referral_id = %s"
_FIND = "SELECT referral_id, number, initiative, receiver, wrong FROM letters WHERE name = %s"
_WRONG = "UPDATE letters SET wrong = wrong + 1 WHERE name = %s"


@frozen
class Letter:
    """A printed letter: its name, which stands in the link, and its code, which does not."""

    name: str
    code: str


@frozen
class Addressed:
    """Which referral a letter is of, and to whom it went."""

    referral: UUID
    initiative: str
    receiver: str


class Letters:
    """Letters by name. A code is right for one letter alone."""

    def __init__(self, pool: AsyncPool, root: RootKey) -> None:
        self._pool = pool
        self._names = root.hashing("letter name", "1")
        self._codes = root.hashing("letter code", "1")

    async def of(self, referral: UUID, initiative: str, receiver: str, at: datetime) -> Letter:
        """The letter of a referral, printed `at` (UTC): made where there is none, or the last was tried too often."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_LAST, [referral])).fetchone()
            number = 1 if row is None else int(row[0]) + (row[1] >= MOST_WRONG)
            name = _signs(self._names, _NAME_SIGNS, referral, number).lower()
            await connection.execute(_MAKE, [name, referral, number, initiative, receiver, at])
        return Letter(name, self._code(referral, number))

    async def printed(self, referral: UUID) -> datetime | None:
        """When it was printed last (UTC), None for one that was not."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_PRINTED, [referral])).fetchone()
        return row[0] if row else None

    async def opened(self, name: str, code: str) -> Addressed | None:
        """What this code opens; None for a wrong one, which is counted, and for a letter that was tried too often."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_FIND, [name.lower()])).fetchone()
            if row is None or row[4] >= MOST_WRONG:
                return None
            if not hmac.compare_digest(self._code(row[0], row[1]), typed(code)):
                await connection.execute(_WRONG, [name.lower()])
                return None
        return Addressed(row[0], row[2], row[3])

    def _code(self, referral: UUID, number: int) -> str:
        return _signs(self._codes, _CODE_SIGNS, referral, number)


def _signs(keyed: KeyedHash, length: int, referral: UUID, number: int) -> str:
    return signs(keyed.of(joined(referral.bytes, number.to_bytes(4))), length)
