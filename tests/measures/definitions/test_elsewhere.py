"""In another process a definition is that process's own, and nothing tells a rule from its copy."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from services.measures.definitions import CATALOGUE, EVERY, duplicate_service_v1
from services.measures.domain.measure import NOT_COUNTED, By, Definition, Rule, Unit
from services.measures.releases.views import View
from tests.measures.published import START

SERVICE = Path(__file__).parents[3] / "services" / "measures"
Thing = TypeVar("Thing")


def elsewhere(thing: Thing) -> Thing:
    """What another process gets."""
    found: Thing = pickle.loads(pickle.dumps(thing))  # noqa: S301 - what was written a moment ago
    return found


@pytest.mark.parametrize("definition", EVERY, ids=[each.name for each in EVERY])
def test_a_definition_arrives_as_the_catalogues_own(definition: Definition) -> None:
    view = elsewhere(View(definition, (By.NONE,)))
    assert view.definition is definition
    assert all(one is other for one, other in zip(view.definition.rules, definition.rules, strict=True))


def test_what_is_not_in_the_catalogue_does_not_travel() -> None:
    changed = replace(CATALOGUE["duplicate_service"], per=100)
    with pytest.raises(pickle.PicklingError, match="duplicate_service_v1"):
        pickle.dumps(changed)


def test_a_copy_of_a_rule_is_equal_to_it_and_found_in_its_place() -> None:
    for rule in (NOT_COUNTED, *(rule for each in EVERY for rule in each.rules)):
        copy = elsewhere(rule)
        assert (copy, hash(copy), {rule: 1}[copy]) == (rule, hash(rule), 1)
        assert copy != Rule(rule.code, rule.standing, "other words")


@pytest.mark.parametrize("definition", [each for each in EVERY if each.together], ids=lambda each: each.name)
def test_clients_are_put_together_alike_by_copies_of_rules(definition: Definition) -> None:
    """By copies that pickle has not seen as one: each a thing of its own."""
    assert definition.together
    for first in definition.rules:
        for second in definition.rules:
            units = [Unit(START, first, agencies=("a",)), Unit(START, second, agencies=("a", "b"))]
            copies = [Unit(START, elsewhere(unit.rule), agencies=unit.agencies) for unit in units]
            assert definition.together(copies) == definition.together(units)


def test_of_two_contacts_the_one_that_says_twice_is_hers() -> None:
    once, twice = duplicate_service_v1.ONCE, elsewhere(duplicate_service_v1.TWICE)
    assert duplicate_service_v1.together([Unit(START, once), Unit(START, twice)]).rule == duplicate_service_v1.TWICE


def by_identity(source: str) -> Iterator[int]:
    """Lines on which `is` is asked of a constant by its own name, as a rule is; a member of an enum has two names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.Is | ast.IsNot) for each in node.ops):
            names = [each.id for each in (node.left, *node.comparators) if isinstance(each, ast.Name)]
            yield from (node.lineno for name in names if name.isupper())


def test_no_constant_is_asked_for_by_identity() -> None:
    found = {path.name: lines for path in SERVICE.rglob("*.py") if (lines := list(by_identity(path.read_text())))}
    assert found == {}
    assert list(by_identity("x = rule is TWICE\ny = rule.standing is Standing.MET\nz = rule is None")) == [1]
