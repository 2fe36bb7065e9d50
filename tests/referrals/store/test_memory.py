"""What is remembered: never newer than the store, never stored upon when it is old, never more than it may be."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.referrals.store.commit import Conflicted, IdempotencyKey, Stored, WorkSeen
from services.referrals.store.mapper import FactMapper
from services.referrals.store.memory import CLIENTS, LONGEST, Memory
from services.referrals.store.reader import Looked, Reader
from services.referrals.store.recall import Recall
from services.referrals.store.work_index import work_rows
from services.referrals.store.writer import Writer
from tests.fix_servers import Databases
from tests.referrals.store.commits import ACCEPTED, CLINIC, RECEIVED, SENT, WIC, Story, due, event, registered

MAPPER = FactMapper()


class Counted:
    """Reads of the store, and which streams were asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.asked: list[UUID] = []

    async def load(self, *streams: UUID) -> dict[UUID, tuple[object, ...]]:
        raise AssertionError("a recall looks")

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        self.asked += [*streams, *([work_of] if work_of else [])]
        return await self._reader.look(*streams, key=key, work_of=work_of)


@pytest.fixture
async def reader(databases: Databases) -> AsyncIterator[Counted]:
    async with Reader(databases.dsn("referrals"), MAPPER) as made:
        yield Counted(made)


@pytest.fixture
async def elsewhere(databases: Databases) -> AsyncIterator[Writer]:
    """The writer of another process: this one's memory is not told of what it stores."""
    async with Writer(databases.dsn("referrals"), MAPPER) as made:
        yield made


def recall(reader: Counted, memory: Memory, *, anew: bool = False) -> Recall:
    return Recall(reader, memory, anew=anew)  # type: ignore[arg-type]  # its `load` is there to fail


@pytest.mark.servers
async def test_what_was_read_or_written_is_not_asked_for_again(databases: Databases, reader: Counted) -> None:
    memory, story, stream = Memory(), Story(), uuid7()
    async with Writer(databases.dsn("referrals"), MAPPER, memory=memory) as writer:
        await writer.append(story.tell(stream, SENT, CLINIC))
        written = await recall(reader, memory).look(stream)
        assert [each.fact for each in written.streams[stream]] == [SENT]
        await recall(reader, memory).look(story.client, work_of=story.client)
        assert reader.asked == [story.client, story.client]
        again = recall(reader, memory)
        found = await again.look(story.client, stream, work_of=story.client)
        assert reader.asked == [story.client, story.client]
    assert found.streams[story.client] == ()
    assert [row.id for row in found.work] == [stream]
    assert again.remembered
    assert (again.expect, again.looked) == ({story.client: 0, stream: 1}, {story.client: WorkSeen(1, 1)})


@pytest.mark.servers
async def test_nothing_is_stored_upon_a_stream_that_moved_elsewhere(
    databases: Databases, reader: Counted, elsewhere: Writer
) -> None:
    memory, story, stream = Memory(), Story(), uuid7()
    async with Writer(databases.dsn("referrals"), MAPPER, memory=memory) as writer:
        await writer.append(story.tell(stream, SENT, CLINIC))
        await elsewhere.append(story.tell(stream, RECEIVED, WIC))
        old = recall(reader, memory)
        assert len((await old.look(stream)).streams[stream]) == 1
        outcome = await writer.append(replace(registered(), expect=old.expect))
        assert outcome == Conflicted((stream,))
        anew = recall(reader, memory)
        assert len((await anew.look(stream)).streams[stream]) == 2, "what conflicted was forgotten"
        assert isinstance(await writer.append(replace(registered(), expect=anew.expect)), Stored)


@pytest.mark.servers
@pytest.mark.parametrize("change", ["another referral", "another step"])
async def test_r4_nothing_is_stored_upon_work_that_changed_elsewhere(
    databases: Databases, reader: Counted, elsewhere: Writer, change: str
) -> None:
    memory, story, stream = Memory(), Story(), uuid7()
    await elsewhere.append(story.tell(stream, SENT, CLINIC))
    async with Writer(databases.dsn("referrals"), MAPPER, memory=memory) as writer:
        old = recall(reader, memory)
        await old.look(work_of=story.client)
        same = replace(registered(), looked=old.looked)
        if change == "another referral":
            await elsewhere.append(story.tell(uuid7(), SENT, CLINIC))
        else:
            await elsewhere.append(story.tell(stream, ACCEPTED, WIC))
        assert await writer.append(same) == Conflicted((story.client,))
        anew = recall(reader, memory, anew=True)
        await anew.look(work_of=story.client)
        assert isinstance(await writer.append(replace(same, looked=anew.looked)), Stored)


@pytest.mark.servers
async def test_of_a_client_who_is_new_nothing_is_asked(databases: Databases, reader: Counted) -> None:
    memory, client = Memory(), uuid7()
    async with Writer(databases.dsn("referrals"), MAPPER, memory=memory) as writer:
        await writer.append(registered(client))
        found = await recall(reader, memory).look(client, work_of=client)
    assert (len(found.streams[client]), found.work, reader.asked) == (1, (), [])


def test_of_a_client_whose_beginning_is_not_seen_nothing_is_known() -> None:
    memory, story = Memory(), Story()
    memory.stored(story.tell(uuid7(), SENT, CLINIC))
    assert memory.work(story.client) is None


def test_what_is_newer_stays() -> None:
    memory, story, stream = Memory(), Story(), uuid7()
    sent, received = story.tell(stream, SENT, CLINIC), story.tell(stream, RECEIVED, WIC)
    both = (*sent.events, *received.events)
    (first,), (second,) = work_rows(sent.events, due), work_rows(both, due)
    memory.read_streams({stream: both})
    memory.read_streams({stream: sent.events})
    memory.read_work(story.client, [second])
    memory.read_work(story.client, [first])
    assert memory.stream(stream) == both
    assert memory.work(story.client) == {stream: second}


def test_what_does_not_continue_is_forgotten() -> None:
    memory, story, stream = Memory(), Story(), uuid7()
    sent, received = story.tell(stream, SENT, CLINIC), story.tell(stream, RECEIVED, WIC)
    accepted = story.tell(stream, ACCEPTED, WIC)
    memory.stored(sent)
    assert memory.stream(stream) == sent.events
    memory.stored(accepted)
    assert memory.stream(stream) is None, "what lies between is not known"
    memory.read_streams({stream: (*sent.events, *received.events)})
    memory.stored(accepted)
    assert memory.stream(stream) == (*sent.events, *received.events, *accepted.events)


def test_memory_is_bounded_and_keeps_what_is_used() -> None:
    memory, streams = Memory(streams=3, clients=2), [uuid7() for _ in range(4)]
    for stream in streams[:3]:
        memory.read_streams({stream: ()})
        memory.read_work(stream, ())
    assert memory.stream(streams[0]) == ()
    memory.read_streams({streams[3]: ()})
    assert [memory.stream(each) is not None for each in streams] == [True, False, True, True]
    assert [memory.work(each) is not None for each in streams] == [False, True, True, False]


def test_a_client_who_is_remembered_has_room_for_all_that_a_referral_looks_at() -> None:
    """Herself, her plan, what she agreed to, what was sent for her: else each is read anew once many were sent."""
    memory, number = Memory(), 0
    for _ in range(CLIENTS):
        memory.read_work(UUID(int=number), ())
        for _ in range(4):
            memory.read_streams({UUID(int=number): ()})
            number += 1
    assert memory.work(UUID(int=0)) == {}
    assert memory.stream(UUID(int=0)) == ()
    memory.read_streams({UUID(int=number): ()})
    assert memory.stream(UUID(int=1)) is None, "it is bounded all the same"


def test_a_stream_of_great_length_is_read_anew_each_time() -> None:
    memory, stream, client = Memory(), uuid7(), uuid.uuid4()
    long = tuple(event(SENT, client=client, stream=stream, version=number + 1) for number in range(LONGEST + 1))
    memory.read_streams({stream: long[:-1]})
    assert memory.stream(stream) == long[:-1]
    memory.read_streams({stream: long})
    assert memory.stream(stream) is None
