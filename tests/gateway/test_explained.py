"""Why a released figure is what it is: its rules in the reader's language, with the counts that are released."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import OTHER_KINDS, release


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        yield visitor


def explained(reader: httpx.Client) -> httpx.Response:
    page = reader.get("/scorecard")
    return reader.get(next(each for each in Reading(page.text).addresses if "/scorecard/explained" in each))


def test_each_rule_stands_under_what_it_makes_of_a_unit(reader: httpx.Client) -> None:
    page = explained(reader)
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["How “Answered within 14 days” comes about"]
    headings = re.findall(r'<h2 id="s-\w+">(.*?)</h2>', page.text)
    assert [re.sub("<[^>]+>", "", each) for each in headings] == [
        "Counted, and it happened: 210",
        "Counted, and it did not happen: Too few to show",
        "Not known: 0",
        "Left out by definition: 12",
    ]
    assert "<li>answered within 14 days</li>" in page.text
    assert "<li>ended by its sender or by her before any answer</li>" in page.text, "without the number of a rule"
    assert "of a sensitive measure none and all, too" in page.text
    assert "Answered: how." in page.text


def test_rules_and_reasons_are_in_spanish_too(reader: httpx.Client) -> None:
    reader.cookies.set("closeknit_language", "es")
    page = explained(reader).text
    assert "<li>se respondió en 14 días</li>" in page
    assert "<li>quien la envió o ella misma le puso fin antes de que hubiera respuesta</li>" in page
    assert "en una medida delicada, también ninguno y todos" in page


def test_the_pieces_of_a_mix_have_their_counts(house: House, reader: httpx.Client) -> None:
    house.twin.releases[0]["measures"] = OTHER_KINDS
    asked = {"release": house.twin.releases[0]["release"], "measure": "outcome_mix"}
    assert "answered within 14 days: <strong>30</strong>" in reader.get("/scorecard/explained", params=asked).text


@pytest.mark.parametrize(("asked", "status"), [({}, 404), ({"release": "x", "measure": "y"}, 404), (None, 422)])
def test_what_is_not_there_is_a_clear_error(
    house: House, reader: httpx.Client, asked: dict[str, str] | None, status: int
) -> None:
    known = {"release": house.twin.releases[0]["release"], "measure": "no_such_measure"}
    page = reader.get("/scorecard/explained", params=known if asked is None else asked)
    assert page.status_code == status


def test_staff_do_not_read_it(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        assert visitor.get("/scorecard/explained").status_code == 403
