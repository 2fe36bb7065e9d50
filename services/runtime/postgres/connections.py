"""How a process talks to PostgreSQL: connections, roles, migrations, and telling an outage from a mistake."""

import hashlib
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources.abc import Traversable

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from services.runtime.postgres.behalf import NOBODY, Behalf, NobodyAsks, Task, behalf, option, said
from services.runtime.postgres.login import refuse_strong

_MIGRATIONS_LOCK = 0x636C6B6D  # "clkm": one migrator at a time in a database
_ASK = "SELECT set_config('closeknit.asks', %s, FALSE)"
_SQLSTATE_CLASSES_OF_OUTAGE = ("08", "53", "57P", "58")
_SQLSTATES_OF_CONTENTION = frozenset({"40001", "40P01", "55P03", "57014"})

Connection = psycopg.Connection[TupleRow]
Cursor = psycopg.Cursor[TupleRow]


class _Connection(psycopg.AsyncConnection[TupleRow]):
    """A connection that knows on whose behalf it asks; None: not known."""

    asks: Behalf | None = None


AsyncPool = AsyncConnectionPool[_Connection]


class Unavailable(Exception):
    """A part that the answer needs is not there now; worth trying again after `retry_after` seconds (HTTP 503).

    `part` is the id of what is missing, where one helps whoever has to bring it back.
    """

    retry_after: int = 2
    part: str | None = None


class Overloaded(Unavailable):
    """More work waits than can be done in time; nothing was done (HTTP 503)."""

    retry_after = 1


class MigrationProblem(Exception):
    """A migration that is already applied was changed or is gone; the message names it."""


def conninfo(dsn: str, application: str, *, task: Task | None = None, **options: str | int) -> str:
    """`dsn` with a name for this process, a short connect timeout and keepalives, unless it brings its own.

    Moments come in UTC, by the one object that the code has for it: comparing two of one zone is six times as quick.
    `task`: every statement of the connection asks across agencies for it.
    """
    given = conninfo_to_dict(dsn)
    ours: dict[str, str | int] = {
        "application_name": application,
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": "-c TimeZone=UTC",
    }
    ours |= options
    if task is not None:
        ours["options"] = f"{given.pop('options', ours['options'])} {option(task)}"
    return make_conninfo(dsn, **{name: value for name, value in ours.items() if name not in given})


def is_outage(error: BaseException) -> bool:
    """True when the server is gone, starting, stopping or full: the same statement may succeed later."""
    if isinstance(error, PoolTimeout | PoolClosed | TooManyRequests | psycopg.InterfaceError):
        return True
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_SQLSTATE_CLASSES_OF_OUTAGE)


def is_busy(error: BaseException) -> bool:
    """True when a lock or the statement's own time ran out, or a race was lost: rolled back, worth trying again."""
    return isinstance(error, psycopg.Error) and error.sqlstate in _SQLSTATES_OF_CONTENTION


class _Pool(AsyncConnectionPool[_Connection]):
    """Gives each connection asking on its taker's behalf. It is said anew where it was given to somebody else before:
    a transaction around every question, which could say it for itself, took twice as long.
    """

    task: Behalf = NOBODY

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[_Connection]:
        """A connection that asks on the caller's behalf. Raises NobodyAsks, and what the pool raises."""
        asking = behalf() | self.task
        if asking == NOBODY:
            raise NobodyAsks
        async with super().connection(timeout) as connection:
            if connection.asks != asking:
                connection.asks = None
                await connection.execute(_ASK, [said([asking])], prepare=True)
                connection.asks = asking
            yield connection


@asynccontextmanager
async def pool(
    dsn: str, application: str, *, size: int = 4, wait: float = 5.0, one_plan: bool = False, task: Task | None = None
) -> AsyncIterator[AsyncPool]:
    """A pool of autocommit connections, opened without waiting, so that a service starts while PostgreSQL is away.

    `wait` seconds is how long a caller waits for a connection before `PoolTimeout` (which `is_outage` knows). No
    statement is compiled first: the planner takes short ones for dear where it cannot know how few rows they find.
    `one_plan`: nor is one planned anew for each set of values, where the same way is good for all. `task`: whoever
    takes a connection asks for it (`services.runtime.postgres.behalf`).
    """
    options = "-c jit=off" + (" -c plan_cache_mode=force_generic_plan" if one_plan else "")
    connections = _Pool(
        conninfo(dsn, application, options=options),
        connection_class=_Connection,
        min_size=size,
        max_size=size,
        timeout=wait,
        open=False,
        kwargs={"autocommit": True},
        check=_check,
        configure=refuse_strong,
        reconnect_timeout=60.0,
    )
    connections.task = Behalf(tasks=frozenset({task} if task else ()))
    await connections.open(wait=False)
    try:
        yield connections
    finally:
        await connections.close()


async def _check(connection: psycopg.AsyncConnection[TupleRow]) -> None:
    """Ask a connection whether it stands only where something came on it: nobody asked, so the server went away.

    Asking each time is a round trip before each statement. Raises psycopg.OperationalError where it is gone.
    """
    arrived = select.poll()
    arrived.register(connection.fileno(), select.POLLIN)
    if arrived.poll(0):
        await AsyncConnectionPool.check_connection(connection)


def ensure_database(owner_dsn: str, name: str) -> bool:
    """Create database `name` beside the one that `owner_dsn` names; True when it was not there before."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        return True


def ensure_login(owner_dsn: str, role: str, password: str) -> None:
    """Create or alter the login role, able to connect to the database of `owner_dsn` and nothing else by itself.

    The password leaves this process as its SCRAM verifier, so that no server log can hold it.
    """
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        name = sql.Identifier(role)
        with connection.transaction():
            # Two migrators of two databases may meet here: roles belong to the cluster.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MIGRATIONS_LOCK])
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(name))
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(name, verifier)
            )
            database = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))


def apply_migrations(owner_dsn: str, folder: Traversable) -> list[str]:
    """Apply the numbered SQL files of `folder` that were not applied yet, each in its own transaction, in order.

    Returns the names of the files that were applied now. Two callers take turns under an advisory lock. Raises
    `MigrationProblem` when a file that was applied has other content now or is gone.
    """
    files = {file.name: file.read_text() for file in folder.iterdir() if file.name.endswith(".sql")}
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATIONS_LOCK])
        applied = _applied(connection)
        for name, digest in applied.items():
            if name not in files:
                raise MigrationProblem(f"{name} was applied and is gone")
            if digest != _digest(files[name]):
                raise MigrationProblem(f"{name} was applied and has changed since")
        new = [name for name in sorted(files) if name not in applied]
        for name in new:
            with connection.transaction():
                connection.execute(files[name])
                connection.execute(
                    "INSERT INTO schema_migrations (name, sha256) VALUES (%s, %s)", [name, _digest(files[name])]
                )
        return new


def _applied(connection: psycopg.Connection[TupleRow]) -> dict[str, str]:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    return dict(connection.execute("SELECT name, sha256 FROM schema_migrations").fetchall())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
