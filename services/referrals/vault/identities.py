"""Owns the identities that agencies stated, and the minting of client ids together with them.

What somebody with the table and without the keys learns: which agency registered how many clients when, which of them
have a number of the agency, and how long an identity is to the next 64 bytes. Not who anybody is, not whether two
agencies hold the same woman: seals, numbers and words compare within one agency at most. With the table of search
words, see `services.referrals.vault.words`. Client ids are random; agencies know them under ids of their own.
"""

from typing import NamedTuple
from uuid import UUID

from psycopg.errors import UniqueViolation

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import DataKeys, WrappedKey, columns
from services.referrals.vault.identity import Identity
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import DataKey, Place, key_of
from services.referrals.vault.words import Numbers, Words
from services.runtime.chance import random_id
from services.runtime.postgres import AsyncPool

_STANDING = (
    "UPDATE identities SET written_at = greatest(written_at, clock_timestamp())"
    " WHERE initiative = %(initiative)s AND agency = %(agency)s AND (row_id = %(row)s OR number = %(number)s)"
    " RETURNING row_id, client_id, sealed"
)
_REGISTER = """
WITH minted AS (
  INSERT INTO identities (row_id, initiative, agency, client_id, number, sealed)
  VALUES (%(row)s, %(initiative)s, %(agency)s, %(client)s, %(number)s, %(sealed)s)
  ON CONFLICT DO NOTHING RETURNING row_id
), key AS (
  INSERT INTO data_keys (id, initiative, agency, client_id, epoch, wrapped)
  SELECT %(key)s, %(initiative)s, %(agency)s, %(client)s, %(epoch)s, %(wrapped)s FROM minted
)
SELECT count(*) FROM minted
"""
_INDEX = (
    "INSERT INTO search_words (word, place, client_id, row_id)"
    " SELECT unnest(%(words)s::bytea[]), %(place)s, client_id, row_id FROM identities WHERE row_id = %(row)s"
)
_READ = "SELECT row_id, client_id, sealed FROM identities WHERE initiative = %s AND agency = %s AND client_id = %s"
_CORRECT = "UPDATE identities SET sealed = %(sealed)s, number = %(number)s WHERE row_id = %(row)s"
_ADD = (
    "INSERT INTO identities (row_id, initiative, agency, client_id, number, sealed, named_at)"
    " VALUES (%(row)s, %(initiative)s, %(agency)s, %(client)s, %(number)s, %(sealed)s, clock_timestamp())"
    " ON CONFLICT (row_id) DO UPDATE SET sealed = excluded.sealed, number = excluded.number"
)
_BEGUN = "SELECT FROM identities WHERE row_id = %s"
_ROW = "SELECT row_id FROM identities WHERE initiative = %s AND agency = %s AND client_id = %s"


class NumberInUse(Exception):
    """The agency's own number belongs to a client of another name (rule R21; HTTP 409 `number-in-use`)."""


@frozen
class Registered:
    """The client that the row stands for. `known`: the agency had registered her before, nothing was written."""

    client_id: UUID
    known: bool


class _Row(NamedTuple):
    row_id: UUID
    client_id: UUID
    sealed: bytes


class Identities:
    """The identities of every agency, each under the key of that agency for that client."""

    def __init__(self, pool: AsyncPool, keys: DataKeys, words: Words, numbers: Numbers) -> None:
        self._pool = pool
        self._keys = keys
        self._words = words
        self._numbers = numbers

    async def register(self, initiative: str, agency: str, identity: Identity, row: UUID) -> Registered:
        """Mint a client with her identity; the same row, or the same number under a like name, is the same client.

        Raises `NumberInUse` when the number belongs to a client of another name.
        """
        number = self._number(initiative, agency, identity)
        for _ in range(3):
            standing = await self._standing(initiative, agency, row, number)
            if standing:
                return await self._again(initiative, agency, identity, row, standing)
            holder = Holder(initiative, agency, random_id())
            wrapped, key = await self._keys.make(holder)
            if await self._mint(holder, identity, row, wrapped, key):
                self._keys.keep(holder, key)
                return Registered(holder.client_id, known=False)
        raise RuntimeError("a row that is neither there nor free")

    async def begun(self, row: UUID) -> bool:
        """Whether the request that this row belongs to has come before, however far it came."""
        async with self._pool.connection() as connection:
            return await (await connection.execute(_BEGUN, [row])).fetchone() is not None

    async def read(self, initiative: str, agency: str, client_id: UUID) -> Identity | None:
        """The identity as this agency stated it; None where it did not register her. Raises `KeyGone`."""
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_READ, [initiative, agency, client_id])).fetchone()
        return await self._opened(initiative, agency, _Row(*found)) if found else None

    async def correct(
        self, initiative: str, agency: str, client_id: UUID, identity: Identity, own: UUID | None = None
    ) -> bool:
        """State her identity anew; what stood is overwritten. False where this agency holds no record of its own.

        `own` is the row of the record that one begins then who accepted her (R1).

        Raises `NumberInUse` when the number is another client's.
        """
        holder = Holder(initiative, agency, client_id)
        key = (await self._keys.for_writing([holder]))[holder]
        async with self._pool.connection() as connection, connection.transaction():
            found = await (await connection.execute(_ROW + " FOR UPDATE", holder)).fetchone()
            row = found[0] if found is not None else own
            if row is None:
                return False
            values = {"row": row, **self._sealed(holder, row, identity, key)}
            values |= {"initiative": initiative, "agency": agency, "client": client_id}
            try:
                await connection.execute(_ADD if found is None else _CORRECT, values)
            except UniqueViolation:
                raise NumberInUse from None
            await connection.execute("DELETE FROM search_words WHERE row_id = %(row)s", values)
            await connection.execute(_INDEX, values)
        return True

    async def _standing(self, initiative: str, agency: str, row: UUID, number: bytes | None) -> list[_Row]:
        # The touch keeps the sweep away from a row whose event a retry is about to write.
        asked = {"initiative": initiative, "agency": agency, "row": row, "number": number}
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_STANDING, asked)).fetchall()
        return [_Row(*columns) for columns in found]

    async def _again(
        self, initiative: str, agency: str, identity: Identity, row: UUID, standing: list[_Row]
    ) -> Registered:
        for found in standing:
            if found.row_id == row:
                return Registered(found.client_id, known=True)
        theirs = await self._opened(initiative, agency, standing[0])
        if not theirs.is_named_like(identity):
            raise NumberInUse
        return Registered(standing[0].client_id, known=True)

    async def _mint(self, holder: Holder, identity: Identity, row: UUID, wrapped: WrappedKey, key: DataKey) -> bool:
        (id,), (initiative,), (agency,), (client,), _, (epoch,), (key_text,) = columns([wrapped])
        values = {"row": row, "initiative": initiative, "agency": agency, "client": client}
        values |= {"key": id, "epoch": epoch, "wrapped": key_text} | self._sealed(holder, row, identity, key)
        async with self._pool.connection() as connection, connection.transaction():
            minted = await (await connection.execute(_REGISTER, values)).fetchone()
            if minted is None or not minted[0]:
                return False
            await connection.execute(_INDEX, values)
        return True

    def _sealed(self, holder: Holder, row: UUID, identity: Identity, key: DataKey) -> dict[str, object]:
        return {
            "sealed": key.seal(Place(*holder, row, "identity"), identity.document()),
            "number": self._number(holder.initiative, holder.agency, identity),
            "words": list(self._words.of(holder.initiative, holder.agency, identity.fields(), identity.mrn)),
            "place": self._words.place(*holder),
        }

    def _number(self, initiative: str, agency: str, identity: Identity) -> bytes | None:
        return self._numbers.own(initiative, agency, identity.mrn) if identity.mrn else None

    async def _opened(self, initiative: str, agency: str, row: _Row) -> Identity:
        key = await self._keys.one(key_of(row.sealed))
        return Identity.of(key.open(Place(initiative, agency, row.client_id, row.row_id, "identity"), row.sealed))
