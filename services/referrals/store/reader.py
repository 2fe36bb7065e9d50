"""Owns reading streams and kept answers for commands: what many callers ask at once is one query."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import orjson

from services.referrals.domain.frozen import frozen
from services.referrals.store.commit import Answer, IdempotencyKey, KeyReused, Replayed, WorkRow
from services.referrals.store.line import Line, Question, Statement
from services.referrals.store.listed import ROWS
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pump import Limits, Pump, Served
from services.referrals.store.recorded import Row, select, written_row
from services.referrals.store.written import Written
from services.runtime.postgres.behalf import Behalf, behalf, said

_STREAMS: Final = Statement(
    b"streams", select("WHERE originator_id = ANY ($1) ORDER BY originator_id, originator_version")
)
_WORK: Final = Statement(b"work", ROWS + "WHERE client_id = ANY ($1) ORDER BY sent_at, id")
_KEPT: Final = Statement(
    b"kept",
    "SELECT i.agency, i.route, i.key, i.fingerprint, i.answer FROM jsonb_to_recordset($1)"
    " AS asked(agency text, route text, key text) JOIN idempotency i USING (agency, route, key)"
    " WHERE i.recorded_at > clock_timestamp() - interval '30 days'",
)
# For this exchange, which is one transaction: a first answer is its agency's alone.
_ASKS: Final = Statement(b"asks", "SELECT set_config('closeknit.asks', $1, TRUE)")

_DECIDING: Final = Behalf(tasks=frozenset({"deciding"}))

Streams = dict[UUID, tuple[Written, ...]]
Before = Replayed | KeyReused | None
_Kept = dict[tuple[str, str, str], tuple[bytes, str]]


@frozen
class Looked:
    """What a command needs to know. `before`: what the store says of its key now; the append looks again."""

    streams: Streams
    work: tuple[WorkRow, ...]
    before: Before


@frozen
class _Question:
    streams: tuple[UUID, ...]
    work_of: UUID | None
    key: IdempotencyKey | None
    asks: Behalf


class Reader:
    """Reads streams as they stand; a stream that is not there has no events."""

    def __init__(
        self, dsn: str, mapper: FactMapper, *, limits: Limits | None = None, served: Served | None = None
    ) -> None:
        self._mapper = mapper
        self._pump: Pump[_Question, Looked] = Pump(
            Line(dsn, "referrals reader", [_ASKS, _STREAMS, _WORK, _KEPT], task="deciding"),
            self._serve,
            limits=limits or Limits(),
            served=served,
        )

    async def load(self, *streams: UUID) -> Streams:
        """Every event of each stream, in order. Raises `Overloaded`, `Unavailable`."""
        return (await self.look(*streams)).streams

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        """Streams, a client's referrals and handoffs of all agencies (for guards), and what a key says: all at once.

        Look at the key before anything is written to the vault (rule R9). Raises `Overloaded`, `Unavailable`.
        """
        return await self._pump.ask(_Question(streams, work_of, key, behalf()))

    async def __aenter__(self) -> Self:
        await self._pump.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pump.__aexit__(kind, error, trace)

    async def _serve(self, line: Line, questions: Sequence[_Question]) -> Sequence[Looked]:
        asked = _asked(questions)
        rows = dict(zip(asked, await line.ask(*[Question(each, given) for each, given in asked.items()]), strict=True))
        streams = self._streams(rows.get(_STREAMS, ()))
        work = _work(rows.get(_WORK, ()))
        kept = _kept(rows.get(_KEPT, ()))
        return [
            Looked(
                streams={stream: tuple(streams.get(stream, ())) for stream in question.streams},
                work=tuple(work.get(question.work_of, ())) if question.work_of else (),
                before=_before(question.key, kept),
            )
            for question in questions
        ]

    def _streams(self, rows: Iterable[Row]) -> dict[UUID, list[Written]]:
        found: dict[UUID, list[Written]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(written_row(row, self._mapper.decode))
        return found


def _asked(questions: Sequence[_Question]) -> dict[Statement, tuple[bytes]]:
    """What has to be asked for all of these questions together, with its one parameter."""
    asked: dict[Statement, tuple[bytes]] = {}
    keys = [question.key for question in questions if question.key is not None]
    if keys:
        asking = (question.asks | _DECIDING for question in questions if question.key is not None)
        asked[_ASKS] = (said(asking).encode(),)
    if streams := {stream for question in questions for stream in question.streams}:
        asked[_STREAMS] = (_uuids(streams),)
    if clients := {question.work_of for question in questions if question.work_of is not None}:
        asked[_WORK] = (_uuids(clients),)
    if keys:
        named = [{"agency": key.agency, "route": key.route, "key": key.key} for key in keys]
        asked[_KEPT] = (orjson.dumps(named),)
    return asked


def _uuids(ids: Iterable[UUID]) -> bytes:
    return ("{" + ",".join([id.hex for id in ids]) + "}").encode()


def _work(rows: Iterable[Row]) -> dict[UUID, list[WorkRow]]:
    found: dict[UUID, list[WorkRow]] = {}
    for columns in rows:
        row = WorkRow(*columns)
        found.setdefault(row.client_id, []).append(row)
    return found


def _kept(rows: Iterable[Row]) -> _Kept:
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def _before(key: IdempotencyKey | None, kept: _Kept) -> Before:
    if key is None or (found := kept.get((key.agency, key.route, key.key))) is None:
        return None
    fingerprint, answer = found
    return Replayed(Answer.of(answer)) if fingerprint == key.fingerprint else KeyReused()
