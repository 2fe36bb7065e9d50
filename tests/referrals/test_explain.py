"""Explain: the events, who, when, which rule put it there; nothing that says who anybody is."""

import re
from uuid import UUID, uuid4

import psycopg
import pytest

from deploy.closeknit.explain import lines
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.explain import TIMERS, NothingThere, explain_client, explain_referral, rule_of
from services.referrals.store.bulk import append_batch
from services.referrals.store.mapper import FactMapper
from tests.fix_servers import Databases
from tests.referrals.store.commits import ACCEPTED, CLINIC, NOON, RECEIVED, SENT, WIC, Story, due

MAPPER = FactMapper()


@pytest.mark.parametrize("type_", sorted(FACTS))
def test_every_stored_type_rests_on_a_rule(type_: str) -> None:
    assert re.search(r"\b[RF][0-9]+\b", rule_of(type_))


def test_a_type_without_a_rule_is_seen() -> None:
    with pytest.raises(KeyError):
        rule_of("weather.changed.v1")


def test_it_says_who_when_which_rule_and_what_is_waited_for(databases: Databases) -> None:
    story, stream = Story(), uuid4()
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        told = [story.tell(stream, SENT, CLINIC), story.tell(stream, RECEIVED, WIC), story.tell(stream, ACCEPTED, WIC)]
        append_batch(connection, told, MAPPER)
        found = explain_referral(connection, MAPPER, stream, due)
        assert explain_client(connection, MAPPER, story.client, due).standing == found.standing
        with pytest.raises(NothingThere):
            explain_referral(connection, MAPPER, UUID(int=7), due)
    assert [(step.type, step.state, step.agency) for step in found.steps] == [
        ("referral.sent.v1", "sent", CLINIC),
        ("referral.received.v1", "received", WIC),
        ("referral.accepted.v1", "accepted", WIC),
    ]
    [standing] = found.standing
    assert (standing.state, standing.since.type, standing.waits_for, standing.waits_on) == (
        "accepted", "referral.accepted.v1", "contact", WIC,
    )  # fmt: skip
    said = lines(found)
    assert len(said) == 4
    assert "[F2, R12]" in said[2]
    assert said[-1].startswith(f"referral {stream}: accepted since referral.accepted.v1")


@pytest.mark.parametrize("timer", list(Timer))
def test_each_timer_rests_on_a_rule_of_its_own(timer: Timer) -> None:
    assert re.search(r"\b[RF][0-9]+\b", TIMERS[timer])


def test_it_says_which_timer_ran_out(databases: Databases) -> None:
    story, stream = Story(), uuid4()
    late = TimerFired(timer=Timer.OVERDUE, due_at=NOON)
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, [story.tell(stream, SENT, CLINIC), story.tell(stream, late, CLINIC)], MAPPER)
        said = lines(explain_referral(connection, MAPPER, stream, due))
    assert "timer.fired.v1 (overdue) -> sent" in said[1]
    assert "[R15]" in said[1]
    assert said[-1].startswith(f"referral {stream}: sent since referral.sent.v1")
