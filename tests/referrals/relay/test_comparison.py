"""What `closeknit verify` finds: every change by hand in the store, on Kafka or in measures, and nothing else."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from contracts.envelope import Headers
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from services.referrals.relay import Compared, Comparison, Measured, Outgoing, Ports
from services.runtime.kafka import producer
from tests.fix_servers import Databases
from tests.referrals.relay.log import MAPPER, Scene, read, stored

STORIES = 12
EVENTS, RECORDS = STORIES * 5, STORIES * 4
Connection = psycopg.Connection[TupleRow]
CHECKSUM = (
    "event_checksum(originator_id, originator_version, notification_id, occurred_at, recorded_at, event_id, client_id,"
    " correlation_id, causation_id, topic, initiative, agency, actor, traceparent, state)"
)


def verified(scene: Scene, rows: Sequence[Measured] | None = None, *, deep: bool = False, **more: Any) -> Compared:
    comparison = Comparison(Ports(scene.dsn, scene.kafka, scene.restricted), scene.publisher(), MAPPER, patience=1.0)
    return comparison.run(None if rows is None else lambda _: rows, deep=deep, **more)


def said(scene: Scene, rows: Sequence[Measured] | None = None, **more: Any) -> str:
    return str(verified(scene, rows, **more).difference)


def replayed(scene: Scene, outgoing: Iterable[Outgoing]) -> None:
    """Write these records, as if a relay had."""
    made = producer(scene.kafka, "test-replay")
    for each in outgoing:
        record = each.record
        place = {"partition": each.partition, "timestamp_ms": each.written_ms}
        made.send(record.topic, record.value, record.key, record.headers, **place)
    made.flush(20)
    made.close()


def by_position(scene: Scene) -> list[Outgoing]:
    return sorted((each for records in scene.expected().values() for each in records), key=lambda each: each.position)


def rows_of(scene: Scene) -> list[Measured]:
    """What measures would keep of the log, by position."""
    found = []
    for (topic, partition), records in read(scene.kafka, [CARE_TOPIC, RESTRICTED_TOPIC]).items():
        for record in records:
            headers = Headers.read(record.headers)
            found.append(
                Measured(
                    event_id=headers.id,
                    initiative=headers.initiative,
                    subject=headers.subject,
                    type=headers.type,
                    agency=headers.agency,
                    occurred_at=headers.time,
                    recorded_at=headers.recorded_time,
                    position=headers.position,
                    topic=topic,
                    partition=partition,
                    offset=record.offset,
                    data=record.value or b"",
                )
            )
    return sorted(found, key=lambda row: row.position)


@pytest.fixture
def relayed(scene: Scene) -> Scene:
    """A store and a log that are equal."""
    stored(scene.dsn, STORIES)
    replayed(scene, by_position(scene))
    return scene


class ByHand:
    """A superuser who has switched the guard of the event table off, and can put everything back."""

    def __init__(self, owner: psycopg.Connection[TupleRow]) -> None:
        self._owner = owner
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER stored_events_are_final")
        owner.execute("CREATE TABLE saved AS TABLE stored_events")

    def does(self, statement: str, *, checksum: bool = False) -> None:
        self._owner.execute(statement)
        if checksum:
            self._owner.execute(f"UPDATE stored_events SET checksum = {CHECKSUM}")  # noqa: S608 - of this file

    def puts_back(self) -> None:
        self._owner.execute("DELETE FROM stored_events")
        self._owner.execute("INSERT INTO stored_events TABLE saved")


@pytest.fixture
def by_hand(relayed: Scene, databases: Databases) -> Iterator[ByHand]:
    assert relayed.dsn == databases.dsn("referrals")
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        yield ByHand(owner)


def test_there_is_no_difference_where_there_is_none(relayed: Scene) -> None:
    assert verified(relayed) == Compared(EVENTS, RECORDS, None, None)
    assert verified(relayed, rows_of(relayed), deep=True) == Compared(EVENTS, RECORDS, RECORDS, None)
    heard: list[tuple[int, int]] = []
    verified(relayed, told=lambda done, whole: heard.append((done, whole)))
    assert heard[-1] == (EVENTS, EVENTS)


CHANGES = [
    "state = convert_to(replace(convert_from(state, 'UTF8'), 'routine', 'urgent'), 'UTF8')",
    "actor = 'staff-9'",  # published nowhere
    "agency = 'another-agency'",
    "occurred_at = occurred_at - interval '1 day'",
    "recorded_at = recorded_at - interval '1 millisecond'",
    "causation_id = event_id",
    "traceparent = NULL",
]


def test_a_change_in_the_store_is_found(relayed: Scene, by_hand: ByHand) -> None:
    for change in CHANGES:
        by_hand.does(f"UPDATE stored_events SET {change} WHERE notification_id = 14")  # noqa: S608 - of this file
        assert said(relayed) == "event store, position 14: the event is not as it was stored", change
        by_hand.puts_back()

    by_hand.does("UPDATE stored_events SET agency = 'another' WHERE notification_id = 14", checksum=True)
    assert "position 14: its headers or its time are not what the store says" in said(relayed)
    by_hand.does("UPDATE stored_events SET state = '{}' WHERE notification_id = 14", checksum=True)
    assert "cannot be read" in said(relayed)
    by_hand.puts_back()

    for position in (1, 30, EVENTS - 1):
        by_hand.does(f"DELETE FROM stored_events WHERE notification_id = {position}")  # noqa: S608 - of this file
        assert said(relayed) == f"event store, position {position}: there is no event at this position"
        by_hand.puts_back()
    by_hand.does(f"DELETE FROM stored_events WHERE notification_id = {EVENTS}")  # noqa: S608 - of this file
    assert said(relayed) == f"event store, position {EVENTS}: Kafka has this event, the store has not"
    by_hand.puts_back()

    last_of_three = "(SELECT max(notification_id) FROM stored_events WHERE originator_version = 3)"
    by_hand.does(
        f"UPDATE stored_events SET originator_version = 7 WHERE notification_id = {last_of_three}",  # noqa: S608 - of this file
        checksum=True,
    )
    assert said(relayed) == "None"
    assert said(relayed, deep=True).endswith("the versions of its stream have a gap")
    by_hand.puts_back()
    assert said(relayed, deep=True) == "None"


@contextmanager
def other_log(scene: Scene, change: Callable[[list[Outgoing]], list[Outgoing]]) -> Iterator[Outgoing]:
    """The log with something changed: gives the record in the middle of the longest partition, that is changed."""
    stored(scene.dsn, STORIES)
    wanted = by_position(scene)
    place = max(scene.expected().values(), key=len)
    chosen = place[len(place) // 2]
    index = wanted.index(chosen)
    replayed(scene, change(wanted[index:]) if index == 0 else [*wanted[:index], *change(wanted[index:])])
    yield chosen


def test_a_missing_record_is_found(scene: Scene) -> None:
    with other_log(scene, lambda rest: rest[1:]) as gone:
        assert f"position {gone.position}: the record is missing" in said(scene)


def test_a_record_missing_or_doubled_at_the_end_is_found(scene: Scene) -> None:
    stored(scene.dsn, STORIES)
    *most, last = by_position(scene)
    replayed(scene, most)
    assert f"position {last.position}: the record is missing" in said(scene)
    replayed(scene, [last])
    assert said(scene) == "None"
    replayed(scene, [last])
    assert f"position {last.position}: the record is there twice" in said(scene)
    made = producer(scene.kafka, "test-foreign")
    made.send(CARE_TOPIC, b"{}", b"key", [("ce_type", b"other")]).get(10)
    made.close()
    assert "has no position" in said(scene)


def test_a_doubled_record_is_found(scene: Scene) -> None:
    with other_log(scene, lambda rest: [rest[0], *rest]) as twice:
        assert f"position {twice.position} is there again" in said(scene)


def test_a_changed_position_is_found(scene: Scene) -> None:
    def moved(rest: list[Outgoing]) -> list[Outgoing]:
        headers = [(name, b"3" if name == "ce_position" else value) for name, value in rest[0].record.headers]
        return [rest[0]._replace(record=rest[0].record._replace(headers=headers)), *rest[1:]]

    with other_log(scene, moved) as changed:
        assert f"position {changed.position}: position 3 is there again, or out of order" in said(scene)


def test_a_changed_missing_or_doubled_row_of_measures_is_found(relayed: Scene) -> None:
    rows = rows_of(relayed)
    at = rows[20].position
    changed = replace(rows[20], data=rows[20].data + b" ")
    assert (
        said(relayed, [*rows[:20], changed, *rows[21:]])
        == f"measures, position {at}: its data is not what the store says"
    )
    assert said(relayed, [*rows[:20], *rows[21:]]) == f"measures, position {at}: the row is missing"
    nothing = "nothing in the store stands behind this row"
    assert said(relayed, [*rows[:21], rows[20], *rows[21:]]) == f"measures, position {at}: {nothing}"
    assert said(relayed, rows[:-1]) == f"measures, position {rows[-1].position}: the row is missing"
    extra = replace(rows[-1], event_id=uuid7())
    assert said(relayed, [*rows, extra]) == f"measures, position {rows[-1].position}: {nothing}"

    parked = frozenset({(rows[20].topic, rows[20].partition, rows[20].offset)})
    assert said(relayed, [*rows[:20], *rows[21:]], parked=parked) == "None"
    assert said(relayed, rows, parked=parked) == f"measures, position {at}: {nothing}"


def test_what_the_relay_has_not_sent_yet_is_waited_for(scene: Scene) -> None:
    assert verified(scene, [], deep=True) == Compared(0, 0, 0, None)
    stored(scene.dsn, STORIES)
    comparison = Comparison(Ports(scene.dsn, scene.kafka, scene.restricted), scene.publisher(), MAPPER, patience=20.0)
    found: list[Compared] = []
    thread = threading.Thread(target=lambda: found.append(comparison.run()))
    thread.start()
    with scene.relaying():
        stored(scene.dsn, 3)  # later than where the comparison began or not: it does not matter
        thread.join(30)
    assert [each.difference for each in found] == [None]
