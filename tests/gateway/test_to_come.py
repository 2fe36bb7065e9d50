"""What is said of a release that is to come: its day, that a draft waits, that it can be built, or that it was not."""

from collections.abc import Iterator

import httpx
import pytest

from services.gateway.pages.api import Json
from tests.gateway.house import House
from tests.gateway.upstream_figures import COMING, release

OVER: Json = {**COMING[0], "name": "2026-Q3", "due_on": "2026-11-02"}
LONG_OVER: Json = {**COMING[1], "name": "2023-2025", "due_on": "2026-02-15"}
LISTED = "The next quarter, 2026-Q3: "


@pytest.fixture
def backbone(house: House) -> Iterator[httpx.Client]:
    house.twin.coming = [OVER]
    with house.visitor("bea-backbone-example") as visitor:
        yield visitor


@pytest.fixture
def group(house: House) -> Iterator[httpx.Client]:
    house.twin.coming = [OVER]
    with house.visitor("greta-example") as visitor:
        yield visitor


def both(reader: httpx.Client) -> list[str]:
    return [reader.get(address).text for address in ("/scorecard", "/releases")]


def test_it_can_be_released_where_the_facts_reach_it(house: House, backbone: httpx.Client) -> None:
    house.twin.buildable = [OVER]
    for page in both(backbone):
        assert "<h1>There is no release yet. The first, 2026-Q3, can be released now</h1>" in page
        assert f"{LISTED}can be released now." in page


def test_what_nobody_began_is_not_being_prepared(backbone: httpx.Client, group: httpx.Client) -> None:
    for page in (*both(backbone), *both(group)):
        assert "There is no release yet. The time of the first, 2026-Q3, is over, and it has not been released" in page
        assert f"{LISTED}over, and not released yet." in page
        assert "prepared" not in page
        assert "can be released now" not in page


def test_a_draft_waits_for_approval(house: House, backbone: httpx.Client) -> None:
    house.twin.buildable = [OVER]
    house.twin.releases = [release("2026-Q3.1", house.twin, state="draft")]
    for page in both(backbone):
        assert "There is no release yet. A draft of the first, 2026-Q3, waits for approval" in page
        assert f"{LISTED}a draft waits for approval." in page
        assert "can be released now" not in page
    house.twin.releases = [release("2026-Q2.1", house.twin, state="draft")]
    assert f"{LISTED}can be released now." in backbone.get("/releases").text, "that draft is of another time"


@pytest.mark.parametrize("reader", ["backbone", "group"])
def test_where_nothing_is_recorded_that_is_said(house: House, reader: str, request: pytest.FixtureRequest) -> None:
    visitor = request.getfixturevalue(reader)
    house.twin.coming = []
    for page in both(visitor):
        assert "<h1>There is no release yet: nothing has been recorded so far</h1>" in page
        assert "The first can be released when a period with data is over." in page
    assert "There is nothing to build now." in visitor.get("/releases").text or reader == "group"
    visitor.get("/language/es")
    assert "hasta ahora no se anotó nada" in visitor.get("/scorecard").text


@pytest.mark.parametrize(
    ("buildable", "draft", "said"),
    [
        ([], False, "The time of the first release of the usual length, 2023-2025, is over, and it has not been"),
        ([LONG_OVER], False, "The first release of the usual length, 2023-2025, can be released now."),
        ([LONG_OVER], True, "A draft of the first release of the usual length, 2023-2025, waits for approval."),
    ],
)
def test_one_of_the_usual_length_is_said_as_it_is(house: House, buildable: list[Json], draft: bool, said: str) -> None:
    house.twin.coming, house.twin.buildable = [LONG_OVER], buildable
    drafts = [release("2023-2025.1", house.twin, state="draft")] if draft else []
    house.twin.releases = [*drafts, release("2026-Q3.1", house.twin)]
    with house.visitor("berta-backbone-sample", "expecting-justice-sf") as visitor:
        page = visitor.get("/scorecard", params={"release": house.twin.releases[-1]["release"]}).text
    assert said in page
    assert "prepared" not in page
