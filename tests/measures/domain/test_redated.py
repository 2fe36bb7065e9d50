"""Of a due date that was said otherwise later, figures say how many cases it put into another class (catalogue C1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.events.episode import EpisodeDatedV1
from services.measures.definitions import CATALOGUE, find
from services.measures.domain.figure import compute
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from services.measures.domain.redated import first_dated, is_redated, redated
from tests.measures import pregnancies as of
from tests.measures.lives import world
from tests.measures.published import CLINIC, START, Log

DAY = timedelta(days=1)
AS_OF = AsOf(datetime(2030, 1, 1, tzinfo=UTC), UTC)
HER = "her"


def due(weeks_along: int, days: int = 0) -> date:
    """The due date of a pregnancy that is so far along at the start."""
    return START.date() + timedelta(days=280 - 7 * weeks_along - days)


def changed(log: Log, measure: str) -> int:
    return redated(find(measure), log.journeys(), Period(), AS_OF)


def reached(*due_dates: date) -> Log:
    """She is met on the day on which her pregnancy becomes known; due dates are said one after the other."""
    log = Log()
    episode = of.opened(log, HER, START)
    for number, edd in enumerate(due_dates):
        of.dated(log, HER, episode, START + number * DAY, edd)
    log.contact(HER, START, CLINIC)
    return log


def test_a_later_due_date_that_moves_her_out_of_the_first_trimester_is_one_case() -> None:
    log = reached(due(13), due(15))
    assert changed(log, "first_trimester_clinical") == 1
    assert changed(log, "first_contact_gestation") == 1, "its first band ends with day 97"
    assert changed(log, "response_rate") == 0
    for weeks in (13, 15):
        alone = compute(find("first_trimester_clinical"), reached(due(weeks)).journeys(), Period(), AS_OF)
        assert (alone.numerator, alone.denominator) == (int(weeks == 13), 1)


@pytest.mark.parametrize(
    "log",
    [
        reached(due(13)),
        reached(due(13), due(13)),
        reached(due(8), due(11)),
        reached(due(13), due(15), due(13)),
    ],
    ids=["said once", "said the same", "the same class", "there and back"],
)
def test_what_changes_no_class_is_no_case(log: Log) -> None:
    assert changed(log, "first_trimester_clinical") == changed(log, "first_contact_gestation") == 0


def test_between_the_two_rules_of_the_trimester_only_one_has_changed() -> None:
    log = reached(due(13), due(14, 2))  # day 91 of the one, 100 of the other: past 97, not past 104
    assert [changed(log, f"first_trimester_{rule}") for rule in ("clinical", "hedis")] == [1, 0]


def test_r14_a_due_date_that_was_a_mistake_was_never_the_first() -> None:
    log = reached(due(13), due(15))
    first = next(fact for fact in log.facts if fact.headers.type == "episode.dated.v1")
    of.no_pregnancy(log, HER, first, getattr(first.event, "episode"), START + 9 * DAY)  # noqa: B009 - of many events
    assert changed(log, "first_trimester_clinical") == 0


def test_of_two_entries_of_one_pregnancy_the_first_word_of_either_is_the_first() -> None:
    log = reached(due(13))
    other = of.opened(log, HER, START + DAY, agency="example-doulas")
    of.dated(log, HER, other, START + 2 * DAY, due(15), agency="example-doulas")
    [(_, journey)] = log.journeys()
    assert len(journey.pregnancies) == 1
    assert changed(log, "first_trimester_clinical") == 1


def test_preterm_by_the_due_date_in_force_is_a_case_of_a_sensitive_measure() -> None:
    log = Log()
    episode = of.opened(log, HER, START)
    of.dated(log, HER, episode, START, due(20))
    of.dated(log, HER, episode, START + DAY, due(18))
    of.born(
        log, HER, episode, START + 18 * 7 * DAY, START.date() + 18 * 7 * DAY
    )  # 38 weeks by the one, 36 by the other
    assert changed(log, "preterm_birth") == 1
    assert compute(find("preterm_birth"), log.journeys(), Period(), AS_OF).numerator == 1


@pytest.mark.parametrize("seed", range(8))
def test_whoever_was_not_dated_otherwise_changes_nothing(seed: int) -> None:
    for client, journey in world(seed).journeys():
        said = [each for each in journey.known.values() if isinstance(each.event, EpisodeDatedV1)]
        if len(said) < 2:
            assert first_dated(journey) is journey
        if not is_redated(journey):
            for definition in CATALOGUE.values():
                if not definition.sensitive:
                    assert redated(definition, [(client, journey)], Period(), AS_OF) == 0
