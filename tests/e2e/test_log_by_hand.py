"""Somebody writes the log on Kafka anew with one position changed: `closeknit verify` finds it, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest

from services.referrals.publishing import CARE_TOPIC, DIRECTORY_TOPIC, RESTRICTED_TOPIC
from services.runtime.kafka import Record, producer
from tests.e2e.walk import Walk
from tests.fix_line import Line
from tests.referrals.relay.log import fresh_topics, read

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Copied:
    """What a record says, to be written again."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int

    @classmethod
    def of(cls, record: Record) -> "Copied":
        assert record.key is not None
        assert record.value is not None
        return cls(record.key, record.value, tuple(record.headers), record.timestamp)

    @property
    def position(self) -> int:
        return int(dict(self.headers)["ce_position"])

    def saying(self, position: int) -> "Copied":
        """The same record with another position."""
        headers = ((name, b"%d" % position if name == "ce_position" else value) for name, value in self.headers)
        return replace(self, headers=tuple(headers))


Places = dict[tuple[str, int], list[Copied]]


def write(kafka: str, places: Places) -> None:
    """The log from its beginning, with exactly these records."""
    fresh_topics(kafka)
    made = producer(kafka, "by-hand")
    for (topic, partition), records in places.items():
        for record in records:
            given = (topic, record.value, record.key, list(record.headers))
            made.send(*given, partition=partition, timestamp_ms=record.timestamp)
    made.flush(30)
    made.close()


@contextmanager
def written_anew(line: Line, change: Callable[[Places], None]) -> Iterator[None]:
    """The log as it was, but for one change; nobody else reads or writes it meanwhile."""
    kafka = line.settings["CLOSEKNIT_KAFKA"]
    with line.away("relay"), line.away("consume"):
        found = read(kafka, (CARE_TOPIC, RESTRICTED_TOPIC, DIRECTORY_TOPIC))
        whole = {place: [Copied.of(record) for record in records] for place, records in found.items()}
        changed = {place: list(records) for place, records in whole.items()}
        change(changed)
        try:
            write(kafka, changed)
            yield
        finally:
            write(kafka, whole)


def last_one_moved(places: Places) -> None:
    """The last record of one partition says a position that no event has."""
    records = max(places.values(), key=len)
    records[-1] = records[-1].saying(10**9)


def verified(line: Line) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was found."""
    result = line.command("verify", "--json")
    return result.exit_code, orjson.loads(result.stdout)


def test_all_that_the_tests_did_is_right_and_a_position_changed_by_hand_is_seen(line: Line) -> None:
    Walk.begun(line).sent()
    line.settled()
    code, found = verified(line)
    assert (code, found["difference"]) == (0, None)
    assert found["records"] == found["rows"] > 0
    with written_anew(line, last_one_moved):
        code, changed = verified(line)
        assert (code, changed["difference"] is None) == (1, False)
    line.settled()
    assert verified(line) == (0, found)
