"""Owns the search of an agency's own clients: those that it registered, and those of whom it accepted a copy."""

from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import Holder
from services.referrals.vault.held import Held
from services.referrals.vault.identity import Identity, Name
from services.referrals.vault.words import Words
from services.runtime.postgres import AsyncPool

_HOLDS_EVERY_WORD = "SELECT row_id FROM search_words WHERE word = ANY(%s) GROUP BY row_id HAVING count(*) = %s"
_CLIENTS = """
WITH found AS ({readings}), theirs AS (
  SELECT client_id FROM found JOIN identities USING (row_id) WHERE initiative = %s AND agency = %s
  UNION
  SELECT client_id FROM found JOIN given ON subject_id = row_id
  WHERE initiative = %s AND receiver = %s AND sealed IS NOT NULL AND locked_at IS NULL
)
SELECT client_id FROM theirs WHERE %s::uuid IS NULL OR client_id > %s::uuid ORDER BY client_id LIMIT %s
"""


@frozen
class Matches:
    """A part of the clients that match, sorted by name; `last` is the highest id of it where there are more."""

    names: dict[UUID, Name | None]
    last: UUID | None


class Search:
    """Finds clients by keyed words; whatever it finds, the agency held before."""

    def __init__(self, pool: AsyncPool, held: Held, words: Words) -> None:
        self._pool = pool
        self._held = held
        self._words = words

    async def clients(
        self, initiative: str, agency: str, text: str, *, limit: int = 50, after: UUID | None = None
    ) -> Matches:
        """The agency's clients that match every word typed: name words, a phone or its last four digits, its number.

        Words match whole, without case and accents. The parts follow each other by id, so that of a common word no more
        is opened than is shown; each is sorted by name, None where she did not agree to give hers.
        """
        return await self._found(initiative, agency, self._words.asked(initiative, agency, text), limit, after)

    async def similar(
        self, initiative: str, agency: str, identity: Identity, *, limit: int = 10
    ) -> dict[UUID, Name | None]:
        """The agency's clients of a similar name or the same phone, to look at before registering (rule R21)."""
        words = self._words.similar(initiative, agency, identity)
        return (await self._found(initiative, agency, words, limit, None)).names

    async def _found(
        self, initiative: str, agency: str, readings: list[frozenset[bytes]], limit: int, after: UUID | None
    ) -> Matches:
        if not readings:
            return Matches({}, None)
        statement = _CLIENTS.format(readings=" UNION ".join([_HOLDS_EVERY_WORD] * len(readings)))
        values: list[object] = []
        for words in readings:
            values += [list(words), len(words)]
        async with self._pool.connection() as connection:
            values += [initiative, agency, initiative, agency, after, after, limit + 1]
            rows = await (await connection.execute(statement.encode(), values)).fetchall()
        clients = [row[0] for row in rows[:limit]]
        # A later copy that is not accepted is no record of the agency's own: its name is read as given (rule R1).
        held = await self._held.of([Holder(initiative, agency, client) for client in clients], accepted=True)
        names = {holder.client_id: holding.name for holder, holding in held.items()}
        ordered = sorted(names.items(), key=lambda item: item[1].text().casefold() if item[1] else "~")
        return Matches(dict(ordered), clients[-1] if len(rows) > limit else None)
