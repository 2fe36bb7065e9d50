"""Topics as their contracts say: made, compared with what is there, and read from their ends."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.protocol.consumer import OffsetSpec

from services.runtime.kafka.clients import KafkaProblem, Partition, Record, reader
from services.runtime.settings import Kafka, options_of


@dataclass(frozen=True)
class Topic:
    """A topic as its contract says: the partition count is fixed at creation, `config` as Kafka names it."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


class Span(NamedTuple):
    """The first offset that a partition has, and the one that it will give next."""

    start: int
    end: int


def spans(kafka: Kafka, topics: Iterable[str]) -> dict[Partition, Span]:
    """Every partition of those topics that are there, in order, with what it holds now.

    Asked of the broker directly, which answers or fails in time; a consumer's own question for partitions has no limit.
    """
    admin = KafkaAdminClient(**options_of(kafka), client_id="spans")
    try:
        wanted = sorted(set(topics) & set(admin.list_topics()))
        if not wanted:
            return {}
        partitions = sorted(
            Partition(told["name"], each["partition_index"])
            for told in admin.describe_topics(wanted)
            for each in told["partitions"]
        )
        starts = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        return {each: Span(starts[each].offset, ends[each].offset) for each in partitions}
    finally:
        admin.close()


def tails(kafka: Kafka, topic: str, *, timeout: float = 30.0) -> dict[int, Record | None]:
    """The last record of every partition of a topic, None where a partition is empty.

    Holds for topics that are only appended to, without transactions. Raises KafkaProblem when the topic is not there
    or when a tail cannot be read within `timeout` seconds.
    """
    there = spans(kafka, [topic])
    if not there:
        raise KafkaProblem(f"topic {topic} is not there")
    found: dict[int, Record | None] = {each.partition: None for each in there}
    wanted = {each: span.end - 1 for each, span in there.items() if span.end > span.start}
    if not wanted:
        return found
    consumer = reader(kafka, f"tails-{topic}")
    try:
        consumer.assign(list(wanted))
        for each, last in wanted.items():
            consumer.seek(each, last)
        deadline = time.monotonic() + timeout
        while wanted:
            if time.monotonic() > deadline:
                raise KafkaProblem(f"the tails of {len(wanted)} partitions of {topic} cannot be read")
            for each, records in consumer.poll(timeout_ms=500).items():
                found[each.partition] = records[-1]
                wanted.pop(each, None)
        return found
    finally:
        consumer.close(autocommit=False)


def create_topics(kafka: Kafka, topics: Iterable[Topic], *, replication: int = -1) -> list[str]:
    """Creates the topics that are not there yet and gives their names; what is there stays as it is."""
    admin = KafkaAdminClient(**options_of(kafka), client_id="topics")
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


def delete_topics(kafka: Kafka, topics: Iterable[str]) -> list[str]:
    """Deletes those of these topics that are there, with all that is in them, and gives their names."""
    admin = KafkaAdminClient(**options_of(kafka), client_id="topics")
    try:
        there = sorted(set(topics) & set(admin.list_topics()))
        if there:
            admin.delete_topics(there)
        return there
    finally:
        admin.close()


def topic_differences(kafka: Kafka, topics: Iterable[Topic]) -> list[str]:
    """One sentence for each way in which Kafka differs from the contract: topics, partition counts, configuration."""
    admin = KafkaAdminClient(**options_of(kafka), client_id="topics")
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
