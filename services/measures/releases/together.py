"""Counts a release's views over many clients in several processes, which all see the same facts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Final, TypeVar

from services.measures.releases.cells import Counted
from services.measures.releases.tables import Counting, tallied
from services.measures.releases.views import View
from services.measures.store import journeys
from services.measures.store.journeys import Basis, Share
from services.runtime.garbage import collecting_later
from services.runtime.postgres import Connection

MANY: Final = 100_000
"""With fewer facts one process is done before another has begun."""
MOST: Final = 4
Found = TypeVar("Found")
Work = Callable[[Connection, Share], Found]


def parts_of(facts: int) -> int:
    """In how many processes so many facts are counted."""
    return min(MOST, os.cpu_count() or 1) if facts >= MANY else 1


def counted(
    reading: tuple[Connection, str], on: Basis, views: Sequence[View], over: Counted, parts: int
) -> Sequence[Counting]:
    """Every view over all clients; `reading` is a connection of `journeys.reading` and where the others get theirs."""
    return merged(shared(reading, parts, lambda: partial(_of_a_share, on, views, over)))


def shared(reading: tuple[Connection, str], parts: int, prepared: Callable[[], Work[Found]]) -> Sequence[Found]:
    """What some work finds in each part of the clients, each in a process of its own; this one takes the first.

    `prepared` gives the work: what it needs to ask first is asked while the others begin.
    """
    connection, dsn = reading
    if parts == 1:
        return [prepared()(connection, journeys.ALL)]
    snapshot = str((connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",))[0])
    with _processes(parts - 1) as pool, collecting_later():
        for _ in range(1, parts):
            pool.submit(_begin)
        work = prepared()
        others = [pool.submit(_elsewhere, (dsn, snapshot), work, Share(part, parts)) for part in range(1, parts)]
        own = work(connection, Share(0, parts))
        return [own, *(other.result() for other in others)]


@contextmanager
def _processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes of their own; what they found is used while they end."""
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Asked of a process so that it has begun, with all that is imported here, before there is work for it."""


def merged(parts: Sequence[Sequence[Counting]]) -> Sequence[Counting]:
    """What all counted, as one; the first takes the others in."""
    first, *others = parts
    for other in others:
        for counting, found in zip(first, other, strict=True):
            counting.merge(found)
    return first


def _of_a_share(
    on: Basis, views: Sequence[View], over: Counted, connection: Connection, share: Share
) -> Sequence[Counting]:
    return tallied(views, journeys.journeys(connection, on, share), over)


def _elsewhere(where: tuple[str, str], work: Work[Found], share: Share) -> Found:
    dsn, snapshot = where
    with journeys.reading(dsn) as connection, collecting_later():
        journeys.same_moment(connection, snapshot)
        return work(connection, share)
