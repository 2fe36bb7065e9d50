"""Owns referrals that are not sent yet: what an agency typed so far, kept for 14 days after it was last saved (R10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Place, SealBroken, Sealed, key_of
from services.runtime.postgres import AsyncPool

KEPT: Final = timedelta(days=14)

_FIELD = "draft"
_COLUMNS = "SELECT id, initiative, agency, version, sealed, saved_at FROM drafts"
_INSERT = (
    "INSERT INTO drafts (id, initiative, agency, version, sealed, saved_at) VALUES (%s, %s, %s, 1, %s, %s)"
    " ON CONFLICT (id) DO NOTHING"
)
_CHANGE = (
    "UPDATE drafts SET sealed = %s, saved_at = %s, version = version + 1"
    " WHERE id = %s AND initiative = %s AND agency = %s AND version = %s RETURNING version"
)
_READ = _COLUMNS + " WHERE id = %s AND initiative = %s AND agency = %s AND saved_at > %s"
_LIST = (
    _COLUMNS + " WHERE initiative = %s AND agency = %s AND saved_at > %s"
    " AND (%s::uuid IS NULL OR saved_at < %s OR (saved_at = %s AND id > %s::uuid))"
    " ORDER BY saved_at DESC, id LIMIT %s"
)
# Its key goes with it: what a backup still holds of the row is unreadable.
_GONE: Final[LiteralString] = (
    "WITH gone AS (DELETE FROM drafts WHERE {which} RETURNING id, agency), keys AS (DELETE FROM data_keys USING gone"
    " WHERE data_keys.client_id = gone.id AND data_keys.agency = gone.agency) SELECT count(*) FROM gone"
)
_DELETE = _GONE.replace("{which}", "id = %s AND initiative = %s AND agency = %s")
_EXPIRE = _GONE.replace("{which}", "saved_at <= %s")


@frozen
class Kept:
    """A draft at a version: its document, opened, and when it was last saved (UTC)."""

    id: UUID
    version: int
    document: Sealed[bytes]
    saved_at: datetime

    @property
    def until(self) -> datetime:
        """When it is swept if nobody saves it again (UTC)."""
        return self.saved_at + KEPT


class Drafts:
    """Drafts of every agency. What the table tells without keys: which agency saved how many when, and how long."""

    def __init__(self, pool: AsyncPool, keys: DataKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def add(self, initiative: str, agency: str, id: UUID, document: bytes, now: datetime) -> None:
        """Keep a new draft under its id; one that is there stands."""
        sealed = await self._sealed(initiative, agency, id, document)
        async with self._pool.connection() as connection:
            await connection.execute(_INSERT, [id, initiative, agency, sealed, now])

    async def change(
        self, initiative: str, agency: str, id: UUID, version: int, document: bytes, *, now: datetime
    ) -> int | None:
        """Save it anew if it stands at `version`; gives its new version, None where it stands elsewhere."""
        sealed = await self._sealed(initiative, agency, id, document)
        async with self._pool.connection() as connection:
            found = await connection.execute(_CHANGE, [sealed, now, id, initiative, agency, version])
            row = await found.fetchone()
        return row[0] if row else None

    async def read(self, initiative: str, agency: str, id: UUID, now: datetime) -> Kept | None:
        """The agency's draft; None for any other and for one whose time is over."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_READ, [id, initiative, agency, now - KEPT])
            rows = await found.fetchall()
        return next(iter(await self._opened(rows)), None)

    async def of(
        self, initiative: str, agency: str, now: datetime, *, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> list[Kept]:
        """The agency's drafts, the last saved first; `after` is (saved_at, id)."""
        at, id = after or (None, None)
        async with self._pool.connection() as connection:
            found = await connection.execute(_LIST, [initiative, agency, now - KEPT, id, at, at, id, limit])
            rows = await found.fetchall()
        return await self._opened(rows)

    async def delete(self, initiative: str, agency: str, id: UUID) -> bool:
        """Forget the agency's draft, and its key. False where there is none."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_DELETE, [id, initiative, agency])).fetchone()
        return bool(row and row[0])

    async def expire(self, now: datetime) -> int:
        """Forget what nobody saved for 14 days; how many."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_EXPIRE, [now - KEPT])).fetchone()
        return int(row[0]) if row else 0

    async def _sealed(self, initiative: str, agency: str, id: UUID, document: bytes) -> bytes:
        holder = Holder(initiative, agency, id)
        key = (await self._keys.for_writing([holder]))[holder]
        return key.seal(Place(*holder, id, _FIELD), document)

    async def _opened(self, rows: Iterable[tuple[Any, ...]]) -> list[Kept]:
        rows = list(rows)
        keys = await self._keys.by_id(key_of(row[4]) for row in rows)
        found = []
        for id, initiative, agency, version, sealed, saved_at in rows:
            if (key := keys.get(key_of(sealed))) is None:
                continue
            try:
                document = key.open(Place(initiative, agency, id, id, _FIELD), sealed)
            except SealBroken:
                continue
            found.append(Kept(id, version, Sealed(document), saved_at))
        return found
