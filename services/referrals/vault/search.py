"""Owns the search of an agency's own clients: those that it registered, and those of whom it accepted a copy."""

from uuid import UUID

from services.referrals.vault.data_keys import Holder
from services.referrals.vault.held import Held
from services.referrals.vault.identity import Identity, Name
from services.referrals.vault.words import Words
from services.runtime.postgres import AsyncPool

_HOLDS_EVERY_WORD = "SELECT row_id FROM search_words WHERE word = ANY(%s) GROUP BY row_id HAVING count(*) = %s"
_CLIENTS = """
WITH found AS ({readings})
SELECT client_id FROM found JOIN identities USING (row_id) WHERE initiative = %s AND agency = %s
UNION
SELECT client_id FROM found JOIN given ON subject_id = row_id
WHERE initiative = %s AND receiver = %s AND sealed IS NOT NULL AND locked_at IS NULL
LIMIT %s
"""


class Search:
    """Finds clients by keyed words; whatever it finds, the agency held before."""

    def __init__(self, pool: AsyncPool, held: Held, words: Words) -> None:
        self._pool = pool
        self._held = held
        self._words = words

    async def clients(self, initiative: str, agency: str, text: str, *, limit: int = 50) -> dict[UUID, Name | None]:
        """The agency's clients that match every word typed: name words, a phone or its last four digits, its number.

        Words match whole, without case and accents. Sorted by name; None where she did not agree to give hers.
        """
        return await self._found(initiative, agency, self._words.asked(initiative, agency, text), limit)

    async def similar(
        self, initiative: str, agency: str, identity: Identity, *, limit: int = 10
    ) -> dict[UUID, Name | None]:
        """The agency's clients of a similar name or the same phone, to look at before registering (rule R21)."""
        return await self._found(initiative, agency, self._words.similar(initiative, agency, identity), limit)

    async def _found(
        self, initiative: str, agency: str, readings: list[frozenset[bytes]], limit: int
    ) -> dict[UUID, Name | None]:
        if not readings:
            return {}
        statement = _CLIENTS.format(readings=" UNION ".join([_HOLDS_EVERY_WORD] * len(readings)))
        values: list[object] = []
        for words in readings:
            values += [list(words), len(words)]
        async with self._pool.connection() as connection:
            rows = await connection.execute(
                statement.encode(), [*values, initiative, agency, initiative, agency, limit]
            )
            clients = [row[0] for row in await rows.fetchall()]
        # A later copy that is not accepted is no record of the agency's own: its name is read as given (rule R1).
        held = await self._held.of([Holder(initiative, agency, client) for client in clients], accepted=True)
        names = {holder.client_id: holding.name for holder, holding in held.items()}
        return dict(sorted(names.items(), key=lambda item: item[1].text().casefold() if item[1] else "~"))
