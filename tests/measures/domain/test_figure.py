"""What a figure says beside its numbers, whatever its kind; and that a definition names every rule that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from contracts.vocabulary import Channel
from services.measures.definitions import CATALOGUE, EVERY, find
from services.measures.domain.figure import Figure, compute, tabulate, units_of
from services.measures.domain.journey import Journey, Observed, fold
from services.measures.domain.measure import AsOf, By, Definition, Direction, Kind, Rule, Standing, Unit
from services.measures.domain.period import Period
from tests.measures import lives
from tests.measures.published import CLINIC, DOULAS, START, Fact, Log
from tests.measures.worlds import World

DAY = timedelta(days=1)
AS_OF = AsOf(START + 200 * DAY, UTC)


def journeys(facts: list[Fact]) -> list[tuple[str, Journey]]:
    known: dict[str, list[Observed]] = {}
    for fact in facts:
        known.setdefault(fact.headers.subject, []).append(fact.observed)
    return [(client, fold(events)) for client, events in known.items()]


def figure(measure: str, log: Log) -> Figure:
    return compute(find(measure), journeys(log.facts), Period(), AS_OF)


def test_a_figure_says_how_many_agencies_and_letters_it_rests_on() -> None:
    log = Log()
    for channel in (Channel.SYSTEM, Channel.LETTER, Channel.LETTER):
        log.sent("her", START, channel=channel)
    log.sent("her", START + 199 * DAY, channel=Channel.LETTER)
    found = figure("response_rate", log)
    assert (found.denominator, found.pending) == (3, 1)
    assert (found.quality.agencies, found.quality.by_letter) == (2, 2)
    assert {
        agency for unit in find("response_rate").assess(journeys(log.facts)[0][1], AS_OF) for agency in unit.agencies
    } == {
        CLINIC,
        DOULAS,
    }


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=lambda definition: definition.name)
def test_no_one_to_count_is_no_share_and_no_middle(definition: Definition) -> None:
    found = compute(definition, (), Period(), AS_OF)
    assert found.estimate is None
    assert (found.numerator, found.denominator or 0, found.rules) == (0, 0, {})
    assert (found.denominator is None) is (definition.kind is Kind.CLIENTS)
    if found.course is not None:
        assert (found.course.median, found.course.unresolved, set(found.course.within.values())) == (None, None, {None})
    if found.spread is not None:
        assert (found.spread.mean, found.spread.median) == (None, None)


@pytest.mark.parametrize("definition", EVERY, ids=lambda definition: definition.name)
def test_a_definition_names_its_rules_once_and_uses_no_other(definition: Definition) -> None:
    codes = [rule.code for rule in definition.rules]
    assert len(codes) == len(set(codes))
    logs = [World(seed).log for seed in range(12)] + [lives.world(seed) for seed in range(12)]
    for log in logs:
        for _, journey in journeys(log.facts):
            assert {unit.rule for unit in definition.assess(journey.whole, AS_OF)} <= set(definition.rules)


def test_a_rule_that_no_definition_names_is_seen() -> None:
    def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
        del journey, as_of
        yield Unit(START, Rule("secret", Standing.MET, "for no stated reason"))

    secret = replace(find("response_rate"), assess=assess)
    with pytest.raises(AssertionError):
        test_a_definition_names_its_rules_once_and_uses_no_other(secret)


def test_a_mix_adds_up_to_all_and_has_no_better() -> None:
    definition = find("outcome_mix")
    assert definition.direction is Direction.NEUTRAL
    for seed in range(20):
        found = compute(definition, journeys(World(seed).log.facts), Period(), AS_OF)
        assert found.shares is not None
        assert sum(found.shares.values()) == found.numerator == found.denominator


def test_a_client_who_counts_once_does_so_in_every_cell() -> None:
    log = Log()
    referral = log.sent("her", START)
    for days in (10, 20, 100):
        log.booked("her", referral, START, START + days * DAY)
    definition = find("clients_missing_visits")
    rows = tabulate(definition, journeys(log.facts), Period(), AS_OF, By.QUARTER)
    assert {label: row.missing for label, row in rows.items()} == {"2026-Q1": 1, "2026-Q2": 1}
    assert compute(definition, journeys(log.facts), Period(), AS_OF).missing == 1


def test_r6_what_is_restricted_reaches_a_sensitive_measure_alone() -> None:
    log = next(log for log in map(lives.world, range(50)) if any(fact.restricted for fact in log.facts))
    [(_, journey)] = [each for each in journeys(log.facts) if each[1].restricted_too is not None][:1]
    seen: list[Journey] = []

    def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
        del as_of
        seen.append(journey)
        yield from ()

    for sensitive in (False, True):
        list(units_of(replace(find("response_rate"), assess=assess, sensitive=sensitive), journey, AS_OF))
    assert seen == [journey, journey.whole]
    assert seen[0] != seen[1]
