"""R25: two records that turn out to be one woman's change the counts of clients, never those of referrals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.measures.definitions import find
from services.measures.domain.figure import Figure, compute
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from tests.measures.lives import world
from tests.measures.naive.lives.test_lives import asked_of
from tests.measures.published import Log, pseudonym

OF_REFERRALS = [
    *("response_rate", "acceptance_rate", "time_to_acceptance", "time_to_first_contact", "connected_rate"),
    *("closed_loop_rate", "closed_with_service", "outcome_mix", "missed_visits", "lost_to_follow_up"),
    *("hops_to_service", "never_answered"),
]
OF_CLIENTS = [
    *("clients_reached", "agencies_per_client", "duplicate_service", "clients_missing_visits"),
    *("reached_in_pregnancy", "pregnancies_dated", "need_supported", "preterm_birth"),
]
SEEDS = range(100)


def without_consents(log: Log) -> Log:
    """A no by one of her names leaves all of her out (R7): that changes every count, and is not looked at here."""
    return replace(log, facts=[fact for fact in log.facts if not fact.headers.type.startswith("consent.")])


def figure(measure: str, log: Log, seed: int, *, linked: bool) -> Figure:
    """A figure over a world, as three clients or with the first two as one woman."""
    asked = asked_of(seed)
    names = {pseudonym(1): pseudonym(0)} if linked else {}
    known: dict[str, list[Observed]] = {}
    for fact in log.facts:
        if fact.headers.recorded_time <= asked.cutoff:
            known.setdefault(names.get(fact.headers.subject, fact.headers.subject), []).append(fact.observed)
    journeys = [(client, fold(events)) for client, events in known.items()]
    return compute(find(measure), journeys, Period(), AsOf(asked.cutoff, asked.zone))


def units(found: Figure) -> int:
    """Everything that was looked at."""
    counted = found.numerator if found.denominator is None else found.denominator
    return counted + found.missing + found.pending + found.excluded


def changed(measure: str) -> int:
    """In how many worlds a merge changes how many things are counted."""
    worlds = ((seed, without_consents(world(seed, acts=24))) for seed in SEEDS)
    found = [
        (figure(measure, log, seed, linked=False), figure(measure, log, seed, linked=True)) for seed, log in worlds
    ]
    return sum(units(apart) != units(together) for apart, together in found)


@pytest.mark.parametrize("measure", OF_REFERRALS)
def test_r25_a_merge_changes_no_count_of_referrals(measure: str) -> None:
    assert changed(measure) == 0


@pytest.mark.parametrize("measure", OF_CLIENTS)
def test_r25_a_merge_makes_fewer_clients_and_pregnancies(measure: str) -> None:
    assert changed(measure) > 0
