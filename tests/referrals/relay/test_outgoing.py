"""What goes out for a row of the store is what goes out for its event, whichever way it takes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from datetime import UTC, datetime, timedelta, timezone

import pytest
from eventsourcing.persistence import MapperDeserialisationError
from pydantic import ValidationError

from contracts.registry import EVENTS
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.relay import Publisher
from services.referrals.store.recorded import Row, written_row
from services.referrals.store.written import Envelope
from tests.invented import CLIENT, CLINIC, EPISODE, REFERRAL
from tests.referrals.relay.log import MAPPER, PARTITIONS, invented_pseudonym
from tests.stored_facts import STORED

TIMES = [
    datetime(2026, 11, 2, 20, 0, tzinfo=UTC),
    datetime(2026, 11, 2, 20, 0, 5, 120, tzinfo=UTC),
    datetime(2026, 11, 2, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-8))),
]
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def row_of(fact: Fact, time: datetime = TIMES[1], trace: str | None = TRACE) -> Row:
    envelope = Envelope(EPISODE, CLIENT, CLINIC, "fresno-ptbi", time, "staff-clinic-1", EPISODE, None, trace)
    return (REFERRAL, 1, fact.TYPE, MAPPER.encode(fact), *astuple(envelope), 4711, time)


def facts() -> Iterator[Fact]:
    """Each kind as it is filled, without any class, and with one."""
    for fact in STORED.values():
        yield fact
        if "restricted" in type(fact).model_fields:
            for given in (None, RestrictedClass.IPV):
                with suppress(ValidationError):  # some have a class of their own, always
                    yield type(fact).model_validate(fact.model_dump() | {"restricted": given})


ALWAYS_RESTRICTED = {"birth.recorded.v1", "postpartum_visit.recorded.v1", "screening.recorded.v1"}


@pytest.mark.parametrize("turned_on", [True, False])
def test_a_row_and_its_event_go_out_as_the_same(turned_on: bool) -> None:
    publisher, went = Publisher(invented_pseudonym, lambda _: turned_on), set()
    for fact in facts():
        row = row_of(fact)
        outgoing = publisher.outgoing_row(row, MAPPER.decode, PARTITIONS)
        assert outgoing == publisher.outgoing(written_row(row, MAPPER.decode), PARTITIONS)
        if outgoing is not None:
            went.add(fact.TYPE)
    assert went == FACTS.keys() & EVENTS.keys() - (set() if turned_on else ALWAYS_RESTRICTED)


@pytest.mark.parametrize("time", TIMES, ids=str)
@pytest.mark.parametrize("trace", [None, TRACE])
def test_times_and_trace_are_the_same_too(time: datetime, trace: str | None) -> None:
    publisher, row = Publisher(invented_pseudonym, lambda _: False), row_of(STORED[ReferralSent], time, trace)
    outgoing = publisher.outgoing_row(row, MAPPER.decode, PARTITIONS)
    assert outgoing is not None
    assert outgoing == publisher.outgoing(written_row(row, MAPPER.decode), PARTITIONS)
    said = dict(outgoing.record.headers)
    assert said["ce_id"] == str(EPISODE).encode()
    assert said["ce_time"] == said["ce_recordedtime"]
    assert said["ce_time"] == time.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()
    assert outgoing.written_ms == int(time.timestamp() * 1000)
    assert said.get("traceparent") == (trace.encode() if trace else None)


def test_a_state_that_does_not_fit_is_refused_and_not_sent() -> None:
    row = list(row_of(STORED[ReferralSent]))
    row[3] = row[3].replace(b'"urgent"', b'"at-once"')
    with pytest.raises(MapperDeserialisationError):
        Publisher(invented_pseudonym, lambda _: False).outgoing_row(tuple(row), MAPPER.decode, PARTITIONS)


def test_neither_record_nor_outgoing_shows_its_content() -> None:
    publisher = Publisher(invented_pseudonym, lambda _: False)
    outgoing = publisher.outgoing_row(row_of(STORED[ReferralSent]), MAPPER.decode, PARTITIONS)
    assert outgoing is not None
    for shown in (repr(outgoing), str(outgoing), f"{outgoing}", repr(outgoing.record), str(outgoing.record)):
        assert outgoing.record.key.decode() not in shown
        assert "urgent" not in shown
