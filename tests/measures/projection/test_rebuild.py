"""A rebuild gives the same facts beside the ones in use, and takes over without anybody seeing half of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from services.measures.projection.rebuild import RebuildProblem, Rebuilt, forget_unfinished, rebuild
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, TooManyInvalid
from tests.condition import until
from tests.measures.conftest import Stage
from tests.measures.published import START, Log, busy, pseudonym, publish


def rebuilt(stage: Stage) -> Rebuilt:
    return rebuild(stage.settings, [stage.topic], Telemetry.off())


@contextmanager
def consuming(stage: Stage) -> Iterator[None]:
    """The live consumer beside the block."""
    lifecycle = Lifecycle()
    thread = threading.Thread(target=stage.worker(lifecycle).run)
    thread.start()
    try:
        yield
    finally:
        lifecycle.stop()
        thread.join(20)
    assert not thread.is_alive()


def positions(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT position FROM live.facts ORDER BY position")


def should(log: Log) -> list[tuple[object, ...]]:
    return [(fact.headers.position,) for fact in log.facts]


def test_nothing_differs(stage: Stage) -> None:
    log = busy(40, 10)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    before = stage.rows("SELECT * FROM live.facts ORDER BY position")
    told: list[tuple[int, int]] = []
    result = rebuild(stage.settings, [stage.topic], Telemetry.off(), lambda done, of: told.append((done, of)))
    assert result == Rebuilt("v2", "v1", len(log.facts), len(log.facts), 0, 0)
    assert stage.rows("SELECT * FROM live.facts ORDER BY position") == before
    assert (told[0], told[-1]) == ((0, len(log.facts)), (len(log.facts), len(log.facts)))


def test_a_row_changed_by_hand_is_mended_and_told(stage: Stage) -> None:
    log = busy(10, 5)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("UPDATE v1.facts SET agency = 'somebody-else' WHERE position = 3")
        connection.execute("DELETE FROM v1.facts WHERE position = 5")
    result = rebuilt(stage)
    assert (result.differing, result.facts - result.facts_before) == (2, 1)
    assert positions(stage) == should(log)
    assert stage.rows("SELECT agency FROM live.facts WHERE position = 3") != [("somebody-else",)]


def test_the_live_consumer_goes_on_in_the_new_schema(stage: Stage) -> None:
    log = busy(60, 30)
    half = len(log.facts) // 2
    with consuming(stage):
        publish(stage.producer, stage.topic, log.facts[:half])
        writer = threading.Thread(target=publish, args=(stage.producer, stage.topic, log.facts[half:]))
        writer.start()
        schemas = [rebuilt(stage).schema for _ in range(3)]
        writer.join()
        until(lambda: stage.lag() == 0)
    assert schemas == ["v2", "v3", "v4"]
    assert positions(stage) == should(log)
    assert stage.rows("SELECT nspname FROM pg_namespace WHERE nspname ~ '^v[0-9]+$' ORDER BY 1") == [("v3",), ("v4",)]


def test_a_consumer_that_slept_through_two_rebuilds_goes_on_in_the_second(stage: Stage) -> None:
    """The schema that it knows is dropped by then."""
    log, lifecycle = busy(20, 10), Lifecycle()
    half = len(log.facts) // 2
    publish(stage.producer, stage.topic, log.facts[:half])
    worker = stage.worker(lifecycle)
    while not worker.step() or worker.lag():
        pass
    assert [rebuilt(stage).schema for _ in range(2)] == ["v2", "v3"]
    publish(stage.producer, stage.topic, log.facts[half:])
    thread = threading.Thread(target=worker.run)
    thread.start()
    until(lambda: stage.lag() == 0)
    lifecycle.stop()
    thread.join(20)
    assert positions(stage) == should(log)


def test_readers_never_see_a_half_built_state(stage: Stage) -> None:
    log = busy(60, 30)
    publish(stage.producer, stage.topic, log.facts)
    stage.read_all()
    seen: set[object] = set()
    stop = threading.Event()

    def look() -> None:
        with psycopg.connect(stage.settings.measures_dsn, autocommit=True) as connection:
            while not stop.wait(0.005):
                seen.add(connection.execute("SELECT count(*), sum(position) FROM live.facts").fetchone())

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    rebuilt(stage)
    rebuilt(stage)
    stop.set()
    for reader in readers:
        reader.join()
    assert seen == {(len(log.facts), sum(fact.headers.position for fact in log.facts))}


def test_two_rebuilds_do_not_meet(stage: Stage) -> None:
    with psycopg.connect(stage.settings.measures_dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtextextended('closeknit rebuild', 0))")
        with pytest.raises(RebuildProblem, match="another"):
            rebuilt(stage)
        with pytest.raises(RebuildProblem, match="another"):
            forget_unfinished(stage.settings.measures_dsn)


def test_a_topic_shorter_than_what_was_read_does_not_take_over(stage: Stage) -> None:
    publish(stage.producer, stage.topic, busy(10, 5).facts)
    stage.read_all()
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("UPDATE v1.positions SET next_offset = next_offset + 1")
    with pytest.raises(RebuildProblem, match="shorter"):
        rebuilt(stage)
    assert stage.rows("SELECT schema FROM projection.current") == [("v1",)]


def test_a_rebuild_that_parks_too_much_does_not_take_over(stage: Stage) -> None:
    for number in range(3):
        stage.producer.send(stage.topic, b"nonsense", pseudonym(number).encode(), []).get(10)
    with pytest.raises(TooManyInvalid):
        rebuilt(stage.with_settings(invalid_limit=2))
    assert stage.rows("SELECT schema FROM projection.current") == [("v1",)]
    left = rebuilt(stage)
    assert (left.schema, left.parked) == ("v3", 3)


def test_what_was_left_by_a_killed_rebuild_is_cleared(stage: Stage) -> None:
    stage.rows("SELECT projection.make()")
    log = Log()
    log.contact(pseudonym(1), START)
    publish(stage.producer, stage.topic, log.facts)
    assert rebuilt(stage).schema == "v3"
    assert positions(stage) == should(log)
    with psycopg.connect(stage.owner_dsn, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA v4")
    forget_unfinished(stage.settings.measures_dsn)
    assert stage.rows("SELECT nspname FROM pg_namespace WHERE nspname ~ '^v[0-9]+$' ORDER BY 1") == [("v1",), ("v3",)]
