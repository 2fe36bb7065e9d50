"""Made-up pregnancies go as some do in print: most are born at term, most mothers are seen, and groups differ."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from contracts.initiative import load_initiatives
from contracts.vocabulary import Instrument, RaceEthnicity
from deploy.simulator.county import County
from deploy.simulator.history import Plan, recorded
from deploy.simulator.people import Person, invent
from deploy.simulator.pregnancy import PRETERM, TERM, Course, course
from deploy.simulator.records import Recorded
from services.referrals.application.pregnancy_end import End, EndedHow
from services.referrals.domain.episode import BirthRecorded, EpisodeEndRecorded
from services.referrals.domain.need import NeedIdentified
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.screening import NeedScreened, ScreeningRecorded

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
KNOWN = date(2026, 3, 2)
UNTIL = datetime(2026, 11, 17, 8, tzinfo=UTC)


def courses(count: int) -> list[tuple[Person, Course]]:
    chance, found = Random(3), list[tuple[Person, Course]]()
    for initiative in INITIATIVES.values():
        for _ in range(count):
            person = invent(initiative, KNOWN, chance)
            found.append((person, course(person, KNOWN, chance.triangular(35, 238, 80), chance)))
    return found


def share(of: Sequence[tuple[Person, Course]], holds: Callable[[Course], bool]) -> float:
    return sum(holds(each) for _, each in of) / len(of)


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Person, Course]]:
    return courses(8_000)


def test_preterm_births_are_as_in_print_of_each_group(drawn: list[tuple[Person, Course]]) -> None:
    for race, printed in PRETERM.items():
        born = [(who, each) for who, each in drawn if who.races[0] is race and each.weights]
        assert len(born) > 500
        early = share(born, lambda each: each.gestational_days < TERM)
        assert printed - 0.04 < early < printed + 0.02  # a little fewer: who comes late has escaped the earliest


def test_groups_differ_in_when_they_are_first_seen(drawn: list[tuple[Person, Course]]) -> None:
    def in_time(race: RaceEthnicity) -> float:
        of_it = [each for each in drawn if each[0].races[0] is race]
        return share(of_it, lambda each: (each.care_on - (each.due_on - timedelta(280))).days <= 97)

    assert in_time(RaceEthnicity.WHITE) > in_time(RaceEthnicity.HISPANIC) > in_time(RaceEthnicity.PACIFIC_ISLANDER)


def test_every_day_is_possible(drawn: list[tuple[Person, Course]]) -> None:
    for _, each in drawn:
        begun = each.due_on - timedelta(280)
        assert begun < each.care_on < begun + timedelta(280)
        assert KNOWN < each.ended_on < each.ends_on
        assert begun + timedelta(140) <= each.ended_on or not each.weights
        assert all(each.ended_on < one < other <= each.ends_on for one, other in pairwise(each.seen_on))
        assert all(200 <= grams <= 8_000 for grams in each.weights)


@pytest.fixture(scope="module")
def history() -> list[Recorded]:
    return list(recorded([Plan(County.of_months(each, 24, UNTIL), 80) for each in INITIATIVES.values()], seed=1))


@pytest.mark.slow
def test_a_history_has_births_visits_and_screenings_and_says_of_no_loss(history: list[Recorded]) -> None:
    facts = [event.fact for one in history for event in one.events]
    kinds = Counter(fact.TYPE for fact in facts)
    assert min(kinds["episode.prenatal_care_started.v1"], kinds["postpartum_visit.recorded.v1"]) > 30
    births = sum(isinstance(fact, BirthRecorded) for fact in facts)
    ends = [End.model_validate_json(one.typed.text) for one in history if one.typed and one.typed.kind == "end"]
    assert len(ends) == sum(isinstance(fact, EpisodeEndRecorded) for fact in facts) > births
    assert births == sum(end.how is EndedHow.LIVE_BIRTH for end in ends)
    assert all(end.fits() for end in ends)
    asked = {(fact.instrument, fact.result) for fact in facts if isinstance(fact, ScreeningRecorded | NeedScreened)}
    assert {instrument for instrument, _ in asked} == set(Instrument)
    assert {result for _, result in asked} == {"positive", "negative", "declined"}


@pytest.mark.slow
def test_what_was_found_by_asking_is_named_by_the_referral_for_it(history: list[Recorded]) -> None:
    events = [event for one in history for event in one.events]
    needs = {event.stream: event.fact for event in events if isinstance(event.fact, NeedIdentified)}
    named = [event.fact for event in events if isinstance(event.fact, ReferralSent) and event.fact.need]
    assert len(named) > 20
    assert all(needs[sent.need].category is sent.category for sent in named if sent.need)
    assert {sent.restricted for sent in named} >= {None, "behavioral"}
