"""What tests of measures share: a topic of their own, settings, and a consumer that reads it to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from contracts.topic import load_topics
from deploy.local import kafka, ports
from deploy.local.kafka import KafkaServer
from services.measures import consumer
from services.measures.settings import MeasuresSettings
from services.runtime.kafka import Producer, Topic, create_topics, producer, spans
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, Worker
from tests.fix_servers import Databases
from tests.measures.published import START, Fact, Log, busy, pseudonym, publish
from tests.measures.telling import full_life

INITIATIVES = Path(__file__).parents[2] / "deploy" / "initiatives"


@dataclass(frozen=True)
class Stage:
    """One topic, maybe others that are read with it, and one measures database."""

    settings: MeasuresSettings
    topic: str
    producer: Producer
    owner_dsn: str
    others: tuple[str, ...] = ()

    def with_settings(self, **changed: object) -> Stage:
        """The same topic and database under other settings."""
        return replace(self, settings=self.settings.model_copy(update=changed))

    def worker(self, lifecycle: Lifecycle | None = None, telemetry: Telemetry | None = None) -> Worker[bytes]:
        """A live consumer as the process has it."""
        told, life = telemetry or Telemetry.off(), lifecycle or Lifecycle()
        return consumer.build(self.settings, [self.topic, *self.others], told, life)

    def read_all(self) -> None:
        """Reads everything that is in the topic now."""
        worker = self.worker()
        try:
            while self.lag() > 0:
                worker.step(timeout_ms=200)
        finally:
            worker.close()

    def lag(self) -> int:
        """Records of the topics that are not applied."""
        rows = self.rows("SELECT topic, partition, next_offset FROM live.positions")
        read = {(topic, partition): int(str(offset)) for topic, partition, offset in rows}
        there = spans(self.settings.kafka, [self.topic, *self.others])
        return sum(max(0, span.end - max(span.start, read.get(each, 0))) for each, span in there.items())

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


@dataclass(frozen=True)
class County:
    """A broker and a database with two initiatives in them, read to the end: for tests that change nothing."""

    stage: Stage
    large: Log
    small: Log
    made: list[County]
    """All counties of this broker, this one among them: they read the same topics."""

    def publish(self, facts: Iterable[Fact]) -> None:
        """Writes later facts; every county has read them when this returns, and is behind in nothing."""
        publish(self.stage.producer, self.stage.topic, facts)
        for county in self.made:
            county.stage.read_all()

    @property
    def settings(self) -> MeasuresSettings:
        return self.stage.settings


LARGE, SMALL = "fresno-ptbi", "expecting-justice-sf"
NOW = START + timedelta(days=710)


@pytest.fixture(scope="session")
def quiet_kafka(server_folder: Path) -> Iterator[KafkaServer]:
    """A broker on which nobody else writes to the topics of the contracts."""
    server = kafka.start(server_folder / "quiet-kafka", ports.any_free())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_county(quiet_kafka: KafkaServer, database_maker: Callable[[], Databases]) -> Iterator[Callable[[], County]]:
    """Makes a county of its own: the topics are written once, each database reads them anew."""
    names = [topic.topic for topic in load_topics() if topic.events]
    create_topics(quiet_kafka.bootstrap, [Topic(name, 12, {"retention.ms": "-1"}) for name in names])
    client = producer(quiet_kafka.bootstrap, "test")
    large = busy(400, 8, hours=5, log=Log(LARGE))
    for number in range(60):
        full_life(large, pseudonym(5_000 + number), days=100 if number % 2 else -60)
    small = busy(30, 3, hours=170, log=Log(SMALL, seed=2, first=len(large.facts) + 1))
    facts = large.facts + small.facts
    publish(client, "care.events.v1", [fact for fact in facts if not fact.restricted])
    publish(client, "care.restricted.v1", [fact for fact in facts if fact.restricted])

    made: list[County] = []

    def make() -> County:
        databases = database_maker()
        settings = MeasuresSettings(
            environment="development",
            measures_dsn=databases.dsn("measures"),
            kafka=quiet_kafka.bootstrap,
            initiatives=INITIATIVES,
            consume_group=f"measures-{uuid4().hex[:8]}",
        )
        owner = databases.dsn("measures", "closeknit_owner")
        stage = Stage(settings, "care.events.v1", client, owner, others=("care.restricted.v1",))
        stage.read_all()
        made.append(County(stage, large, small, made))
        return made[-1]

    yield make
    client.close()


@pytest.fixture(scope="session")
def county(make_county: Callable[[], County]) -> County:
    """The county that is only looked at."""
    return make_county()


@pytest.fixture(scope="session")
def own(make_county: Callable[[], County]) -> County:
    """The county in which releases are built, approved and withdrawn, by several tests."""
    return make_county()
