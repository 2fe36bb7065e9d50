"""Owns one connection to PostgreSQL on an event loop: questions go out together, and it comes back after an outage."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg import abc
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from services.referrals.domain.frozen import frozen
from services.referrals.store.exchange import Exchange
from services.runtime.postgres import Unavailable, conninfo
from services.runtime.postgres.behalf import Task
from services.runtime.postgres.login import StrongRole, refuse_strong

Rows = list[tuple[Any, ...]]

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.5


@frozen
class Statement:
    """A query with $1, $2, ... that is prepared once a connection, under a name of its own."""

    name: bytes
    text: LiteralString


@frozen
class Question:
    """A statement with its parameters in PostgreSQL's text form."""

    statement: Statement
    given: tuple[bytes, ...] = ()


@frozen
class _Open:
    connection: psycopg.AsyncConnection[TupleRow]
    exchange: Exchange
    loads: abc.Transformer


class Line:
    """One autocommit connection. Owned by one task: it is not safe to use it from two at once.

    `statement_seconds` bounds every statement on the server, so that a client that gave up knows when it is over.
    `task`: what it asks across agencies for, with every statement.
    """

    def __init__(
        self,
        dsn: str,
        application: str,
        statements: Sequence[Statement],
        *,
        statement_seconds: float = 8.0,
        task: Task | None = None,
    ) -> None:
        # The planner meets the prepared statements on small tables and keeps its plans: it is told to use the indexes.
        # Left to itself it plans what is under row-level security anew each time, for longer than it takes to answer.
        options = (
            f"-c statement_timeout={int(statement_seconds * 1000)} -c idle_in_transaction_session_timeout=10s"
            " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
            " -c plan_cache_mode=force_generic_plan"
        )
        self._dsn = conninfo(dsn, application, task=task, options=options, tcp_user_timeout=10_000)
        self._patience = 1.5 * statement_seconds  # the server ends a statement itself, unless it stands still
        self._statements = statements
        self._open: _Open | None = None
        self._pause = FIRST_PAUSE

    @property
    def closed(self) -> bool:
        return self._open is None or self._open.exchange.closed

    async def connect(self) -> None:
        """Make the connection where there is none. Raises `Unavailable` when the server cannot be reached."""
        if not self.closed:
            return
        await self.drop()
        try:
            self._open = await self._prepared()
        except (psycopg.Error, StrongRole) as error:  # login, database and tables too may be there only in a moment
            raise Unavailable from error
        self._pause = FIRST_PAUSE

    async def ask(self, *questions: Question) -> list[Rows]:
        """The rows of each question, all asked in one round trip and one transaction. Raises psycopg's errors."""
        if self._open is None:
            raise psycopg.OperationalError("there is no connection")
        results = await self._open.exchange.ask([(each.statement.name, each.given) for each in questions])
        return [self._rows(self._open.loads, result) for result in results]

    async def drop(self) -> None:
        """Give the connection up; `connect` makes a new one."""
        was, self._open = self._open, None
        if was is not None:
            was.exchange.close()
            await was.connection.close()

    async def rest(self) -> None:
        """Wait before trying again, each time longer, up to half a second."""
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _prepared(self) -> _Open:
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        try:
            await refuse_strong(connection)
            for each in self._statements:
                await connection.execute(b"PREPARE %b AS %b" % (each.name, each.text.encode()))
            return _Open(connection, Exchange(connection.pgconn, seconds=self._patience), Transformer(connection))
        except BaseException:
            await connection.close()
            raise

    @staticmethod
    def _rows(loads: abc.Transformer, result: PGresult) -> Rows:
        loads.set_pgresult(result)
        return loads.load_rows(0, result.ntuples, tuple)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drop()
