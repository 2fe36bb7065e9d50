"""Owns the synchronous shape of the command path, for comparison: our own functions, called in the caller's thread."""

import threading
from uuid import UUID

import psycopg

from services.referrals.store import batch
from services.referrals.store.bulk import APPEND
from services.referrals.store.commit import Commit, IdempotencyKey, Outcome
from services.referrals.store.mapper import FactMapper
from services.referrals.store.reader import Looked
from services.referrals.store.recorded import select, written_row
from services.referrals.store.written import Written

_STREAMS = select("WHERE originator_id = ANY (%s) ORDER BY originator_id, originator_version")


class ThreadStore:
    """`look` and `append` as the application asks for them: a connection a thread, one statement after the other."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._mapper = FactMapper()
        self._mine = threading.local()

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        del key, work_of  # as with the library's store: not asked for, which is to its advantage
        found: dict[UUID, list[Written]] = {stream: [] for stream in streams}
        with self._connection().cursor(binary=True) as cursor:
            for row in cursor.execute(_STREAMS, [list(streams)], prepare=True):
                found[row[0]].append(written_row(row, self._mapper.decode))
        return Looked({stream: tuple(events) for stream, events in found.items()}, (), None)

    async def append(self, commit: Commit) -> Outcome:
        parcels = [batch.pack(commit, 1, self._mapper.encode)]
        row = self._connection().execute(APPEND, [batch.text(parcels).decode()], prepare=True).fetchone()
        assert row is not None
        return batch.outcomes(row[0], parcels)[0]

    def _connection(self) -> psycopg.Connection:
        made: psycopg.Connection | None = getattr(self._mine, "connection", None)
        if made is None:
            made = self._mine.connection = psycopg.connect(self._dsn, autocommit=True)
        return made
