"""Owns how commits travel to the append functions and how their answer is read: one JSON text each way."""

from collections.abc import Callable, Sequence
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
from services.runtime.postgres.behalf import Behalf, behalf

Encode = Callable[[Fact], bytes]
Row = dict[str, Any]

LARGEST_TICKET: Final = 2**31 - 1


@frozen
class Parcel:
    """One commit made ready to travel: the rows of each part of a batch.

    `touches` are the streams, the clients whose work is written or was looked at (their numbers: they are compared
    often, and a UUID's own hash is slow), and the key: no other commit of the same batch may touch them. `asks`: on
    whose behalf it is appended.
    """

    ticket: int
    events: int
    touches: frozenset[object]
    rows: dict[str, list[Row]]
    asks: Behalf


def pack(commit: Commit, ticket: int, encode: Encode) -> Parcel:
    """Make a commit ready. `ticket` tells it from the others of its batch."""
    expected = commit.expected()
    touches: set[object] = {id.int for id in expected}
    rows: dict[str, list[Row]] = {
        "events": [_event_row(ticket, event, encode) for event in commit.events],
        "expect": [{"c": ticket, "i": stream, "v": version} for stream, version in expected.items()],
    }
    if commit.looked:
        touches |= {id.int for id in commit.looked}
        rows["looked"] = [
            {"c": ticket, "p": id, "n": seen.rows, "v": seen.versions} for id, seen in commit.looked.items()
        ]
    if commit.work:
        touches |= {row.client_id.int for row in commit.work}
        rows["work"] = [_work_row(ticket, row) for row in commit.work]
    if commit.key is not None and commit.answer is not None:
        touches.add((commit.key.agency, commit.key.route, commit.key.key))
        rows["keys"] = [_key_row(ticket, commit.key, commit.answer)]
    return Parcel(ticket, len(commit.events), frozenset(touches), rows, behalf())


def text(parcels: Sequence[Parcel]) -> bytes:
    """The batch as `append_commits` takes it. Raises orjson's error for what is no JSON, which the pump lays apart."""
    whole: dict[str, list[Row]] = {"events": [], "expect": []}
    for parcel in parcels:
        for part, rows in parcel.rows.items():
            whole.setdefault(part, []).extend(rows)
    return orjson.dumps(whole)


def outcomes(answer: str, parcels: Sequence[Parcel]) -> list[Outcome]:
    """What became of each commit of the batch, in its order."""
    said = orjson.loads(answer)
    refused: dict[str, dict[str, Any]] = said["refused"]
    stored = [parcel for parcel in parcels if str(parcel.ticket) not in refused] if refused else parcels
    position: int = said["last"] - sum([parcel.events for parcel in stored])
    found: list[Outcome] = []
    for parcel in parcels:
        if refused and (refusal := refused.get(str(parcel.ticket))) is not None:
            found.append(_refusal(refusal))
            continue
        position += parcel.events
        found.append(Stored(position if parcel.events else 0))
    return found


def _refusal(refusal: dict[str, Any]) -> Outcome:
    match refusal:
        case {"stored": int(position)}:
            return Stored(position)
        case {"replayed": str(kept)}:
            return Replayed(Answer.of(kept))
        case {"reused": True}:
            return KeyReused()
        case {"conflict": list(streams)}:
            return Conflicted(tuple(UUID(stream) for stream in streams))
        case _:
            raise ValueError("append_commits gave an outcome that this program does not know")


def _event_row(ticket: int, event: Written, encode: Encode) -> Row:
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


def _work_row(ticket: int, row: WorkRow) -> Row:
    return {
        "c": ticket,
        "kind": row.kind,
        "id": row.id,
        "initiative": row.initiative,
        "client_id": row.client_id,
        "from_agency": row.from_agency,
        "to_agency": row.to_agency,
        "state": row.state,
        "version": row.version,
        "sent_at": row.sent_at,
        "category": row.category,
        "service": row.service,
        "domain": row.domain,
        "priority": row.priority,
        "mode": row.mode,
        "due_at": row.due_at,
        "waits_for": row.waits_for,
        "waits_on": row.waits_on,
        "receiver_until": row.receiver_until,
        "watched_by": row.watched_by,
        "fires": row.fires,
        "fires_at": row.fires_at,
        "subject": row.subject,
        "held_by": row.held_by,
        "consent": row.consent,
        "restricted": row.restricted,
    }


def _key_row(ticket: int, key: IdempotencyKey, answer: Answer) -> Row:
    return {
        "c": ticket,
        "a": key.agency,
        "r": key.route,
        "k": key.key,
        "f": key.fingerprint.hex(),
        "t": answer.text(),
    }
