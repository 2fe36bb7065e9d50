"""Owns the clients of imported logs: which client a number of a source stands for (rule R26)."""

from collections.abc import Collection
from uuid import UUID

from services.referrals.vault.words import Numbers
from services.runtime.chance import random_id
from services.runtime.postgres import AsyncPool

_MINT = (
    "INSERT INTO import_numbers (number, client_id)"
    " SELECT * FROM unnest(%s::bytea[], %s::uuid[]) ON CONFLICT DO NOTHING"
)
_READ = "SELECT number, client_id FROM import_numbers WHERE number = ANY(%s)"


class ImportNumbers:
    """Number spaces of imported files, one for each source of an initiative. The table holds keyed hashes alone."""

    def __init__(self, pool: AsyncPool, numbers: Numbers) -> None:
        self._pool = pool
        self._numbers = numbers

    async def client_ids(self, initiative: str, source: str, numbers: Collection[str]) -> dict[str, UUID]:
        """The client that each number of this source stands for, minted where it is new. Thousands at once are fine."""
        hashed = {number: self._numbers.imported(initiative, source, number) for number in numbers}
        rows = sorted(set(hashed.values()))
        async with self._pool.connection() as connection:
            await connection.execute(_MINT, [rows, [random_id() for _ in rows]])
            found: dict[bytes, UUID] = dict(await (await connection.execute(_READ, [rows])).fetchall())
        return {number: found[row] for number, row in hashed.items()}
