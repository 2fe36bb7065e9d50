"""Owns one connection to PostgreSQL that comes back by itself after the server or the network was away."""

import asyncio
from types import TracebackType
from typing import Final, Self

import psycopg
from psycopg.rows import TupleRow

from services.runtime.postgres import Unavailable, conninfo

Connection = psycopg.AsyncConnection[TupleRow]

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.5


class Line:
    """One autocommit connection. Owned by one task: it is not safe to use it from two at once.

    `statement_seconds` bounds every statement on the server, so that a client that gave up knows when it is over.
    """

    def __init__(self, dsn: str, application: str, *, statement_seconds: float = 8.0) -> None:
        # The planner meets the prepared statements on small tables and keeps its plans: it is told to use the indexes.
        options = (
            f"-c statement_timeout={int(statement_seconds * 1000)} -c idle_in_transaction_session_timeout=10s"
            " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
        )
        self._dsn = conninfo(dsn, application, options=options, tcp_user_timeout=10_000)
        self._connection: Connection | None = None
        self._pause = FIRST_PAUSE

    async def connection(self) -> Connection:
        """The connection, made now where there is none. Raises `Unavailable` when the server cannot be reached."""
        if self._connection is None or self._connection.closed:
            try:
                self._connection = await Connection.connect(self._dsn, autocommit=True)
            except psycopg.Error as error:  # the login and the database too may be there only in a moment
                raise Unavailable from error
            self._pause = FIRST_PAUSE
        return self._connection

    async def drop(self) -> None:
        """Give the connection up; the next call makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def rest(self) -> None:
        """Wait before trying again, each time longer, up to half a second."""
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drop()
