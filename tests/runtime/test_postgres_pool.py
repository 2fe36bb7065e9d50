"""A pooled connection costs no question of its own before each statement, and one that is gone is replaced."""

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from services.runtime.postgres import AsyncPool, pool
from tests.fix_servers import Databases

ENDED = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'pooled'"


async def answered(connections: AsyncPool) -> int:
    async with connections.connection() as connection:
        row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    assert row is not None
    return int(row[0])


def end(databases: Databases) -> None:
    """Returns when the server has ended the pool's connections."""
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        assert set(owner.execute(ENDED).fetchall()) == {(True,)}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that were asked whether they stand."""
    found: list[object] = []
    ask = AsyncConnectionPool.check_connection

    async def noted(connection: psycopg.AsyncConnection) -> None:
        found.append(connection)
        await ask(connection)

    monkeypatch.setattr(AsyncConnectionPool, "check_connection", staticmethod(noted))
    return found


async def test_one_that_stands_is_not_asked(databases: Databases, asked: list[object]) -> None:
    async with pool(databases.dsn("referrals"), "pooled", size=1, task="timers") as connections:
        first = await answered(connections)
        assert await answered(connections) == first
    assert not asked


async def test_one_that_is_gone_is_replaced_before_anybody_asks_it(databases: Databases, asked: list[object]) -> None:
    async with pool(databases.dsn("referrals"), "pooled", size=1, task="timers") as connections:
        first = await answered(connections)
        end(databases)
        assert await answered(connections) != first
    assert asked


async def test_not_asked_it_would_be_an_error(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: object) -> None:
        """Nobody asks."""

    monkeypatch.setattr(AsyncConnectionPool, "check_connection", staticmethod(never))
    async with pool(databases.dsn("referrals"), "pooled", size=1, task="timers") as connections:
        await answered(connections)
        end(databases)
        with pytest.raises(psycopg.OperationalError):
            await answered(connections)


@pytest.mark.parametrize(("one_plan", "mode"), [(True, "force_generic_plan"), (False, "auto")])
async def test_no_statement_is_compiled_or_where_one_plan_is_good_planned_anew(
    databases: Databases, one_plan: bool, mode: str
) -> None:
    async with (
        pool(databases.dsn("referrals"), "pooled", size=1, task="timers", one_plan=one_plan) as connections,
        connections.connection() as connection,
    ):
        assert await (await connection.execute("SHOW jit")).fetchone() == ("off",)
        assert await (await connection.execute("SHOW plan_cache_mode")).fetchone() == (mode,)
