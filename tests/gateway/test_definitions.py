"""Definitions in the reader's language: every part of every measure has its words, with the same numbers in them."""

import re

import pytest

from services.gateway.pages import terms
from services.gateway.pages.figures.defined import NAMES, WHAT, defined_in, parts_of
from services.gateway.pages.words import CATALOGUES, DEFINITIONS, translations
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import NOT_COUNTED
from services.measures.domain.suppression import HIDES
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_words import words

LANGUAGES = sorted(path.stem for path in (CATALOGUES / DEFINITIONS).glob("*.po"))
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def texts() -> set[str]:
    """Everything that the API says of a measure and a page shows."""
    parts = {text for each in CATALOGUE.values() for _, text in parts_of(each.text)}
    rules = {rule.words for each in CATALOGUE.values() for rule in (*each.rules, NOT_COUNTED)}
    return parts | {each.of for each in CATALOGUE.values()} | rules | set(HIDES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_has_its_words_and_no_words_are_left_over(language: str) -> None:
    found = translations(language, CATALOGUES / DEFINITIONS)
    known = set(vars(found)["_catalog"]) - {""}
    assert texts() - known == set(), "write them in locales/definitions"
    assert known - texts() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_have_the_numbers_of_their_text(language: str) -> None:
    found = translations(language, CATALOGUES / DEFINITIONS)
    for text in texts():
        assert sorted(NUMBER.findall(text)) == sorted(NUMBER.findall(found.gettext(text))), text


def test_titles_are_those_of_the_definitions() -> None:
    assert dict(terms.TITLES) == {each.id: each.title for each in CATALOGUE.values()}


def test_a_definition_is_parts_with_names() -> None:
    parts = list(parts_of("Rate: of every\n100.\n\nWho is counted: all\nof them.\nSource: ours: G1.\n"))
    assert parts == [(WHAT, "Rate: of every 100."), ("Who is counted", "all of them."), ("Source", "ours: G1.")]
    for each in CATALOGUE.values():
        assert [name for name, _ in parts_of(each.text)][0] == WHAT
        assert {"Who is counted", "Numerator", "Source"} <= {name for name, _ in parts_of(each.text)} <= set(NAMES)


def test_a_part_without_words_is_marked_as_english() -> None:
    measure = {"text": "Nobody translated this.\n\nDenominator: nobody knows."}
    assert [part.language for part in defined_in(measure, words("es"))] == ["en", "en"]
    known = next(text for _, text in parts_of(CATALOGUE["response_rate"].text))
    [part] = defined_in({"text": known}, words("es"))
    assert part.language == "es"
    assert part.text.startswith("Tasa de respuesta")


def test_the_page_of_definitions(house: House) -> None:
    with house.visitor("greta-example") as visitor:
        page = visitor.get("/definitions")
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["3 measures are defined, and this is how each is counted"]
    assert 'id="closed_loop_rate"' in page.text
    assert "More is better" in page.text
