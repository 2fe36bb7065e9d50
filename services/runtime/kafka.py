"""How a process talks to Kafka: producers, consumers and topics with the settings that keep records in order, once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, cast

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import OffsetAndMetadata, TopicPartition

DELIVERY_TIMEOUT_MS: Final = 30_000
_COMPRESSION: Final = "lz4"  # best of the four in both directions on the real broker
_BATCH_BYTES: Final = 128 * 1024

Headers = Sequence[tuple[str, bytes]]


class Partition(NamedTuple):
    """One partition of a topic; equal and hash-equal to the client's own TopicPartition."""

    topic: str
    partition: int


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
    def partitions_for_topic(self, topic: str) -> set[int]: ...
    def commit_async(self, offsets: Mapping[Partition, OffsetAndMetadata]) -> object: ...
    def close(self, autocommit: bool = True, timeout_ms: int | None = None) -> None: ...


class KafkaProblem(Exception):
    """Kafka is not as this process needs it; the message names topics and partitions only."""


@dataclass(frozen=True)
class Topic:
    """A topic as its contract says: the partition count is fixed at creation, `config` as Kafka names it."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


def producer(bootstrap: str, client_id: str, *, linger_ms: int = 5, compression: str | None = _COMPRESSION) -> Producer:
    """A producer that neither loses, doubles nor reorders what it is given, while it lives.

    Idempotence is passed by name: without it kafka-python turns it off silently when another setting disagrees. It has
    no memory of an earlier producer: read `tails` first. Every result of `send` must be looked at. Its buffer has no
    bound: the caller bounds what is in flight. Raises KafkaTimeoutError when no broker answers in time.
    """
    return cast(
        Producer,
        KafkaProducer(
            bootstrap_servers=bootstrap,
            client_id=client_id,
            enable_idempotence=True,
            acks="all",
            compression_type=compression,
            linger_ms=linger_ms,
            batch_size=_BATCH_BYTES,
            delivery_timeout_ms=DELIVERY_TIMEOUT_MS,
            request_timeout_ms=10_000,
            max_block_ms=10_000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        ),
    )


def group_consumer(bootstrap: str, group: str, instance: str, topics: Iterable[str]) -> Consumer:
    """A static member of a consumer group; it never commits by itself, its owner's database decides positions.

    A member that comes back under the same `instance` within the session timeout gets its partitions without a
    rebalance. New assignments show in `assignment()`; there is no listener, by intent: seek in the main loop.
    """
    made = KafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id=f"{group}-{instance}",
        group_id=group,
        group_instance_id=instance,
        partition_assignment_strategy=[CooperativeStickyAssignor],
        session_timeout_ms=45_000,
        heartbeat_interval_ms=3_000,
        max_poll_interval_ms=300_000,
        **_READING,
    )
    made.subscribe(list(topics))
    return cast(Consumer, made)


def reader(bootstrap: str, client_id: str) -> Consumer:
    """A consumer outside of any group, for `assign` and `seek`: tails, rebuilds, checks."""
    return cast(Consumer, KafkaConsumer(bootstrap_servers=bootstrap, client_id=client_id, **_READING))


_READING: Final[dict[str, object]] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "isolation_level": "read_committed",
    "allow_auto_create_topics": False,
    "fetch_max_wait_ms": 250,
    "max_partition_fetch_bytes": 2 * 1024 * 1024,
    "receive_buffer_bytes": 1024 * 1024,
    "max_poll_records": 2_000,
    "metrics_enabled": False,
}


def partitions_of(consumer: Consumer, topic: str) -> list[Partition]:
    """Every partition of a topic in order; raises KafkaProblem when the topic is not there."""
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise KafkaProblem(f"topic {topic} is not there")
    return [cast(Partition, TopicPartition(topic, number)) for number in sorted(found)]


def tails(bootstrap: str, topic: str, *, timeout: float = 30.0) -> dict[int, Record | None]:
    """The last record of every partition of a topic, None where a partition is empty.

    Holds for topics that are only appended to, without transactions. Raises KafkaProblem when the topic is not there
    or when a tail cannot be read within `timeout` seconds.
    """
    consumer = reader(bootstrap, f"tails-{topic}")
    try:
        partitions = partitions_of(consumer, topic)
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        starts = consumer.beginning_offsets(partitions)
        found: dict[int, Record | None] = {each.partition: None for each in partitions}
        wanted = {each for each in partitions if ends[each] > starts[each]}
        for each in partitions:
            consumer.seek(each, ends[each] - 1 if each in wanted else ends[each])
        deadline = time.monotonic() + timeout
        while wanted:
            if time.monotonic() > deadline:
                raise KafkaProblem(f"the tails of {len(wanted)} partitions of {topic} cannot be read")
            for each, records in consumer.poll(timeout_ms=500).items():
                found[each.partition] = records[-1]
                wanted.discard(each)
        return found
    finally:
        consumer.close(autocommit=False)


def create_topics(bootstrap: str, topics: Iterable[Topic], *, replication: int = -1) -> list[str]:
    """Creates the topics that are not there yet and gives their names; what is there stays as it is."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, client_id="topics")
    try:
        there = set(admin.list_topics())
        new = [topic for topic in topics if topic.name not in there]
        if new:
            wanted = {
                topic.name: {
                    "num_partitions": topic.partitions,
                    "replication_factor": replication,
                    "configs": dict(topic.config),
                }
                for topic in new
            }
            admin.create_topics(wanted, wait_for_metadata=True)
        return [topic.name for topic in new]
    finally:
        admin.close()


def topic_differences(bootstrap: str, topics: Iterable[Topic]) -> list[str]:
    """One sentence for each way in which Kafka differs from the contract: topics, partition counts, configuration."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, client_id="topics")
    try:
        wanted = {topic.name: topic for topic in topics}
        there = set(admin.list_topics())
        said = [f"{name}: is not there" for name in sorted(wanted.keys() - there)]
        known = sorted(wanted.keys() & there)
        if not known:
            return said
        for told in admin.describe_topics(known):
            count, expected = len(told["partitions"]), wanted[told["name"]].partitions
            if count != expected:
                said.append(f"{told['name']}: {count} partitions, the contract says {expected}")
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in known]
        actual = admin.describe_configs(resources, config_filter="all")["topic"]
        for name in known:
            for key, value in wanted[name].config.items():
                is_now = actual[name].get(key, {}).get("value")
                if is_now != value:
                    said.append(f"{name}: {key} is {is_now}, the contract says {value}")
        return said
    finally:
        admin.close()


def header(record: Record, name: str) -> bytes | None:
    """The first header of that name, None when the record has none."""
    return next((value for key, value in record.headers if key == name), None)
