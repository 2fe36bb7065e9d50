"""Owns the relay's loop: read a page, send what is not there yet, look at every answer, move the checkpoint."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from kafka.errors import KafkaError, KafkaTimeoutError

from contracts.topic import FIRST_KEY, under
from services.referrals.domain.frozen import frozen
from services.referrals.publishing import CARE_TOPIC, DIRECTORY_TOPIC, RESTRICTED_TOPIC
from services.referrals.relay.checkpoint import Checkpoint
from services.referrals.relay.leader import Connection, NoLongerLeader, confirm, leadership
from services.referrals.relay.log_keys import LogKeys
from services.referrals.relay.outgoing import Outgoing, Publisher
from services.referrals.relay.resume import Resume
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages
from services.referrals.store.recorded import position_in
from services.runtime.kafka import Headers, Kafka, KafkaProblem, Producer, Sent, drop, producer
from services.runtime.postgres import is_outage
from services.runtime.telemetry import Telemetry, describe, is_sampled, traceparent_of
from services.runtime.worker import Lifecycle

PAGE: Final = 2_000
POLL_SECONDS: Final = 0.25

_LOOK_SECONDS: Final = 0.25
_LOOKS_WHEN_STOPPING: Final = 8
_FOR_EVER_MS: Final = 24 * 3600 * 1000
_PAGE_BYTES: Final = 1_000_000
_BACKOFF_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Ports:
    """Where the relay reads and writes. `restricted`: the restricted topic is there, some initiative has it on.

    `keys` are the log keys under which it writes topics of clients; `entries`: it writes the directory's, too.
    """

    dsn: str
    kafka: Kafka
    restricted: bool
    keys: tuple[int, ...] = (FIRST_KEY,)
    entries: bool = True

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it writes."""
        of_clients = (CARE_TOPIC, RESTRICTED_TOPIC) if self.restricted else (CARE_TOPIC,)
        listed = [under(topic, key) for key in self.keys for topic in of_clients]
        return (*listed, DIRECTORY_TOPIC) if self.entries else tuple(listed)


Publishing = Callable[[int], Publisher]
"""What publishes under a log key."""


@frozen
class _Page:
    """How many events were read, the position of the last, and what of them goes out."""

    size: int
    last: int
    out: list[Outgoing]


class Relay:
    """Copies the event store to Kafka, one leader at a time, each partition in the order of positions without a hole.

    A page is sent only when the one before it was acknowledged, and a page is one batch in each partition: a batch that
    fails has no successor on its way that could arrive without it. The producer never gives a batch up while it lives.
    Whatever fails, the relay stops sending, drops the producer, reads the ends of the log anew and goes on behind them.
    It writes under every log key that is open, and sees it when another opens or one closes. With `copied` it writes
    under that key alone, no directory, and ends when everything is there.
    """

    def __init__(
        self,
        ports: Ports,
        publishing: Publishing,
        mapper: FactMapper,
        telemetry: Telemetry,
        lifecycle: Lifecycle,
        *,
        copied: int = 0,
    ) -> None:
        self._ports = ports
        self._publishing = publishing
        self._publishers: list[Publisher] = []
        self._copied = copied
        self._is_whole = False
        self._mapper = mapper
        self._telemetry = telemetry
        self._lifecycle = lifecycle
        self._failures = 0

    def run(self) -> None:
        """Works until a stop is asked for. Raises `LogDamaged`, and whatever no retry can cure."""
        self._lifecycle.beat("starting")
        while not (self._lifecycle.stopping or self._is_whole):
            try:
                with leadership(self._ports.dsn, self._lifecycle, self._copied) as connection:
                    if connection is not None:
                        self._lead(connection)
            except (KafkaError, KafkaProblem, NoLongerLeader) as error:
                self._rest(error)
            except psycopg.Error as error:
                if not is_outage(error):
                    raise
                self._rest(error)

    def _rest(self, error: Exception) -> None:
        if self._lifecycle.stopping:
            return
        pause = _BACKOFF_SECONDS[min(self._failures, len(_BACKOFF_SECONDS) - 1)]
        self._failures += 1
        self._telemetry.log.warning("relay stopped sending", attempt=self._failures, **describe(error))
        self._lifecycle.beat("waiting")
        self._lifecycle.pause(pause)

    def _lead(self, connection: Connection) -> None:
        """One leadership under some keys: until the first failure, the stop, or a change of keys."""
        keys = self._keys(connection)
        self._ports = replace(self._ports, keys=keys, entries=not self._copied)
        self._publishers = [self._publishing(key) for key in keys]
        resume = Resume.read(self._ports.kafka, self._ports.topics, self._lifecycle.pause)
        made = producer(
            self._ports.kafka,
            "referrals-relay",
            linger_ms=_FOR_EVER_MS,  # a page goes out when it is flushed, never in parts
            batch_bytes=_PAGE_BYTES,
            delivery_timeout_ms=2 * _FOR_EVER_MS,
        )
        try:
            self._follow(connection, made, resume)
        finally:
            # What is not acknowledged by now is sent again by whoever reads the ends next: none of it may linger.
            drop(made)

    def _follow(self, connection: Connection, made: Producer, resume: Resume) -> None:
        pages, checkpoint = Pages(connection, self._mapper), Checkpoint(connection, self._ports.topics)
        page = self._read(pages, checkpoint.read(), resume)
        with ThreadPoolExecutor(1, "relay-flush") as beside:
            while not self._lifecycle.stopping and self._keys(connection) == self._ports.keys:
                upcoming = None
                if page.size:
                    answers = [self._sent(made, outgoing) for outgoing in page.out]
                    flushing = beside.submit(_flushed, made)
                    if page.size == PAGE:  # while Kafka writes this page the next is read, but not sent
                        upcoming = self._read(pages, page.last, resume)
                    self._settle(connection, made, answers, flushing)
                    resume.passed(page.last, self._ports.kafka)
                    checkpoint.write(page.last)
                    self._failures = 0
                elif self._copied:
                    self._is_whole = True
                    return
                else:
                    for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass
                lag = pages.last_position() - page.last if page.size == PAGE else 0
                self._telemetry.metrics.level("closeknit.relay.lag", lag)
                self._lifecycle.beat("working", lag)
                page = upcoming or self._read(pages, page.last, resume)

    def _read(self, pages: Pages, position: int, resume: Resume) -> _Page:
        size, out, partitions = 0, [], resume.partitions
        for row in pages.rows_after(position, PAGE):
            size, position = size + 1, position_in(row)
            for publisher in self._publishers:
                outgoing = publisher.outgoing_row(row, self._mapper.decode, partitions)
                if outgoing is None or (outgoing.record.topic == DIRECTORY_TOPIC and not self._lists(publisher)):
                    continue
                if not resume.is_there(outgoing):
                    out.append(outgoing)
        return _Page(size, position, out)

    def _lists(self, publisher: Publisher) -> bool:
        """Entries of the directory name no client: they go out once, whatever the keys."""
        return self._ports.entries and publisher is self._publishers[0]

    def _keys(self, connection: Connection) -> tuple[int, ...]:
        return (self._copied,) if self._copied else LogKeys(connection).open()

    def _sent(self, made: Producer, outgoing: Outgoing) -> Sent:
        """Hand a record over; where the request that caused it is traced, in a span linked to it (never its child)."""
        record, stored = outgoing.record, outgoing.traceparent
        if not is_sampled(stored):
            return _hand_over(made, outgoing, record.headers)
        with self._telemetry.spans.span("send", record.topic, kind="producer", links=[stored]) as span:
            span.set_attribute("messaging.system", "kafka")
            span.set_attribute("messaging.operation.type", "send")
            span.set_attribute("messaging.destination.name", record.topic)
            span.set_attribute("messaging.destination.partition.id", str(outgoing.partition))
            mine = traceparent_of(span) or stored or ""
            headers = [pair for pair in record.headers if pair[0] != "traceparent"]
            return _hand_over(made, outgoing, [*headers, ("traceparent", mine.encode())])

    def _settle(self, connection: Connection, made: Producer, answers: Sequence[Sent], flushing: Future[bool]) -> None:
        """Wait for every answer of a page and look at each. Raises the first that says no, `NoLongerLeader`."""
        looks, flushed = 0, flushing.result()
        while not flushed:
            confirm(connection)
            if self._keys(connection) != self._ports.keys:  # what does not answer may be a topic that is there no more
                raise KafkaProblem("a log key was opened or closed while Kafka did not answer")
            looks += 1
            if self._lifecycle.stopping and looks > _LOOKS_WHEN_STOPPING:
                raise KafkaProblem("a stop was asked for while Kafka did not answer")
            self._lifecycle.beat("waiting")
            flushed = _flushed(made)
        for answer in answers:
            answer.get(timeout=_LOOK_SECONDS)
        self._telemetry.metrics.count("messaging.client.sent.messages", len(answers))


def _hand_over(made: Producer, outgoing: Outgoing, headers: Headers) -> Sent:
    record = outgoing.record
    return made.send(
        record.topic,
        record.value,
        record.key,
        headers,
        partition=outgoing.partition,
        timestamp_ms=outgoing.written_ms,
    )


def _flushed(made: Producer) -> bool:
    try:
        made.flush(timeout=_LOOK_SECONDS)
    except KafkaTimeoutError:
        return False
    return True
