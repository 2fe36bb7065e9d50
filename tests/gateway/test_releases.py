"""Releases by page: one person of the backbone builds, another approves, and whoever withdraws says why."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import COMING, release


@pytest.fixture
def backbone(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin, state="draft"), release("2026-Q2.1", house.twin)]
    with house.visitor("bea-backbone-example") as visitor:
        yield visitor


def press(visitor: httpx.Client, step: str, house: House, **fields: str) -> httpx.Response:
    action = f"/releases/{house.twin.releases[0]['release']}/{step}"
    return visitor.post(action, data={**hidden(visitor.get("/releases"), action), **fields})


def test_what_there_is_and_what_comes_next(backbone: httpx.Client) -> None:
    page = backbone.get("/releases")
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["1 release is approved and open to the working groups"]
    assert "Draft 2026-Q3.1" in page.text
    assert "The next quarter, 2026-Q4: can be released from 15 February 2027 on." in page.text
    assert "There is nothing to build now. The next, 2026-Q4, can be built whole from 15 February 2027 on." in page.text
    assert 'action="/releases"' not in page.text


def test_a_draft_of_somebody_else_is_approved(house: House, backbone: httpx.Client) -> None:
    page = press(backbone, "approve", house)
    assert page.url.path == "/releases"
    assert house.twin.releases[0]["state"] == "published"
    assert "2 releases are approved" in page.text


def test_ones_own_draft_waits_for_another(house: House, backbone: httpx.Client) -> None:
    house.twin.releases[0] |= {"built_by_me": True, "actions": ["withdraw"]}
    page = backbone.get("/releases").text
    assert "You built it: somebody else of the backbone approves it." in page
    assert "Approve 2026-Q3.1" not in page


def test_withdrawing_needs_a_reason(house: House, backbone: httpx.Client) -> None:
    nothing = press(backbone, "withdraw", house, reason=" ")
    assert nothing.status_code == 422
    assert "Say why" in nothing.text
    assert house.twin.releases[0]["state"] == "draft"
    page = press(backbone, "withdraw", house, reason="Counted twice.")
    assert "Counted twice." in page.text
    assert house.twin.releases[0]["state"] == "withdrawn"


def over(house: House, *names: str, due_on: str = "2026-11-02") -> None:
    """These periods are over and have no release; they can be whole from a day on."""
    house.twin.buildable += [{**COMING[0], "name": name, "due_on": due_on} for name in names]


def test_every_period_that_is_over_is_offered(house: House, backbone: httpx.Client) -> None:
    over(house, "2026-Q3", due_on="2099-01-30")
    over(house, "2026-Q1", "2025")
    page = backbone.get("/releases").text
    assert re.findall(r'<option value="([^"]+)"( selected)?>([^<]+)<', page) == [
        ("2026-Q3", "", "2026-Q3: all of it from 30 January 2099 on"),
        ("2026-Q1", " selected", "2026-Q1"),
        ("2025", "", "2025"),
    ]
    assert (
        "Where a day stands behind it, a draft built before that day lacks the measures that are too recent to count."
        in page
    )
    assert "nothing to build" not in page
    backbone.get("/language/es", follow_redirects=True)
    assert "2026-Q3: completo a partir del 30 de enero de 2099" in backbone.get("/releases").text


def test_a_period_that_is_due_is_built(house: House, backbone: httpx.Client) -> None:
    over(house, "2026-Q4")
    key = hidden(backbone.get("/releases"), "/releases")
    page = backbone.post("/releases", data={**key, "period": "2026-Q4"})
    assert page.url.path == "/releases"
    assert "Draft 2026-Q4.1" in page.text


@pytest.mark.parametrize(("language", "says"), [("en", "is being built"), ("es", "Se está preparando")])
def test_what_takes_long_is_asked_for_again(house: House, backbone: httpx.Client, language: str, says: str) -> None:
    over(house, "2026-Q4")
    backbone.cookies.set("closeknit_language", language)
    house.twin.still_building = 2
    key = hidden(backbone.get("/releases"), "/releases")
    page = backbone.post("/releases", data={**key, "period": "2026-Q4"})
    assert page.status_code == 202
    assert Reading(page.text).wrong == []
    assert says in page.text
    assert hidden(page, "/releases") == key | {"period": "2026-Q4"}, "the same command once more"
    asked = backbone.post("/releases", data=hidden(page, "/releases") | {"by_itself": "yes"})
    assert (asked.status_code, asked.headers.get_list("set-cookie")) == (202, []), "nobody uses it"
    assert "2026-Q4.1" in backbone.post("/releases", data=hidden(page, "/releases")).text


def test_a_working_group_reads_and_decides_nothing(house: House) -> None:
    house.twin.releases = [release("2026-Q2.1", house.twin)]
    house.twin.releases[0]["actions"] = []
    with house.visitor("greta-example") as visitor:
        page = visitor.get("/releases")
        assert page.status_code == 200
        assert "<form" not in page.text.partition("<main")[2]
        step = f"/releases/{house.twin.releases[0]['release']}/approve"
        assert visitor.post(step, data={"csrf": "x"}).status_code == 403


def test_no_other_step(house: House, backbone: httpx.Client) -> None:
    action = f"/releases/{house.twin.releases[0]['release']}/approve"
    odd = action.replace("approve", "burn")
    assert backbone.post(odd, data=hidden(backbone.get("/releases"), action)).status_code == 404
    assert backbone.get(odd).url.path == "/releases"


def test_without_a_release_the_page_says_when_the_first_is_due(house: House) -> None:
    with house.visitor("berta-backbone-sample", "expecting-justice-sf") as visitor:
        page = visitor.get("/releases").text
        house.twin.releases = [release("2026-Q3.1", house.twin)]
        later = visitor.get("/releases").text
    assert "There is no release yet. The first is due on 15 February 2028" in page
    assert "Three years are counted together, 2025-2027" in page
    assert "The first is due" not in later
