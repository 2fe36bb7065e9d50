"""Eight writers and a poller: whoever reads by position passes over nothing that comes later (20,000 / 1,000,000)."""

import asyncio
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import LiteralString

import psycopg
import pytest
from psycopg.rows import TupleRow

from services.referrals.domain.client import ClientRegistered
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit, Outcome, Stored
from services.referrals.store.mapper import FactMapper
from services.referrals.store.writer import Writer
from services.runtime.postgres.behalf import ask_also_across
from tests.fix_servers import Databases
from tests.prove.tally import Tally
from tests.referrals.store.commits import event

MAPPER = FactMapper()
THREADS, LOOPS, TASKS = 4, 4, 4
PAGE: LiteralString = (
    "SELECT notification_id, event_id FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT 1000"
)


@dataclass
class Poller:
    """Reads page after page by position, as the relay does, and remembers what it was given."""

    connection: psycopg.Connection[TupleRow]
    query: LiteralString = PAGE
    position: int = 0
    seen: dict[uuid.UUID, int] = field(default_factory=dict)
    out_of_order: int = 0

    def poll(self) -> int:
        """Read one page; how many it had."""
        page = self.connection.execute(self.query, [self.position], prepare=True).fetchall()
        for position, id in page:
            if position <= self.position or id in self.seen:
                self.out_of_order += 1
            self.position = position
            self.seen[id] = position
        return len(page)


def some_commit(chance: random.Random) -> Commit:
    """One to three events, each the first of its stream."""
    return Commit(tuple(event(ClientRegistered()) for _ in range(chance.randint(1, 3))))


class Writers:
    """Threads that append directly and loops that append in groups, until enough events are stored."""

    def __init__(self, dsn: str, enough: int) -> None:
        self._dsn = dsn
        self._enough = enough
        self._stored = 0
        self._lock = threading.Lock()
        self.backwards = 0
        self.failed: list[BaseException] = []

    def run(self) -> None:
        threads = [threading.Thread(target=self._guarded, args=(self._directly, n)) for n in range(THREADS)]
        threads += [threading.Thread(target=self._guarded, args=(self._in_groups, n)) for n in range(LOOPS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _guarded(self, work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            self.failed.append(error)

    def _directly(self, number: int) -> None:
        chance, last = random.Random(number), 0
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            while self._stored < self._enough:
                commit = some_commit(chance)
                last = self._done(commit, append_batch(connection, [commit], MAPPER)[0], last)

    def _in_groups(self, number: int) -> None:
        async def write(writer: Writer, task: int) -> None:
            chance, last = random.Random(100 * number + task), 0
            while self._stored < self._enough:
                commit = some_commit(chance)
                last = self._done(commit, await writer.append(commit), last)

        async def run() -> None:
            ask_also_across("import")
            async with Writer(self._dsn, MAPPER) as writer:
                await asyncio.gather(*(write(writer, task) for task in range(TASKS)))

        asyncio.run(run())

    def _done(self, commit: Commit, outcome: Outcome, last: int) -> int:
        assert isinstance(outcome, Stored)
        with self._lock:
            self._stored += len(commit.events)
            self.backwards += outcome.position <= last
        return outcome.position


@pytest.mark.proof
@pytest.mark.timeout(300)
def test_nobody_who_reads_by_position_misses_an_event(databases: Databases, sized: Callable[[int, int], int]) -> None:
    dsn = databases.dsn("referrals")
    writers = Writers(dsn, sized(20_000, 1_000_000))
    thread = threading.Thread(target=writers.run)
    with psycopg.connect(dsn, autocommit=True) as connection:
        poller = Poller(connection)
        thread.start()
        while thread.is_alive():
            poller.poll()
        while poller.poll():
            pass
        assert writers.failed == []
        there = connection.execute(
            "SELECT notification_id, event_id, recorded_at FROM stored_events ORDER BY notification_id"
        ).fetchall()
    tally = Tally("gap")
    for number, (position, id, _) in enumerate(there, start=1):
        tally.check(poller.seen.get(id) == position == number, f"position {number} is {position} or was not seen")
    tally.check(poller.out_of_order == 0, f"{poller.out_of_order} came out of order")
    tally.check(writers.backwards == 0, f"{writers.backwards} commits of one writer went back")
    times = [row[2] for row in there]
    tally.check(times == sorted(times), "recorded_at went back")
    tally.close()


def test_the_poller_sees_what_comes_late(databases: Databases) -> None:
    """The same poller on a table with a sequence and no lock: the second to begin commits first."""
    owner = databases.dsn("referrals", "closeknit_owner")
    query: LiteralString = "SELECT id, event FROM naive WHERE id > %s ORDER BY id LIMIT 1000"
    with psycopg.connect(owner) as first, psycopg.connect(owner, autocommit=True) as second:
        second.execute("CREATE TABLE naive (id bigserial PRIMARY KEY, event uuid)")
        poller = Poller(second, query)
        first.execute("INSERT INTO naive (event) VALUES (gen_random_uuid())")
        second.execute("INSERT INTO naive (event) VALUES (gen_random_uuid())")
        assert poller.poll() == 1
        first.commit()
        assert poller.poll() == 0
        row = second.execute("SELECT count(*) FROM naive").fetchone()
        assert row == (2,)
        assert len(poller.seen) == 1  # the other was missed for ever
