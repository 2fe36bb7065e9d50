"""Owns reading streams and kept answers for commands: what many callers ask at once is one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, LiteralString, Self
from uuid import UUID

from services.referrals.store.commit import Answer, IdempotencyKey, KeyReused, Replayed
from services.referrals.store.line import Connection, Line
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pump import Limits, Pump, Served
from services.referrals.store.recorded import select, written_row
from services.referrals.store.written import Written

STREAMS: Final = select("WHERE originator_id = ANY (%s) ORDER BY originator_id, originator_version")
KEPT: Final[LiteralString] = (
    "SELECT i.agency, i.route, i.key, i.fingerprint, i.answer FROM unnest(%s::text[], %s::text[], %s::text[])"
    " AS asked(agency, route, key) JOIN idempotency i USING (agency, route, key)"
    " WHERE i.recorded_at > clock_timestamp() - interval '30 days'"
)

Streams = dict[UUID, list[Written]]
Before = Replayed | KeyReused | None


@dataclass(frozen=True, slots=True)
class _Question:
    streams: tuple[UUID, ...]
    key: IdempotencyKey | None


class Reader:
    """Reads streams as they stand; a stream that is not there is an empty list."""

    def __init__(
        self, dsn: str, mapper: FactMapper, *, limits: Limits | None = None, served: Served | None = None
    ) -> None:
        self._mapper = mapper
        self._pump: Pump[_Question, tuple[Streams, Before]] = Pump(
            Line(dsn, "referrals reader"), self._serve, limits=limits or Limits(), served=served
        )

    async def load(self, *streams: UUID) -> Streams:
        """Every event of each stream, in order. Raises `Overloaded`, `Unavailable`."""
        return (await self._pump.ask(_Question(streams, None)))[0]

    async def before(self, key: IdempotencyKey) -> Before:
        """What the store says of a key now: the first answer, another body's, or None. Raises as `load` does.

        For deciding whether to write to the vault at all (rule R9); the append looks again under its lock.
        """
        return (await self._pump.ask(_Question((), key)))[1]

    async def load_before(self, key: IdempotencyKey | None, *streams: UUID) -> tuple[Streams, Before]:
        """Both in one round trip."""
        return await self._pump.ask(_Question(streams, key))

    async def __aenter__(self) -> Self:
        await self._pump.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pump.__aexit__(kind, error, trace)

    async def _serve(self, connection: Connection, questions: Sequence[_Question]) -> Sequence[tuple[Streams, Before]]:
        wanted = list({stream for question in questions for stream in question.streams})
        found = await self._streams(connection, wanted) if wanted else {}
        keys = [question.key for question in questions if question.key is not None]
        kept = await _kept(connection, keys) if keys else {}
        return [
            ({stream: found.get(stream, []) for stream in question.streams}, _before(question.key, kept))
            for question in questions
        ]

    async def _streams(self, connection: Connection, wanted: list[UUID]) -> Streams:
        cursor = connection.cursor(binary=True)
        await cursor.execute(STREAMS, [wanted], prepare=True)
        found: Streams = {}
        for row in await cursor.fetchall():
            found.setdefault(row[0], []).append(written_row(row, self._mapper.decode))
        return found


_Kept = dict[tuple[str, str, str], tuple[bytes, str]]


async def _kept(connection: Connection, keys: list[IdempotencyKey]) -> _Kept:
    columns = [[key.agency for key in keys], [key.route for key in keys], [key.key for key in keys]]
    cursor = await connection.execute(KEPT, columns, prepare=True)
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in await cursor.fetchall()}


def _before(key: IdempotencyKey | None, kept: _Kept) -> Before:
    if key is None or (found := kept.get((key.agency, key.route, key.key))) is None:
        return None
    fingerprint, answer = found
    return Replayed(Answer.of(answer)) if fingerprint == key.fingerprint else KeyReused()
