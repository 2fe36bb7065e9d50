"""Questions to PostgreSQL in one round trip: answers in order, errors whole, nothing half, whatever breaks."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import uvloop
from psycopg import errors

from services.referrals.store.line import Line, Question, Statement
from services.runtime.postgres import Unavailable
from tests.condition import eventually
from tests.fix_servers import Databases
from tests.referrals.store.between import Between

ONE = Statement(b"one", "SELECT $1::int AS one, $2::text")
MANY = Statement(b"many", "SELECT n, repeat('x', 1000) FROM generate_series(1, $1::int) AS n")
LARGE = Statement(b"large", "SELECT length($1::text)")
DIVIDE = Statement(b"divide", "SELECT 1 / $1::int")
KEEP = Statement(b"keep", "INSERT INTO kept VALUES ($1) RETURNING n")
COUNT = Statement(b"count", "SELECT count(*)::int FROM kept")
LEAVE = Statement(b"leave", "SELECT pg_terminate_backend(pg_backend_pid())")
SLOW = Statement(b"slow", "SELECT pg_sleep($1::float)::text")

pytestmark = pytest.mark.servers


@pytest.fixture
def dsn(databases: Databases, owner: psycopg.Connection) -> str:
    owner.execute("CREATE TABLE kept (n int PRIMARY KEY)")
    owner.execute("GRANT SELECT, INSERT ON kept TO referrals_app")
    return databases.dsn("referrals")


@pytest.fixture
async def line(dsn: str) -> AsyncIterator[Line]:
    async with Line(dsn, "test", [ONE, MANY, LARGE, DIVIDE, KEEP, COUNT, LEAVE, SLOW]) as made:
        await made.connect()
        yield made


async def test_each_question_has_its_rows_in_order(line: Line) -> None:
    one, many, other = await line.ask(
        Question(ONE, (b"7", "ñ".encode())), Question(MANY, (b"3",)), Question(ONE, (b"8", b"b"))
    )
    assert (one, other) == ([(7, "ñ")], [(8, "b")])
    assert [number for number, _ in many] == [1, 2, 3]


async def test_much_comes_and_goes_in_pieces(line: Line) -> None:
    size = 30_000_000
    [[(length,)], rows] = await line.ask(Question(LARGE, (b"x" * size,)), Question(MANY, (b"5000",)))
    assert (length, len(rows)) == (size, 5000)


async def test_an_error_takes_the_whole_exchange_back_and_the_next_one_is_fine(line: Line) -> None:
    with pytest.raises(errors.DivisionByZero):
        await line.ask(Question(KEEP, (b"1",)), Question(DIVIDE, (b"0",)), Question(KEEP, (b"2",)))
    assert not line.closed
    assert await line.ask(Question(COUNT)) == [[(0,)]]
    assert await line.ask(Question(KEEP, (b"1",)), Question(COUNT)) == [[(1,)], [(1,)]]


async def test_a_connection_that_ends_in_the_middle_says_so_and_another_is_made(line: Line) -> None:
    with pytest.raises(psycopg.OperationalError):
        await line.ask(Question(KEEP, (b"1",)), Question(LEAVE), Question(KEEP, (b"2",)))
    assert line.closed
    await line.connect()
    assert await line.ask(Question(COUNT)) == [[(0,)]]


async def test_an_idle_connection_that_was_ended_is_seen(line: Line, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test'")
    await eventually(lambda: line.closed)
    await line.connect()
    assert await line.ask(Question(COUNT)) == [[(0,)]]


async def test_who_waits_when_it_is_given_up_is_told(line: Line) -> None:
    asked = asyncio.create_task(line.ask(Question(SLOW, (b"30",))))
    await asyncio.wait({asked}, timeout=0.05)
    await line.drop()
    with pytest.raises(psycopg.OperationalError):
        await asked
    with pytest.raises(psycopg.OperationalError):
        await line.ask(Question(COUNT))


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(dsn: str) -> None:
    async with Line(dsn, "test", [SLOW, COUNT], statement_seconds=0.1) as line:
        await line.connect()
        with pytest.raises(errors.QueryCanceled):
            await line.ask(Question(SLOW, (b"30",)))
        assert await line.ask(Question(COUNT)) == [[(0,)]]


async def test_a_table_that_is_not_there_yet_is_an_outage(dsn: str, owner: psycopg.Connection) -> None:
    async with Line(dsn, "test", [Statement(b"later", "SELECT * FROM later")]) as line:
        with pytest.raises(Unavailable):
            await line.connect()
        owner.execute("CREATE TABLE later (n int)")
        owner.execute("GRANT SELECT ON later TO referrals_app")
        await line.connect()
        assert not line.closed


@pytest.mark.timeout(20)
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_waits_when_the_connection_is_reset_is_told(dsn: str, loop: Callable[[], Any]) -> None:
    """uvloop calls a reader once when its connection is reset, and never again, whatever there is left to read."""

    async def waits(between: Between) -> None:
        async with Line(between.dsn(dsn), "test", [SLOW, COUNT]) as line:
            await line.connect()
            asked = asyncio.create_task(line.ask(Question(SLOW, (b"30",))))
            await asyncio.wait({asked}, timeout=0.05)
            between.reset()
            with pytest.raises(psycopg.OperationalError):
                await asked
            assert line.closed
            await line.connect()
            assert await line.ask(Question(COUNT)) == [[(0,)]]

    with Between() as between, asyncio.Runner(loop_factory=loop) as runner:
        runner.run(waits(between))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("size", [1, 9_000, 100_000])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_asks_over_a_connection_that_was_reset_is_told(dsn: str, loop: Callable[[], Any], size: int) -> None:
    """Here the write finds out, and libpq closes its socket then."""

    async def asks(between: Between) -> None:
        async with Line(between.dsn(dsn), "test", [LARGE, COUNT]) as line:
            await line.connect()
            between.reset()
            with pytest.raises(psycopg.OperationalError):
                await line.ask(Question(LARGE, (b"x" * size,)))
            assert line.closed
            await line.connect()
            assert await line.ask(Question(COUNT)) == [[(0,)]]

    with Between() as between, asyncio.Runner(loop_factory=loop) as runner:
        runner.run(asks(between))


@pytest.mark.timeout(30)
async def test_a_server_that_stands_still_is_not_waited_for(dsn: str) -> None:
    async with Line(dsn, "test", [COUNT], statement_seconds=0.4) as line:
        await line.connect()
        with standing_still(dsn, "test"):
            with pytest.raises(psycopg.OperationalError):
                await line.ask(Question(COUNT))
            assert line.closed
            await line.connect()
            assert await line.ask(Question(COUNT)) == [[(0,)]]


@contextmanager
def standing_still(dsn: str, application: str) -> Iterator[None]:
    """Stop the backends that serve an application now; they go on at the end."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        found = owner.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [application]).fetchall()
    for (pid,) in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for (pid,) in found:
            os.kill(pid, signal.SIGCONT)
