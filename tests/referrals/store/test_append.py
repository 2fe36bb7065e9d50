"""The append function: result codes instead of exceptions, one order for all, nothing by halves."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from services.referrals.store import batch, bulk
from services.referrals.store.bulk import append_batch, append_history, merged
from services.referrals.store.commit import Answer, Commit, Conflicted, KeyReused, Replayed, Stored, WorkSeen
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages
from tests.fix_servers import Databases
from tests.referrals.store.commits import (
    ACCEPTED,
    ANSWERED,
    CLINIC,
    NOON,
    RECEIVED,
    SENT,
    WIC,
    Story,
    event,
    recorded,
    registered,
    some_key,
)

MAPPER = FactMapper()
Connection = psycopg.Connection[TupleRow]


@pytest.fixture
def connection(databases: Databases) -> Iterator[Connection]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as made:
        yield made


def append(connection: Connection, *commits: Commit) -> list[object]:
    return list(append_batch(connection, commits, MAPPER))


def count(connection: Connection, table: str = "stored_events") -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a literal of this file
    assert row
    return int(row[0])


def test_a_commit_is_stored_as_a_whole_with_its_envelope_work_row_and_answer(
    connection: Connection, owner: Connection
) -> None:
    story, stream, contact = Story(), uuid7(), uuid7()
    sent = story.tell(stream, SENT, CLINIC)
    both = replace(
        sent,
        events=(*sent.events, event(RECEIVED, client=story.client, stream=contact)),
        key=some_key(),
        answer=ANSWERED,
    )
    assert append(connection, both) == [Stored(2)]

    pages = Pages(connection, MAPPER)
    first, second = pages.after(0)
    assert [first.envelope, second.envelope] == [each.envelope for each in both.events]
    assert (first.fact, first.position, second.position) == (SENT, 1, 2)
    assert first.recorded_at == second.recorded_at
    assert first.recorded_at is not None
    assert [count(owner, table) for table in ("work_index", "idempotency")] == [1, 1]
    assert pages.last_position() == 2


def test_positions_have_no_gap_even_after_a_commit_that_failed(connection: Connection) -> None:
    append(connection, registered())
    bad = registered()
    too_far = replace(bad.events[0], envelope=replace(bad.events[0].envelope, actor="nul \x00 byte"))
    with pytest.raises(psycopg.DataError):
        append(connection, replace(bad, events=(too_far,)))
    with connection.transaction(force_rollback=True):
        append(connection, registered())
    append(connection, registered())
    assert [each.position for each in Pages(connection, MAPPER).after(0)] == [1, 2]


def test_a_stream_that_stands_elsewhere_is_a_conflict_and_not_an_error(connection: Connection) -> None:
    client, story, stream = uuid.uuid4(), Story(), uuid7()
    other = registered()
    assert append(connection, registered(client)) == [Stored(1)]
    outcomes = append(connection, registered(client), other, story.tell(stream, SENT, CLINIC))
    assert outcomes == [
        Conflicted((client,)),
        Stored(2),
        Stored(3),
    ]
    # Too far ahead is as wrong as too late.
    assert append(connection, registered(client, version=3)) == [Conflicted((client,))]


def test_a_stream_that_was_only_read_counts_too(connection: Connection) -> None:
    read, also_read = uuid.uuid4(), uuid.uuid4()
    append(connection, registered(read))
    stale = replace(registered(), expect={read: 0, also_read: 4})
    [outcome] = append(connection, stale)
    assert isinstance(outcome, Conflicted)
    assert set(outcome.streams) == {read, also_read}
    fresh = replace(registered(), expect={read: 1, also_read: 0})
    [outcome] = append(connection, fresh)
    assert outcome == Stored(2)


def test_a_key_that_came_before_is_answered_as_before(connection: Connection) -> None:
    key = some_key("one")
    first, again = registered(key=key), registered(key=key)
    assert (
        append(connection, replace(first, answer=Answer(201, {"b": uuid.UUID(int=2), "a": uuid.UUID(int=1)}, 3))) != []
    )
    assert append(connection, again) == [Replayed(Answer(201, {"b": uuid.UUID(int=2), "a": uuid.UUID(int=1)}, 3))]
    assert append(connection, registered(key=some_key("one", body=b"other"))) == [KeyReused()]
    other_route = replace(key, route="register_client")
    other_agency = replace(key, agency=WIC)
    outcomes = append(connection, registered(key=other_route), registered(key=other_agency))
    assert [type(each) for each in outcomes] == [Stored, Stored]
    assert count(connection) == 3


def test_the_key_goes_before_the_conflict_that_the_first_try_made(connection: Connection) -> None:
    client, key = uuid.uuid4(), some_key()
    append(connection, registered(client, key=key))
    assert append(connection, registered(client, key=key)) == [Replayed(ANSWERED)]


def test_a_key_is_forgotten_after_thirty_days(connection: Connection, owner: Connection) -> None:
    key = some_key()
    append(connection, registered(key=key))
    owner.execute("UPDATE idempotency SET recorded_at = recorded_at - interval '29 days 23 hours'")
    assert append(connection, registered(key=key)) == [Replayed(ANSWERED)]
    assert connection.execute("SELECT sweep_idempotency()").fetchone() == (0,)
    owner.execute("UPDATE idempotency SET recorded_at = recorded_at - interval '2 hours'")
    [outcome] = append(connection, registered(key=replace(key, fingerprint=b"another body")))
    assert isinstance(outcome, Stored)
    owner.execute("UPDATE idempotency SET recorded_at = recorded_at - interval '31 days'")
    assert connection.execute("SELECT sweep_idempotency()").fetchone() == (1,)
    assert count(owner, "idempotency") == 0


def test_events_are_known_again_by_their_ids(connection: Connection) -> None:
    story, stream = Story(), uuid7()
    sent, accepted = story.tell(stream, SENT, CLINIC), story.tell(stream, ACCEPTED, WIC)
    assert append(connection, sent, accepted) == [Stored(1), Stored(2)]
    assert append(connection, sent) == [Stored(1)]
    assert count(connection) == 2


def test_what_continues_a_stream_in_one_call_goes_in_turn(connection: Connection, owner: Connection) -> None:
    story, stream = Story(), uuid7()
    commits = [story.tell(stream, SENT, CLINIC), story.tell(stream, RECEIVED, WIC), story.tell(stream, ACCEPTED, WIC)]
    assert append(connection, *commits) == [Stored(n) for n in (1, 2, 3)]
    row = owner.execute("SELECT state, version, waits_for FROM work_index").fetchone()
    assert row == ("accepted", 3, "contact")


def test_two_commits_of_one_batch_may_not_touch_the_same(connection: Connection) -> None:
    client, key = uuid.uuid4(), some_key()
    same_stream = [batch.pack(registered(client), n, MAPPER.encode) for n in (1, 2)]
    only_read = [batch.pack(replace(registered(), expect={client: 0}), n, MAPPER.encode) for n in (1, 2)]
    same_key = [batch.pack(registered(key=key), n, MAPPER.encode) for n in (1, 2)]
    for parcels in (same_stream, only_read, same_key):
        with pytest.raises(psycopg.errors.CardinalityViolation):
            connection.execute(bulk.APPEND, [batch.text(parcels).decode()])
    assert count(connection) == 0


def test_another_isolation_level_is_refused(connection: Connection) -> None:
    for level in (psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE):
        connection.isolation_level = level
        with pytest.raises(psycopg.errors.ActiveSqlTransaction), connection.transaction():
            append(connection, registered())


def test_recorded_at_never_goes_back(connection: Connection, owner: Connection) -> None:
    append(connection, registered())
    # As if the server's clock had been an hour ahead when this one was stored.
    owner.execute(
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, 2, occurred_at, recorded_at + interval '1 hour',"
        " gen_random_uuid(), client_id, correlation_id, NULL, topic, initiative, agency, actor, NULL, state, checksum"
        " FROM stored_events"
    )
    append(connection, registered())
    times = [each.recorded_at for each in Pages(connection, MAPPER).after(0)]
    assert times[2] == times[1]


def test_whoever_comes_second_waits_for_the_first_to_commit(databases: Databases, connection: Connection) -> None:
    """Deterministically what the gap test looks for at random: nobody gets a position while another one holds one."""
    with psycopg.connect(databases.dsn("referrals")) as first:
        append_batch(first, [registered()], MAPPER)
        done = threading.Event()

        def second() -> None:
            with psycopg.connect(databases.dsn("referrals"), autocommit=True) as own:
                append_batch(own, [registered()], MAPPER)
            done.set()

        thread = threading.Thread(target=second)
        thread.start()
        assert not done.wait(0.3)
        assert Pages(connection, MAPPER).after(0) == []
        first.commit()
        thread.join()
    assert [each.position for each in Pages(connection, MAPPER).after(0)] == [1, 2]


def test_history_brings_its_own_times_and_can_be_told_again(databases: Databases) -> None:
    story, stream = Story(), uuid7()
    then = NOON - timedelta(days=400)
    told = [story.tell(stream, SENT, CLINIC, at=then), story.tell(stream, ACCEPTED, WIC, at=then + timedelta(days=2))]
    commits = [recorded(told[0], then), recorded(told[1], then + timedelta(days=3))]
    with psycopg.connect(databases.dsn("referrals", "referrals_history"), autocommit=True) as history:
        for _ in range(2):
            assert append_history(history, commits, MAPPER) == Stored(2)
        assert append_history(history, [], MAPPER) is None
        read = Pages(history, MAPPER).after(0)
    assert [each.recorded_at for each in read] == [then, then + timedelta(days=3)]


def test_commits_are_merged_into_one_that_does_the_same() -> None:
    story, one, other = Story(), uuid7(), uuid7()
    commits = [story.tell(one, SENT, CLINIC), story.tell(other, SENT, CLINIC), story.tell(one, ACCEPTED, WIC)]
    whole = merged(commits)
    assert [(each.stream, each.version) for each in whole.events] == [(one, 1), (other, 1), (one, 2)]
    assert whole.expected() == {one: 0, other: 0}
    assert {row.id: row.version for row in whole.work} == {one: 2, other: 1}
    with pytest.raises(ValueError, match="continue"):
        merged([commits[0], story.tell(one, RECEIVED, WIC)])
    with pytest.raises(ValueError, match="alone"):
        merged([registered(key=some_key())])
    with pytest.raises(ValueError, match="answer"):
        replace(registered(), key=some_key())


def test_r4_work_of_a_client_that_was_looked_at_counts_too(connection: Connection) -> None:
    story, stream = Story(), uuid7()
    nothing = replace(registered(), looked={story.client: WorkSeen(0, 0)})
    assert [type(each) for each in append(connection, nothing, story.tell(stream, SENT, CLINIC))] == [Stored, Stored]
    stale = replace(registered(), looked={story.client: WorkSeen(0, 0)})
    assert append(connection, stale) == [Conflicted((story.client,))]
    both = replace(registered(), looked={story.client: WorkSeen(0, 0)}, expect={stream: 0})
    [outcome] = append(connection, both)
    assert isinstance(outcome, Conflicted)
    assert set(outcome.streams) == {story.client, stream}
    [outcome] = append(connection, replace(registered(), looked={story.client: WorkSeen(1, 1)}))
    assert isinstance(outcome, Stored)


def test_r4_two_commits_that_look_at_the_work_of_one_client_never_travel_together() -> None:
    story = Story()
    sent = batch.pack(story.tell(uuid7(), SENT, CLINIC), 1, MAPPER.encode)
    looking = batch.pack(replace(registered(), looked={story.client: WorkSeen(0, 0)}), 2, MAPPER.encode)
    assert not sent.touches.isdisjoint(looking.touches)
    assert batch.pack(registered(), 3, MAPPER.encode).touches.isdisjoint(looking.touches)
