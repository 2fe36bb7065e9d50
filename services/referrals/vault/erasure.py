"""Owns the erasure of what one agency holds of a client: its keys are destroyed, and what could still find her goes."""

from datetime import datetime
from typing import Final, LiteralString

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres import AsyncPool

FOLLOWER: Final = "erasing"

# What a seal names as its key: bytes 3 to 18 (seal.py).
_GONE: Final[LiteralString] = """
WITH shredded AS (
  UPDATE data_keys SET wrapped = '', shredded_at = clock_timestamp()
  WHERE client_id = %(client)s AND agency = %(agency)s AND shredded_at IS NULL 
    AND (%(before)s::timestamptz IS NULL OR made_at <= %(before)s)
  RETURNING id
), gone AS (
  SELECT id FROM shredded UNION ALL
  SELECT id FROM data_keys WHERE client_id = %(client)s AND agency = %(agency)s AND shredded_at IS NOT NULL
), numbers AS (
  UPDATE identities SET number = NULL WHERE client_id = %(client)s AND agency = %(agency)s AND number IS NOT NULL
    AND encode(substring(sealed FROM 3 FOR 16), 'hex')::uuid IN (SELECT id FROM gone)
), words AS (
  DELETE FROM search_words WHERE client_id = %(client)s AND row_id IN (
    SELECT row_id FROM identities WHERE client_id = %(client)s AND agency = %(agency)s
      AND encode(substring(sealed FROM 3 FOR 16), 'hex')::uuid IN (SELECT id FROM gone)
    UNION ALL
    SELECT subject_id FROM given WHERE client_id = %(client)s AND receiver = %(agency)s
      AND (sealed IS NULL OR encode(substring(sealed FROM 3 FOR 16), 'hex')::uuid IN (SELECT id FROM gone)))
), codes AS (
  DELETE FROM access_codes WHERE client_id = %(client)s AND agency = %(agency)s
), imported AS (
  DELETE FROM import_numbers WHERE client_id = %(client)s AND %(registered)s
)
SELECT id FROM shredded
"""
_LEFT: Final = "SELECT EXISTS (SELECT FROM data_keys WHERE client_id = %s AND agency = %s AND shredded_at IS NULL)"
_REACHED: Final = (
    "INSERT INTO followers VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET position = greatest(followers.position, excluded.position)"
)


@frozen
class Erasing:
    """What is to be erased: what `holder` holds, or held when the erasure was written down (`at`, UTC).

    `registered`: it was this agency that registered her, so that the number of an imported log is its own.
    """

    holder: Holder
    registered: bool
    at: datetime | None = None


class Erasure:
    """Erases, and says how far the log has been followed. Sealed rows stay where they are: nothing opens them again.

    A copy that was given stays as a row, too, so that no late follower makes it a second time.
    """

    def __init__(self, pool: AsyncPool, keys: DataKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def erase(self, erasing: Erasing) -> int:
        """Erase it in one transaction, which tells every process (`Watch`); how many keys were destroyed.

        Again, or after a restore, it does what is still to be done. What was written of her since, stays.
        """
        asked = {
            "client": erasing.holder.client_id,
            "agency": erasing.holder.agency,
            "before": erasing.at,
            "registered": erasing.registered,
        }
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_GONE, asked)).fetchall()
        self._keys.drop(row[0] for row in rows)
        return len(rows)

    async def left(self, holder: Holder) -> bool:
        """Whether anything of hers can be read at this agency."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_LEFT, [holder.client_id, holder.agency])).fetchone()
        return bool(row and row[0])

    async def reached(self, position: int) -> None:
        """The log is followed up to here."""
        async with self._pool.connection() as connection:
            await connection.execute(_REACHED, [FOLLOWER, position])
