"""Clients and topics on the real broker: settings that hold, tails, differences from the contract."""

from __future__ import annotations

from uuid import uuid4

import pytest
from kafka.errors import KafkaError

from deploy.local.kafka import KafkaServer
from services.runtime.kafka import (
    KafkaProblem,
    Partition,
    Span,
    Topic,
    create_topics,
    drop,
    group_consumer,
    header,
    producer,
    reader,
    spans,
    tails,
    topic_differences,
)

FOREVER = {"retention.ms": "-1", "cleanup.policy": "delete"}


@pytest.fixture
def topic(kafka_server: KafkaServer) -> Topic:
    """A topic of this test, four partitions."""
    made = Topic(f"care.test-{uuid4().hex[:8]}.v1", 4, FOREVER)
    assert create_topics(kafka_server.bootstrap, [made]) == [made.name]
    return made


def fill(bootstrap: str, topic: str, count: int) -> None:
    client = producer(bootstrap, "test")
    promised = [client.send(topic, b"%d" % n, b"key-%d" % (n % 5), [("n", b"%d" % n)]) for n in range(count)]
    for promise in promised:
        promise.get(10)
    client.close()


def test_a_topic_is_made_once(kafka_server: KafkaServer, topic: Topic) -> None:
    assert create_topics(kafka_server.bootstrap, [topic]) == []
    assert topic_differences(kafka_server.bootstrap, [topic]) == []


def test_differences_from_the_contract_are_said(kafka_server: KafkaServer, topic: Topic) -> None:
    wanted = [Topic(topic.name, 5, {"retention.ms": "1000"}), Topic("care.absent.v1", 1)]
    assert topic_differences(kafka_server.bootstrap, wanted) == [
        "care.absent.v1: is not there",
        f"{topic.name}: 4 partitions, the contract says 5",
        f"{topic.name}: retention.ms is -1, the contract says 1000",
    ]


def test_tails_are_the_last_records(kafka_server: KafkaServer, topic: Topic) -> None:
    assert tails(kafka_server.bootstrap, topic.name) == dict.fromkeys(range(4))
    fill(kafka_server.bootstrap, topic.name, 50)
    found = tails(kafka_server.bootstrap, topic.name)
    last = {record.key: header(record, "n") for record in found.values() if record}
    assert last
    for key, value in last.items():
        assert key is not None
        assert value is not None
        assert int(value) >= 40


def test_spans_are_what_partitions_hold(kafka_server: KafkaServer, topic: Topic) -> None:
    assert spans(kafka_server.bootstrap, [topic.name, "care.absent.v1"]) == {
        Partition(topic.name, number): Span(0, 0) for number in range(4)
    }
    fill(kafka_server.bootstrap, topic.name, 50)
    assert sum(span.end for span in spans(kafka_server.bootstrap, [topic.name]).values()) == 50
    assert spans(kafka_server.bootstrap, ["care.absent.v1"]) == {}


def test_tails_of_no_topic(kafka_server: KafkaServer) -> None:
    with pytest.raises(KafkaProblem, match=r"care\.absent\.v1"):
        tails(kafka_server.bootstrap, "care.absent.v1")


def test_a_dropped_producer_sends_nothing_more(kafka_server: KafkaServer, topic: Topic) -> None:
    client = producer(kafka_server.bootstrap, "test", linger_ms=60_000, delivery_timeout_ms=100_000)
    promise = client.send(topic.name, b"value", b"key", [], partition=0)
    drop(client)
    with pytest.raises(KafkaError):
        promise.get(0)
    assert spans(kafka_server.bootstrap, [topic.name])[Partition(topic.name, 0)] == Span(0, 0)


def test_one_key_stays_in_one_partition_in_order(kafka_server: KafkaServer, topic: Topic) -> None:
    fill(kafka_server.bootstrap, topic.name, 200)
    consumer = reader(kafka_server.bootstrap, "test")
    partitions = [Partition(topic.name, number) for number in range(4)]
    consumer.assign(partitions)
    seen: dict[bytes, list[tuple[int, int]]] = {}
    while sum(map(len, seen.values())) < 200:
        for partition, records in consumer.poll(timeout_ms=500).items():
            for record in records:
                assert record.key
                seen.setdefault(record.key, []).append((partition.partition, int(record.value or b"")))
    consumer.close(autocommit=False)
    for places in seen.values():
        assert len({partition for partition, _ in places}) == 1
        assert [number for _, number in places] == sorted(number for _, number in places)


def test_a_static_member_comes_back_to_its_partitions(kafka_server: KafkaServer, topic: Topic) -> None:
    group = f"test-{uuid4().hex[:8]}"
    for _ in range(2):
        consumer = group_consumer(kafka_server.bootstrap, group, "one", [topic.name])
        while len(consumer.assignment()) < 4:
            consumer.poll(timeout_ms=100)
        consumer.close(autocommit=False)


def test_the_producer_refuses_what_would_turn_idempotence_off(kafka_server: KafkaServer) -> None:
    client = producer(kafka_server.bootstrap, "test")
    config = client.config  # type: ignore[attr-defined]
    client.close()
    assert config["enable_idempotence"] is True
    assert config["acks"] == -1
    assert config["allow_auto_create_topics"] is False
