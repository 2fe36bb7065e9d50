"""The process that turns published events into rows, as they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kafka.errors import KafkaError

from contracts.initiative import load_initiatives
from services.measures.projection.record import handle, position_of
from services.measures.settings import MeasuresSettings
from services.measures.store.facts import LiveFacts
from services.measures.store.progress import existing_topics, required_topics
from services.runtime.kafka import group_consumer
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, Work, Worker


def work(settings: MeasuresSettings) -> Work[bytes]:
    """What the live consumer does with a record."""
    return Work(
        group=settings.consume_group,
        handle=handle,
        position_of=position_of,
        sink=LiveFacts(settings.measures_dsn),
        invalid_limit=settings.invalid_limit,
    )


def await_topics(settings: MeasuresSettings, lifecycle: Lifecycle) -> Sequence[str]:
    """The topics to read, once Kafka and those that must be there are; empty when a stop was asked for before.

    The restricted one must be there as soon as one initiative has turned it on: a consumer that began without it would
    count its facts as none (R6).
    """
    initiatives = load_initiatives(settings.initiatives).values()
    required = set(required_topics(restricted=any(initiative.restricted_topic for initiative in initiatives)))
    while not lifecycle.stopping:
        lifecycle.beat("waiting")
        try:
            found = existing_topics(settings.broker)
        except KafkaError as error:
            if not error.retriable:
                raise
            found = ()
        if set(found) >= required:
            return found
        lifecycle.pause(1.0)
    return ()


def build(
    settings: MeasuresSettings, topics: Iterable[str], telemetry: Telemetry, lifecycle: Lifecycle
) -> Worker[bytes]:
    """The live consumer of these topics; raises KafkaTimeoutError when no broker answers."""
    consumer = group_consumer(settings.broker, settings.consume_group, settings.consume_instance, topics)
    return Worker(consumer, work(settings), telemetry, lifecycle)
