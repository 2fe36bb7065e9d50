"""Group commit: many callers, one call, and each of them gets exactly what it would have got alone."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from uuid_utils.compat import uuid7

from deploy.local import ports, postgres
from services.referrals.store.commit import Commit, Conflicted, KeyReused, Outcome, Replayed, Stored
from services.referrals.store.mapper import FactMapper, UnknownFact
from services.referrals.store.pages import Pages
from services.referrals.store.pump import Limits
from services.referrals.store.reader import Reader, Streams
from services.referrals.store.work_index import work_rows
from services.referrals.store.writer import Writer
from services.referrals.store.written import Written
from services.runtime.postgres import Overloaded, Unavailable, apply_migrations, ensure_login
from services.runtime.postgres.behalf import ask_also_for
from tests.condition import eventually
from tests.fix_servers import FAST, Databases
from tests.referrals.store.commits import (
    ACCEPTED,
    ANSWERED,
    CLINIC,
    DECLINED,
    FRESNO,
    RECEIVED,
    SENT,
    WIC,
    Story,
    due,
    registered,
    some_key,
)

MAPPER = FactMapper()
MIGRATIONS = Path(__file__).parents[3] / "services" / "referrals" / "migrations"


@pytest.fixture
async def writer(databases: Databases) -> AsyncIterator[Writer]:
    async with Writer(databases.dsn("referrals"), MAPPER) as made:
        yield made


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[Reader]:
    async with Reader(databases.dsn("referrals"), MAPPER) as made:
        yield made


def everything(databases: Databases) -> list[Written]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        return list(Pages(connection, MAPPER).all())


class Held:
    """Holds the append lock: one commit can be under way, everything else waits in the writer's queue."""

    def __init__(self, databases: Databases) -> None:
        self._dsn = databases.dsn("referrals", "closeknit_owner")

    async def __aenter__(self) -> "Held":
        self._lock = await psycopg.AsyncConnection.connect(self._dsn)
        await self._lock.execute("SELECT pg_advisory_xact_lock(hashtextextended('public.stored_events', 0))")
        self._watch = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lock.close()
        await self._watch.close()

    async def under_way(self) -> None:
        """Returns when somebody waits for the lock."""
        query = (
            "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
        )

        async def waits() -> bool:
            return await (await self._watch.execute(query)).fetchone() is not None

        await eventually(waits)


async def together(databases: Databases, writer: Writer, *commits: Commit) -> list[Outcome | BaseException]:
    """All of them in one batch: they queue up behind a first one while the lock is held."""
    async with Held(databases) as lock:
        first = asyncio.create_task(writer.append(registered()))
        await lock.under_way()
        asked = [asyncio.create_task(writer.append(each)) for each in commits]
        await eventually(lambda: writer.waiting == len(commits))
    await first
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_eight_duplicates_are_one_event_and_the_same_bytes(databases: Databases, writer: Writer) -> None:
    key = some_key()
    twins = [replace(registered(key=key), answer=replace(ANSWERED, ids={"client": uuid.UUID(int=n)})) for n in range(8)]
    outcomes = await together(databases, writer, *twins)
    [stored] = [each for each in outcomes if isinstance(each, Stored)]
    winner = twins[outcomes.index(stored)].answer
    assert winner is not None
    replayed = [each.answer.text() for each in outcomes if isinstance(each, Replayed)]
    assert replayed == [winner.text()] * 7
    assert len(everything(databases)) == 2  # and the one that opened the queue


async def test_of_eight_on_one_version_one_wins(databases: Databases, writer: Writer, reader: Reader) -> None:
    told, stream = Story(), uuid7()
    await writer.append(told.tell(stream, SENT, CLINIC))
    commits = []
    for _ in range(8):
        rival = Story(told.client, told={stream: list(told.told[stream])})
        commits.append(rival.tell(stream, ACCEPTED, WIC))
    outcomes = await together(databases, writer, *commits)
    assert [type(each) for each in outcomes].count(Stored) == 1
    assert [type(each) for each in outcomes].count(Conflicted) == 7
    [won] = [commit for commit, each in zip(commits, outcomes, strict=True) if isinstance(each, Stored)]
    streams = await reader.load(stream)
    assert [each.envelope for each in streams[stream]] == [told.told[stream][0].envelope, won.events[0].envelope]


async def test_one_that_is_refused_leaves_its_neighbours_stored(databases: Databases, writer: Writer) -> None:
    client, key = uuid.uuid4(), some_key()
    await writer.append(registered(client, key=key))
    stale, reused = registered(client), registered(key=replace(key, fingerprint=b"other"))
    good = [registered() for _ in range(14)]
    outcomes = await together(databases, writer, *good[:7], stale, reused, *good[7:])
    assert outcomes[7:9] == [Conflicted((client,)), KeyReused()]
    assert all(isinstance(each, Stored) for each in outcomes[:7] + outcomes[9:])
    assert len(everything(databases)) == 16


async def test_one_that_breaks_leaves_its_neighbours_stored(databases: Databases, writer: Writer) -> None:
    """A batch that raises is asked again one by one; the mistake is raised where it was made, and nowhere else."""
    broken = registered()
    actor = replace(broken.events[0].envelope, actor="nul \x00 byte")
    broken = replace(broken, events=(replace(broken.events[0], envelope=actor),))
    good = [registered() for _ in range(6)]
    outcomes = await together(databases, writer, *good[:3], broken, *good[3:])
    assert isinstance(outcomes[3], psycopg.DataError)
    assert all(isinstance(each, Stored) for each in outcomes[:3] + outcomes[4:])
    assert len(everything(databases)) == 7


async def test_positions_and_versions_of_a_batch_are_each_ones_own(databases: Databases, writer: Writer) -> None:
    story, stream = Story(), uuid7()
    two = replace(registered(), events=(*registered().events, *story.tell(stream, SENT, CLINIC).events))
    only_key = Commit((), key=some_key(), answer=ANSWERED)
    outcomes = await together(databases, writer, registered(), two, only_key, registered())
    assert all(isinstance(each, Stored) for each in outcomes)
    assert [each.position for each in outcomes if isinstance(each, Stored)] == [2, 4, 0, 5]
    at = {each.position: each for each in everything(databases)}
    assert at[4].stream == stream


async def test_an_unknown_fact_is_refused_before_it_reaches_the_queue(writer: Writer) -> None:
    class Forgotten(type(RECEIVED)):  # type: ignore[misc]  # a class made in a test
        TYPE = "referral.forgotten.v1"

    commit = registered()
    with pytest.raises(UnknownFact):
        await writer.append(replace(commit, events=(replace(commit.events[0], fact=Forgotten()),)))
    assert isinstance(await writer.append(registered()), Stored)


async def test_a_full_queue_says_so_at_once(databases: Databases) -> None:
    async with Writer(databases.dsn("referrals"), MAPPER, limits=Limits(batch=1, queue=2)) as writer:
        async with Held(databases) as lock:
            asked = [asyncio.create_task(writer.append(registered()))]
            await lock.under_way()
            asked += [asyncio.create_task(writer.append(registered())) for _ in range(2)]
            await eventually(lambda: writer.waiting == 2)
            with pytest.raises(Overloaded):
                await writer.append(registered())
        assert all(isinstance(each, Stored) for each in await asyncio.gather(*asked))
    assert len(everything(databases)) == 3


async def test_who_waited_too_long_is_told_and_never_stored_later(databases: Databases) -> None:
    async with Writer(databases.dsn("referrals"), MAPPER, limits=Limits(batch=1, seconds=0.3)) as writer:
        async with Held(databases) as lock:
            first = asyncio.create_task(writer.append(registered()))
            await lock.under_way()
            late = asyncio.create_task(writer.append(registered()))
            await eventually(lambda: writer.waiting == 1)
            over = asyncio.get_running_loop().time() + 0.3
            await eventually(lambda: asyncio.get_running_loop().time() > over)
        assert isinstance(await first, Stored)
        with pytest.raises(Overloaded):
            await late
    assert len(everything(databases)) == 1


async def test_who_went_away_while_waiting_stores_nothing(databases: Databases) -> None:
    async with Writer(databases.dsn("referrals"), MAPPER, limits=Limits(batch=1)) as writer:
        async with Held(databases) as lock:
            first = asyncio.create_task(writer.append(registered()))
            await lock.under_way()
            gone = asyncio.create_task(writer.append(registered()))
            await eventually(lambda: writer.waiting == 1)
            gone.cancel()
        assert isinstance(await first, Stored)
    assert len(everything(databases)) == 1


async def test_closing_serves_whoever_still_waits(databases: Databases) -> None:
    async with Writer(databases.dsn("referrals"), MAPPER) as writer, Held(databases) as lock:
        asked = [asyncio.create_task(writer.append(registered()))]
        await lock.under_way()
        asked += [asyncio.create_task(writer.append(registered())) for _ in range(99)]
        await eventually(lambda: writer.waiting == 99)
    assert all(isinstance(each, Stored) for each in await asyncio.gather(*asked))
    assert len(everything(databases)) == 100
    with pytest.raises(Unavailable):
        await writer.append(registered())


async def test_a_reader_answers_many_questions_at_once(writer: Writer, reader: Reader) -> None:
    story, one, other, key = Story(), uuid7(), uuid7(), some_key()
    await writer.append(replace(story.tell(one, SENT, CLINIC), key=key, answer=ANSWERED))
    await writer.append(story.tell(other, SENT, CLINIC))
    await writer.append(story.tell(other, DECLINED, WIC))
    nothing = uuid7()
    ask_also_for(CLINIC)
    whole, reused, none = await asyncio.gather(
        reader.look(one, other, nothing, key=key, work_of=story.client),
        reader.look(one, key=replace(key, fingerprint=b"?")),
        reader.look(other, key=some_key(), work_of=uuid.uuid4()),
    )
    assert {stream: [each.fact for each in events] for stream, events in whole.streams.items()} == {
        one: [SENT],
        other: [SENT, DECLINED],
        nothing: [],
    }
    assert whole.before == Replayed(ANSWERED)
    assert {row.id: row for row in whole.work} == {
        row.id: row for events in story.told.values() for row in work_rows(events, due)
    }
    assert (list(reused.streams), reused.before, reused.work) == ([one], KeyReused(), ())
    assert (list(none.streams), none.before, none.work) == ([other], None, ())
    assert whole.work[0].initiative == FRESNO


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[postgres.PostgresServer]:
    """A server that may be stopped without taking it from anybody else."""
    server = postgres.start(tmp_path / "postgres", ports.any_free(), settings=FAST)
    apply_migrations(server.dsn(), MIGRATIONS)
    ensure_login(server.dsn(), "referrals_app", "invented")
    yield server
    server.stop()


@pytest.mark.servers
async def test_a_server_that_was_away_is_found_again_and_nothing_is_lost_or_doubled(
    own_server: postgres.PostgresServer, tmp_path: Path
) -> None:
    dsn = own_server.dsn(user="referrals_app", password="invented")
    limits = Limits(outage=0.5)
    stored: list[uuid.UUID] = []
    unsure: list[uuid.UUID] = []
    stop = asyncio.Event()

    async def write(writer: Writer) -> None:
        while not stop.is_set():
            client = uuid.uuid4()
            try:
                await writer.append(registered(client))
                stored.append(client)
            except Unavailable:
                unsure.append(client)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 0.01)

    async with Writer(dsn, MAPPER, limits=limits) as writer, Reader(dsn, MAPPER, limits=limits) as reader:
        writers = [asyncio.create_task(write(writer)) for _ in range(8)]
        await eventually(lambda: len(stored) > 100)
        own_server.kill()
        await eventually(lambda: len(unsure) > 20)
        with pytest.raises(Unavailable):
            await reader.load(uuid.uuid4())
        again = postgres.start(tmp_path / "postgres", own_server.port, settings=FAST)
        try:
            before = len(stored)
            await eventually(lambda: len(stored) > before + 100)
            stop.set()
            await asyncio.gather(*writers)
            found = await _found(reader, *stored, *unsure)
            assert all(len(found[client]) == 1 for client in stored)
            assert all(len(found[client]) <= 1 for client in unsure)
            with psycopg.connect(dsn, autocommit=True) as connection:
                positions = [each.position for each in Pages(connection, MAPPER).all()]
            assert positions == list(range(1, len(positions) + 1))
        finally:
            again.stop()


async def test_a_login_that_is_not_there_yet_is_an_outage(databases: Databases) -> None:
    owner_dsn, role = databases.dsn("referrals", "closeknit_owner"), f"later_{uuid.uuid4().hex}"
    dsn = make_conninfo(owner_dsn, user=role, password="invented")
    async with Writer(dsn, MAPPER, limits=Limits(outage=0.2)) as writer:
        with pytest.raises(Unavailable):
            await writer.append(registered())
        ensure_login(owner_dsn, role, "invented")
        with psycopg.connect(owner_dsn, autocommit=True) as owner:
            owner.execute(sql.SQL("GRANT referrals_app TO {}").format(sql.Identifier(role)))
        await eventually(lambda: _stored(writer))
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(role)))


async def _stored(writer: Writer) -> bool:
    try:
        return isinstance(await writer.append(registered()), Stored)
    except Unavailable:
        return False


async def _found(reader: Reader, *streams: uuid.UUID) -> Streams:
    """What the reader finds once it has come back."""
    found: Streams = {}

    async def back() -> bool:
        with contextlib.suppress(Unavailable):
            found.update(await reader.load(*streams))
        return bool(found)

    await eventually(back)
    return found
