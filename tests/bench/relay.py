"""Relay: event store to Kafka, against a bare kafka-python producer that sends the same records to the same broker."""

import argparse
import gc
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import psycopg
from kafka import KafkaAdminClient
from uuid_utils.compat import uuid7

from contracts.topic import load_topics
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.vocabulary import Category, ContactMode, ContactOutcome
from services.referrals.publishing import CARE_TOPIC
from services.referrals.relay import Outgoing, Ports, Publisher, Relay
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages
from services.referrals.store.written import Envelope, Written
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.garbage import settle
from services.runtime.kafka import Topic, create_topics, producer, tails
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.bench.ground import Ground, broker, calibration, ground, last_line, say
from tests.condition import until

PARTITIONS: Final = 12
CLIENTS: Final = 500
FACT: Final = ContactRecorded(
    mode=ContactMode.HOME_VISIT,
    outcome=ContactOutcome.COMPLETED,
    met=True,
    tags=(Category.DOULA,),
    duration_min=45,
    language="es",
)


def fill(on: Ground, events: int) -> None:
    """Store contacts of some hundred clients."""
    clients, now = [uuid.uuid4() for _ in range(CLIENTS)], datetime.now(UTC)

    def commit(number: int) -> Commit:
        trace = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00"
        client = clients[number % CLIENTS]
        envelope = Envelope(
            uuid7(), client, "example-clinic-north", "fresno-ptbi", now, "staff-1", uuid7(), None, trace
        )
        return Commit((Written(uuid7(), 1, FACT, envelope),))

    with psycopg.connect(on.dsn("REFERRALS_DSN"), autocommit=True) as connection:
        append_batch(connection, map(commit, range(events)), FactMapper())


def fresh_topic(bootstrap: str) -> None:
    """The care topic from its beginning, as its contract declares it."""
    declared = [Topic(each.topic, each.partitions, each.config) for each in load_topics() if each.topic == CARE_TOPIC]
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        if CARE_TOPIC in admin.list_topics():
            admin.delete_topics([CARE_TOPIC])
            until(lambda: CARE_TOPIC not in admin.list_topics())
    finally:
        admin.close()
    create_topics(bootstrap, declared, replication=1)


def bare(bootstrap: str, records: Sequence[Outgoing]) -> float:
    """Records a second of a bare producer: everything made beforehand, every answer looked at."""
    made = producer(bootstrap, "bench-floor")
    made.partitions_for(CARE_TOPIC)
    began = time.perf_counter()
    answers = [
        made.send(
            each.record.topic,
            each.record.value,
            each.record.key,
            each.record.headers,
            partition=each.partition,
            timestamp_ms=each.written_ms,
        )
        for each in records
    ]
    made.flush(120)
    for answer in answers:
        answer.get(1)
    rate = len(records) / (time.perf_counter() - began)
    made.close()
    return rate


def relayed(on: Ground, bootstrap: str, publisher: Publisher, last: int) -> float:
    """Records a second of the relay, from its first page to its last checkpoint."""
    with psycopg.connect(on.dsn("REFERRALS_DSN"), autocommit=True) as connection:
        connection.execute("UPDATE relay_checkpoint SET position = 0")
        lifecycle = Lifecycle()
        relay = Relay(
            Ports(on.dsn("REFERRALS_DSN"), bootstrap, restricted=False),
            lambda _: publisher,
            FactMapper(),
            Telemetry.off(),
            lifecycle,
        )
        thread, collecting = threading.Thread(target=relay.run), gc.get_threshold()
        settle()  # as the relay's process does
        thread.start()

        def position() -> int:
            row = connection.execute("SELECT position FROM relay_checkpoint WHERE topic = %s", [CARE_TOPIC]).fetchone()
            return int(row[0]) if row else 0

        try:
            # Reading the ends of the log comes once a start, not once a record: the clock starts with the first page.
            first = until(position, seconds=60, every=0.005)
            began = time.perf_counter()
            until(lambda: position() >= last, seconds=300, every=0.005)
            return (last - first) / (time.perf_counter() - began)
        finally:
            lifecycle.stop()
            thread.join(30)
            gc.set_threshold(*collecting)


def one_send(bootstrap: str, records: Sequence[Outgoing]) -> list[float]:
    """How long the relay's way of sending takes for one record alone: handed over, flushed, acknowledged (seconds)."""
    made = producer(bootstrap, "bench-single", linger_ms=1_000)
    took = []
    for each in records:
        began = time.perf_counter()
        record = each.record
        answer = made.send(record.topic, record.value, record.key, record.headers, partition=each.partition)
        made.flush(10)
        answer.get(1)
        took.append(time.perf_counter() - began)
    made.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with ground() as on, broker() as server:
        fill(on, options.events)
        publisher = Publisher(LogPseudonyms(ensure_root_key(on.folder / "keys")).of, lambda _: False)
        with psycopg.connect(on.dsn("REFERRALS_DSN"), autocommit=True) as connection:
            events = Pages(connection, FactMapper()).all()
            records = [made for event in events if (made := publisher.outgoing(event, PARTITIONS))]
        gc.collect()
        gc.freeze()
        floor: list[float] = []
        ours: list[float] = []
        for number in range(options.rounds):
            say(calibration(on.folder))
            fresh_topic(server.bootstrap)
            floor.append(bare(server.bootstrap, records))
            fresh_topic(server.bootstrap)
            ours.append(relayed(on, server.bootstrap, publisher, records[-1].position))
            ends = tails(server.bootstrap, CARE_TOPIC).values()
            assert sum(end.offset + 1 for end in ends if end) == len(records)
            say(f"round {number + 1} of {options.rounds}: bare {floor[-1]:.0f}/s, relay {ours[-1]:.0f}/s")
        say(last_line("relay", ours, floor, one_send(server.bootstrap, records[:500])))


if __name__ == "__main__":
    main()
