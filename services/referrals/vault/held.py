"""Owns what an agency holds of a client: the identity that it stated, or what she agreed to give it."""

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple, TypeVar
from uuid import UUID

import orjson

from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.identity import Json, Name, stated_fields
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import DataKey, Place, SealBroken, Unspoken, key_of
from services.referrals.vault.terms import Subject
from services.runtime.postgres import AsyncPool

IDENTITY, GIVEN = "identity", "given"
_BETWEEN = 32  # rows are opened in a row before others on the event loop get their turn

# Her own statement comes first, then the latest copy.
_ROWS = """
WITH asked AS (SELECT * FROM unnest(%(clients)b::uuid[], %(agencies)b::text[]) AS asked (client_id, agency))
SELECT 'identity' AS field, row_id, initiative, agency, client_id, sealed, NULL::timestamptz AS made_at
FROM identities JOIN asked USING (client_id, agency)
UNION ALL
SELECT 'given', subject_id, initiative, receiver, given.client_id, sealed, made_at
FROM given JOIN asked ON given.client_id = asked.client_id AND given.receiver = asked.agency
WHERE sealed IS NOT NULL AND locked_at IS NULL AND (accepted OR NOT %(accepted)s)
ORDER BY made_at DESC NULLS FIRST
"""
_COPIES = """
SELECT kind, subject_id, initiative, receiver, client_id, sealed FROM given
JOIN unnest(%(kinds)b::text[], %(ids)b::uuid[]) AS asked (kind, subject_id) USING (kind, subject_id)
WHERE initiative = %(initiative)s AND receiver = %(receiver)s
  AND sealed IS NOT NULL AND locked_at IS NULL
"""

Asked = TypeVar("Asked")


class HeldRow(NamedTuple):
    """A sealed row; `field` says of which table."""

    field: str
    row_id: UUID
    initiative: str
    agency: str
    client_id: UUID
    sealed: bytes

    @property
    def holder(self) -> Holder:
        """Under whose key it lies."""
        return Holder(self.initiative, self.agency, self.client_id)

    def opened(self, key: DataKey) -> "Holding":
        """What it says. Raises `SealBroken`."""
        document = orjson.loads(key.open(Place(*self.holder, self.row_id, self.field), self.sealed))
        return Holding(stated_fields(document) if self.field == IDENTITY else document["fields"])


class Holding(Unspoken):
    """What an agency may show of a client: `fields` as `Identity.fields` names them."""

    # No dataclass: JSON libraries take those apart.
    __slots__ = ("fields",)

    def __init__(self, fields: Json) -> None:
        self.fields = fields

    @property
    def name(self) -> Name | None:
        """Her first name of those held, if any."""
        names = self.fields.get("name")
        return Name.model_validate(names[0]) if names else None


class Held:
    """What each agency holds, from both tables."""

    def __init__(self, pool: AsyncPool, keys: DataKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def of(self, holders: Collection[Holder], *, accepted: bool = False) -> dict[Holder, Holding]:
        """What these agencies hold of these clients; with `accepted`, copies count only once their receiver accepted.

        A holder that holds nothing, or whose key was shredded, is left out, as is a row whose seal does not hold.
        """
        asked = {
            "clients": [holder.client_id for holder in holders],
            "agencies": [holder.agency for holder in holders],
            "accepted": accepted,
        }
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_ROWS, asked, binary=True)).fetchall()
        rows: dict[Holder, HeldRow] = {}
        for columns in found:
            row = HeldRow(*columns[:-1])
            rows.setdefault(row.holder, row)
        return await self._opened({holder: rows[holder] for holder in holders if holder in rows})

    async def copies(self, subjects: Collection[Subject], initiative: str, receiver: str) -> dict[Subject, Holding]:
        """What this receiver was given for these; before it accepted, reading it is accounted (rule R1)."""
        asked = {
            "kinds": [subject.kind for subject in subjects],
            "ids": [subject.id for subject in subjects],
            "initiative": initiative,
            "receiver": receiver,
        }
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_COPIES, asked, binary=True)).fetchall()
        return await self._opened({Subject(*columns[:2]): HeldRow(GIVEN, *columns[1:]) for columns in found})

    async def names(self, initiative: str, agency: str, clients: Collection[UUID]) -> dict[UUID, Name]:
        """The name under which one agency knows each of these clients, where it knows one: for lists."""
        held = await self.of([Holder(initiative, agency, client) for client in clients])
        return {holder.client_id: holding.name for holder, holding in held.items() if holding.name}

    async def _opened(self, rows: Mapping[Asked, HeldRow]) -> dict[Asked, Holding]:
        keys = await self._keys.by_id([key_of(row.sealed) for row in rows.values()])
        found: dict[Asked, Holding] = {}
        for number, (asked, row) in enumerate(rows.items()):
            if number % _BETWEEN == _BETWEEN - 1:
                await asyncio.sleep(0)
            if (key := keys.get(key_of(row.sealed))) and (opened := _opened(row, key)):
                found[asked] = opened
        return found


def _opened(row: HeldRow, key: DataKey) -> Holding | None:
    try:
        return row.opened(key)
    except SealBroken:
        return None
