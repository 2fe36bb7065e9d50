"""The partitions that a worker has now: taken up at the database's positions, and read without a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.runtime.kafka import Consumer, KafkaProblem, Partition, Record
from services.runtime.postgres import Connection
from services.runtime.worker.batch import Known
from services.runtime.worker.ledger import Ledger

LOOKS: Final = 20  # a client that loses the same stretch so often in a row is not one of ours
Polled = Mapping[Partition, Sequence[Record]]


class Assignment:
    """What is known of each assigned partition; the consumer is sought to it, never the other way round."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self.known: dict[Partition, Known] = {}

    def follow(self, connection: Connection, ledger: Ledger) -> set[Partition]:
        """Takes up partitions that are new here at their own position; gives those, whose polled records are void.

        Raises KafkaProblem for a partition that is shorter than what was read of it.
        """
        assigned = set(self._consumer.assignment())
        for gone in self.known.keys() - assigned:
            del self.known[gone]
        new = assigned - self.known.keys()
        if not new:
            return new
        ends = self._consumer.end_offsets(sorted(new))
        for partition, place in ledger.places(connection, new).items():
            if place.next_offset > ends[partition]:
                raise KafkaProblem(f"{partition.topic} {partition.partition} is shorter than what was read of it")
            self._consumer.seek(partition, place.next_offset)
            self.known[partition] = Known(place, ledger.parked_keys(connection, *partition))
        return new

    def going_on(self, polled: Polled, new: set[Partition]) -> Polled:
        """The polled records that go on where their partition stands.

        Behind a gap nothing is taken: it is read again, because a client that loses what it had fetched leaves one.
        Kafka itself has one where the beginning of a partition was deleted, which the broker says, or where a record
        was compacted away, which is there at every look. After a poll that found nothing, what the client believes to
        have given is compared as well.
        """
        if not polled:
            for partition in self.known.keys() - new:
                self._is_whole(partition, self._consumer.position(partition) or 0)
        return {
            partition: records
            for partition, records in polled.items()
            if partition in self.known and partition not in new and self._is_whole(partition, records[0].offset)
        }

    def lag(self) -> int | None:
        """Records of these partitions that are not written yet; None before anything is known."""
        if not self.known:
            return None
        assigned = self._consumer.assignment()
        return sum(
            max(0, (self._consumer.highwater(partition) or 0) - known.place.next_offset)
            for partition, known in self.known.items()
            if partition in assigned
        )

    def next_offset(self, partition: Partition) -> int:
        """Up to where a partition is written; 0 before it is known here."""
        known = self.known.get(partition)
        return known.place.next_offset if known else 0

    def forget(self) -> None:
        """Everything is taken up anew after the next poll."""
        self.known.clear()

    def _is_whole(self, partition: Partition, offset: int) -> bool:
        known = self.known[partition]
        if offset <= known.place.next_offset:
            return True
        known.looks = known.looks + 1 if offset == known.gap else 1
        known.gap = offset
        if known.looks > LOOKS or offset <= self._consumer.beginning_offsets([partition])[partition]:
            return True
        self._consumer.seek(partition, known.place.next_offset)
        return False
