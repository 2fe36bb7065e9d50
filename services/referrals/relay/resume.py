"""Owns where a relay goes on: the last record of each partition says what is there, and what is there has no hole."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, NamedTuple

from services.referrals.publishing import DIRECTORY_TOPIC
from services.referrals.relay.outgoing import Outgoing
from services.runtime.kafka import Kafka, KafkaProblem, Partition, Record, header, reader, tails

Place = tuple[str, int]


class End(NamedTuple):
    """The last record of a partition: its position, 0 where there is none, and the offset that comes after it."""

    position: int
    offset: int


STANDSTILL_SECONDS: Final = 0.2
_SILENT_POLLS: Final = 60


class LogDamaged(Exception):
    """The log on Kafka is not what the store says it has to be; the message names topic, partition and position."""


@dataclass
class Resume:
    """Skips what is on the log already, partition by partition, and confirms it once there can be nothing more."""

    ends: Mapping[Place, End]
    skipped: dict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))
    confirmed: bool = False

    @classmethod
    def read(cls, kafka: Kafka, topics: Sequence[str], pause: Callable[[float], None]) -> "Resume":
        """The ends of every partition, once they stand still: an earlier relay's last request may be under way.

        Raises KafkaProblem.
        """
        ends = read_ends(kafka, topics)
        while True:
            pause(STANDSTILL_SECONDS)
            again = read_ends(kafka, topics)
            if again == ends:
                return cls(ends)
            ends = again

    @property
    def partitions(self) -> int:
        """How many partitions each topic of clients has: all the same, or records of one client would part."""
        counts = Counter(topic for topic, _ in self.ends if topic != DIRECTORY_TOPIC)
        if len(set(counts.values())) != 1:
            raise LogDamaged(f"topics have different numbers of partitions: {', '.join(sorted(counts))}")
        return next(iter(counts.values()))

    def is_there(self, outgoing: Outgoing) -> bool:
        """True when the log has this record already: it goes up to the end of its partition without a hole."""
        if self.confirmed:
            return False
        place = (outgoing.record.topic, outgoing.partition)
        if outgoing.position > self.ends[place].position:
            return False
        if outgoing.record.topic != DIRECTORY_TOPIC:  # compacted: what is superseded may be gone
            self.skipped[place].append(outgoing.position)
        return True

    def passed(self, position: int, kafka: Kafka) -> None:
        """Everything up to `position` was asked for. Past the ends, what was skipped is compared with what is there.

        Raises `LogDamaged` at the first difference.
        """
        if self.confirmed or position < max(end.position for end in self.ends.values()):
            return
        ends = {place: (len(each), self.ends[place].offset) for place, each in self.skipped.items()}
        found = positions_between(kafka, {place: (max(0, end - n), end) for place, (n, end) in ends.items()})
        for place, positions in sorted(self.skipped.items()):
            for expected, there in zip_longest(reversed(positions), reversed(found[place])):
                if expected != there:
                    raise LogDamaged(f"{place[0]} {place[1]}: position {expected} is missing, {there} is in its place")
        self.skipped.clear()
        self.confirmed = True


def read_ends(kafka: Kafka, topics: Sequence[str]) -> dict[Place, End]:
    """The end of each partition as it is now. Raises KafkaProblem, `LogDamaged`."""
    return {
        (topic, partition): End(position_of(record), record.offset + 1) if record is not None else End(0, 0)
        for topic in topics
        for partition, record in tails(kafka, topic).items()
    }


def position_of(record: Record) -> int:
    """The position that a record's header says. Raises `LogDamaged` for a record without one."""
    value = header(record, "ce_position")
    if value is None or not value.isdigit():
        raise LogDamaged(f"{record.topic} {record.partition}: the record at offset {record.offset} has no position")
    return int(value)


def positions_between(kafka: Kafka, offsets: Mapping[Place, tuple[int, int]]) -> dict[Place, list[int]]:
    """The positions of the records from one offset up to another (not included) of each partition, in their order.

    Raises KafkaProblem when they cannot be read, `LogDamaged` for a record without a position.
    """
    found: dict[Place, list[int]] = {place: [] for place in offsets}
    consumer = reader(kafka, "relay-resume")
    try:
        consumer.assign([Partition(*place) for place in offsets])
        for place, (start, _) in offsets.items():
            consumer.seek(Partition(*place), start)
        silent = 0
        while any(len(found[place]) < end - start for place, (start, end) in offsets.items()):
            polled = consumer.poll(timeout_ms=500)
            silent = 0 if polled else silent + 1
            if silent > _SILENT_POLLS:
                raise KafkaProblem("the ends of the log cannot be read")
            for partition, records in polled.items():
                place = (partition.topic, partition.partition)
                found[place] += [position_of(record) for record in records if record.offset < offsets[place][1]]
        return found
    finally:
        consumer.close(autocommit=False)


def positions_of(kafka: Kafka, topic: str) -> dict[int, list[int]]:
    """Every position of a topic, by partition, in the order of the log."""
    ends = read_ends(kafka, [topic])
    found = positions_between(kafka, {place: (0, end.offset) for place, end in ends.items() if end.offset})
    return {partition: found.get((topic, partition), []) for _, partition in sorted(ends)}
