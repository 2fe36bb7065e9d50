"""Records without a broker, as the client gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.runtime.kafka import Partition
from services.runtime.worker import Applied, InvalidRecord, NotForUs, Outcome, Skipped

TOPIC = "care.test.v1"


@dataclass(frozen=True)
class FakeRecord:
    """One record; its position is a header, its value says what a handler makes of it."""

    offset: int
    position: int
    key: bytes | None = b"key"
    value: bytes | None = b"apply"
    partition: int = 0
    topic: str = TOPIC
    timestamp: int = 1
    more: tuple[tuple[str, bytes], ...] = field(default=())

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        return [("position", b"%d" % self.position), *self.more]


def position_of(record: object) -> int:
    """The fake's position; 0 says that there is none."""
    assert isinstance(record, FakeRecord)
    if record.position == 0:
        raise InvalidRecord("no-position")
    return record.position


def handle(record: object) -> Outcome[tuple[int, int]]:
    """Place and position of a record as a row."""
    assert isinstance(record, FakeRecord)
    match record.value:
        case b"apply":
            return Applied([(record.partition, record.position)])
        case b"skip":
            return Skipped()
        case b"other":
            return NotForUs()
        case _:
            raise InvalidRecord("bad")


def at(partition: int = 0) -> Partition:
    """A partition of the test's topic."""
    return Partition(TOPIC, partition)
