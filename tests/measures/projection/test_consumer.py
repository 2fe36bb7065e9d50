"""The live consumer on real Kafka and PostgreSQL: once each, parked with company, overtaken and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import psycopg
import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaConnectionError

from contracts import registry
from services.measures import consumer
from services.measures.store.facts import OtherKey
from services.runtime.kafka import Consumer, KafkaProblem, group_consumer, spans
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, Overtaken, TooManyInvalid, Worker
from tests.condition import until
from tests.measures.conftest import Stage
from tests.measures.published import START, TRACEPARENT, Fact, Log, busy, pseudonym, publish


def facts_in(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows(
        "SELECT event_id, initiative, subject, type, agency, occurred_at, recorded_at, position, traceparent,"
        " data::text FROM live.facts ORDER BY position"
    )


def expected(log: Log) -> list[tuple[object, ...]]:
    return [row_of(fact) for fact in log.facts]


def row_of(fact: Fact) -> tuple[object, ...]:
    said = fact.headers
    data = registry.encode(fact.event).decode()
    start = (said.id, said.initiative, said.subject, said.type, said.agency, said.time, said.recorded_time)
    return (*start, said.position, said.traceparent, data)


def spoil(stage: Stage, client: str, position: bytes) -> None:
    """A record that is none of ours."""
    headers = [("ce_position", position), ("ce_type", b"nonsense")]
    stage.producer.send(stage.topic, b"\x00 nonsense", client.encode(), headers).get(10)


def in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_every_record_is_one_row(stage: Stage) -> None:
    log = busy(40, 10)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    assert facts_in(stage) == expected(log)


def test_what_is_sent_again_is_dropped(stage: Stage) -> None:
    log = busy(20, 5)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    assert facts_in(stage) == expected(log)


def test_a_trace_can_be_followed_to_the_row(stage: Stage) -> None:
    log = Log()
    log.contact(pseudonym(1), START)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    assert stage.rows("SELECT traceparent FROM live.facts") == [(TRACEPARENT,)]


def test_a_bad_record_is_parked_and_its_client_waits_while_others_go_on(stage: Stage) -> None:
    log, her, other = Log(), pseudonym(1), pseudonym(2)
    log.contact(her, START)
    publish(stage.producer, stage.topic, log.facts)
    spoil(stage, her, b"2")
    log.skip()
    log.contact(her, START)
    log.contact(other, START)
    publish(stage.producer, stage.topic, log.facts[1:])
    stage.read_all()
    assert facts_in(stage) == [row_of(log.facts[0]), row_of(log.facts[2])]
    parked = stage.rows("SELECT key, reason, behind FROM live.parked ORDER BY offset_")
    assert parked == [(her.encode(), "headers-malformed", False), (her.encode(), "behind-a-parked-record", True)]


def test_what_waits_behind_a_parked_record_waits_after_a_restart(stage: Stage) -> None:
    her = pseudonym(1)
    spoil(stage, her, b"1")
    stage.read_all()
    log = Log()
    log.skip()
    log.contact(her, START)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    assert facts_in(stage) == []
    assert stage.rows("SELECT behind FROM live.parked ORDER BY offset_") == [(False,), (True,)]


def test_a_row_that_the_database_refuses_is_parked_alone(stage: Stage) -> None:
    """A day that does not exist passes every pattern; PostgreSQL refuses it."""
    log = busy(5, 4)
    publish(stage.producer, stage.topic, log.facts[:10])
    odd = log.facts[10]
    headers = [(name, b"2026-02-30T08:00:00Z" if name == "ce_time" else text) for name, text in odd.headers.pairs()]
    stage.producer.send(stage.topic, registry.encode(odd.event), odd.headers.key, headers).get(10)
    rest = [fact for fact in log.facts[11:] if fact.headers.subject != odd.headers.subject]
    publish(stage.producer, stage.topic, rest)
    stage.read_all()
    assert facts_in(stage) == [row_of(fact) for fact in [*log.facts[:10], *rest]]
    assert stage.rows("SELECT reason, behind FROM live.parked") == [("refused-by-the-database", False)]


def test_the_consumer_stops_when_too_much_cannot_be_applied(stage: Stage) -> None:
    for number in range(4):
        spoil(stage, pseudonym(number), b"%d" % (number + 1))
    strict = Stage(stage.settings.model_copy(update={"invalid_limit": 3}), stage.topic, stage.producer, stage.owner_dsn)
    worker = strict.worker()
    with pytest.raises(TooManyInvalid):
        worker.run()
    again = strict.worker()
    with pytest.raises(TooManyInvalid):
        again.run()
    assert stage.rows("SELECT count(*) <= 3 FROM live.parked") == [(True,)]


def test_two_consumers_on_the_same_partitions_cannot_both_write(stage: Stage) -> None:
    """One that still reads what another has taken over writes nothing, reads the positions again and goes on."""
    log = busy(60, 20)
    other = stage.with_settings(consume_group=f"{stage.settings.consume_group}-other")
    lifecycle = Lifecycle()
    threads = [in_thread(each.worker(lifecycle).run) for each in (stage, other)]
    publish(stage.producer, stage.topic, log.facts)
    until(lambda: stage.lag() == 0)
    lifecycle.stop()
    for thread in threads:
        thread.join(20)
    assert facts_in(stage) == expected(log)


def step_until_it_raises(worker: Worker[bytes]) -> None:
    while True:
        worker.step(timeout_ms=200)


def test_a_worker_that_was_overtaken_writes_nothing(stage: Stage) -> None:
    log = busy(30, 6)
    publish(stage.producer, stage.topic, log.facts[:50])
    slow = stage.worker()
    while stage.lag() > 0:
        slow.step(timeout_ms=200)
    publish(stage.producer, stage.topic, log.facts[50:])
    stage.with_settings(consume_group=f"{stage.settings.consume_group}-other").read_all()
    with pytest.raises(Overtaken):
        step_until_it_raises(slow)
    slow.close()
    assert facts_in(stage) == expected(log)


def test_an_idle_worker_sees_that_another_log_key_is_read(stage: Stage) -> None:
    publish(stage.producer, stage.topic, busy(2, 2).facts)
    stage.read_all()
    worker = stage.worker()
    with psycopg.connect(stage.owner_dsn, autocommit=True) as owner:
        owner.execute("UPDATE projection.current SET log_key = 2")
    with pytest.raises(OtherKey):
        worker.run()


def test_the_database_goes_away_and_comes_back(stage: Stage) -> None:
    log = busy(30, 8)
    publish(stage.producer, stage.topic, log.facts[:50])
    lifecycle = Lifecycle()
    thread = in_thread(stage.worker(lifecycle).run)
    until(lambda: stage.lag() == 0)
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        for _ in range(3):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE %s",
                ["closeknit measures consume%"],
            )
            publish(stage.producer, stage.topic, log.facts[50:120])
    publish(stage.producer, stage.topic, log.facts[120:])
    until(lambda: stage.lag() == 0)
    lifecycle.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert facts_in(stage) == expected(log)


class Interrupted:
    """A consumer whose polls now and then fail after they have read: what they had is gone."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind
        self.failed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def poll(self, **options: Any) -> Any:
        polled = self._behind.poll(**options)
        if polled and self.failed < 5 and sum(map(len, polled.values())) % 2:
            self.failed += 1
            raise KafkaConnectionError("interrupted")
        return polled


def test_kafka_goes_away_in_the_middle_of_a_poll_and_nothing_is_passed_over(stage: Stage) -> None:
    log, lifecycle = busy(30, 8), Lifecycle()
    interrupted = Interrupted(group_consumer(stage.settings.kafka, stage.settings.consume_group, "one", [stage.topic]))
    worker = Worker(cast(Consumer, interrupted), consumer.work(stage.settings), Telemetry.off(), lifecycle)
    thread = in_thread(worker.run)
    try:
        for start in range(0, len(log.facts), 25):
            publish(stage.producer, stage.topic, log.facts[start : start + 25])
        until(lambda: stage.lag() == 0)
    finally:
        lifecycle.stop()
        thread.join(20)
    assert not thread.is_alive()
    assert interrupted.failed > 0
    assert facts_in(stage) == expected(log)


class Forgetful(Interrupted):
    """A consumer that now and then loses what it has fetched and says nothing."""

    def poll(self, **options: Any) -> Any:
        polled = self._behind.poll(**options)
        if polled and self.failed < 5:
            self.failed += 1
            return {}
        return polled


@pytest.mark.parametrize("clients", [30, 1], ids=["here and there", "the same five times"])
def test_what_the_client_loses_in_silence_is_read_again(stage: Stage, clients: int) -> None:
    log = busy(clients, 240 // clients)
    publish(stage.producer, stage.topic, log.facts)
    forgetful = Forgetful(group_consumer(stage.settings.kafka, stage.settings.consume_group, "one", [stage.topic]))
    worker = Worker(cast(Consumer, forgetful), consumer.work(stage.settings), Telemetry.off(), Lifecycle())
    try:
        while stage.lag() > 0:
            worker.step(timeout_ms=100, max_records=40)
    finally:
        worker.close()
    assert forgetful.failed == 5
    assert facts_in(stage) == expected(log)


def test_a_gap_that_kafka_itself_has_is_passed(stage: Stage) -> None:
    """The beginning of a partition that an operator deleted does not come back."""
    log = busy(30, 8)
    publish(stage.producer, stage.topic, log.facts)
    there = spans(stage.settings.kafka, [stage.topic])
    gone = {each: min(2, span.end) for each, span in there.items()}
    admin = KafkaAdminClient(bootstrap_servers=stage.settings.kafka)
    admin.delete_records(gone)
    admin.close()
    stage.read_all()
    assert len(facts_in(stage)) == len(log.facts) - sum(gone.values())


def test_the_group_in_kafka_follows_the_database(stage: Stage) -> None:
    log = busy(10, 5)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM v1.facts; DELETE FROM v1.positions")
    stage.read_all()
    assert facts_in(stage) == expected(log)


def test_a_topic_that_was_cut_short_stops_the_consumer(stage: Stage) -> None:
    publish(stage.producer, stage.topic, busy(10, 5).facts)
    stage.read_all()
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("UPDATE v1.positions SET next_offset = next_offset + 1")
    with pytest.raises(KafkaProblem, match="shorter"):
        stage.worker().run()


@pytest.mark.parametrize("statement", ["UPDATE v1.facts SET type = 'x'", "DELETE FROM v1.facts", "TRUNCATE v1.facts"])
def test_rows_cannot_be_changed_by_the_consumers_role(stage: Stage, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stage.rows(statement)
