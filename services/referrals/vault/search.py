"""Owns the search of an agency's own clients: those that it registered, and those of whom it accepted a copy."""

from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.vault.held import Held
from services.referrals.vault.identity import Identity, Name
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.words import Words
from services.runtime.postgres import AsyncPool

# The first word leads, in the order of the clients' places from where the part before ended; the others are looked up.
_HOLDS = "SELECT DISTINCT place, client_id FROM search_words w WHERE word = %b AND place > %b{others} AND ({theirs})"
_AND = " AND EXISTS (SELECT FROM search_words o WHERE o.word = %b AND (o.place, o.row_id) = (w.place, w.row_id))"
_THEIRS = """
  EXISTS (SELECT FROM identities i WHERE i.row_id = w.row_id AND i.initiative = %b AND i.agency = %b)
  OR EXISTS (SELECT FROM given g WHERE g.subject_id = w.row_id AND g.initiative = %b AND g.receiver = %b
             AND g.sealed IS NOT NULL AND g.locked_at IS NULL)
"""
_PART = " ORDER BY place LIMIT %b"
_FIRST = UUID(int=0)
MOST_READINGS, MOST_WORDS = 8, 16


@frozen
class Matches:
    """A part of the clients that match, sorted by name; `last` is the last place of it where there are more."""

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

        A word of a name matches from its third letter on, without case and accents; all else whole. The parts follow
        each other by place, so that of a common word no more is opened than is shown; each is sorted by name, None
        where she did not agree to give hers.
        """
        return await self._found(initiative, agency, self._words.asked(initiative, agency, text), limit, after)

    async def similar(
        self, initiative: str, agency: str, identity: Identity, *, limit: int = 10
    ) -> dict[UUID, Name | None]:
        """The agency's clients of a similar name or the same phone, to look at before registering (rule R21)."""
        words = self._words.similar(initiative, agency, identity)
        return (await self._found(initiative, agency, words, limit, None)).names

    async def _found(
        self, initiative: str, agency: str, readings: list[tuple[bytes, ...]], limit: int, after: UUID | None
    ) -> Matches:
        if not readings:
            return Matches({}, None)
        parts: list[str] = []
        values: list[object] = []
        for words in readings[:MOST_READINGS]:
            first, *others = words[:MOST_WORDS]
            parts.append(f"({_HOLDS.format(others=_AND * len(others), theirs=_THEIRS)}{_PART})")
            values += [first, after or _FIRST, *others, initiative, agency, initiative, agency, limit + 1]
        async with self._pool.connection() as connection:
            statement = " UNION ".join(parts) + _PART
            rows = await (await connection.execute(statement.encode(), [*values, limit + 1])).fetchall()
        clients = [client for _, client in rows[:limit]]
        # A later copy that is not accepted is no record of the agency's own: its name is read as given (rule R1).
        held = await self._held.of([Holder(initiative, agency, client) for client in clients], accepted=True)
        names = {holder.client_id: holding.name for holder, holding in held.items()}
        ordered = sorted(names.items(), key=lambda item: item[1].text().casefold() if item[1] else "~")
        return Matches(dict(ordered), rows[limit - 1][0] if len(rows) > limit else None)
