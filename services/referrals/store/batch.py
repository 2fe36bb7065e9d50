"""Owns how commits travel to the append functions and how their answer is read: one JSON text each way."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

import orjson

from services.referrals.domain.fact import Fact
from services.referrals.domain.frozen import frozen
from services.referrals.store.commit import (
    Answer,
    Commit,
    Conflicted,
    IdempotencyKey,
    KeyReused,
    Outcome,
    Replayed,
    Stored,
    WorkRow,
)
from services.referrals.store.written import Written

_WORK_COLUMNS: Final = [column.name for column in fields(WorkRow)]
_WORK_NAMES: Final = ("c", *_WORK_COLUMNS)
_WORK_VALUES: Final = operator.attrgetter(*_WORK_COLUMNS)

Encode = Callable[[Fact], bytes]

LARGEST_TICKET: Final = 2**31 - 1


@frozen
class Parcel:
    """One commit made ready to travel, so that a commit that cannot be encoded hurts nobody but its own caller.

    `touches` are the streams, the clients whose work is written or was looked at, and the key: no other commit of the
    same batch may touch them.
    """

    ticket: int
    commit: Commit
    touches: frozenset[object]
    events: bytes
    expect: bytes
    looked: bytes
    work: bytes
    keys: bytes


def pack(commit: Commit, ticket: int, encode: Encode) -> Parcel:
    """Make a commit ready. `ticket` tells it from the others of its batch."""
    expected = commit.expected()
    touches: set[object] = {*expected, *commit.looked, *[row.client_id for row in commit.work]}
    keys = b""
    if commit.key is not None and commit.answer is not None:
        touches.add((commit.key.agency, commit.key.route, commit.key.key))
        keys = orjson.dumps(_key_row(ticket, commit.key, commit.answer))
    return Parcel(
        ticket=ticket,
        commit=commit,
        touches=frozenset(touches),
        events=_rows([_event_row(ticket, event, encode) for event in commit.events]),
        expect=_rows([{"c": ticket, "i": stream, "v": version} for stream, version in expected.items()]),
        looked=_rows(
            [{"c": ticket, "p": id, "n": seen.rows, "v": seen.versions} for id, seen in commit.looked.items()]
        ),
        work=_rows([_work_row(ticket, row) for row in commit.work]),
        keys=keys,
    )


def text(parcels: Sequence[Parcel]) -> bytes:
    """The batch as `append_commits` takes it."""
    parts = [
        b'{"events":[', b",".join([parcel.events for parcel in parcels if parcel.events]),
        b'],"expect":[', b",".join([parcel.expect for parcel in parcels if parcel.expect]),
        b"]",
    ]  # fmt: skip
    if looked := b",".join([parcel.looked for parcel in parcels if parcel.looked]):
        parts += [b',"looked":[', looked, b"]"]
    if work := b",".join([parcel.work for parcel in parcels if parcel.work]):
        parts += [b',"work":[', work, b"]"]
    if keys := b",".join([parcel.keys for parcel in parcels if parcel.keys]):
        parts += [b',"keys":[', keys, b"]"]
    parts.append(b"}")
    return b"".join(parts)


def outcomes(answer: str, parcels: Sequence[Parcel]) -> list[Outcome]:
    """What became of each commit of the batch, in its order."""
    said = orjson.loads(answer)
    refused: dict[str, dict[str, Any]] = said["refused"]
    stored = [parcel for parcel in parcels if str(parcel.ticket) not in refused] if refused else parcels
    position: int = said["last"] - sum([len(parcel.commit.events) for parcel in stored])
    found: list[Outcome] = []
    for parcel in parcels:
        if refused and (refusal := refused.get(str(parcel.ticket))) is not None:
            found.append(_refusal(refusal, parcel))
            continue
        count = len(parcel.commit.events)
        position += count
        found.append(Stored(position if count else 0, _versions(parcel)))
    return found


def _refusal(refusal: dict[str, Any], parcel: Parcel) -> Outcome:
    match refusal:
        case {"stored": int(position)}:
            return Stored(position, _versions(parcel))
        case {"replayed": str(kept)}:
            return Replayed(Answer.of(kept))
        case {"reused": True}:
            return KeyReused()
        case {"conflict": list(streams)}:
            return Conflicted(tuple(UUID(stream) for stream in streams))
        case _:
            raise ValueError("append_commits gave an outcome that this program does not know")


def _versions(parcel: Parcel) -> dict[UUID, int]:
    return parcel.commit.expected() | {event.stream: event.version for event in parcel.commit.events}


def _rows(rows: list[dict[str, Any]]) -> bytes:
    return orjson.dumps(rows)[1:-1]


def _event_row(ticket: int, event: Written, encode: Encode) -> dict[str, Any]:
    envelope = event.envelope
    row = {
        "c": ticket,
        "i": event.stream,
        "v": event.version,
        "o": envelope.occurred_at,
        "e": envelope.event_id,
        "p": envelope.client_id,
        "r": envelope.correlation,
        "u": envelope.causation,
        "t": event.fact.TYPE,
        "n": envelope.initiative,
        "a": envelope.agency,
        "w": envelope.actor,
        "x": envelope.traceparent,
        "s": encode(event.fact).decode(),
    }
    if event.recorded_at is not None:
        row["d"] = event.recorded_at
    return row


def _work_row(ticket: int, row: WorkRow) -> dict[str, Any]:
    return dict(zip(_WORK_NAMES, (ticket, *_WORK_VALUES(row)), strict=True))


def _key_row(ticket: int, key: IdempotencyKey, answer: Answer) -> dict[str, Any]:
    return {
        "c": ticket,
        "a": key.agency,
        "r": key.route,
        "k": key.key,
        "f": key.fingerprint.hex(),
        "t": answer.text(),
    }
