"""Append: one event a command, through the application, against the library's own store and against a bare INSERT."""

import argparse
import asyncio
import statistics
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, LiteralString, cast

import psycopg
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from services.referrals.application import contact
from services.referrals.application.acting import Acting
from services.referrals.application.contact import Happening
from services.referrals.application.desk import Desk
from services.referrals.directory import Directory
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.vocabulary import Category, ContactMode, ContactOutcome
from services.referrals.store.commit import Commit, Stored
from services.referrals.store.mapper import FactMapper
from services.referrals.store.memory import Memory
from services.referrals.store.pump import Limits
from services.referrals.store.reader import Reader
from services.referrals.store.writer import Writer
from services.referrals.store.written import Envelope, Written
from services.runtime.clock import SystemClock
from services.runtime.http.call import Call
from services.runtime.postgres.behalf import across
from tests.bench.ground import Ground, calibration, ground, last_line, say
from tests.bench.library_store import LibraryStore
from tests.bench.pace import Once, Round, in_threads, looped, measured
from tests.bench.thread_store import ThreadStore

WRITERS: Final = 8
CLIENTS: Final = 256
COLUMNS: Final[LiteralString] = (
    "originator_id, originator_version, occurred_at, recorded_at, event_id, client_id, correlation_id, causation_id,"
    " topic, initiative, agency, actor, traceparent, state, checksum"
)
INSERT: Final[LiteralString] = (
    "INSERT INTO bare (" + COLUMNS + ") VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
)
SAID: Final = Happening(
    at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    mode=ContactMode.HOME_VISIT,
    outcome=ContactOutcome.COMPLETED,
    tags=(Category.DOULA,),
    duration_min=45,
    language="es",
)


def acting() -> Acting:
    """One request, as the HTTP layer would hand it on."""
    now = datetime.now(UTC)
    trace = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00"
    call = Call("record_contact", str(uuid7()), None, None, trace, asyncio.get_running_loop().time() + 30, b"")
    return Acting("example-clinic-north", "fresno-ptbi", "staff-1", False, now, now.date(), call)


def desk(reader: object, writer: object, memory: Memory | None = None) -> Desk:
    """A desk with nothing but a store: recording a contact without a note asks for no more."""
    nothing = cast(Any, None)
    return Desk(
        reader=cast(Reader, reader),
        writer=cast(Writer, writer),
        lists=nothing,
        claims=nothing,
        timeline=nothing,
        accounting=nothing,
        safe=None,
        directory=Directory({}),
        clock=SystemClock(),
        memory=memory or Memory(),
    )


def registrations() -> list[Commit]:
    """The clients whose contacts are recorded."""
    commits = []
    for _ in range(CLIENTS):
        client, now = uuid.uuid4(), datetime.now(UTC)
        envelope = Envelope(uuid7(), client, "example-clinic-north", "fresno-ptbi", now, "staff-1", uuid7())
        commits.append(Commit((Written(client, 1, ClientRegistered(), envelope),)))
    return commits


class Bench:
    """The shapes on one server, told to run by turns."""

    def __init__(self, on: Ground) -> None:
        self._on = on
        self._clients = registrations()
        self._library_dsn = on.server.dsn("library")
        with psycopg.connect(on.server.dsn(), autocommit=True) as owner:
            owner.execute("CREATE DATABASE library")
        with psycopg.connect(on.dsn("REFERRALS_OWNER_DSN"), autocommit=True) as owner:
            # The same table with the same indexes, and the cheapest position there is; no lock, no check, no function.
            owner.execute("CREATE TABLE bare (LIKE stored_events INCLUDING ALL)")
            owner.execute("CREATE SEQUENCE bare_position OWNED BY bare.notification_id")
            owner.execute("ALTER TABLE bare ALTER notification_id SET DEFAULT nextval('bare_position')")
            owner.execute("GRANT INSERT ON bare TO referrals_app; GRANT USAGE ON bare_position TO referrals_app")

    def _client(self) -> Callable[[], uuid.UUID]:
        turn = iter(self._turns())
        return lambda: next(turn)

    def _turns(self) -> Iterator[uuid.UUID]:
        while True:
            yield from (commit.events[0].stream for commit in self._clients)

    def ours(self, seconds: float, into: Round) -> None:
        """The application on our store."""
        self._ours(seconds, into, Limits(waves=2))

    def alone(self, seconds: float, into: Round) -> None:
        """The same without group commit: every command asks and appends for itself. For comparison only."""
        self._ours(seconds, into, Limits(batch=1))

    def threads(self, seconds: float, into: Round) -> None:
        """The same in threads, synchronously, statement by statement. For comparison only."""
        store = ThreadStore(self._on.dsn("REFERRALS_DSN"))
        at = desk(store, store)

        def once() -> Once:
            client = self._client()
            return lambda: contact.record(at, acting(), client(), SAID)

        in_threads(once, WRITERS, seconds, into)

    def _ours(self, seconds: float, into: Round, limits: Limits) -> None:
        async def run() -> None:
            dsn, mapper, client = self._on.dsn("REFERRALS_DSN"), FactMapper(), self._client()
            memory = Memory()
            async with (
                Reader(dsn, mapper, limits=limits) as reader,
                Writer(dsn, mapper, memory=memory, limits=limits) as writer,
            ):
                at = desk(reader, writer, memory)
                await asyncio.gather(*(writer.append(commit) for commit in self._clients))
                await measured(lambda: contact.record(at, acting(), client(), SAID), WRITERS, seconds, into)

        looped(run())

    def library(self, seconds: float, into: Round) -> None:
        """The same application and command on eventsourcing's default recorder and mapper, a thread a writer."""
        store = LibraryStore(self._library_dsn, pool_size=WRITERS)
        try:
            for commit in self._clients:
                assert isinstance(asyncio.run(store.append(commit)), Stored) or into.rates
            at = desk(store, store)

            def once() -> Once:
                client = self._client()
                return lambda: contact.record(at, acting(), client(), SAID)

            in_threads(once, WRITERS, seconds, into)
        finally:
            store.close()

    def bare_async(self, seconds: float, into: Round) -> None:
        """A bare INSERT of the same bytes, eight asynchronous connections."""

        async def run() -> None:
            dsn = self._on.dsn("REFERRALS_DSN")
            connections = [
                await psycopg.AsyncConnection[TupleRow].connect(dsn, autocommit=True) for _ in range(WRITERS)
            ]
            free = list(connections)

            async def once() -> None:
                connection = free.pop()
                await connection.execute(INSERT, self._row(), prepare=True)
                free.append(connection)

            await measured(once, WRITERS, seconds, into)
            for connection in connections:
                await connection.close()

        looped(run())

    def bare_threads(self, seconds: float, into: Round) -> None:
        """A bare INSERT of the same bytes, eight threads."""

        def once() -> Once:
            connection = psycopg.connect(self._on.dsn("REFERRALS_DSN"), autocommit=True)

            async def insert() -> None:
                connection.execute(INSERT, self._row(), prepare=True)

            return insert

        in_threads(once, WRITERS, seconds, into)

    def sample(self) -> None:
        """Take the bytes that the application stores, for the bare inserts."""
        query = f"SELECT {COLUMNS} FROM stored_events WHERE topic = 'contact.recorded.v1' LIMIT 1"  # noqa: S608
        with psycopg.connect(self._on.dsn("REFERRALS_DSN")) as connection:
            found = connection.execute(query).fetchone()
        assert found is not None
        self._sample: Sequence[Any] = found

    def _row(self) -> list[Any]:
        row = list(self._sample)
        row[0], row[4] = uuid7(), uuid7()
        return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each shape in each round")
    options = parser.parse_args()
    with ground() as on, across("import"):
        bench = Bench(on)
        bench.ours(1.0, Round())
        bench.sample()
        known = (bench.bare_async, bench.bare_threads, bench.ours, bench.alone, bench.threads, bench.library)
        shapes = {each.__name__: each for each in known}
        rounds = {name: Round() for name in shapes}
        for number in range(options.rounds):
            say(calibration(on.folder))
            for name, shape in shapes.items():
                shape(options.seconds, rounds[name])
            said = ", ".join(f"{name} {each.rates[-1]:.0f}/s" for name, each in rounds.items())
            say(f"round {number + 1} of {options.rounds}: {said}")
        floor = max(rounds["bare_async"], rounds["bare_threads"], key=lambda each: statistics.median(each.rates))
        ours, library = rounds["ours"], rounds["library"]
        against = statistics.median(a / b for a, b in zip(ours.rates, library.rates, strict=True))
        say(last_line("append", ours.rates, floor.rates, ours.latencies, default_ratio=against))


if __name__ == "__main__":
    main()
