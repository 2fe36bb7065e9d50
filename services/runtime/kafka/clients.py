"""Producers and consumers with the settings that keep records in order and give them once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

from kafka import KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaConnectionError, KafkaTimeoutError
from kafka.structs import OffsetAndMetadata, TopicPartition

from services.runtime.settings import Kafka, options_of

DELIVERY_TIMEOUT_MS: Final = 30_000
METADATA_MAX_AGE_MS: Final = 30_000  # so that a client which missed a change of the cluster is not held up longer
_COMPRESSION: Final = "lz4"  # best of the four in both directions on the real broker
_BATCH_BYTES: Final = 128 * 1024
_DROPPED_SECONDS: Final = 5.0
_LONGEST_BACKOFF_MS: Final = 2_000  # the library's 30 s would be added to every outage

Headers = Sequence[tuple[str, bytes]]


if TYPE_CHECKING:

    class Partition(NamedTuple):
        """One partition of a topic: the client's own TopicPartition, with types."""

        topic: str
        partition: int
else:
    Partition = TopicPartition


class Record(Protocol):
    """One record as the client gives it. Never log or format one whole: key and value would show."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


class Sent(Protocol):
    """What `Producer.send` gives at once: the promise of an acknowledgement."""

    def get(self, timeout: float | None = None) -> object:
        """Waits `timeout` seconds for the acknowledgement; raises what the broker refused it with."""
        ...


class Producer(Protocol):
    """The part of kafka-python's producer that is used here."""

    def send(
        self,
        topic: str,
        value: bytes,
        key: bytes,
        headers: Headers,
        *,
        partition: int | None = None,
        timestamp_ms: int | None = None,
    ) -> Sent: ...
    def flush(self, timeout: float | None = None) -> None: ...
    def close(self, timeout: float | None = None) -> None: ...
    def partitions_for(self, topic: str) -> set[int]: ...


class Consumer(Protocol):
    """The part of kafka-python's consumer that is used here; not safe for use by several threads."""

    def poll(self, timeout_ms: int = 0, max_records: int | None = None) -> Mapping[Partition, Sequence[Record]]: ...
    def assignment(self) -> set[Partition]: ...
    def assign(self, partitions: Sequence[Partition]) -> None: ...
    def seek(self, partition: Partition, offset: int) -> None: ...
    def pause(self, *partitions: Partition) -> None: ...
    def resume(self, *partitions: Partition) -> None: ...
    def position(self, partition: Partition) -> int | None: ...
    def highwater(self, partition: Partition) -> int | None: ...
    def beginning_offsets(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]: ...
    def end_offsets(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]: ...
    def commit_async(self, offsets: Mapping[Partition, OffsetAndMetadata]) -> object: ...
    def close(self, autocommit: bool = True, timeout_ms: int | None = None) -> None: ...


class KafkaProblem(Exception):
    """Kafka is not as this process needs it; the message names topics and partitions only."""


def producer(
    kafka: Kafka,
    client_id: str,
    *,
    linger_ms: int = 5,
    compression: str | None = _COMPRESSION,
    batch_bytes: int = _BATCH_BYTES,
    delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS,
) -> Producer:
    """A producer that neither loses, doubles nor reorders what it is given, while it lives.

    Idempotence is passed by name: without it kafka-python turns it off silently when another setting disagrees. It has
    no memory of an earlier producer: read `tails` first. Every result of `send` must be looked at. Its buffer has no
    bound: the caller bounds what is in flight. Raises KafkaTimeoutError when no broker answers in time.
    """
    return cast(
        Producer,
        KafkaProducer(
            **options_of(kafka),
            client_id=client_id,
            enable_idempotence=True,
            acks="all",
            compression_type=compression,
            linger_ms=linger_ms,
            batch_size=batch_bytes,
            delivery_timeout_ms=delivery_timeout_ms,
            request_timeout_ms=10_000,
            max_block_ms=10_000,
            reconnect_backoff_max_ms=_LONGEST_BACKOFF_MS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        ),
    )


def drop(made: Producer) -> None:
    """End a producer at once: what it was not told to be acknowledged by now, it does not send any more.

    The library's `close` gives up, with its thread at work, where something does not arrive in time.
    """
    sender = cast(Any, made)._sender  # noqa: SLF001 -- nothing public of the library's ends what is under way
    if sender is not None:
        sender.force_close()
        sender.join(_DROPPED_SECONDS)
    with contextlib.suppress(KafkaTimeoutError):
        made.close(timeout=0)


def group_consumer(kafka: Kafka, group: str, instance: str, topics: Iterable[str]) -> Consumer:
    """A static member of a consumer group; it never commits by itself, its owner's database decides positions.

    A member that comes back under the same `instance` within the session timeout gets its partitions without a
    rebalance. New assignments show in `assignment()`; there is no listener, by intent: seek in the main loop.
    """
    made = KafkaConsumer(
        **options_of(kafka),
        client_id=f"{group}-{instance}",
        group_id=group,
        group_instance_id=instance,
        partition_assignment_strategy=[CooperativeStickyAssignor],
        session_timeout_ms=45_000,
        heartbeat_interval_ms=3_000,
        max_poll_interval_ms=300_000,
        **_READING,
    )
    wanted = list(topics)
    made.subscribe(wanted)
    # A member that leads its group before it knows the topics gives itself nothing, and stays so for half a minute.
    with contextlib.suppress(KafkaConnectionError, KafkaTimeoutError):  # a broker that is away is waited for in `poll`
        for topic in wanted:
            made.partitions_for_topic(topic)
    return cast(Consumer, made)


def reader(kafka: Kafka, client_id: str) -> Consumer:
    """A consumer outside of any group, for `assign` and `seek`: tails, rebuilds, checks."""
    return cast(Consumer, KafkaConsumer(**options_of(kafka), client_id=client_id, **_READING))


_READING: Final[dict[str, object]] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "isolation_level": "read_committed",
    "allow_auto_create_topics": False,
    "fetch_max_wait_ms": 250,
    "max_partition_fetch_bytes": 2 * 1024 * 1024,
    "receive_buffer_bytes": 1024 * 1024,
    "max_poll_records": 2_000,
    "reconnect_backoff_max_ms": _LONGEST_BACKOFF_MS,
    "metrics_enabled": False,
    "metadata_max_age_ms": METADATA_MAX_AGE_MS,
}


def header(record: Record, name: str) -> bytes | None:
    """The first header of that name, None when the record has none."""
    return next((value for key, value in record.headers if key == name), None)
