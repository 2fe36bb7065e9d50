"""Owns the data keys, one per client and agency: made, kept open for a while, moved to a new epoch, shredded."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple
from uuid import UUID, uuid4

from services.referrals.vault.keys import KEY_BYTES, joined
from services.referrals.vault.seal import DataKey
from services.referrals.vault.wrapping import KeyGone, KeyWrapping, Wrapped
from services.runtime.postgres import AsyncPool

_SELECT = "SELECT id, initiative, agency, client_id, epoch, wrapped FROM data_keys"
_OF_HOLDERS = (
    _SELECT + " JOIN unnest(%b::uuid[], %b::text[]) AS asked (client_id, agency)"
    " USING (client_id, agency) WHERE shredded_at IS NULL"
)
_OF_IDS = _SELECT + " WHERE id = ANY(%b) AND shredded_at IS NULL"
_OF_EPOCH = _SELECT + " WHERE epoch = %s AND shredded_at IS NULL ORDER BY id LIMIT %s"
_INSERT = (
    "INSERT INTO data_keys (id, initiative, agency, client_id, epoch, wrapped)"
    " SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::text[], %b::bytea[])"
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


class Holder(NamedTuple):
    """Whose key it is: what this agency holds of this client."""

    initiative: str
    agency: str
    client_id: UUID

    def context(self, key_id: UUID) -> bytes:
        """What the wrapping of the key is bound to."""
        return joined("data key", self.initiative, self.agency, self.client_id.bytes, key_id.bytes)


class WrappedKey(NamedTuple):
    """A row of the table: the key of `holder`, wrapped."""

    id: UUID
    holder: Holder
    wrapped: Wrapped

    @classmethod
    def of(cls, row: tuple[UUID, str, str, UUID, str, bytes]) -> "WrappedKey":
        """From the columns of `_SELECT`."""
        id, initiative, agency, client_id, epoch, wrapped = row
        return cls(id, Holder(initiative, agency, client_id), Wrapped(epoch, wrapped))


class OpenKeys:
    """Unwrapped keys, at most `limit` of them and none longer than `seconds`; the one unused longest goes first."""

    def __init__(
        self, *, limit: int = 8192, seconds: float = 300.0, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._tick = tick
        self._keys: OrderedDict[UUID, tuple[float, Holder, DataKey]] = OrderedDict()
        self._in_use: dict[Holder, UUID] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def of(self, holder: Holder) -> DataKey | None:
        """The key in use of a holder, if it is open."""
        id = self._in_use.get(holder)
        return self.get(id) if id else None

    def get(self, id: UUID) -> DataKey | None:
        """The key with this id, if it is open."""
        found = self._keys.get(id)
        if found is None:
            return None
        if found[0] < self._tick():
            self.drop(id)
            return None
        self._keys.move_to_end(id)
        return found[2]

    def put(self, holder: Holder, key: DataKey, *, in_use: bool = True) -> None:
        """Keep a key open; `in_use`: it is the one under which this holder's next row is sealed."""
        self._keys[key.id] = (self._tick() + self._seconds, holder, key)
        if in_use:
            self._in_use[holder] = key.id
        while len(self._keys) > self._limit:
            self.drop(next(iter(self._keys)))

    def drop(self, id: UUID) -> None:
        """Forget a key now."""
        found = self._keys.pop(id, None)
        if found and self._in_use.get(found[1]) == id:
            del self._in_use[found[1]]


class DataKeys:
    """The table of data keys. Its methods take connections of their own: a key is used only once its row is durable."""

    def __init__(self, pool: AsyncPool, wrapping: KeyWrapping, *, opened: OpenKeys | None = None) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._open = opened or OpenKeys()

    async def make(self, holder: Holder) -> tuple[WrappedKey, DataKey]:
        """A new key that is in no table yet: for whoever writes its row together with what it seals (`keep` after)."""
        id, key = uuid4(), secrets.token_bytes(KEY_BYTES)
        wrapped = await self._wrapping.wrap(key, holder.context(id))
        return WrappedKey(id, holder, wrapped), DataKey(id, key)

    def keep(self, holder: Holder, key: DataKey) -> None:
        """Keep open what was made: its row is committed."""
        self._open.put(holder, key)

    async def for_writing(self, holders: Collection[Holder]) -> dict[Holder, DataKey]:
        """The key in use of each holder, made where there is none."""
        found = {holder: key for holder in holders if (key := self._open.of(holder))}
        missing = [holder for holder in dict.fromkeys(holders) if holder not in found]
        if missing:
            found |= await self._in_use(missing)
            made = [(await self.make(holder))[0] for holder in missing if holder not in found]
            if made:
                async with self._pool.connection() as connection:
                    await connection.execute(_INSERT, columns(made))
                # Somebody may have been first: what stands in the table is the key, not what was made here.
                found |= await self._in_use([key.holder for key in made])
        return found

    async def by_id(self, ids: Iterable[UUID]) -> dict[UUID, DataKey]:
        """The keys with these ids; one that was shredded, or whose epoch was destroyed, is missing from the answer."""
        asked = set(ids)
        found = {id: key for id in asked if (key := self._open.get(id))}
        if missing := asked - found.keys():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_OF_IDS, [list(missing)], binary=True)).fetchall()
            for row in map(WrappedKey.of, rows):
                try:
                    key = await self._unwrap(row)
                except KeyGone:
                    continue
                self._open.put(row.holder, key, in_use=False)
                found[row.id] = key
        return found

    async def one(self, id: UUID) -> DataKey:
        """The key with this id. Raises `KeyGone`."""
        found = await self.by_id([id])
        if id not in found:
            raise KeyGone("the data key was shredded")
        return found[id]

    async def shred(self, holder: Holder) -> bool:
        """Destroy the key of a holder: whatever it sealed is unreadable from here on, within the time that other
        processes keep keys open (`OpenKeys`). False where there was none.
        """
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SHRED, [holder.client_id, holder.agency])).fetchall()
        for row in rows:
            self._open.drop(row[0])
        return bool(rows)

    async def rewrap(self, epoch: str, *, limit: int = 1000) -> int:
        """Wrap up to `limit` keys of a past epoch anew under this month's; 0 when none is left."""
        async with self._pool.connection() as connection, connection.transaction():
            rows = await (await connection.execute(_OF_EPOCH + " FOR UPDATE", [epoch, limit])).fetchall()
            new = []
            for row in map(WrappedKey.of, rows):
                context = row.holder.context(row.id)
                key = await self._wrapping.unwrap(row.wrapped, context)
                new.append((row.id, await self._wrapping.wrap(key, context)))
            await connection.execute(
                _REWRAP, [[id for id, _ in new], [to.epoch for _, to in new], [to.key for _, to in new]]
            )
        return len(new)

    async def _in_use(self, holders: Collection[Holder]) -> dict[Holder, DataKey]:
        clients, agencies = [holder.client_id for holder in holders], [holder.agency for holder in holders]
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_OF_HOLDERS, [clients, agencies], binary=True)).fetchall()
        found: dict[Holder, DataKey] = {}
        for row in map(WrappedKey.of, rows):
            found[row.holder] = await self._unwrap(row)
            self._open.put(row.holder, found[row.holder])
        return found

    async def _unwrap(self, row: WrappedKey) -> DataKey:
        return DataKey(row.id, await self._wrapping.unwrap(row.wrapped, row.holder.context(row.id)))


def columns(keys: Collection[WrappedKey]) -> list[list[object]]:
    """The keys as the arrays that an INSERT from `unnest` takes: id, initiative, agency, client, epoch, wrapped."""
    return [
        [key.id for key in keys],
        [key.holder.initiative for key in keys],
        [key.holder.agency for key in keys],
        [key.holder.client_id for key in keys],
        [key.wrapped.epoch for key in keys],
        [key.wrapped.key for key in keys],
    ]
