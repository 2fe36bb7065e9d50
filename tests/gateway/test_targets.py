"""Targets by what others printed: every baseline, what remains, and what differs as printed and as recomputed."""

import httpx

from tests.gateway.house import House
from tests.gateway.reading import Reading


def page_of(house: House) -> httpx.Response:
    with house.visitor("greta-example") as visitor:
        return visitor.get("/targets")


def test_what_remains_is_said_with_its_interval_from_each_baseline(house: House) -> None:
    page = page_of(house)
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["2.76 points remain to the target for 2025"]
    for said in ("From 11.1 per cent", "From 10.3 per cent", "Example Gazette, announced", "2,907 of 29,790"):
        assert said in page.text
    assert "2.76 points to 7 per cent (2.36 to 3.16), about 822 births" in page.text
    assert page.text.count("No counts of this group yet") == 1, "nobody printed counts for the second"


def test_a_figure_that_does_not_recompute_is_shown_both_ways(house: House) -> None:
    page = page_of(house).text
    assert "1 printed figure does not follow from its own counts" in page
    row = page[page.index("Born too early, 2021") :].partition("</tr>")[0]
    assert "9.7" in row
    assert "10.1" in row
    assert "differs by +0.4" in row
    assert page.count('<tr class="focal">') == 1
    assert "no counts printed" in page


def test_figures_of_our_clients_never_stand_beside_them(house: House) -> None:
    page = page_of(house).text
    assert "Figures of our clients are never set beside them" in page
    assert "get_release_figures" not in {action for action, *_ in house.twin.heard}
