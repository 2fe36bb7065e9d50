"""A consumer that is killed with SIGKILL at random moments leaves exactly the rows that it should, in the end."""

from __future__ import annotations

import multiprocessing
import random
import signal
import sys
import threading
from collections.abc import Callable

import psycopg
import pytest

from services.measures import consumer
from services.measures.settings import MeasuresSettings
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.measures.conftest import Stage
from tests.measures.published import Log, busy, publish

RECORDS_A_TRANSACTION = 7
SLOWEST_LIFE = 0.5


def consume(settings: MeasuresSettings, topic: str) -> None:
    """The live consumer in small transactions, so that a kill finds one open more often than not."""
    worker = consumer.build(settings, [topic], Telemetry.off(), Lifecycle())
    while True:
        worker.step(timeout_ms=100, max_records=RECORDS_A_TRANSACTION)


def lives(stage: Stage, dice: random.Random, log: Log, kills: int) -> int:
    """One life after the other, each ended by SIGKILL in its middle; gives how many had written something."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["services.measures.consumer"])
    wrote, pause = 0, threading.Event()
    for number in range(kills):
        part = slice(number * len(log.facts) // kills, (number + 1) * len(log.facts) // kills)
        publish(stage.producer, stage.topic, log.facts[part])
        before = count(stage)
        process = forks.Process(target=consume, args=(stage.settings, stage.topic))
        process.start()
        while count(stage) == before and stage.lag() > 0:
            pause.wait(0.005)
        pause.wait(dice.uniform(0, SLOWEST_LIFE) ** 2)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        wrote += count(stage) > before
    return wrote


def count(stage: Stage) -> int:
    [[facts]] = stage.rows("SELECT count(*) FROM live.facts")
    return int(str(facts))


def wrong(stage: Stage, log: Log) -> int:
    """Facts that are missing, doubled or not the client's."""
    with psycopg.connect(stage.owner_dsn) as connection:
        rows = connection.execute("SELECT event_id, subject, position FROM live.facts").fetchall()
    there = sorted((str(event_id), subject, position) for event_id, subject, position in rows)
    should = sorted((str(fact.headers.id), fact.headers.subject, fact.headers.position) for fact in log.facts)
    return len(set(there) ^ set(should)) + len(there) - len(set(there))


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_random_moments(stage: Stage, sized: Callable[[int, int], int]) -> None:
    kills = sized(20, 500)
    log = busy(50, 4 * kills // 10)
    wrote = lives(stage, random.Random(7), log, kills)
    stage.read_all()
    failed = wrong(stage, log)
    sys.stdout.write(f"consumer-kill points={kills} failed={failed}\n")
    assert failed == 0
    assert wrote > kills // 2
    assert stage.rows("SELECT count(*) FROM live.parked") == [(0,)]


def test_a_doubled_and_a_missing_row_are_seen(stage: Stage) -> None:
    log = busy(5, 4)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    assert wrong(stage, log) == 0
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE v1.facts DROP CONSTRAINT facts_pkey")
        connection.execute("INSERT INTO v1.facts SELECT * FROM v1.facts WHERE position = 3")
        assert wrong(stage, log) == 1
        connection.execute("DELETE FROM v1.facts WHERE position = 4")
    assert wrong(stage, log) == 2
