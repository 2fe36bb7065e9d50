"""Owns the codes by which a client reaches her own pages: hashed, used once, out of date after some days."""

import hmac
from datetime import datetime
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.vault.codes import MOST_WRONG, signs, typed
from services.referrals.vault.keys import RootKey, joined
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres import AsyncPool

_HALF = 6

# The one before it is good no more, unless this very one is asked for again.
_FORGET = "DELETE FROM access_codes WHERE client_id = %s AND agency = %s AND used_at IS NULL AND name <> %s"
_MAKE = (
    "INSERT INTO access_codes (name, secret, initiative, agency, client_id, made_at, until)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING until"
)
_FIND = (
    "SELECT secret, initiative, agency, client_id FROM access_codes"
    " WHERE name = %s AND used_at IS NULL AND until > %s AND wrong < %s"
)
_WRONG = "UPDATE access_codes SET wrong = wrong + 1 WHERE name = %s"
_USE = "UPDATE access_codes SET used_at = %s WHERE name = %s AND used_at IS NULL RETURNING true"


@frozen
class Code:
    """A code as it is given to her, and until when (UTC) it is good."""

    text: str
    until: datetime


class AccessCodes:
    """Codes of two halves: one finds the row, the other opens it. What is kept turns back into neither."""

    def __init__(self, pool: AsyncPool, root: RootKey) -> None:
        self._pool = pool
        self._texts = root.hashing("access code", "1")
        self._names = root.hashing("access code name", "1")
        self._secrets = root.hashing("access code secret", "1")

    async def give(self, holder: Holder, seed: UUID, at: datetime, until: datetime) -> Code:
        """The code of this seed, for a client of an agency; the one that she had before opens nothing any more."""
        text = signs(self._texts.of(seed.bytes), 2 * _HALF)
        name = self._name(text)
        values = [name, self._secret(text), holder.initiative, holder.agency, holder.client_id, at, until]
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET, [holder.client_id, holder.agency, name])
            row = await (await connection.execute(_MAKE, values)).fetchone()
        return Code(text, row[0] if row else until)

    async def use(self, code: str, at: datetime) -> Holder | None:
        """Whom a code lets in, once; None for a wrong one, which is counted, a used one, and one out of date."""
        text = typed(code)
        name = self._name(text)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_FIND, [name, at, MOST_WRONG])).fetchone()
            if row is None:
                return None
            if not hmac.compare_digest(bytes(row[0]), self._secret(text)):
                await connection.execute(_WRONG, [name])
                return None
            if await (await connection.execute(_USE, [at, name])).fetchone() is None:
                return None
        return Holder(row[1], row[2], row[3])

    def _name(self, text: str) -> bytes:
        return self._names.of(text[:_HALF].encode())

    def _secret(self, text: str) -> bytes:
        return self._secrets.of(joined(text[:_HALF], text[_HALF:]))
