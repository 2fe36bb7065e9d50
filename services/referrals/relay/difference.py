"""Owns one difference between event store, Kafka and measures: how a record or row shows it, and how it is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from contracts.cloudevents import BadCloudEvent
from contracts.envelope import Headers
from contracts.topic import declared
from services.referrals.domain.frozen import frozen
from services.referrals.relay.outgoing import Outgoing
from services.referrals.relay.resume import Place, position_of
from services.runtime.kafka import Record

STORE: Final = "event store"
MEASURES: Final = "measures"


@frozen
class Difference:
    """Where something is not as the event store says, at which position of the store, and what it is."""

    where: str
    position: int | None
    what: str

    def __str__(self) -> str:
        at = "" if self.position is None else f", position {self.position}"
        return f"{self.where}{at}: {self.what}"


@dataclass(frozen=True, slots=True, repr=False)
class Measured:
    """One published event as measures keep it. Times are aware; `data` are the record's bytes."""

    event_id: UUID
    initiative: str
    subject: str
    type: str
    agency: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    topic: str
    partition: int
    offset: int
    data: bytes


def named(place: Place) -> str:
    return f"{place[0]} partition {place[1]}"


def record_difference(outgoing: Outgoing, place: Place, found: tuple[int, Record] | None) -> Difference | None:
    """What is wrong with the record that comes next in its partition; `found` says how many came before it."""

    def say(what: str) -> Difference:
        return Difference(named(place), outgoing.position, what)

    if found is None:
        return say("the record is missing")
    number, record = found
    position = position_of(record)
    if position < outgoing.position:
        return say(f"position {position} is there again, or out of order")
    if position > outgoing.position:
        return say(f"the record is missing, position {position} is in its place")
    if record.offset != number:
        return say(f"its offset is {record.offset} and not {number}")
    otherwise = record_says_otherwise(outgoing, record)
    return None if otherwise is None else say(otherwise)


def record_says_otherwise(outgoing: Outgoing, record: Record) -> str | None:
    """What of a record, in its place, is not what the store says; None for nothing."""
    wanted = outgoing.record
    if (record.key, record.value) != (wanted.key, wanted.value):
        return "its key or value is not what the store says"
    if _without_trace(record.headers) != _without_trace(wanted.headers) or record.timestamp != outgoing.written_ms:
        return "its headers or its time are not what the store says"
    return None


def _without_trace(pairs: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """All but the relay's own span, which is another one each time."""
    return [pair for pair in pairs if pair[0] != "traceparent"]


def row_difference(outgoing: Outgoing, offset: int, row: Measured | None) -> Difference | None:
    if row is None or row.position > outgoing.position:
        return Difference(MEASURES, outgoing.position, "the row is missing")
    if row.position < outgoing.position:
        return Difference(MEASURES, row.position, "nothing in the store stands behind this row")
    record = outgoing.record
    try:
        said = Headers.read(record.headers)
    except BadCloudEvent as bad:
        return Difference(STORE, outgoing.position, f"its record cannot be read: {bad}")
    wanted = Measured(
        event_id=said.id,
        initiative=said.initiative,
        subject=said.subject,
        type=said.type,
        agency=said.agency,
        occurred_at=said.time,
        recorded_at=said.recorded_time,
        position=said.position,
        topic=declared(record.topic),
        partition=outgoing.partition,
        offset=offset,
        data=record.value,
    )
    for name in Measured.__slots__:
        there, expected = getattr(row, name), getattr(wanted, name)
        if isinstance(there, datetime):
            there = there.astimezone(UTC)
        if there != expected:
            return Difference(MEASURES, outgoing.position, f"its {name} is not what the store says")
    return None
