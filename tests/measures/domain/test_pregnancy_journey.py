"""What a journey knows of pregnancies, needs and her voice, in whatever order it comes; what is restricted is apart."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.vocabulary import AgeBand, Category, Degree, Instrument, ResponsibilityDomain, ScreeningResult
from services.measures.domain.episode import Birth, Superseded
from services.measures.domain.journey import Journey, Observed, evolve, fold
from services.measures.domain.need import Resolved
from tests.measures import pregnancies as of
from tests.measures.lives import world
from tests.measures.published import CLINIC, DOULAS, START, Log

DAY = timedelta(days=1)
EDD = date(2026, 7, 1)
POSITIVE, NEGATIVE = ScreeningResult.POSITIVE, ScreeningResult.NEGATIVE


def observed(log: Log) -> list[Observed]:
    return [fact.observed for fact in log.facts]


def a_life() -> Log:
    """A pregnancy with everything that can be said of one, needs, screenings and answers, some of it by mistake."""
    log = Log()
    referral = log.sent("her", START)
    episode = of.opened(log, "her", START, AgeBand.FROM_20_TO_24)
    of.dated(log, "her", episode, START + DAY, EDD)
    wrong = of.dated(log, "her", episode, START + 2 * DAY, EDD + 40 * DAY)
    of.no_pregnancy(log, "her", wrong, episode, START + 3 * DAY)
    of.in_care(log, "her", episode, START + 3 * DAY, date(2026, 1, 3))
    of.led(log, "her", episode, START)
    of.left(log, "her", episode, START + 20 * DAY)
    of.led(log, "her", episode, START + 20 * DAY, agency=DOULAS)
    of.led(log, "her", episode, START, domain=ResponsibilityDomain.BEHAVIORAL_HEALTH)
    of.lost(log, "her", episode, START + 30 * DAY)
    of.found(log, "her", episode, START + 33 * DAY)
    of.reopened(log, "her", of.closed(log, "her", episode, START + 40 * DAY), episode, START + 40 * DAY)
    of.born(log, "her", episode, START + 180 * DAY, EDD - 9 * DAY, gestational_days=271)
    of.visited(log, "her", episode, START + 200 * DAY, EDD + 20 * DAY)
    other = of.opened(log, "her", START + DAY)
    of.superseded(log, "her", other, START + 2 * DAY, episode)
    asked = of.asked_about(log, "her", START, POSITIVE)
    of.asked_about(log, "her", START, NEGATIVE, category=Category.STRESS, screening=asked)
    mistake = of.screened(log, "her", START, POSITIVE, instrument=Instrument.IPV)
    of.screened_by_mistake(log, "her", mistake, START + DAY, restricted=True)
    of.screened(log, "her", START + DAY, POSITIVE)
    of.resolved(log, "her", of.needed(log, "her", START), START + 5 * DAY)
    of.no_need(log, "her", of.needed(log, "her", START), START + 5 * DAY)
    of.needed(log, "her", START, Category.BEHAVIORAL_HEALTH, restricted=True)
    of.answered_how(log, "her", of.asked_how(log, "her", referral, START), referral, START + DAY, met=Degree.PARTLY)
    return log


def test_what_it_knows_of_a_pregnancy() -> None:
    path, other = fold(observed(a_life())).episodes.values()
    assert (path.age_band, path.identified_on, path.edd, path.prenatal_care_on) == (
        *("20-24", START.date(), EDD),
        date(2026, 1, 3),
    )
    positions = [lead.moment.position for lead in path.leads]
    coordination = of.COORDINATION
    assert [path.leader(coordination, position) for position in (0, *positions)] == [None, CLINIC, None, DOULAS]
    assert [sighting.found for sighting in path.sightings] == [False, True]
    assert (path.closed, path.over) == (None, None)
    assert other.superseded
    assert other.superseded == Superseded(other.superseded.moment, next(iter(fold(observed(a_life())).episodes)))
    assert other.over == other.superseded.moment


def test_what_it_knows_of_needs_and_her_voice() -> None:
    journey = fold(observed(a_life()))
    [need] = journey.needs.values()
    assert (need.category, need.resolved and need.resolved.how) == ("doula", "served")
    assert isinstance(need.resolved, Resolved)
    [asked] = journey.screenings.values()
    assert asked.results == {"food-insecurity": "positive", "stress": "negative"}
    [voice] = journey.voices.values()
    assert voice.asked
    assert voice.answer
    assert (voice.answer.need_met, voice.answer.declined) == ("partly", False)


def test_r6_what_is_restricted_is_in_the_whole_journey_alone() -> None:
    journey = fold(observed(a_life()))
    path, whole = next(iter(journey.episodes.values())), next(iter(journey.whole.episodes.values()))
    assert (path.birth, path.visits) == (None, frozenset())
    assert whole.birth == Birth(whole.birth.said, EDD - 9 * DAY, 271, None, CLINIC) if whole.birth else False
    assert whole.visits == {EDD + 20 * DAY}
    assert {lead.domain for lead in path.leads} < {lead.domain for lead in whole.leads}
    assert {need.category for need in journey.whole.needs.values()} == {"doula", "behavioral_health"}
    assert {"behavioral_health"} < {about for each in journey.whole.screenings.values() for about in each.results}
    assert not any(each.restricted for each in journey.known.values())
    assert sum(each.restricted for each in journey.whole.known.values()) == 7


def test_r6_a_journey_without_restricted_facts_is_its_own_whole() -> None:
    ordinary = fold([each for each in observed(a_life()) if not each.restricted])
    assert ordinary.whole is ordinary
    with_them = fold(observed(a_life()))
    assert with_them.whole != ordinary
    assert (with_them.known, with_them.episodes, with_them.needs) == (
        *(ordinary.known, ordinary.episodes),
        ordinary.needs,
    )


def test_r14_a_pregnancy_that_never_was_is_gone_with_its_birth() -> None:
    log = Log()
    episode = of.opened(log, "her", START)
    opening = log.facts[-1]
    of.dated(log, "her", episode, START, EDD)
    of.born(log, "her", episode, START + DAY, EDD)
    assert fold(observed(log)).whole.episodes
    of.no_pregnancy(log, "her", opening, episode, START + 2 * DAY)
    for order in permutations(observed(log)):
        assert (fold(order).episodes, fold(order).whole.episodes) == ({}, {})


@pytest.mark.parametrize("wrong", [0, 1])
def test_r14_a_wrong_due_date_leaves_the_other_in_force(wrong: int) -> None:
    log = Log()
    episode = of.opened(log, "her", START)
    datings = [of.dated(log, "her", episode, START + n * DAY, EDD + n * DAY) for n in (0, 1)]
    of.no_pregnancy(log, "her", datings[wrong], episode, START + 5 * DAY)
    found = {fold(order).episodes[episode].edd for order in permutations(observed(log))}
    assert found == {EDD + (1 - wrong) * DAY}


def test_the_due_date_that_was_said_last_is_in_force_whenever_it_is_said_to_have_been() -> None:
    log = Log()
    episode = of.opened(log, "her", START)
    of.dated(log, "her", episode, START + 9 * DAY, EDD)
    of.dated(log, "her", episode, START + 2 * DAY, EDD + DAY)
    assert {fold(order).episodes[episode].edd for order in permutations(observed(log))} == {EDD + DAY}


@given(st.data())
def test_any_arrival_batching_and_replay(data: st.DataObject) -> None:
    events = observed(a_life())
    some = data.draw(st.lists(st.sampled_from(events), min_size=1, max_size=14))
    whole = fold(some)
    arrived = data.draw(st.permutations(some + data.draw(st.lists(st.sampled_from(some), max_size=5))))
    journey, rest = Journey(), list(arrived)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        journey, rest = fold(rest[:size], journey), rest[size:]
    assert journey == whole == reduce(evolve, arrived, Journey())
    assert journey.whole.known == whole.whole.known


def test_every_order_of_arrival_of_the_whole_life_is_one_journey() -> None:
    events = observed(a_life())
    turned = [events[n:] + events[:n] for n in range(len(events))]
    assert all(fold(order) == fold(events) == fold(reversed(order)) for order in turned)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_a_random_life_is_the_same_in_any_order_cut_anywhere_and_told_twice(seed: int, dice: random.Random) -> None:
    events = observed(world(seed, clients=1))
    arrived = [*events, *dice.choices(events, k=3)]
    dice.shuffle(arrived)
    cut = dice.randrange(len(arrived))
    whole = fold(events)
    assert fold(arrived[cut:], fold(arrived[:cut])) == whole
    assert [each.ids for each in fold(arrived).pregnancies] == [each.ids for each in whole.pregnancies]
