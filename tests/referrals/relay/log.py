"""Owns a log to try the relay on: fresh topics, events in the store, and what the log has to hold in the end."""

import base64
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
from kafka import KafkaAdminClient
from uuid_utils.compat import uuid7

from contracts.topic import declared as declared_name
from contracts.topic import load_topics
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.episode import EpisodeJoined
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.relay import Outgoing, Ports, Publisher, Relay
from services.referrals.relay.outgoing import Pseudonym
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages
from services.runtime.kafka import Record, Topic, create_topics, reader, spans
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.condition import until
from tests.referrals.store.commits import ACCEPTED, CLINIC, FRESNO, NOON, RECEIVED, SENT, WIC, Story

PARTITIONS = 12
MAPPER = FactMapper()
RESTRICTED_SENT = SENT.model_copy(update={"restricted": RestrictedClass.BEHAVIORAL})


def invented_pseudonym(initiative: str, client: uuid.UUID) -> str:
    """As the vault's: 26 characters, another in each initiative, nothing of the id in it."""
    made = uuid.uuid5(uuid.NAMESPACE_OID, f"{initiative}|{client}").bytes
    return base64.b32encode(made).decode().rstrip("=").lower()


def fresh_topics(bootstrap: str) -> None:
    """The log from its beginning, as the contracts declare it, under the first log key alone."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    declared = [Topic(topic.topic, topic.partitions, topic.config) for topic in load_topics()]
    wanted = {topic.name for topic in declared}
    try:
        if there := sorted(name for name in admin.list_topics() if declared_name(name) in wanted):
            admin.delete_topics(there)
            until(lambda: not set(there) & set(admin.list_topics()))
        create_topics(bootstrap, declared, replication=1)
    finally:
        admin.close()


def some_story(number: int, told: Story | None = None) -> list[Commit]:
    """Five events of one client: one of them is stored only, and every third client's referral is restricted."""
    story, stream = told or Story(), uuid7()
    sent = RESTRICTED_SENT if number % 3 == 0 else SENT
    received = RECEIVED.model_copy(update={"restricted": sent.restricted})
    return [
        story.tell(story.client, ClientRegistered(), CLINIC),
        story.tell(stream, sent, CLINIC),
        story.tell(uuid7(), EpisodeJoined(), CLINIC),
        story.tell(stream, received, WIC),
        story.tell(
            stream, ACCEPTED.model_copy(update={"restricted": sent.restricted}), WIC, at=NOON + timedelta(days=2)
        ),
    ]


def stored(dsn: str, stories: int) -> None:
    """Store the events of some clients, told in turn so that they interleave."""
    told = [some_story(number) for number in range(stories)]
    with psycopg.connect(dsn, autocommit=True) as connection:
        append_batch(connection, [commits[step] for step in range(5) for commits in told], MAPPER)


@dataclass
class Scene:
    """One store, one broker, and relays that run between them in threads of their own."""

    dsn: str
    kafka: str
    restricted: bool = True
    pseudonym: Pseudonym = invented_pseudonym
    failures: list[BaseException] = field(default_factory=list)

    def publisher(self) -> Publisher:
        return Publisher(self.pseudonym, lambda initiative: self.restricted and initiative == FRESNO)

    def relay(self, lifecycle: Lifecycle, telemetry: Telemetry | None = None) -> Relay:
        ports = Ports(self.dsn, self.kafka, self.restricted)
        return Relay(ports, lambda _: self.publisher(), MAPPER, telemetry or Telemetry.off(), lifecycle)

    def environ(self, keys: Path) -> dict[str, str]:
        """What a relay of this scene reads from its environment."""
        return {
            "CLOSEKNIT_ENVIRONMENT": "development",
            "CLOSEKNIT_REFERRALS_DSN": self.dsn,
            "CLOSEKNIT_KAFKA": self.kafka,
            "CLOSEKNIT_KEYS": str(keys),
        }

    @contextmanager
    def relaying(self, telemetry: Telemetry | None = None) -> Iterator[Lifecycle]:
        """A relay while the block runs; it is stopped in order at the end."""
        lifecycle = Lifecycle()
        relay = self.relay(lifecycle, telemetry)

        def run() -> None:
            try:
                relay.run()
            except BaseException as error:
                self.failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield lifecycle
        finally:
            lifecycle.stop()
            thread.join(30)
        assert not thread.is_alive()

    def expected(self) -> dict[tuple[str, int], list[Outgoing]]:
        """What has to be on the log: every published event of the store, by topic and partition, in order."""
        publisher, found = self.publisher(), defaultdict[tuple[str, int], list[Outgoing]](list)
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            for event in Pages(connection, MAPPER).all():
                if outgoing := publisher.outgoing(event, PARTITIONS):
                    found[outgoing.record.topic, outgoing.partition].append(outgoing)
        return dict(found)

    def arrived(self) -> None:
        """Returns when the log holds exactly what it has to hold, and fails at the first record that it has not."""
        wanted = self.expected()
        count = sum(map(len, wanted.values()))
        topics = Ports(self.dsn, self.kafka, self.restricted).topics
        until(lambda: self.failures or sum(map(len, read(self.kafka, topics).values())) >= count, seconds=60, every=0.2)
        if self.failures:
            raise self.failures[0]
        compare(wanted, read(self.kafka, topics))


def compare(wanted: dict[tuple[str, int], list[Outgoing]], found: dict[tuple[str, int], list[Record]]) -> None:
    """Byte for byte: key, value, headers but the trace's, timestamp."""
    for place in wanted.keys() | found.keys():
        records = [(each.key, each.value, without_trace(each.headers), each.timestamp) for each in found.get(place, [])]
        expected = [
            (each.record.key, each.record.value, without_trace(each.record.headers), each.written_ms)
            for each in wanted.get(place, [])
        ]
        assert records == expected, f"partition {place} is not as the store says"


def without_trace(headers: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [pair for pair in headers if pair[0] != "traceparent"]


def read(bootstrap: str, topics: Sequence[str]) -> dict[tuple[str, int], list[Record]]:
    """Every record of the topics as it is now, by partition, in the order of the log."""
    consumer = reader(bootstrap, "test-log")
    found: dict[tuple[str, int], list[Record]] = {}
    try:
        there = spans(bootstrap, topics)
        partitions, ends = list(there), {each: span.end for each, span in there.items()}
        consumer.assign(partitions)
        for each in partitions:
            found[each] = []
            consumer.seek(each, 0)
        while any(len(found[each]) < ends[each] for each in partitions):
            for each, records in consumer.poll(timeout_ms=200).items():
                found[each] += records
    finally:
        consumer.close(autocommit=False)
    return {each: records for each, records in found.items() if records}
