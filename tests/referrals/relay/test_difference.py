"""How one record or row is told from another: every part of either counts, but the relay's own span."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from contracts.envelope import Headers
from services.referrals.relay import Measured, Outgoing
from services.referrals.relay.difference import record_difference, row_difference
from services.referrals.relay.resume import LogDamaged
from tests.referrals.relay.log import Scene
from tests.referrals.store.commits import NOON, SENT, event

PLACE = ("care.events.v1", 3)


@dataclass(frozen=True)
class OnTheLog:
    """A record as Kafka's client gives it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def outgoing() -> Outgoing:
    made = Scene("", "").publisher().outgoing(event(SENT).stored(41, NOON), 12)
    assert made is not None
    return made


def on_the_log(sent: Outgoing) -> OnTheLog:
    record = sent.record
    return OnTheLog(*PLACE, 7, sent.written_ms, record.key, record.value, list(record.headers))


def with_header(record: OnTheLog, name: str, value: bytes) -> OnTheLog:
    return replace(record, headers=[(key, value if key == name else old) for key, old in record.headers])


def test_the_same_record_is_no_difference_whatever_its_span() -> None:
    sent = outgoing()
    record = on_the_log(sent)
    assert record_difference(sent, PLACE, (7, record)) is None
    assert record_difference(sent, PLACE, (7, with_header(record, "traceparent", b"another"))) is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"offset": 8}, "its offset is 8 and not 7"),
        ({"key": b"another"}, "its key or value is not what the store says"),
        ({"value": b"{}"}, "its key or value is not what the store says"),
        ({"value": None}, "its key or value is not what the store says"),
        ({"timestamp": 1}, "its headers or its time are not what the store says"),
    ],
)
def test_another_record_is_a_difference(change: dict[str, Any], what: str) -> None:
    sent = outgoing()
    found = record_difference(sent, PLACE, (7, replace(on_the_log(sent), **change)))
    assert str(found) == f"care.events.v1 partition 3, position 41: {what}"


def test_another_header_is_a_difference() -> None:
    sent = outgoing()
    record = on_the_log(sent)
    names = [name for name, _ in record.headers if name not in ("traceparent", "ce_position")]
    assert len(names) == 10
    for name in names:
        assert record_difference(sent, PLACE, (7, with_header(record, name, b"other"))) is not None, name
    extra = replace(record, headers=[*record.headers, ("more", b"")])
    assert record_difference(sent, PLACE, (7, extra)) is not None
    later, earlier = with_header(record, "ce_position", b"42"), with_header(record, "ce_position", b"40")
    assert "missing, position 42 is in its place" in str(record_difference(sent, PLACE, (7, later)))
    assert "position 40 is there again, or out of order" in str(record_difference(sent, PLACE, (7, earlier)))
    assert "the record is missing" in str(record_difference(sent, PLACE, None))
    with pytest.raises(LogDamaged):
        record_difference(sent, PLACE, (7, with_header(record, "ce_position", b"x")))


def row(sent: Outgoing) -> Measured:
    said = Headers.read(sent.record.headers)
    return Measured(
        event_id=said.id,
        initiative=said.initiative,
        subject=said.subject,
        type=said.type,
        agency=said.agency,
        occurred_at=said.time,
        recorded_at=said.recorded_time,
        position=said.position,
        topic=sent.record.topic,
        partition=sent.partition,
        offset=7,
        data=sent.record.value,
    )


@pytest.mark.parametrize("name", Measured.__slots__)
def test_every_part_of_a_row_counts(name: str) -> None:
    sent = outgoing()
    right = row(sent)
    assert row_difference(sent, 7, right) is None
    there: Any = getattr(right, name)
    other: Any
    match there:
        case str():
            other = there + "x"
        case bytes():
            other = there + b" "
        case int():
            other = there + 1
        case _ if name == "event_id":
            other = uuid7()
        case _:
            other = there + timedelta(milliseconds=1)
    found = row_difference(sent, 7, replace(right, **{name: other}))
    assert str(found).startswith("measures, position 41: ")


def test_a_row_that_is_missing_or_too_much() -> None:
    sent = outgoing()
    assert str(row_difference(sent, 7, None)) == "measures, position 41: the row is missing"
    earlier = replace(row(sent), position=40)
    assert "nothing in the store stands behind this row" in str(row_difference(sent, 7, earlier))
