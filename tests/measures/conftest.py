"""What tests of measures share: a topic of their own, settings, and a consumer that reads it to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deploy.local.kafka import KafkaServer
from services.measures import consumer
from services.measures.settings import MeasuresSettings
from services.runtime.kafka import Producer, Topic, create_topics, partitions_of, producer, reader
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, Worker
from tests.fix_servers import Databases

INITIATIVES = Path(__file__).parents[2] / "deploy" / "initiatives"


@dataclass(frozen=True)
class Stage:
    """One topic and one measures database."""

    settings: MeasuresSettings
    topic: str
    producer: Producer
    owner_dsn: str

    def with_settings(self, **changed: object) -> Stage:
        """The same topic and database under other settings."""
        return replace(self, settings=self.settings.model_copy(update=changed))

    def worker(self, lifecycle: Lifecycle | None = None, telemetry: Telemetry | None = None) -> Worker[bytes]:
        """A live consumer as the process has it."""
        told, life = telemetry or Telemetry.off(), lifecycle or Lifecycle()
        return consumer.build(self.settings, [self.topic], told, life)

    def read_all(self) -> None:
        """Reads everything that is in the topic now."""
        worker = self.worker()
        try:
            while self.lag() > 0:
                worker.step(timeout_ms=200)
        finally:
            worker.close()

    def lag(self) -> int:
        """Records of the topic that are not applied."""
        client = reader(self.settings.kafka, "test-lag")
        ends = client.end_offsets(partitions_of(client, self.topic))
        client.close(autocommit=False)
        [[read]] = self.rows("SELECT coalesce(sum(next_offset), 0) FROM live.positions")
        return sum(ends.values()) - int(str(read))

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What a query on the measures database gives."""
        with psycopg.connect(self.settings.measures_dsn) as connection:
            return connection.execute(query.encode(), values).fetchall()


@pytest.fixture
def stage(kafka_server: KafkaServer, databases: Databases) -> Iterator[Stage]:
    """An empty topic of 12 partitions and an empty database."""
    made = make_stage(kafka_server.bootstrap, databases)
    yield made
    made.producer.close()


def make_stage(bootstrap: str, databases: Databases) -> Stage:
    name = uuid4().hex[:8]
    topic = f"care.test-{name}.v1"
    create_topics(bootstrap, [Topic(topic, 12, {"retention.ms": "-1", "cleanup.policy": "delete"})])
    settings = MeasuresSettings(
        environment="development",
        measures_dsn=databases.dsn("measures"),
        kafka=bootstrap,
        initiatives=INITIATIVES,
        consume_group=f"measures-{name}",
    )
    return Stage(settings, topic, producer(bootstrap, "test"), databases.dsn("measures", "closeknit_owner"))
