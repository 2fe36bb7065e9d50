"""The process that turns published events into rows, as they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import psycopg
from kafka.errors import KafkaError

from contracts.initiative import load_initiatives
from contracts.topic import FIRST_KEY, under
from services.measures.projection.record import handle, position_of
from services.measures.settings import MeasuresSettings
from services.measures.store.facts import LiveFacts, current
from services.measures.store.progress import existing_topics, required_topics
from services.runtime.kafka import group_consumer
from services.runtime.postgres import conninfo, is_outage
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, Work, Worker


def work(settings: MeasuresSettings, key: int = FIRST_KEY) -> Work[bytes]:
    """What the live consumer does with a record of the topics under a log key."""
    return Work(
        group=under(settings.consume_group, key),
        handle=handle,
        position_of=position_of,
        sink=LiveFacts(settings.measures_dsn, key),
        invalid_limit=settings.invalid_limit,
    )


def await_key(settings: MeasuresSettings, lifecycle: Lifecycle) -> int:
    """The log key under which facts are read, once the database says it; 0 when a stop was asked for before."""
    while not lifecycle.stopping:
        lifecycle.beat("waiting")
        try:
            with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures consume")) as connection:
                return current(connection)[1]
        except psycopg.OperationalError as error:
            if not is_outage(error):
                raise
        lifecycle.pause(1.0)
    return 0


def await_topics(settings: MeasuresSettings, lifecycle: Lifecycle, key: int = FIRST_KEY) -> Sequence[str]:
    """The topics to read, once Kafka and those that must be there are; empty when a stop was asked for before.

    The restricted one must be there as soon as one initiative has turned it on: a consumer that began without it would
    count its facts as none (R6).
    """
    initiatives = load_initiatives(settings.initiatives).values()
    required = set(required_topics(key, restricted=any(initiative.restricted_topic for initiative in initiatives)))
    while not lifecycle.stopping:
        lifecycle.beat("waiting")
        try:
            found = existing_topics(settings.broker, key)
        except KafkaError as error:
            if not error.retriable:
                raise
            found = ()
        if set(found) >= required:
            return found
        lifecycle.pause(1.0)
    return ()


def build(
    settings: MeasuresSettings,
    topics: Iterable[str],
    telemetry: Telemetry,
    lifecycle: Lifecycle,
    key: int = FIRST_KEY,
) -> Worker[bytes]:
    """The live consumer of these topics, those under a log key; raises KafkaTimeoutError when no broker answers."""
    group = under(settings.consume_group, key)  # other topics, another group: a static member is not asked anew
    consumer = group_consumer(settings.broker, group, settings.consume_instance, topics)
    return Worker(consumer, work(settings, key), telemetry, lifecycle)
