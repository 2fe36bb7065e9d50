"""How far the facts are behind Kafka, and how many records wait in the park."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from contracts.topic import load_topics
from services.runtime.kafka import Kafka, Partition, spans
from services.runtime.postgres import Connection

CONSUMER = "services.measures.consumer"


def declared_topics() -> Sequence[str]:
    """The topics that measures reads, as the contracts say; optional ones may not be there."""
    return [topic.topic for topic in load_topics() if topic.events and CONSUMER in topic.consumers]


def required_topics(*, restricted: bool) -> Sequence[str]:
    """Those of them that must be there: of optional ones the restricted, where an initiative turned it on (R6)."""
    listed = [topic for topic in load_topics() if topic.events]
    return [topic.topic for topic in listed if not topic.optional or (restricted and topic.topic in declared_topics())]


def existing_topics(kafka: Kafka) -> Sequence[str]:
    """Those of them that Kafka has."""
    there = {each.topic for each in spans(kafka, declared_topics())}
    return [topic for topic in declared_topics() if topic in there]


def lag(connection: Connection, kafka: Kafka) -> int:
    """Records in Kafka that are not in the facts yet."""
    there = spans(kafka, declared_topics())
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
