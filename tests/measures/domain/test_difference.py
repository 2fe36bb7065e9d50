"""Which unit two definitions count otherwise, by which rules, and the events that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

from msgspec import structs

from services.measures.definitions import EVERY, clients_missing_visits_v1, find, in_force, response_rate_v1
from services.measures.domain.difference import moved
from services.measures.domain.journey import Journey, fold
from services.measures.domain.measure import AsOf, Rule, Standing, Unit
from services.measures.domain.period import Period
from tests.measures.published import START, Log

DAY = timedelta(days=1)
AS_OF = AsOf(START + 60 * DAY, UTC)
SOON = Rule("soon", Standing.MET, "answered within 7 days")


def a_log() -> Log:
    """One answered at once, one after ten days, one not at all."""
    log = Log()
    for days in (1, 10, None):
        referral = log.sent("her", START)
        if days is not None:
            log.accepted("her", referral, START + days * DAY)
    return log


def within_a_week(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    for unit in response_rate_v1.assess(journey, as_of):
        answered = journey.referrals[unit.id].answered if unit.id else None
        is_soon = answered is not None and answered.at - unit.at <= 7 * DAY
        yield structs.replace(unit, rule=SOON if is_soon else response_rate_v1.SILENT)


FIRST = response_rate_v1.DEFINITION
SECOND = replace(FIRST, version=2, assess=within_a_week, rules=(SOON, response_rate_v1.SILENT))


def test_each_unit_that_moved_is_named_with_both_rules_and_its_events() -> None:
    log = a_log()
    found = list(moved(FIRST, SECOND, [("her", fold(fact.observed for fact in log.facts))], Period(), AS_OF))
    assert [(each.before and each.before.code, each.after and each.after.code) for each in found] == [
        ("answered", "soon"),
        ("answered", "silent"),
    ]
    assert [event.id for event in found[1].events] == [fact.headers.id for fact in log.facts[2:4]]
    assert list(moved(FIRST, FIRST, [("her", fold(fact.observed for fact in log.facts))], Period(), AS_OF)) == []


def test_a_unit_that_one_does_not_look_at_moved_too() -> None:
    nobody = replace(FIRST, version=3, assess=lambda journey, as_of: ())
    found = list(moved(nobody, FIRST, [("her", fold(fact.observed for fact in a_log().facts))], Period(), AS_OF))
    assert [(each.before, each.after and each.after.code) for each in found] == [
        (None, "answered"),
        (None, "answered"),
        (None, "silent"),
    ]


def test_where_a_client_counts_once_she_moves_as_one() -> None:
    log = Log()
    referral = log.sent("her", START)
    for _ in range(3):
        log.booked("her", referral, START, START + DAY)
    by_visit, by_client = find("missed_visits"), clients_missing_visits_v1.DEFINITION
    kept = [("her", fold(fact.observed for fact in log.facts))]
    other = replace(by_client, assess=lambda journey, as_of: ())
    assert len(list(moved(by_visit, replace(by_visit, assess=other.assess), kept, Period(), AS_OF))) == 3
    assert len(list(moved(by_client, other, kept, Period(), AS_OF))) == 1


def test_every_version_stays_and_the_newest_is_in_force() -> None:
    both = (SECOND, *EVERY)
    assert in_force(both)["response_rate"] is SECOND
    assert in_force((*EVERY, SECOND))["response_rate"] is SECOND
    assert list(in_force(both)) == list(in_force(EVERY))
    assert [find("response_rate"), find("response_rate", 1), find("response_rate_v1")] == [FIRST] * 3
