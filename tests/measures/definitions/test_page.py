"""docs/measures.md says what the definitions say, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.measures.definitions import CATALOGUE
from services.measures.definitions.page import page
from services.measures.domain.measure import Definition

PAGE = Path(__file__).parents[3] / "docs" / "measures.md"
TERMS = (
    "Who is counted",
    "Numerator",
    "Denominator",
    "Too recent to count",
    "Left out by definition",
    "Not known",
    "Source",
)


def test_the_page_is_what_the_definitions_say() -> None:
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=lambda definition: definition.name)
def test_a_definition_says_everything(definition: Definition) -> None:
    assert [term for term in TERMS if not re.search(rf"^{term}[ (:]", definition.text, re.MULTILINE)] == []
    words = page()
    assert all(word in words for word in definition.text.split())


def test_a_word_more_in_a_definition_is_seen() -> None:
    assert PAGE.read_text().replace("14 days", "15 days", 1) != page()
