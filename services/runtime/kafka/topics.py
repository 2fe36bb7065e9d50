"""Topics as their contracts say: made, compared with what is there, and read from their ends."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from services.runtime.kafka.clients import Consumer, KafkaProblem, Partition, Record, reader


@dataclass(frozen=True)
class Topic:
    """A topic as its contract says: the partition count is fixed at creation, `config` as Kafka names it."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


def partitions_of(consumer: Consumer, topic: str) -> list[Partition]:
    """Every partition of a topic in order; raises KafkaProblem when the topic is not there."""
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise KafkaProblem(f"topic {topic} is not there")
    return [Partition(topic, number) for number in sorted(found)]


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
