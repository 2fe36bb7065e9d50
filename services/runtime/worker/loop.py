"""The loop of a worker: poll, handle, write rows and positions in one transaction, and only then tell Kafka."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import psycopg
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from services.runtime.kafka import Consumer, KafkaProblem, Partition, Record
from services.runtime.postgres import Connection, Cursor, is_outage
from services.runtime.telemetry import Telemetry
from services.runtime.worker.assignment import Assignment, Polled
from services.runtime.worker.batch import Batch, read
from services.runtime.worker.ledger import Ledger, Parked
from services.runtime.worker.lifecycle import Lifecycle
from services.runtime.worker.outcome import Handler, Overtaken, Row, TooManyInvalid
from services.runtime.worker.watch import Server, Watch

REFUSED: Final = "refused-by-the-database"
_MAX_OVERTAKEN: Final = 20
_SETTLE_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 2.0
Row_contra = TypeVar("Row_contra", contravariant=True)
_BACKOFF_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class Sink(Protocol[Row_contra]):
    """Where the rows of a worker go."""

    def connect(self) -> Connection:
        """A connection of its own, in autocommit mode."""
        ...

    def ledger(self, connection: Connection) -> Ledger:
        """Positions and park that count now; what it raises else ends the worker."""
        ...

    def write(self, cursor: Cursor, ledger: Ledger, rows: Sequence[Row_contra]) -> None:
        """Writes rows (or none) in the open transaction; raises Overtaken when another ledger counts by now."""
        ...


@dataclass(frozen=True)
class Work(Generic[Row]):
    """What a worker does: the meaning of a record, its position in the source, and where rows go.

    `group` None is a consumer outside of any group. `invalid_limit` is how many records may wait in the park for their
    own fault before the worker stops.
    """

    group: str | None
    handle: Handler[Row]
    position_of: Callable[[Record], int]
    sink: Sink[Row]
    invalid_limit: int = 100


class Worker(Generic[Row]):
    """One consumer, one connection, one thread.

    Positions in the database win over the group's: they are read whenever a partition is new here, and sought in this
    loop. Whatever goes wrong between two transactions costs nothing but reading them again.
    """

    def __init__(self, consumer: Consumer, work: Work[Row], telemetry: Telemetry, lifecycle: Lifecycle) -> None:
        self._consumer = consumer
        self._work = work
        self._watch = Watch(telemetry, work.group or "none")
        self._lifecycle = lifecycle
        self._connection: Connection | None = None
        self._ledger: Ledger | None = None
        self._assignment = Assignment(consumer)
        self._invalid = 0
        self._overtaken = 0
        self._failures = 0
        self._settled = 0.0
        self._looked = 0.0
        self._unsettled: dict[Partition, OffsetAndMetadata] = {}

    def run(self) -> None:
        """Works until a stop is asked for; raises TooManyInvalid, KafkaProblem and whatever no retry can cure."""
        self._lifecycle.beat("starting")
        try:
            while not self._lifecycle.stopping:
                try:
                    self.step()
                    self._failures = 0
                    self._lifecycle.beat("working", self.lag())
                except Overtaken:
                    self._was_overtaken()
                except psycopg.Error as error:
                    if not is_outage(error):
                        raise
                    self._forget()
                    self._wait("database", error)
                except KafkaError as error:
                    if not error.retriable:
                        raise
                    self._assignment.forget()  # what the failed poll had read counts for nothing: it is sought anew
                    self._wait("kafka", error)
        finally:
            self.close()

    def step(self, timeout_ms: int = 250, max_records: int | None = None) -> int:
        """One poll and what comes of it; gives the number of records that were seen and are now written.

        Raises Overtaken where another ledger counts by now.
        """
        try:
            return self._step(timeout_ms, max_records)
        except psycopg.errors.UndefinedTable as gone:
            raise Overtaken from gone  # two rebuilds have passed: the first one's schema is before the last one's

    def _step(self, timeout_ms: int, max_records: int | None) -> int:
        connection, ledger = self._connected()
        polled = self._consumer.poll(timeout_ms=timeout_ms, max_records=max_records)
        new = self._assignment.follow(connection, ledger)
        if new:
            self._watch.rebalanced()
        fresh = self._assignment.going_on(polled, new)
        started = time.perf_counter()
        with self._watch.span(fresh):
            batch = read(fresh, self._assignment.known, self._work.handle, self._work.position_of)
            if batch.moves:
                try:
                    self._write(connection, ledger, batch)
                except (psycopg.DataError, psycopg.IntegrityError):
                    batch = self._one_by_one(connection, ledger, fresh)
        if batch.moves:
            self._overtaken = 0
            self._watch.written(batch, time.perf_counter() - started, self.lag() or 0)
        elif time.monotonic() - self._looked > _LOOK_SECONDS:
            self._look(connection, ledger)
        self._settle()
        return batch.seen

    def next_offset(self, partition: Partition) -> int:
        """Up to where an assigned partition is written; 0 before it is known here."""
        return self._assignment.next_offset(partition)

    def lag(self) -> int | None:
        """Records of the assigned partitions that are not applied yet; None before anything is known."""
        return self._assignment.lag()

    def close(self) -> None:
        """Leaves without a goodbye to the group: a static member keeps its partitions for its return."""
        self._settle(now=True)
        self._consumer.close(autocommit=False, timeout_ms=5_000)
        self._forget()

    def _connected(self) -> tuple[Connection, Ledger]:
        if self._connection is None:
            self._connection = self._work.sink.connect()
        if self._ledger is None:
            self._ledger = self._work.sink.ledger(self._connection)
            self._invalid = self._ledger.count_invalid(self._connection)
        return self._connection, self._ledger

    def _look(self, connection: Connection, ledger: Ledger) -> None:
        """Who has nothing to write would not see that another ledger counts by now. Raises Overtaken."""
        self._looked = time.monotonic()
        if self._work.sink.ledger(connection).schema != ledger.schema:
            raise Overtaken

    def _write(self, connection: Connection, ledger: Ledger, batch: Batch[Row]) -> None:
        invalid = sum(not each.behind for each in batch.parked)
        if invalid and self._invalid + invalid > self._work.invalid_limit:
            raise TooManyInvalid(f"more than {self._work.invalid_limit} records cannot be applied")
        with connection.transaction(), connection.cursor() as cursor:
            ledger.advance(cursor, batch.moves)
            self._work.sink.write(cursor, ledger, batch.rows)
            if batch.parked:
                ledger.park(cursor, batch.parked)
        self._invalid += invalid
        for each in batch.parked:
            self._assignment.known[each.partition].parked.add(each.key)
        self._watch.parked(batch.parked)
        for move in batch.moves:
            self._assignment.known[move.partition].place = move.after
            if self._work.group is not None:
                self._unsettled[move.partition] = OffsetAndMetadata(move.after.next_offset, "", -1)

    def _one_by_one(self, connection: Connection, ledger: Ledger, polled: Polled) -> Batch[Row]:
        """The same records, each in a transaction of its own; one that the database refuses is parked."""
        whole: Batch[Row] = Batch()
        for partition, records in polled.items():
            for record in records:
                single = {partition: [record]}
                batch = read(single, self._assignment.known, self._work.handle, self._work.position_of)
                try:
                    self._write(connection, ledger, batch)
                except (psycopg.DataError, psycopg.IntegrityError):
                    batch.rows.clear()
                    batch.parked.append(Parked(partition, record.offset, record.key, REFUSED, behind=False))
                    self._write(connection, ledger, batch)
                whole.add(batch)
        return whole

    def _was_overtaken(self) -> None:
        self._overtaken += 1
        if self._overtaken > _MAX_OVERTAKEN:
            raise KafkaProblem("another worker keeps moving the same positions")
        self._watch.overtaken(self._overtaken)
        self._assignment.forget()
        self._ledger = None

    def _wait(self, what: Server, error: Exception) -> None:
        self._lifecycle.beat("waiting")
        seconds = _BACKOFF_SECONDS[min(self._failures, len(_BACKOFF_SECONDS) - 1)]
        self._failures += 1
        self._watch.away(what, error, self._failures)
        self._lifecycle.pause(seconds)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._ledger = None
        self._assignment.forget()

    def _settle(self, now: bool = False) -> None:
        """Tells Kafka how far we are, for lag tools alone; at most once a second."""
        if self._unsettled and (now or time.monotonic() - self._settled > _SETTLE_SECONDS):
            self._consumer.commit_async(self._unsettled)
            self._unsettled, self._settled = {}, time.monotonic()
