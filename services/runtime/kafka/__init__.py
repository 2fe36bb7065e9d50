"""How a process talks to Kafka: clients, records and topics, with settings that lose, double and reorder nothing."""

from services.runtime.kafka.clients import (
    DELIVERY_TIMEOUT_MS,
    Consumer,
    Headers,
    KafkaProblem,
    Partition,
    Producer,
    Record,
    Sent,
    drop,
    group_consumer,
    header,
    producer,
    reader,
)
from services.runtime.kafka.topics import Span, Topic, create_topics, delete_topics, spans, tails, topic_differences
from services.runtime.settings import Broker, Kafka

__all__ = [
    "DELIVERY_TIMEOUT_MS",
    "Broker",
    "Consumer",
    "Headers",
    "Kafka",
    "KafkaProblem",
    "Partition",
    "Producer",
    "Record",
    "Sent",
    "Span",
    "Topic",
    "create_topics",
    "delete_topics",
    "drop",
    "group_consumer",
    "header",
    "producer",
    "reader",
    "spans",
    "tails",
    "topic_differences",
]
