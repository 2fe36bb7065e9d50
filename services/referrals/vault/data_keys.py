"""Owns the data keys, one per client, agency and class: made, kept open for a while, moved to a new epoch, shredded."""

import secrets
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.check_values import CheckedKeys
from services.referrals.vault.keys import KEY_BYTES
from services.referrals.vault.open_keys import Holder, OpenKeys, Use
from services.referrals.vault.seal import DataKey
from services.referrals.vault.wrapping import KeyGone, Wrapped
from services.runtime.chance import random_id
from services.runtime.postgres import AsyncPool

_SELECT = "SELECT id, initiative, agency, client_id, class, epoch, wrapped FROM data_keys"
_OF_HOLDERS = (
    _SELECT + " JOIN unnest(%b::uuid[], %b::text[], %b::text[]) AS asked (client_id, agency, class)"
    " USING (client_id, agency, class) WHERE shredded_at IS NULL"
)
# The class is asked for with each holder: beside them, it made PostgreSQL read the whole table for every batch.
_OF_IDS = _SELECT + " WHERE id = ANY(%b) AND shredded_at IS NULL"
_OF_EPOCH = _SELECT + " WHERE epoch = %s AND shredded_at IS NULL LIMIT %s FOR UPDATE SKIP LOCKED"
_LIVE = "SELECT id FROM data_keys WHERE id = ANY(%b) AND shredded_at IS NULL"
_INSERT = (
    "INSERT INTO data_keys (id, initiative, agency, client_id, class, epoch, wrapped)"
    " SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::bytea[])"
    " ON CONFLICT DO NOTHING"
)
_REWRAP = (
    "UPDATE data_keys SET epoch = new.epoch, wrapped = new.wrapped"
    " FROM unnest(%b::uuid[], %b::text[], %b::bytea[]) AS new (id, epoch, wrapped)"
    " WHERE data_keys.id = new.id AND shredded_at IS NULL"
)
_SHRED = (
    "UPDATE data_keys SET wrapped = '', shredded_at = clock_timestamp()"
    " WHERE client_id = %s AND agency = %s AND shredded_at IS NULL RETURNING id"
)
_ORDINARY = ""


class WrappedKey(NamedTuple):
    """A row of the table: the key of `holder`, wrapped."""

    id: UUID
    holder: Holder
    wrapped: Wrapped
    restricted: RestrictedClass | None = None

    @classmethod
    def of(cls, row: tuple[UUID, str, str, UUID, str, str, bytes]) -> "WrappedKey":
        """From the columns of `_SELECT`."""
        id, initiative, agency, client_id, restricted, epoch, wrapped = row
        of_class = RestrictedClass(restricted) if restricted != _ORDINARY else None
        return cls(id, Holder(initiative, agency, client_id), Wrapped(epoch, wrapped), of_class)

    @property
    def context(self) -> bytes:
        """What its wrapping is bound to."""
        return self.holder.context(self.id, self.restricted)


class DataKeys:
    """The table of data keys. Its methods take connections of their own: a key is used only once its row is durable."""

    def __init__(self, pool: AsyncPool, wrapping: CheckedKeys, *, opened: OpenKeys | None = None) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._open = OpenKeys() if opened is None else opened

    async def make(self, holder: Holder, restricted: RestrictedClass | None = None) -> tuple[WrappedKey, DataKey]:
        """A new key that is in no table yet: for whoever writes its row together with what it seals (`keep` after)."""
        id, key = random_id(), secrets.token_bytes(KEY_BYTES)
        wrapped = await self._wrapping.wrap(key, holder.context(id, restricted))
        return WrappedKey(id, holder, wrapped, restricted), DataKey(id, key)

    def keep(self, holder: Holder, key: DataKey) -> None:
        """Keep open what was made: its row is committed."""
        self._open.put(holder, key)

    async def for_writing(
        self, holders: Collection[Holder], restricted: RestrictedClass | None = None
    ) -> dict[Holder, DataKey]:
        """The key in use of each holder for what is ordinary, or of this class, made where there is none."""
        found = {holder: key for holder in holders if (key := self._open.of(holder, restricted))}
        missing = [holder for holder in dict.fromkeys(holders) if holder not in found]
        if missing:
            found |= await self._in_use(missing, restricted)
            made = [(await self.make(holder, restricted))[0] for holder in missing if holder not in found]
            if made:
                async with self._pool.connection() as connection:
                    await connection.execute(_INSERT, columns(made))
                # Somebody may have been first: what stands in the table is the key, not what was made here.
                found |= await self._in_use([key.holder for key in made], restricted)
        return found

    async def for_uses(self, uses: Collection[Use]) -> dict[Use, DataKey]:
        """The same for several classes at once."""
        found: dict[Use, DataKey] = {}
        for restricted in dict.fromkeys(of_class for _, of_class in uses):
            holders = [holder for holder, of_class in uses if of_class is restricted]
            keys = await self.for_writing(holders, restricted)
            found |= {(holder, restricted): key for holder, key in keys.items()}
        return found

    async def by_id(self, ids: Iterable[UUID]) -> dict[UUID, DataKey]:
        """The keys with these ids; one that was shredded is left out. Raises `KeyMissing`, `KeysAway`."""
        asked = set(ids)
        found = {id: key for id in asked if (key := self._open.get(id))}
        if missing := asked - found.keys():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_OF_IDS, [list(missing)], binary=True)).fetchall()
            for row in map(WrappedKey.of, rows):
                found[row.id] = await self._unwrap(row)
                self._open.put(row.holder, found[row.id], restricted=row.restricted, in_use=False)
        return found

    async def one(self, id: UUID) -> DataKey:
        """The key with this id. Raises `KeyGone`."""
        found = await self.by_id([id])
        if id not in found:
            raise KeyGone("the data key was shredded")
        return found[id]

    async def shred(self, holder: Holder) -> bool:
        """Destroy the keys of a holder: whatever they sealed is unreadable from here on, as soon as other processes
        have been told (`Watch`). False where there was none.
        """
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SHRED, [holder.client_id, holder.agency])).fetchall()
        self.drop(row[0] for row in rows)
        return bool(rows)

    def drop(self, ids: Iterable[UUID]) -> None:
        """Forget these keys now: they were destroyed."""
        for id in ids:
            self._open.drop(id)

    def drop_all(self) -> None:
        """Forget every key now: nobody can say which of them still stand."""
        self._open.drop_all()

    async def drop_destroyed(self) -> None:
        """Forget the open keys that stand in the table no more."""
        asked = self._open.ids()
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_LIVE, [asked], binary=True)).fetchall()
        self.drop(set(asked) - {row[0] for row in rows})

    async def rewrap(self, epoch: str, *, limit: int = 200) -> int:
        """Wrap up to `limit` keys of a past epoch anew under this month's; 0 when there is none that nobody else wraps.

        Whoever reads or writes meanwhile waits for nothing: the key itself stays what it was.
        """
        async with self._pool.connection() as connection, connection.transaction():
            rows = await (await connection.execute(_OF_EPOCH, [epoch, limit])).fetchall()
            new = []
            for row in map(WrappedKey.of, rows):
                key = await self._wrapping.unwrap(row.wrapped, row.context)
                new.append((row.id, await self._wrapping.wrap(key, row.context)))
            await connection.execute(
                _REWRAP, [[id for id, _ in new], [to.epoch for _, to in new], [to.key for _, to in new]]
            )
        return len(new)

    async def _in_use(self, holders: Collection[Holder], restricted: RestrictedClass | None) -> dict[Holder, DataKey]:
        clients, agencies = [holder.client_id for holder in holders], [holder.agency for holder in holders]
        asked = [clients, agencies, [restricted or _ORDINARY] * len(clients)]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_OF_HOLDERS, asked, binary=True)
            rows = await cursor.fetchall()
        found: dict[Holder, DataKey] = {}
        for row in map(WrappedKey.of, rows):
            found[row.holder] = await self._unwrap(row)
            self._open.put(row.holder, found[row.holder], restricted=restricted)
        return found

    async def _unwrap(self, row: WrappedKey) -> DataKey:
        return DataKey(row.id, await self._wrapping.unwrap(row.wrapped, row.context))


def columns(keys: Collection[WrappedKey]) -> list[list[object]]:
    """The keys as the arrays that `_INSERT` takes: id, initiative, agency, client, class, epoch, wrapped."""
    return [
        [key.id for key in keys],
        [key.holder.initiative for key in keys],
        [key.holder.agency for key in keys],
        [key.holder.client_id for key in keys],
        [key.restricted or _ORDINARY for key in keys],
        [key.wrapped.epoch for key in keys],
        [key.wrapped.key for key in keys],
    ]
