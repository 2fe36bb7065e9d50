"""Who may write to the event store: nobody but its functions, and what is stored nobody changes."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow

from services.referrals.store.bulk import append_batch, append_history
from services.referrals.store.commit import Stored
from services.referrals.store.mapper import FactMapper
from tests.fix_servers import Databases
from tests.referrals.store.commits import NOON, recorded, registered

MAPPER = FactMapper()
Connection = psycopg.Connection[TupleRow]

CHANGES = [
    "INSERT INTO stored_events SELECT * FROM stored_events",
    "UPDATE stored_events SET agency = 'another'",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
]


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    """One set of databases for everything that is refused: it stays as it was."""
    return database_maker()


@pytest.fixture
def refused_app(shared: Databases) -> Iterator[Connection]:
    with psycopg.connect(shared.dsn("referrals"), autocommit=True) as made:
        append_batch(made, [registered()], MAPPER)
        yield made


@pytest.fixture
def refused_history(shared: Databases) -> Iterator[Connection]:
    with psycopg.connect(shared.dsn("referrals", "referrals_history"), autocommit=True) as made:
        yield made


@pytest.fixture
def app(databases: Databases) -> Iterator[Connection]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as made:
        append_batch(made, [registered()], MAPPER)
        yield made


@pytest.fixture
def history(databases: Databases) -> Iterator[Connection]:
    with psycopg.connect(databases.dsn("referrals", "referrals_history"), autocommit=True) as made:
        yield made


@pytest.mark.parametrize("statement", CHANGES)
def test_the_service_may_not_write_the_event_table(refused_app: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        refused_app.execute(statement)


@pytest.mark.parametrize("statement", CHANGES[1:])
def test_not_even_the_owner_changes_an_event(shared: Databases, refused_app: Connection, statement: str) -> None:
    with psycopg.connect(shared.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        before = owner.execute("SELECT * FROM stored_events").fetchall()
        with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
            owner.execute(statement)
        assert owner.execute("SELECT * FROM stored_events").fetchall() == before
    assert not refused_app.closed


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO work_index SELECT * FROM work_index",
        "UPDATE work_index SET state = 'sent'",
        "DELETE FROM work_index",
        "UPDATE idempotency SET answer = ''",
        "DELETE FROM idempotency",
        "INSERT INTO history_clients VALUES (gen_random_uuid())",
        "SELECT append_locked('{}', TRUE)",
        "SELECT append_history('{}')",
        "CREATE TABLE own (id int)",
        "ALTER TABLE stored_events DISABLE TRIGGER stored_events_are_final",
        "DELETE FROM relay_checkpoint",
    ],
)
def test_the_service_may_not_write_beside_it_either(refused_app: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        refused_app.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [*CHANGES, "SELECT append_locked('{}', TRUE)", "SELECT append_commits('{}', '')", "SELECT * FROM idempotency"],
)
def test_the_simulator_may_only_append_history(refused_history: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        refused_history.execute(statement)


def test_history_is_for_clients_of_its_own_making(app: Connection, history: Connection) -> None:
    real = uuid.uuid4()
    append_batch(app, [registered(real)], MAPPER)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="own making"):
        append_history(history, [recorded(registered(real, version=2), NOON)], MAPPER)

    invented = uuid.uuid4()
    assert append_history(history, [recorded(registered(invented), NOON)], MAPPER) == Stored(3)
    more = recorded(registered(invented, version=2), NOON + timedelta(days=1))
    assert append_history(history, [more], MAPPER) == Stored(4)


def test_history_lies_in_the_past_and_says_when(history: Connection) -> None:
    for commit in (registered(), recorded(registered(), datetime.now(UTC) + timedelta(hours=1))):
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="past"):
            append_history(history, [commit], MAPPER)


def test_history_is_for_development_whatever_the_session_says(databases: Databases, history: Connection) -> None:
    name = sql.Identifier(history.info.dbname)
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} SET closeknit.environment = 'production'").format(name))
    history.execute("SET closeknit.environment = 'development'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="development"):
        append_history(history, [recorded(registered(), NOON)], MAPPER)


def test_a_service_cannot_say_when_something_was_recorded(app: Connection) -> None:
    commit = recorded(registered(), NOON - timedelta(days=1000))
    append_batch(app, [commit, replace(registered())], MAPPER)
    rows = app.execute("SELECT recorded_at FROM stored_events").fetchall()
    assert all(row[0] > datetime.now(UTC) - timedelta(minutes=1) for row in rows)
