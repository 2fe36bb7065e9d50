"""Every measure of referrals, visits, contacts and handoffs comes to what its naive second says, in random worlds."""

from __future__ import annotations

import importlib
import math
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.initiative import MeasurementConsent
from services.measures.definitions import EVERY, find
from services.measures.domain.figure import Figure, compute
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from tests.measures.naive.lives.test_lives import TWINS
from tests.measures.naive.reading import MET, UNMET, Verdict, counting
from tests.measures.naive.summing import middle, numbers, one_each, reached_by, within
from tests.measures.published import START
from tests.measures.worlds import DAY, World
from tests.prove.tally import Tally

ZONE = ZoneInfo("America/Los_Angeles")
MEASURES = [
    "response_rate",
    "acceptance_rate",
    "time_to_acceptance",
    "time_to_first_contact",
    "connected_rate",
    "closed_loop_rate",
    "closed_with_service",
    "outcome_mix",
    "missed_visits",
    "clients_missing_visits",
    "lost_to_follow_up",
    "hops_to_service",
    "handoff_completion",
    "warm_share",
    "handoff_gap",
    "clients_reached",
    "agency_changes",
]
CLIENT_LEVEL = {"clients_missing_visits"}
UNITS_OF_TIME = {"handoff_gap": 1.0}


def both(measure: str, world: World, rule: MeasurementConsent, naive: str = "") -> tuple[Figure, list[Verdict]]:
    """The figure of a measure, and the verdicts of its naive second over the same days."""
    since = START + world.dice.randrange(-30, 60) * DAY
    until = since + world.dice.randrange(30, 300) * DAY
    known: dict[str, list[Observed]] = {}
    for fact in world.log.facts:
        if fact.headers.recorded_time <= world.cutoff:
            known.setdefault(fact.headers.subject, []).append(fact.observed)
    journeys = [(client, fold(events)) for client, events in known.items()]
    figure = compute(find(measure), journeys, Period(since, until), AsOf(world.cutoff, ZONE, rule))
    events = counting(world.log.facts, world.cutoff, ZONE)
    words = importlib.import_module(f"tests.measures.naive.{naive or measure}")
    verdicts = within(words.verdicts(events), events, since, until, rule)
    return figure, one_each(verdicts) if measure in CLIENT_LEVEL else verdicts


@pytest.mark.proof
@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_what_its_words_say(measure: str, sized: Callable[[int, int], int]) -> None:
    tally = Tally(f"naive-{find(measure).name}")

    @settings(max_examples=sized(12, 600), deadline=None)
    @given(seed=st.integers(0, 10**9), rule=st.sampled_from(["not_required", "opt_out", "opt_in"]))
    def of_a_world(seed: int, rule: MeasurementConsent) -> None:
        figure, verdicts = both(measure, World(seed), rule)
        found = {name: getattr(figure, name) for name in numbers([])}
        assert found == numbers(verdicts, clients=find(measure).counts_clients)
        extra(figure, verdicts, UNITS_OF_TIME.get(measure, 86_400.0))
        tally.check(right=True, otherwise="")

    try:
        of_a_world()
    except AssertionError as error:
        tally.check(right=False, otherwise=str(error))
    tally.close()


def extra(figure: Figure, verdicts: list[Verdict], day: float) -> None:
    """What a mix, a course and a spread say beside."""
    counted = [each for each in verdicts if each.word in (MET, UNMET)]
    if figure.shares is not None:
        found = Counter(each.value for each in counted)
        assert {code: count for code, count in figure.shares.items() if count} == found
        assert sum(figure.shares.values()) == figure.denominator
    if figure.course is not None:
        course = figure.course
        ends = Counter(each.end for each in counted)
        assert (course.reached, course.otherwise, course.watched) == (
            ends["reached"],
            ends["otherwise"],
            ends["watched"],
        )
        for mark, estimate in course.within.items():
            share = reached_by(verdicts, mark * day)
            assert estimate is None or (share is not None and math.isclose(estimate.value, share, abs_tol=1e-9))
        times = [each.value / day for each in counted if each.end == "reached"]
        assert near(course.of_reached_median, middle(times, 0.5))
        assert near(course.of_reached_p90, middle(times, 0.9))
    if figure.spread is not None:
        values = [each.value for each in counted if each.word == MET]
        assert figure.spread.mean == (sum(values) / len(values) if values else None)
        assert (figure.spread.median, figure.spread.p90) == (middle(values, 0.5), middle(values, 0.9))
        assert sum(figure.spread.bands.values()) == len(values) == figure.numerator


def near(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else math.isclose(one, other, abs_tol=1e-6)


@pytest.mark.parametrize("measure", MEASURES)
def test_worlds_have_something_of_every_kind_for_a_measure(measure: str) -> None:
    """Or the comparison would compare nothing: over some worlds every rule of the definition is met."""
    rules: Counter[str] = Counter()
    for seed in range(160):
        figure, _ = both(measure, World(seed), "not_required")
        rules.update(figure.rules)
    assert {rule.code for rule in find(measure).rules} <= rules.keys()


def test_every_version_of_every_measure_has_a_naive_second() -> None:
    assert {f"{measure}_v1" for measure in MEASURES} | {each.name for each, _ in TWINS} == {each.name for each in EVERY}


@pytest.mark.parametrize("other", ["connected_rate", "closed_loop_rate"])
def test_words_of_another_measure_are_seen(other: str) -> None:
    differing = 0
    for seed in range(20):
        figure, verdicts = both("response_rate", World(seed), "not_required", other)
        differing += (figure.numerator, figure.denominator) != tuple(numbers(verdicts).values())[:2]
    assert differing > 5
