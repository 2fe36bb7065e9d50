"""Owns the registration of many clients at once, as a simulation or a migration of an agency's own list needs it."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import DataKeys, WrappedKey, columns
from services.referrals.vault.identities import NumberInUse
from services.referrals.vault.identity import Identity
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import DataKey, Place
from services.referrals.vault.words import Numbers, Words
from services.runtime.chance import random_id
from services.runtime.postgres import AsyncPool

_BATCH = 2000
_STANDING = "SELECT row_id, client_id FROM identities WHERE row_id = ANY(%s)"
# PostgreSQL takes no COPY into a table with row-level security.
_KEYS = (
    "INSERT INTO data_keys (id, initiative, agency, client_id, class, epoch, wrapped)"
    " SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::bytea[])"
)
_IDENTITIES = (
    "INSERT INTO identities (row_id, initiative, agency, client_id, number, sealed)"
    " SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::bytea[], %b::bytea[])"
)
_WORDS = ("search_words", "word", "place", "client_id", "row_id")


@frozen
class Entry:
    """One client to register: the row id says who she is to the caller, the same one is the same client again.

    `client` is for a simulation alone, whose ids follow from its seed; for everybody else it is minted here.
    """

    row: UUID
    initiative: str
    agency: str
    identity: Identity
    client: UUID | None = None


@frozen
class _Minted:
    entry: Entry
    wrapped: WrappedKey
    key: DataKey

    @property
    def holder(self) -> Holder:
        return self.wrapped.holder


class Cohort:
    """Registers thousands in a second. It is not for twins: of two at once with the same rows one fails."""

    def __init__(self, pool: AsyncPool, keys: DataKeys, words: Words, numbers: Numbers) -> None:
        self._pool = pool
        self._keys = keys
        self._words = words
        self._numbers = numbers

    async def register(self, entries: Collection[Entry]) -> dict[UUID, UUID]:
        """The client of each row, minted where it is new; a batch of 2,000 at a time is written whole or not at all.

        Raises `NumberInUse` when a number belongs to another row already.
        """
        clients: dict[UUID, UUID] = {}
        every = list({entry.row: entry for entry in entries}.values())
        for start in range(0, len(every), _BATCH):
            clients |= await self._batch(every[start : start + _BATCH])
        return clients

    async def _batch(self, entries: Sequence[Entry]) -> dict[UUID, UUID]:
        async with self._pool.connection() as connection:
            rows = await connection.execute(_STANDING, [[entry.row for entry in entries]])
            clients: dict[UUID, UUID] = dict(await rows.fetchall())
        minted = [await self._mint(entry) for entry in entries if entry.row not in clients]
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(_KEYS, columns([one.wrapped for one in minted]))
                await connection.execute(_IDENTITIES, self._identities(minted))
                await _copy(connection, _WORDS, self._word_rows(minted))
        except UniqueViolation:
            raise NumberInUse from None
        return clients | {one.entry.row: one.holder.client_id for one in minted}

    async def _mint(self, entry: Entry) -> _Minted:
        return _Minted(
            entry, *await self._keys.make(Holder(entry.initiative, entry.agency, entry.client or random_id()))
        )

    def _identities(self, minted: Sequence[_Minted]) -> list[list[object]]:
        """As the arrays that the statement takes."""
        rows: list[tuple[object, ...]] = []
        for one in minted:
            identity, row = one.entry.identity, one.entry.row
            number = self._numbers.own(*one.holder[:2], identity.mrn) if identity.mrn else None
            sealed = one.key.seal(Place(*one.holder, row, "identity"), identity.document())
            rows.append((row, *one.holder, number, sealed))
        return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(6)]

    def _word_rows(self, minted: Sequence[_Minted]) -> Iterator[tuple[object, ...]]:
        for one in minted:
            identity = one.entry.identity
            place = self._words.place(*one.holder)
            for word in self._words.of(*one.holder[:2], identity.fields(), identity.mrn):
                yield (word, place, one.holder.client_id, one.entry.row)


async def _copy(
    connection: AsyncConnection[TupleRow], names: tuple[str, ...], rows: Iterator[tuple[object, ...]]
) -> None:
    table, *columns = map(sql.Identifier, names)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, sql.SQL(", ").join(columns))
    async with connection.cursor().copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)
