"""Owns who may publish: one relay at a time, by an advisory lock on a connection that it also reads with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg.rows import TupleRow

from services.runtime.postgres import conninfo
from services.runtime.postgres.login import refuse_strong_now
from services.runtime.worker import Lifecycle

_LEADER: Final = 0x636C6B72  # "clkr"
_ASK_SECONDS: Final = 0.5
_GRACE_SECONDS: Final = 1.0

Connection = psycopg.Connection[TupleRow]


class NoLongerLeader(Exception):
    """The connection that held the lock is gone: another relay may lead by now."""


@contextmanager
def leadership(dsn: str, lifecycle: Lifecycle, copied: int = 0) -> Iterator[Connection | None]:
    """A connection that holds the lock while the block runs; None when a stop was asked for before it was ours.

    Who waited for it gives the one before a moment, so that what that one had under way arrives before the log's ends
    are read. `copied` is the log key of a copy: it has topics of its own, and so a leader of its own.
    """
    options = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2 -c timezone=UTC"
    place = conninfo(dsn, "referrals relay", options=options, tcp_user_timeout=5_000)
    with psycopg.connect(place, autocommit=True) as connection:
        refuse_strong_now(connection)
        waited = False
        while not _locked(connection, copied):
            waited = True
            lifecycle.beat("waiting")
            lifecycle.pause(_ASK_SECONDS)
            if lifecycle.stopping:
                yield None
                return
        if waited:
            lifecycle.pause(_GRACE_SECONDS)
        connection.execute("LISTEN stored_events")
        # The checkpoint is a lower bound: losing its last value with the machine costs a little reading, no event.
        connection.execute("SET synchronous_commit = off")
        yield connection


def confirm(connection: Connection) -> None:
    """Make sure that the lock is still held. Raises `NoLongerLeader`."""
    try:
        connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise NoLongerLeader from error


def _locked(connection: Connection, copied: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", [_LEADER, copied]).fetchone()
    return bool(row and row[0])
