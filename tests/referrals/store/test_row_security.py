"""The store shows work and first answers to their agencies alone, and takes what is written for whom it is asked."""

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from services.referrals.domain.client import ClientRegistered
from services.referrals.store import batch
from services.referrals.store.commit import Commit, IdempotencyKey, Stored
from services.referrals.store.mapper import FactMapper
from services.referrals.store.reader import Reader
from services.referrals.store.work_lists import WorkLists
from services.referrals.store.writer import Writer
from services.referrals.store.written import Written
from services.runtime.postgres import pool
from services.runtime.postgres.behalf import NOBODY, across, ask_also_for, ask_for
from tests.fix_servers import Databases
from tests.referrals.store.commits import ANSWERED, CLINIC, HUB, SENT, WIC, Story, envelope, some_key

MAPPER = FactMapper()


@pytest.fixture(autouse=True)
def across_agencies() -> None:
    """Here nobody asks for anybody until a test says so."""
    ask_for(None)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


def registered_by(agency: str, key: IdempotencyKey | None = None) -> Commit:
    client = uuid4()
    written = Written(client, 1, ClientRegistered(), envelope(client, agency=agency))
    return Commit((written,), key=key, answer=ANSWERED if key else None)


def sent(agency: str = CLINIC) -> tuple[Story, Commit]:
    story = Story()
    return story, story.tell(uuid7(), SENT, agency)


async def test_what_is_written_is_for_whom_it_is_asked(shared: Databases) -> None:
    async with Writer(shared.dsn("referrals"), MAPPER) as writer:
        ask_for(CLINIC)
        assert isinstance(await writer.append(sent()[1]), Stored)
        ask_for(HUB)
        with pytest.raises(InsufficientPrivilege, match="stored_events"):
            await writer.append(sent()[1])
        ask_for(None)
        with pytest.raises(InsufficientPrivilege, match="stored_events"):
            await writer.append(sent()[1])
        ask_for(HUB)
        ask_also_for(CLINIC)
        assert isinstance(await writer.append(sent()[1]), Stored)
        ask_for(None)
        with across("timers"):
            assert isinstance(await writer.append(sent()[1]), Stored)


async def test_work_between_others_is_not_written(shared: Databases) -> None:
    story, commit = sent()
    ask_for(HUB)
    others = story.tell(uuid4(), SENT, CLINIC).work
    mine = registered_by(HUB)
    async with Writer(shared.dsn("referrals"), MAPPER) as writer:
        with pytest.raises(InsufficientPrivilege, match="work_index"):
            await writer.append(Commit(mine.events, work=others))
    assert commit.work


async def test_a_work_list_is_its_agencys(shared: Databases) -> None:
    story, commit = sent()
    async with Writer(shared.dsn("referrals"), MAPPER) as writer, pool(shared.dsn("referrals"), "test") as connections:
        ask_for(CLINIC)
        await writer.append(commit)
        [row] = commit.work
        lists = WorkLists(connections)
        assert await lists.some(row.initiative, CLINIC, [row.id])
        ask_for(WIC)
        assert await lists.some(row.initiative, WIC, [row.id])
        ask_for(HUB)
        assert not await lists.some(row.initiative, CLINIC, [row.id]), "asked for another agency, in words"
    with psycopg.connect(shared.dsn("referrals")) as connection:
        assert connection.execute("SELECT count(*) FROM work_index").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM idempotency").fetchone() == (0,)


async def test_a_first_answer_is_its_agencys(shared: Databases) -> None:
    key = some_key()
    async with Writer(shared.dsn("referrals"), MAPPER) as writer, Reader(shared.dsn("referrals"), MAPPER) as reader:
        ask_for(key.agency)
        await writer.append(registered_by(key.agency, key))
        assert (await reader.look(uuid4(), key=key)).before is not None
        for other in (HUB, None):
            ask_for(other)
            assert (await reader.look(uuid4(), key=key)).before is None
        ask_for(HUB)
        with pytest.raises(InsufficientPrivilege, match="idempotency"):
            await writer.append(registered_by(HUB, some_key()))
    assert key.agency != HUB


@pytest.mark.parametrize("statement", ["UPDATE work_index SET state = 'taken'", "DELETE FROM idempotency"])
def test_the_service_itself_changes_neither(shared: Databases, statement: str) -> None:
    with psycopg.connect(shared.dsn("referrals")) as connection:
        as_agency(connection, CLINIC)
        with pytest.raises(InsufficientPrivilege):
            connection.execute(statement.encode())


def as_agency(connection: psycopg.Connection[TupleRow], agency: str) -> None:
    connection.execute("SELECT set_config('closeknit.asks', %s, true)", [agency])


def test_a_commit_remembers_who_asked() -> None:
    ask_for(CLINIC)
    parcel = batch.pack(sent()[1], 1, MAPPER.encode)
    ask_for(None)
    assert parcel.asks.agencies == {CLINIC}
    assert batch.pack(sent()[1], 1, MAPPER.encode).asks == NOBODY
