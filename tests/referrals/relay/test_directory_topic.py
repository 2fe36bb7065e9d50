"""The directory on Kafka: the latest word about each entry by its id, on one partition, whatever was compacted away."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import psycopg
import pytest

from contracts.events.directory import CapacityStatedV1
from contracts.registry import decode
from services.referrals.application.configuration import load, stream_of
from services.referrals.directory import Directory
from services.referrals.directory.entries import configured
from services.referrals.domain.directory import CapacityStated, capacity_stream
from services.referrals.domain.vocabulary import Room
from services.referrals.publishing import DIRECTORY_TOPIC
from services.referrals.relay import Comparison, Outgoing, Ports
from services.referrals.relay.entries import Entries
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.written import Written
from services.runtime.clock import SystemClock
from tests.referrals.api.conftest import INITIATIVES
from tests.referrals.relay.log import MAPPER, PARTITIONS, Scene, read, stored
from tests.referrals.relay.test_difference import OnTheLog
from tests.referrals.store.commits import FRESNO, NOON, envelope

DIRECTORY = Directory.read(INITIATIVES)
BOXES = "food-pantry-boxes"
DAY = date(2026, 11, 2)


def says(version: int, room: Room, service: str = BOXES) -> Commit:
    stream = capacity_stream(FRESNO, service)
    fact = CapacityStated(agency="example-food-pantry", service=service, room=room, on=DAY + timedelta(version))
    return Commit((Written(stream, version, fact, replace(envelope(stream), client_id=stream)),))


@pytest.fixture
def listed(scene: Scene) -> Scene:
    """A store with a directory, two words about the room of one service, and some clients between."""
    with psycopg.connect(scene.dsn, autocommit=True) as connection:
        load(connection, DIRECTORY.initiatives, SystemClock(), MAPPER)
        append_batch(connection, [says(1, Room.OPEN)], MAPPER)
        stored(scene.dsn, 2)
        append_batch(connection, [says(2, Room.FULL)], MAPPER)
    return scene


def test_every_word_is_on_the_topic_once_keyed_by_the_entrys_id(listed: Scene) -> None:
    entries = sum(1 for initiative in DIRECTORY.initiatives for _ in configured(initiative))
    for _ in range(2):  # the second time it goes on behind what is there
        with listed.relaying():
            listed.arrived()
    found = read(listed.kafka, [DIRECTORY_TOPIC])[DIRECTORY_TOPIC, 0]
    assert len(found) == entries + 2
    assert [record.key for record in found] == [dict(record.headers)["ce_subject"] for record in found]
    assert len({record.key for record in found}) == entries + 1
    first = next(configured(DIRECTORY.initiatives[0]))
    assert found[0].key == str(stream_of(DIRECTORY.initiatives[0].slug, first)).encode()
    last = decode("capacity.stated.v1", found[-1].value or b"")
    assert isinstance(last, CapacityStatedV1)
    assert (last.room, last.service) == (Room.FULL, BOXES)
    compared = Comparison(Ports(listed.dsn, listed.kafka, restricted=True), listed.publisher(), MAPPER).run()
    assert compared.difference is None
    assert compared.records == entries + 2 + sum(map(len, read(listed.kafka, CLIENTS).values()))


CLIENTS = ["care.events.v1", "care.restricted.v1"]


@dataclass(frozen=True)
class Word:
    """What was said of one service's room, as it goes out and as the topic has it."""

    outgoing: Outgoing
    on_the_log: OnTheLog


@pytest.fixture
def words() -> list[Word]:
    """Three words about one entry and one about another, in the order of positions 5, 6, 7, 8."""
    publisher = Scene("", "").publisher()
    made: list[Word] = []
    for number, (version, service) in enumerate([(1, BOXES), (2, BOXES), (1, "other"), (3, BOXES)]):
        event = says(version, Room.OPEN, service).events[0].stored(5 + number, NOON + timedelta(number))
        outgoing = publisher.outgoing(event, PARTITIONS)
        assert outgoing is not None
        record = outgoing.record
        there = OnTheLog(
            DIRECTORY_TOPIC, 0, number, outgoing.written_ms, record.key, record.value, list(record.headers)
        )
        made.append(Word(outgoing, there))
    return made


def entries_of(words: list[Word]) -> Entries:
    entries = Entries()
    for word in words:
        entries.add(word.outgoing)
    return entries


@pytest.mark.parametrize("gone", [(), (0,), (1,), (0, 1)], ids=str)
def test_what_is_superseded_may_be_gone(words: list[Word], gone: tuple[int, ...]) -> None:
    left = [word.on_the_log for number, word in enumerate(words) if number not in gone]
    assert entries_of(words).difference(left, last=8) is None


@pytest.mark.parametrize(
    ("spoil", "position", "said"),
    [
        (lambda there: there[:3], 8, "the record is missing"),
        (lambda there: [*there[:2], there[3]], 7, "the record is missing"),
        (lambda there: [replace(there[0], value=b"{}"), *there[1:]], 5, "its key or value is not what the store says"),
        (lambda there: [replace(there[0], offset=4), *there[1:]], 5, "its offset is 4 and not 0"),
        (lambda there: [replace(there[0], timestamp=1), *there[1:]], 5, "its headers or its time are not"),
    ],
)
def test_what_is_wrong_is_seen(
    words: list[Word], spoil: Callable[[list[OnTheLog]], list[OnTheLog]], position: int, said: str
) -> None:
    found = entries_of(words).difference(spoil([word.on_the_log for word in words]), last=8)
    assert found is not None
    assert (found.where, found.position) == ("care.directory.v1 partition 0", position)
    assert said in found.what


def test_a_record_that_nothing_stands_behind_is_seen(words: list[Word]) -> None:
    there = [word.on_the_log for word in words]
    found = entries_of(words[:3]).difference(there, last=8)
    assert found is not None
    assert "nothing in the store" in found.what
    assert entries_of(words[:3]).difference(there, last=7) is None  # stored since
