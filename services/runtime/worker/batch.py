"""What one poll means: rows, parked records and the new place of every partition; pure, so that replay is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from services.runtime.kafka import Partition, Record
from services.runtime.worker.ledger import Move, Parked, Place
from services.runtime.worker.outcome import Applied, Handler, InvalidRecord, Row

BEHIND = "behind-a-parked-record"


@dataclass
class Known:
    """What a worker knows of one assigned partition: its place, the keys that wait in the park, a gap that it saw.

    `gap` is the offset behind which nothing was given, `looks` how often that was so in a row.
    """

    place: Place
    parked: set[bytes | None]
    gap: int = -1
    looks: int = 0


@dataclass
class Batch(Generic[Row]):
    """The meaning of some records, not yet written."""

    rows: list[Row] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    seen: int = 0
    again: int = 0
    newest_ms: int = 0

    def add(self, other: Batch[Row]) -> None:
        """Takes another batch's counts and records into this one, for what is told of both."""
        self.rows += other.rows
        self.parked += other.parked
        self.moves += other.moves
        self.seen += other.seen
        self.again += other.again
        self.newest_ms = max(self.newest_ms, other.newest_ms)


def read(
    polled: Mapping[Partition, Sequence[Record]],
    known: Mapping[Partition, Known],
    handle: Handler[Row],
    position_of: Callable[[Record], int],
) -> Batch[Row]:
    """Handles the records of partitions that are known and gives what is to be written.

    A record at or before the partition's position was applied already (a second writer to the log, a replay) and is
    dropped. One that is invalid is parked, and so is every later one of its key, for order.
    """
    batch: Batch[Row] = Batch()
    for partition, records in polled.items():
        mine = known.get(partition)
        if mine is not None and records:
            after = _read_partition(batch, partition, mine, _Reading(records, handle, position_of))
            batch.moves.append(Move(partition, mine.place, after))
            batch.newest_ms = max(batch.newest_ms, records[-1].timestamp)
    return batch


@dataclass(frozen=True, slots=True)
class _Reading(Generic[Row]):
    records: Iterable[Record]
    handle: Handler[Row]
    position_of: Callable[[Record], int]


def _read_partition(batch: Batch[Row], where: Partition, mine: Known, reading: _Reading[Row]) -> Place:
    handle, position_of, rows = reading.handle, reading.position_of, batch.rows
    next_offset, position = mine.place
    blocked = set(mine.parked)
    for record in reading.records:
        offset = record.offset
        if offset < next_offset:
            continue
        next_offset = offset + 1
        batch.seen += 1
        key = record.key
        try:
            its = position_of(record)
            if its <= position:
                batch.again += 1
                continue
            position = its
            if key in blocked:
                batch.parked.append(Parked(where, offset, key, BEHIND, behind=True))
                continue
            outcome = handle(record)
            if isinstance(outcome, Applied):
                rows.extend(outcome.rows)
        except InvalidRecord as invalid:
            batch.parked.append(Parked(where, offset, key, invalid.reason, behind=False))
            blocked.add(key)
    return Place(next_offset, position)
