"""Counts a release's views over many clients in several processes, which all see the same facts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from services.measures.releases.cells import Counted
from services.measures.releases.tables import Counting, tallied
from services.measures.releases.views import View
from services.measures.store import journeys
from services.measures.store.journeys import Basis, Share
from services.runtime.garbage import collecting_later
from services.runtime.worker import Connection

MANY: Final = 100_000
"""With fewer facts one process is done before another has begun."""
MOST: Final = 4


def parts_of(facts: int) -> int:
    """In how many processes so many facts are counted."""
    return min(MOST, os.cpu_count() or 1) if facts >= MANY else 1


def counted(
    reading: tuple[Connection, str], on: Basis, views: Sequence[View], over: Counted, parts: int
) -> Sequence[Counting]:
    """Every view over all clients; `reading` is a connection of `journeys.reading` and where the others get theirs."""
    connection, dsn = reading
    if parts == 1:
        return tallied(views, journeys.journeys(connection, on), over)
    snapshot = str((connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",))[0])
    with ProcessPoolExecutor(parts - 1, mp_context=get_context("spawn")) as pool, collecting_later():
        others = [
            pool.submit(_elsewhere, (dsn, snapshot), on, views, over, Share(part, parts)) for part in range(1, parts)
        ]
        own = tallied(views, journeys.journeys(connection, on, Share(0, parts)), over)
        for other in others:
            for counting, found in zip(own, other.result(), strict=True):
                counting.merge(found)
    return own


def _elsewhere(
    where: tuple[str, str], on: Basis, views: Sequence[View], over: Counted, share: Share
) -> Sequence[Counting]:
    dsn, snapshot = where
    with journeys.reading(dsn) as connection, collecting_later():
        journeys.same_moment(connection, snapshot)
        return tallied(views, journeys.journeys(connection, on, share), over)
