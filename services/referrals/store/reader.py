"""Owns reading streams and kept answers for commands: what many callers ask at once is one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, LiteralString, Self
from uuid import UUID

from services.referrals.store.commit import Answer, IdempotencyKey, KeyReused, Replayed, WorkRow
from services.referrals.store.line import Connection, Line
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pump import Limits, Pump, Served
from services.referrals.store.recorded import select, written_row
from services.referrals.store.work_lists import ROWS
from services.referrals.store.written import Written

_STREAMS: Final = select("WHERE originator_id = ANY (%s) ORDER BY originator_id, originator_version")
_WORK: Final[LiteralString] = ROWS + "WHERE client_id = ANY (%s) ORDER BY sent_at, id"
_KEPT: Final[LiteralString] = (
    "SELECT i.agency, i.route, i.key, i.fingerprint, i.answer FROM unnest(%s::text[], %s::text[], %s::text[])"
    " AS asked(agency, route, key) JOIN idempotency i USING (agency, route, key)"
    " WHERE i.recorded_at > clock_timestamp() - interval '30 days'"
)

Streams = dict[UUID, list[Written]]
Before = Replayed | KeyReused | None
_Kept = dict[tuple[str, str, str], tuple[bytes, str]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a command needs to know. `before`: what the store says of its key now; the append looks again."""

    streams: Streams
    work: list[WorkRow]
    before: Before


@dataclass(frozen=True, slots=True)
class _Question:
    streams: tuple[UUID, ...]
    work_of: UUID | None
    key: IdempotencyKey | None


class Reader:
    """Reads streams as they stand; a stream that is not there is an empty list."""

    def __init__(
        self, dsn: str, mapper: FactMapper, *, limits: Limits | None = None, served: Served | None = None
    ) -> None:
        self._mapper = mapper
        self._pump: Pump[_Question, Looked] = Pump(
            Line(dsn, "referrals reader"), self._serve, limits=limits or Limits(), served=served
        )

    async def load(self, *streams: UUID) -> Streams:
        """Every event of each stream, in order. Raises `Overloaded`, `Unavailable`."""
        return (await self.look(*streams)).streams

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        """Streams, a client's referrals and handoffs of all agencies (for guards), and what a key says: all at once.

        Look at the key before anything is written to the vault (rule R9). Raises `Overloaded`, `Unavailable`.
        """
        return await self._pump.ask(_Question(streams, work_of, key))

    async def __aenter__(self) -> Self:
        await self._pump.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pump.__aexit__(kind, error, trace)

    async def _serve(self, connection: Connection, questions: Sequence[_Question]) -> Sequence[Looked]:
        wanted = list({stream for question in questions for stream in question.streams})
        found = await self._streams(connection, wanted) if wanted else {}
        clients = list({question.work_of for question in questions if question.work_of is not None})
        work = await _work(connection, clients) if clients else {}
        keys = [question.key for question in questions if question.key is not None]
        kept = await _kept(connection, keys) if keys else {}
        return [
            Looked(
                streams={stream: found.get(stream, []) for stream in question.streams},
                work=work.get(question.work_of, []) if question.work_of else [],
                before=_before(question.key, kept),
            )
            for question in questions
        ]

    async def _streams(self, connection: Connection, wanted: list[UUID]) -> Streams:
        async with connection.cursor(binary=True) as cursor:
            await cursor.execute(_STREAMS, [wanted], prepare=True)
            found: Streams = {}
            for row in await cursor.fetchall():
                found.setdefault(row[0], []).append(written_row(row, self._mapper.decode))
            return found


async def _work(connection: Connection, clients: list[UUID]) -> dict[UUID, list[WorkRow]]:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(_WORK, [clients], prepare=True)
        found: dict[UUID, list[WorkRow]] = {}
        for columns in await cursor.fetchall():
            row = WorkRow(*columns)
            found.setdefault(row.client_id, []).append(row)
        return found


async def _kept(connection: Connection, keys: list[IdempotencyKey]) -> _Kept:
    columns = [[key.agency for key in keys], [key.route for key in keys], [key.key for key in keys]]
    cursor = await connection.execute(_KEPT, columns, prepare=True)
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in await cursor.fetchall()}


def _before(key: IdempotencyKey | None, kept: _Kept) -> Before:
    if key is None or (found := kept.get((key.agency, key.route, key.key))) is None:
        return None
    fingerprint, answer = found
    return Replayed(Answer.of(answer)) if fingerprint == key.fingerprint else KeyReused()
