"""Nothing crosses between initiatives on the pages: no handle, no group, no person, no name of an agency."""

import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_pages import NAME, client_page
from tests.gateway.upstream_figures import release

SAN_FRANCISCO = "expecting-justice-sf"

pytestmark = pytest.mark.slow


def test_a_handle_of_one_opens_nothing_in_the_other(house: House) -> None:
    with house.visitor("sam-specimen") as ours, house.visitor("noa-sample", SAN_FRANCISCO) as theirs:
        page = client_page(ours)
        assert NAME in ours.get(page).text
        there = theirs.get(page)
        assert (there.status_code, NAME in there.text) == (404, False)
        for step in ("contact", "consent", "refer", "identity"):
            assert theirs.get(f"{page}/{step}").status_code == 404


def test_who_goes_in_by_the_others_door_is_still_of_their_own(house: House) -> None:
    """The sign-in provider says whose somebody is; the initiative that was chosen on the page does not."""
    with house.visitor("sam-specimen", SAN_FRANCISCO) as visitor:
        said = Reading(visitor.get("/about").text).said["en"]
    assert ("Sample County CHW Hub" in said, "Muster Care Link" in said) == (True, False)


def test_each_door_shows_its_own_practice_people(house: House) -> None:
    with house.visitor() as visitor:
        page = visitor.get("/sign-in/go", params={"initiative": SAN_FRANCISCO}).text
    assert ("Noa Sample" in page, "Sam Specimen" in page) == (True, False)


@pytest.mark.parametrize("group", ["shared-measures", "parents-council"])
def test_a_working_group_of_the_other_is_none_to_choose(house: House, group: str) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    for person in ("gil-muster", "barbara-backbone-sample"):
        with house.visitor(person, SAN_FRANCISCO) as visitor:
            page = visitor.get("/scorecard", params={"group": group}).text
        assert "Measures (being formed)" in page
        assert [name for name in ("Shared Measures", "Parents&#39; Council") if name in page] == []
