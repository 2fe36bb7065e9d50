"""How far the facts are behind Kafka, and how many records wait in the park."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from contracts.topic import FIRST_KEY, Topic, load_topics, under
from services.measures.store.facts import current
from services.runtime.kafka import Kafka, Partition, spans
from services.runtime.postgres import Connection

CONSUMER = "services.measures.consumer"


def declared_topics(key: int = FIRST_KEY) -> Sequence[str]:
    """The topics that measures reads under a log key, as the contracts say; optional ones may not be there."""
    listed = [topic for topic in load_topics() if topic.events and CONSUMER in topic.consumers]
    return [_named(topic, key) for topic in listed]


def required_topics(key: int = FIRST_KEY, *, restricted: bool) -> Sequence[str]:
    """Those of them that must be there: of optional ones the restricted, where an initiative turned it on (R6)."""
    listed = [topic for topic in load_topics() if topic.events and (not topic.optional or restricted)]
    return [name for topic in listed if (name := _named(topic, key)) in declared_topics(key) or not topic.optional]


def existing_topics(kafka: Kafka, key: int = FIRST_KEY) -> Sequence[str]:
    """Those of them that Kafka has."""
    wanted = declared_topics(key)
    there = {each.topic for each in spans(kafka, wanted)}
    return [topic for topic in wanted if topic in there]


def _named(topic: Topic, key: int) -> str:
    return under(topic.topic, key) if topic.of_clients else topic.topic


def lag(connection: Connection, kafka: Kafka) -> int:
    """Records in Kafka that are not in the facts yet."""
    there = spans(kafka, declared_topics(current(connection)[1]))
    rows = connection.execute("SELECT topic, partition, next_offset FROM live.positions").fetchall()
    read = {Partition(topic, number): next_offset for topic, number, next_offset in rows}
    return sum(max(0, span.end - max(span.start, read.get(each, 0))) for each, span in there.items())


def await_read(connection: Connection, kafka: Kafka, seconds: float) -> int:
    """Waits until everything in Kafka is in the facts, at most so long; gives the lag that is left."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while (left := lag(connection, kafka)) and time.monotonic() < deadline:
        pause.wait(0.05)
    return left


def parked(connection: Connection) -> int:
    """Records that wait in the park, for their own fault or behind another."""
    found = connection.execute("SELECT count(*) FROM live.parked").fetchone()
    return int(found[0]) if found else 0
