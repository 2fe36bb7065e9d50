"""Owns the exchange with PostgreSQL over one libpq connection: several questions in one round trip, on a loop."""

import asyncio
import os
from collections.abc import Sequence
from typing import Final

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGconn, PGresult

_BINARY: Final = pq.Format.BINARY
_LOOK_SECONDS: Final = 0.2


class Exchange:
    """Asks prepared statements, one exchange at a time, each exchange one implicit transaction.

    psycopg's own way through an asynchronous cursor registers with the loop anew for every statement and adapts every
    parameter: 90 microseconds of processor time where this takes 30, on a path where each command asks two or three
    (record 0006). What is asked here is durable when `ask` returns: the server has answered the closing Sync.
    """

    def __init__(self, pgconn: PGconn, *, seconds: float) -> None:
        self._pgconn = pgconn
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._asked: asyncio.Future[list[PGresult]] | None = None
        self._results: list[PGresult] = []
        self._error: psycopg.Error | None = None
        # libpq closes its socket when it finds it broken, in the middle of a call, and the next connection gets its
        # number while the loop still watches it: so the loop watches a number of our own.
        self._socket = os.dup(pgconn.socket)
        self._writing = self._closed = False
        pgconn.nonblocking = 1
        pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._readable)

    @property
    def closed(self) -> bool:
        return self._closed

    async def ask(self, questions: Sequence[tuple[bytes, Sequence[bytes]]]) -> list[PGresult]:
        """The binary rows of each prepared statement, asked by name with its parameters in text form.

        Raises what psycopg raises: the error of a statement, and all of the exchange is rolled back; or
        OperationalError for a connection that is gone, or a server that says nothing for `seconds`, and it may be done
        or not.
        """
        asked: asyncio.Future[list[PGresult]] = self._loop.create_future()
        self._asked, self._results, self._error = asked, [], None
        try:
            for name, given in questions:
                self._pgconn.send_query_prepared(name, given, result_format=_BINARY)
            self._pgconn.pipeline_sync()
        except psycopg.Error as error:
            self._fail(error)
        else:
            self._flush()
        look = self._loop.call_later(_LOOK_SECONDS, self._look, asked, self._loop.time() + self._seconds)
        try:
            return await asked
        finally:
            look.cancel()

    def close(self) -> None:
        """Let go of the socket, before the connection closes it; who still waits is told that it is gone."""
        self._fail(psycopg.OperationalError("the connection was given up"))

    def _look(self, asked: "asyncio.Future[list[PGresult]]", until: float) -> None:
        """See for ourselves now and then: uvloop calls a reader once when its connection is reset, and never again.

        A server that stands still answers nothing at all, though its machine takes what is sent to it.
        """
        if asked.done():
            return
        self._readable()
        if self._loop.time() >= until:
            self._fail(psycopg.OperationalError("the server did not answer in time"))
        self._loop.call_later(_LOOK_SECONDS, self._look, asked, until)

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            while self._asked is not None and not self._pgconn.is_busy():
                self._take(self._pgconn.get_result())
        except psycopg.Error as error:
            self._fail(error)
        else:
            if self._writing:
                self._flush()

    def _take(self, result: PGresult | None) -> None:
        match result.status if result is not None else None:
            case pq.ExecStatus.TUPLES_OK if result is not None:
                self._results.append(result)
            case pq.ExecStatus.PIPELINE_SYNC:
                self._end(self._error)
            case pq.ExecStatus.FATAL_ERROR if result is not None:
                self._error = self._error or error_from_result(result)
                self._check()
            case _:  # the end of one statement's results, or a statement that was passed over after an error
                self._check()

    def _check(self) -> None:
        """Raises when there is nothing more to come."""
        if self._pgconn.status != pq.ConnStatus.OK:
            raise self._error or psycopg.OperationalError("the connection is gone")

    def _flush(self) -> None:
        try:
            unsent = self._pgconn.flush()
        except psycopg.Error as error:
            self._fail(error)
            return
        if unsent and not self._writing:
            self._loop.add_writer(self._socket, self._flush)
        elif self._writing and not unsent:
            self._loop.remove_writer(self._socket)
        self._writing = bool(unsent)

    def _fail(self, error: psycopg.Error) -> None:
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            os.close(self._socket)
        self._end(error)

    def _end(self, error: psycopg.Error | None) -> None:
        asked, self._asked = self._asked, None
        if asked is None or asked.done():
            return
        if error is None:
            asked.set_result(self._results)
        else:
            asked.set_exception(error)
