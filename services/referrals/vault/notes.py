"""Owns what people typed beside an event: notes, reasons, activities without a code. Each is named by an event's id."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.open_keys import Holder, Use
from services.referrals.vault.seal import DataKey, Place, Sealed, key_of
from services.referrals.vault.wrapping import KeyGone
from services.runtime.postgres import AsyncPool

_WRITE = """
INSERT INTO notes (id, initiative, agency, client_id, kind, sealed)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::text[], %b::bytea[])
ON CONFLICT (id) DO UPDATE SET written_at = greatest(notes.written_at, clock_timestamp())
WHERE notes.named_at IS NULL
"""
_READ = "SELECT id, initiative, agency, client_id, kind, sealed FROM notes WHERE id = ANY(%b)"


@frozen
class Typed:
    """Something typed, for the row `id` (`services.referrals.vault.rows`). `kind` is a word of ours: note, reason.

    `restricted` is the class of what it belongs to, which has a key of its own (R6).
    """

    id: UUID
    holder: Holder
    kind: str
    text: Sealed[str]
    restricted: RestrictedClass | None = None


class Notes:
    """What was typed, each under the key of the agency that wrote it, for the client that it is about."""

    def __init__(self, pool: AsyncPool, keys: DataKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def write(self, *typed: Typed) -> None:
        """Write before the event that names them. A row that is there stands as it is: the id says what was typed."""
        keys = await self._keys.for_uses([(one.holder, one.restricted) for one in typed])
        async with self._pool.connection() as connection:
            await connection.execute(_WRITE, _columns(typed, keys))

    async def read(self, initiative: str, agency: str, id: UUID) -> Typed | None:
        """What this agency wrote under this id; None for another agency. Raises `KeyGone` when its key was shredded."""
        rows = await self._rows([id])
        if not rows or rows[0].holder[:2] != (initiative, agency):
            return None
        opened = await self._opened(rows)
        if id not in opened:
            raise KeyGone("the data key was shredded")
        return opened[id]

    async def kept(self, initiative: str, agency: str, id: UUID) -> Typed | None:
        """As `read`, and None for what was erased: for what is told beside other things."""
        rows = await self._rows([id])
        if not rows or rows[0].holder[:2] != (initiative, agency):
            return None
        return (await self._opened(rows)).get(id)

    async def read_many(self, ids: Collection[UUID]) -> dict[UUID, Typed]:
        """What stands under these ids, whoever wrote it: for sealing it anew. What cannot be opened is left out."""
        return await self._opened(await self._rows(ids))

    async def _rows(self, ids: Collection[UUID]) -> "list[_Row]":
        if not ids:
            return []
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_READ, [list(ids)], binary=True)).fetchall()
        return [_Row(id, Holder(*holder), kind, sealed) for id, *holder, kind, sealed in rows]

    async def _opened(self, rows: "Collection[_Row]") -> dict[UUID, Typed]:
        keys = await self._keys.by_id(key_of(row.sealed) for row in rows)
        return {row.id: row.opened(key) for row in rows if (key := keys.get(key_of(row.sealed)))}


@frozen
class _Row:
    id: UUID
    holder: Holder
    kind: str
    sealed: bytes

    def opened(self, key: DataKey) -> Typed:
        text = key.open(Place(*self.holder, self.id, self.kind), self.sealed).decode()
        return Typed(self.id, self.holder, self.kind, Sealed(text))


def _columns(typed: Sequence[Typed], keys: dict[Use, DataKey]) -> list[list[Any]]:
    # The same row twice in one statement is refused by PostgreSQL; one order for all writers keeps them from deadlock.
    rows = sorted({one.id: one for one in typed}.values(), key=lambda one: one.id)
    return [
        [one.id for one in rows],
        [one.holder.initiative for one in rows],
        [one.holder.agency for one in rows],
        [one.holder.client_id for one in rows],
        [one.kind for one in rows],
        [_sealed(one, keys[one.holder, one.restricted]) for one in rows],
    ]


def _sealed(one: Typed, key: DataKey) -> bytes:
    return key.seal(Place(*one.holder, one.id, one.kind), one.text.open().encode())
