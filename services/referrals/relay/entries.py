"""Owns the comparison of the directory's topic: compacted, so the latest record of each entry has to be there."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.referrals.publishing import DIRECTORY_TOPIC
from services.referrals.relay.difference import Difference, named, record_says_otherwise
from services.referrals.relay.outgoing import Outgoing
from services.referrals.relay.resume import Place, position_of
from services.runtime.kafka import Kafka, Partition, Record, reader, spans

PLACE: Final[Place] = (DIRECTORY_TOPIC, 0)
_POLL_MS: Final = 250


@dataclass
class Entries:
    """What has to be on the directory's topic, as the store says; `latest` are the positions that no other supersedes.

    The offset of a record is its number: compaction takes records away and never moves one.
    """

    wanted: dict[int, tuple[int, Outgoing]] = field(default_factory=dict)
    by_key: dict[bytes, int] = field(default_factory=dict)

    def add(self, outgoing: Outgoing) -> None:
        """One more record that the store says was sent, in the order of positions."""
        self.wanted[outgoing.position] = (len(self.wanted), outgoing)
        self.by_key[outgoing.record.key] = outgoing.position

    @property
    def latest(self) -> frozenset[int]:
        return frozenset(self.by_key.values())

    def difference(self, records: Iterable[Record], last: int) -> Difference | None:
        """The first thing wrong with what is on the topic; records behind position `last` are left alone."""
        missing = dict.fromkeys(sorted(self.latest))
        for record in records:
            position = position_of(record)
            if position > last:
                break
            number, outgoing = self.wanted.get(position, (0, None))
            if outgoing is None:
                return Difference(named(PLACE), position, "nothing in the store stands behind this record")
            if record.offset != number:
                return Difference(named(PLACE), position, f"its offset is {record.offset} and not {number}")
            if (what := record_says_otherwise(outgoing, record)) is not None:
                return Difference(named(PLACE), position, what)
            missing.pop(position, None)
        return next((Difference(named(PLACE), position, "the record is missing") for position in missing), None)


def records_up_to(kafka: Kafka, count: int, patience: float) -> Sequence[Record]:
    """The records of the directory's topic, once `count` were ever written or `patience` seconds have gone.

    Raises KafkaProblem.
    """
    deadline = time.monotonic() + patience
    place = Partition(*PLACE)
    consumer = reader(kafka, "comparison-directory")
    found: list[Record] = []
    try:
        consumer.assign([place])
        consumer.seek(place, 0)
        end = max(count, spans(kafka, [DIRECTORY_TOPIC])[place].end)
        while (consumer.position(place) or 0) < end and time.monotonic() < deadline:
            for records in consumer.poll(timeout_ms=_POLL_MS).values():
                found += records
    finally:
        consumer.close(autocommit=False)
    return found
