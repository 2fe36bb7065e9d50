"""Owns reading a whole log record by record, each partition in its order, without holding more than a little of it."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Final, Self

from services.referrals.relay.resume import End, Place
from services.runtime.kafka import Kafka, KafkaProblem, Partition, Record, reader

_FULL: Final = 4_000
_LOW: Final = 500
_SILENCE_SECONDS: Final = 60.0


class LogReader:
    """Gives the next record of any partition; waits `patience` seconds for one that was not there at the beginning.

    Raises KafkaProblem when Kafka does not give what it has.
    """

    def __init__(self, kafka: Kafka, ends: Mapping[Place, End], patience: float) -> None:
        self._ends = ends
        self._patience = patience
        self._read: dict[Place, deque[Record]] = {place: deque() for place in ends}
        self._given = dict.fromkeys(ends, 0)
        self._polled = dict.fromkeys(ends, 0)
        self._paused: set[Place] = set()
        self._consumer = reader(kafka, "comparison")

    def next(self, place: Place) -> tuple[int, Record] | None:
        """The next record of a partition and how many came before it; None when none comes in time."""
        waiting = self._read[place]
        began = time.monotonic()
        while not waiting:
            if place in self._paused:
                self._go_on(place)
            came = self._poll()
            behind = self._polled[place] < self._ends[place].offset
            if behind and came:
                began = time.monotonic()
            silent = time.monotonic() - began
            if behind and silent > _SILENCE_SECONDS:
                raise KafkaProblem("the log cannot be read to its end")
            if not behind and silent > self._patience:
                return None
        number = self._given[place]
        self._given[place] += 1
        record = waiting.popleft()
        if place in self._paused and len(waiting) < _LOW:
            self._go_on(place)
        return number, record

    def rest(self) -> Iterator[tuple[Place, Record]]:
        """What nobody asked for, up to where each partition ended at the beginning."""
        for place, end in self._ends.items():
            while self._given[place] < end.offset:
                found = self.next(place)
                if found is None:
                    break
                yield place, found[1]

    def __enter__(self) -> Self:
        self._consumer.assign([Partition(*place) for place in self._ends])
        for place in self._ends:
            self._consumer.seek(Partition(*place), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close(autocommit=False)

    def _go_on(self, place: Place) -> None:
        self._consumer.resume(Partition(*place))
        self._paused.discard(place)

    def _poll(self) -> bool:
        polled = self._consumer.poll(timeout_ms=200)
        for partition, records in polled.items():
            place = (partition.topic, partition.partition)
            self._read[place].extend(records)
            self._polled[place] += len(records)
            if len(self._read[place]) >= _FULL:
                self._consumer.pause(partition)
                self._paused.add(place)
        return bool(polled)
