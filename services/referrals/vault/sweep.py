"""Owns the sweep: vault rows that no event names are deleted a day after they were last written."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.runtime.postgres import AsyncPool

_UNNAMED_FOR = timedelta(hours=24)
_PAGE = 1000

_SELECT = {
    "note": (
        "SELECT id, client_id, agency FROM notes"
        " WHERE named_at IS NULL AND written_at < %s ORDER BY written_at LIMIT %s"
    ),
    "client": (
        "SELECT row_id, client_id, agency FROM identities"
        " WHERE named_at IS NULL AND written_at < %s ORDER BY written_at LIMIT %s"
    ),
}
_NAMED = {
    "note": "UPDATE notes SET named_at = %s WHERE id = ANY(%s)",
    "client": "UPDATE identities SET named_at = %s WHERE row_id = ANY(%s)",
}
# A row that was touched since is about to be named: it stays.
_DELETE = {
    "note": "DELETE FROM notes WHERE id = ANY(%s) AND named_at IS NULL AND written_at < %s RETURNING client_id",
    "client": (
        "WITH gone AS (DELETE FROM identities WHERE row_id = ANY(%s) AND named_at IS NULL AND written_at < %s"
        " RETURNING row_id, client_id),"
        " unsaid AS (DELETE FROM search_words USING gone WHERE search_words.row_id = gone.row_id)"
        " SELECT client_id FROM gone"
    ),
}
_UNUSED_KEYS = """
DELETE FROM data_keys WHERE client_id = ANY(%s)
  AND NOT EXISTS (SELECT FROM identities WHERE identities.client_id = data_keys.client_id)
  AND NOT EXISTS (SELECT FROM notes WHERE notes.client_id = data_keys.client_id)
  AND NOT EXISTS (SELECT FROM given WHERE given.client_id = data_keys.client_id)
"""


@frozen
class Candidate:
    """A row that no event was seen to name. Kind `note`: one of this client would name `id`; `client`: be about her."""

    kind: str
    id: UUID
    client_id: UUID
    agency: str


NamedIds = Callable[[Sequence[Candidate]], Awaitable[set[UUID]]]


@frozen
class Swept:
    """How many rows an event names, and how many were deleted because none does."""

    named: int
    deleted: int


class Sweep:
    """Goes through the rows that were not seen to be named, oldest first."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool

    async def run(self, named_ids: NamedIds, now: datetime) -> Swept:
        """Delete what no event names and nobody wrote in the last 24 hours. `named_ids` says which ids events name.

        A row that is named once is never asked about again.
        """
        named = deleted = 0
        before = now - _UNNAMED_FOR
        for kind in ("note", "client"):
            while candidates := await self._page(kind, before):
                live = await named_ids(candidates)
                named += len(live)
                deleted += await self._settle(kind, candidates, live, now)
        return Swept(named, deleted)

    async def _page(self, kind: str, before: datetime) -> list[Candidate]:
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SELECT[kind].encode(), [before, _PAGE])).fetchall()
        return [Candidate(kind, *row) for row in rows]

    async def _settle(self, kind: str, candidates: Sequence[Candidate], live: set[UUID], now: datetime) -> int:
        dead = [candidate.id for candidate in candidates if candidate.id not in live]
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_NAMED[kind].encode(), [now, list(live)])
            gone = await connection.execute(_DELETE[kind].encode(), [dead, now - _UNNAMED_FOR])
            clients = [row[0] for row in await gone.fetchall()]
        if kind == "client":
            # After their rows, as one statement sees what it deletes. Only those of clients whose minting is undone:
            # nobody else can be about to write under them.
            async with self._pool.connection() as connection:
                await connection.execute(_UNUSED_KEYS, [clients])
        return len(clients)
