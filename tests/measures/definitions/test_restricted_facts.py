"""R6: nothing of a restricted class reaches an ordinary measure; sensitive ones count it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from services.measures.definitions import EVERY, preterm_birth_v1
from services.measures.domain.figure import Figure, compute
from services.measures.domain.measure import AsOf, Definition
from services.measures.domain.period import Period
from tests.measures.lives import world
from tests.measures.naive.lives.test_lives import asked_of, lived
from tests.measures.published import Log

MEASURES = Path(__file__).parents[3] / "services" / "measures"
SEEDS = range(40)
ONLY_HERE = {"domain/journey.py", "domain/figure.py"}
SENSITIVE = {
    *("timely_prenatal_care", "postpartum_visit", "postpartum_visit_56"),
    *("depression_screened_prenatal", "depression_screened_postpartum", "depression_follow_up"),
    *("depression_referral_completed", "ipv_referral", "preterm_birth"),
}


def figure(definition: Definition, log: Log, seed: int) -> Figure:
    asked = asked_of(seed)
    journeys = [(str(number), journey) for number, journey in enumerate(lived(log, asked))]
    return compute(definition, journeys, Period(), AsOf(asked.cutoff, asked.zone))


def without_restricted(log: Log) -> Log:
    return replace(log, facts=[fact for fact in log.facts if not fact.restricted])


def differs(definition: Definition) -> bool:
    """Whether restricted facts change a figure in any of some worlds."""
    worlds = ((seed, world(seed)) for seed in SEEDS)
    return any(
        figure(definition, log, seed) != figure(definition, without_restricted(log), seed) for seed, log in worlds
    )


@pytest.mark.parametrize("definition", EVERY, ids=lambda definition: definition.name)
def test_r6_restricted_facts_change_sensitive_measures_alone(definition: Definition) -> None:
    assert definition.sensitive is (definition.id in SENSITIVE)
    assert differs(definition) is definition.sensitive


def test_r6_a_measure_that_reads_them_unmarked_is_seen() -> None:
    """Births are what it counts: unmarked it finds none, and marked ones are noticed."""
    unmarked = replace(preterm_birth_v1.DEFINITION, sensitive=False)
    assert not differs(unmarked)
    reaching = replace(unmarked, assess=lambda journey, as_of: preterm_birth_v1.assess(journey.whole, as_of))
    assert differs(reaching)


def reaching(files: Iterable[tuple[str, str]]) -> set[str]:
    """Modules that ask a journey for what is restricted."""
    return {
        name
        for name, text in files
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr in {"whole", "restricted_too"}
    }


def test_r6_only_seen_by_asks_for_the_whole_journey() -> None:
    files = [(str(path.relative_to(MEASURES)), path.read_text()) for path in MEASURES.rglob("*.py")]
    assert reaching(files) == ONLY_HERE
    assert reaching([("a", "journey.whole.episodes"), ("b", "journey.episodes")]) == {"a"}
