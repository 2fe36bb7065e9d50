"""An agency's own figures: exact, of its own clients, marked as not for publication, over a period of the lattice."""

import re

import httpx

from services.gateway.pages.figures.own import own_figure
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_kinds import COURSE, figure
from tests.gateway.test_words import words
from tests.gateway.upstream_figures import MEASURES, row


def page_of(house: House, period: str | None = None, person: str = "sam-specimen") -> httpx.Response:
    with house.visitor(person) as visitor:
        return visitor.get("/figures", params={"period": period} if period else {})


def rows(page: httpx.Response) -> dict[str, list[str]]:
    found = re.findall(r'<tr><th scope="row">(.*?)</tr>', page.text, re.DOTALL)
    cut = (each.partition("</th>") for each in found)
    return {
        re.sub("<[^>]+>", "", said).strip(): [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", cells)]
        for said, _, cells in cut
    }


def test_every_figure_is_exact_and_marked_as_not_for_publication(house: House) -> None:
    page = page_of(house)
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["Your own figures of 2026-Q3, exact and not for publication"]
    assert "Not for publication." in page.text
    found = rows(page)
    said = "78 of every 100 referrals were answered in time. With chance in mind, between 70 and 86."
    assert found[said] == ["7 of 9", "1", "0", "2"], "small, and shown"
    assert found["4 clients were reached"][0] == "4"
    assert found["Loop closed within 90 days"][0] == "No one to count", "never 0 %"
    assert any(label.startswith("Contacts in 30 days of pregnancy: 3.8 in 30 days") for label in found)
    assert "Answered: how." in page.text, "the definition, for staff read no page of definitions"
    assert "Too few to show" not in page.text


def test_the_agency_is_that_of_the_person_and_none_other_can_be_asked_for(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.get("/figures", params={"agency": "another-agency"})
    assert page.status_code == 200, "the twin knows the hub alone"
    assert "another-agency" not in page.text.replace("agency=another-agency", "")
    assert 'href="/figures" aria-current="page"' in page.text


def test_of_another_agency_there_is_nothing(house: House) -> None:
    assert page_of(house, person="dora-muster").status_code == 404


def test_working_groups_and_the_backbone_have_no_such_page(house: House) -> None:
    for person in ("greta-example", "bea-backbone-example"):
        assert page_of(house, person=person).status_code == 403
    assert "get_agency_figures" not in {action for action, *_ in house.twin.heard}


def test_a_time_with_nothing_in_it_says_so(house: House) -> None:
    page = page_of(house, "2026-Q4")
    assert Reading(page.text).headings == ["Nothing of your clients falls into 2026-Q4"]
    assert "<table" not in page.text
    assert "<option selected>2026-Q4</option>" in page.text


def test_what_is_no_period_shows_the_newest_quarter_and_says_why(house: House) -> None:
    page = page_of(house, "2026-13")
    assert page.status_code == 422
    assert "Figures are not counted over that time. These are of 2026-Q3." in page.text
    assert "2026-13" not in page.text


def test_an_interval_stands_beside_the_share_that_it_is_of() -> None:
    time = figure("time", course=COURSE)
    shown = own_figure(
        {**time["total"], "measure": {**time["measure"], "counts_clients": False}, "pending": 0}, words("en")
    )
    assert shown.said.endswith("within 7 days for 52 of every 100")
    assert shown.sentences[:2] == ["With chance in mind, between 44 and 60.", "It came for half within 6.5 days."]


def test_what_is_counted_without_anyone_is_not_nought() -> None:
    spanish = words("es")
    nobody = own_figure({**row("", 0, 0), "measure": MEASURES[0], "pending": 0}, spanish)
    assert (nobody.counted, nobody.sentences) == (None, [])
    none_of_some = own_figure({**row("", 0, 5), "measure": MEASURES[0], "pending": 0}, spanish)
    assert none_of_some.counted == "0 de 5"
