"""Owns under which keys clients are named on the log: one, and another beside it while that one takes its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

import psycopg
from psycopg.rows import TupleRow

from services.referrals.relay.checkpoint import Checkpoint
from services.runtime.postgres import conninfo

_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('closeknit log keys', 0))"
_FREE: Final = "SELECT pg_advisory_unlock(hashtextextended('closeknit log keys', 0))"

BUILDING: Final = "building"
OPEN: Final = "open"
GIVEN_UP: Final = "given_up"


class RotationProblem(Exception):
    """A log key cannot be rotated now; the sentence says why and what helps. What was done before stays done."""


class LogKeys:
    """The keys by number, over a connection of its owner's."""

    def __init__(self, connection: psycopg.Connection[TupleRow]) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def alone(cls, dsn: str) -> Iterator[Self]:
        """For whoever changes them, one at a time. Raises RotationProblem."""
        with psycopg.connect(conninfo(dsn, "closeknit keys"), autocommit=True) as connection:
            row = connection.execute(_LOCK).fetchone()
            if not (row and row[0]):
                raise RotationProblem("Another command changes the log key.")
            try:
                yield cls(connection)
            finally:
                # The server notices the end of a connection a moment later: who comes next need not wait for that.
                if not connection.closed:
                    connection.execute(_FREE)

    def open(self) -> tuple[int, ...]:
        """Those under which the relay writes, the oldest first."""
        return self._in(OPEN)

    def used(self) -> tuple[int, ...]:
        """Those whose topics have to be there, the oldest first."""
        return self._in(OPEN, BUILDING)

    def next(self) -> tuple[int, bool]:
        """The key that takes over, the one that a rotation began or a new one, and whether it has to be built.

        Raises RotationProblem while one is being given up.
        """
        if left := self.given_up():
            raise RotationProblem(f"Log key {left[0]} is being given up: `closeknit keys rotate log --give-up` first.")
        newest = self.used()[-1]
        if self._in(BUILDING):
            return newest, True
        if len(self.open()) > 1:
            return newest, False
        new = self.newest() + 1
        self._connection.execute("INSERT INTO log_keys (key, state) VALUES (%s, %s)", [new, BUILDING])
        return new, True

    def built(self, key: int) -> None:
        """Everything that is stored is on the topics of this key: from now on the relay writes them, too."""
        self._now(key, OPEN)

    def newest(self) -> int:
        """The highest number that there ever was."""
        return max(self._in(OPEN, BUILDING, GIVEN_UP, "closed"))

    def given_up(self) -> tuple[int, ...]:
        """Those that a rotation began and that are on their way out."""
        return self._in(GIVEN_UP)

    def give_up(self, key: int) -> None:
        """Nobody writes the topics of this key any more, which nobody reads: they have to go."""
        self._now(key, GIVEN_UP)

    def close(self, key: int) -> None:
        """Nobody writes or reads the topics of this key any more."""
        self._now(key, "closed")

    def relayed(self, topics: list[str]) -> int:
        """Up to which position each of these topics has everything."""
        return Checkpoint(self._connection, topics).read()

    def _in(self, *states: str) -> tuple[int, ...]:
        found = self._connection.execute("SELECT key FROM log_keys WHERE state = ANY (%s) ORDER BY key", [list(states)])
        return tuple(int(row[0]) for row in found)

    def _now(self, key: int, state: str) -> None:
        self._connection.execute(
            "UPDATE log_keys SET state = %s, since = clock_timestamp() WHERE key = %s AND state <> %s",
            [state, key, state],
        )
