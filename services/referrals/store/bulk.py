"""Owns appending many commits at once from a program that runs alone: imports, the simulator, the command line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from services.referrals.store import batch
from services.referrals.store.batch import Parcel
from services.referrals.store.commit import Commit, Outcome, WorkRow
from services.referrals.store.mapper import FactMapper

WAVE: Final = 500

APPEND: Final[LiteralString] = "SELECT append_commits(%s, '@import')"
_HISTORY: Final[LiteralString] = "SELECT append_history(%s)"

Connection = psycopg.Connection[TupleRow]


def append_batch(connection: Connection, commits: Iterable[Commit], mapper: FactMapper) -> list[Outcome]:
    """Store commits in their order, several in one transaction each; what became of each.

    `connection` is in autocommit (then a wave is durable when the next begins) or in a transaction of the caller's. A
    commit that conflicts, or whose events are there already, leaves its neighbours alone.
    """
    found: list[Outcome] = []
    for wave in _waves(batch.pack(commit, number + 1, mapper.encode) for number, commit in enumerate(commits)):
        found += batch.outcomes(_call(connection, APPEND, batch.text(wave).decode()), wave)
    return found


def append_history(connection: Connection, commits: Iterable[Commit], mapper: FactMapper) -> Outcome | None:
    """Store a piece of history as a whole: development only, for clients of its own making, as role referrals_history.

    Every event brings its `recorded_at`; commits may continue each other's streams. None where there was nothing to
    store. The same piece again changes nothing. Raises psycopg.errors.InsufficientPrivilege where it is not allowed.
    """
    whole = merged(commits)
    if not whole.events:
        return None
    parcel = batch.pack(whole, 1, mapper.encode)
    return batch.outcomes(_call(connection, _HISTORY, batch.text([parcel]).decode()), [parcel])[0]


def merged(commits: Iterable[Commit]) -> Commit:
    """Several commits as one that does the same: all of it is stored, or nothing. Raises ValueError for keys."""
    listed = tuple(commits)
    if any(commit.key for commit in listed):
        raise ValueError("a commit with an idempotency key stands alone")
    stands: dict[UUID, int] = {}
    expect: dict[UUID, int] = {}
    work: dict[UUID, WorkRow] = {}
    for commit in listed:
        for stream, version in commit.expected().items():
            if stands.setdefault(stream, version) != version:
                raise ValueError("a commit does not continue what the one before it wrote")
            expect.setdefault(stream, version)
        stands |= {event.stream: event.version for event in commit.events}
        work |= {row.id: row for row in commit.work}
    return Commit(tuple(event for commit in listed for event in commit.events), expect, work=tuple(work.values()))


def _waves(parcels: Iterable[Parcel]) -> Iterator[Sequence[Parcel]]:
    wave: list[Parcel] = []
    touched: set[object] = set()
    for parcel in parcels:
        if len(wave) == WAVE or not touched.isdisjoint(parcel.touches):
            yield wave
            wave, touched = [], set()
        wave.append(parcel)
        touched |= parcel.touches
    if wave:
        yield wave


def _call(connection: Connection, query: LiteralString, text: str) -> str:
    row = connection.execute(query, [text], prepare=True).fetchone()
    if row is None:
        raise ValueError("the append function gave no answer")
    answer: str = row[0]
    return answer
