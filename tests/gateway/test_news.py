"""Work that comes while a list is open is announced, wherever in the list it stands, and moves nothing by itself."""

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from services.gateway.pages.views.work import SHOWN
from tests.gateway.house import House
from tests.gateway.upstream_twin import DOULAS, HUB, Twin

MORE = SHOWN + 5


def much(twin: Twin, number: int) -> None:
    """So many things wait for the hub; what comes later stands further down."""
    while len(waiting(twin)) < number:
        twin.send(DOULAS, HUB, "doula", twin.nora)


def waiting(twin: Twin) -> list[str]:
    return [id for id, found in twin.referrals.items() if found["to"]["agency"] == HUB["agency"]]


@pytest.fixture
def page(house: House, browser: Browser, visitor: httpx.Client) -> Page:
    context = browser.new_context(locale="en-US", base_url=house.url)
    context.add_cookies([{"name": "closeknit", "value": visitor.cookies["closeknit"], "url": house.url}])
    return context.new_page()


def looks(page: Page) -> None:
    """What the script does every few seconds."""
    with page.expect_response("**/work/news*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_script_hears_of_all_that_waits(house: House, visitor: httpx.Client) -> None:
    much(house.twin, 250)
    found = visitor.get("/work/news").json()["items"]
    assert set(waiting(house.twin)) <= set(found)
    asked = [body for action, body, _ in house.twin.heard if action == "list_work" and body.get("limit") == "200"]
    assert [body.get("cursor") for body in asked] == [None, "200"]
    assert {body["names"] for body in asked} == {"false"}, "R1: no name was shown to anybody"


@pytest.mark.parametrize(("address", "words"), [
    ("/work", "1 new item, further down. Load the list again"),
    (f"/work?from={SHOWN}&before={SHOWN}", "1 new item, further down. Load the list again"),
    ("/work?show=answer", "1 new item, further down. Load the list again"),
])  # fmt: skip
def test_what_comes_beyond_the_first_page_is_said(house: House, page: Page, address: str, words: str) -> None:
    much(house.twin, MORE)
    with page.expect_response("**/work/news*"):
        page.goto(address)
    before = page.locator("ol.work").all_inner_texts()
    looks(page)
    expect(page.locator(".news")).to_be_empty()
    house.twin.send(DOULAS, HUB, "doula", house.twin.nora)
    looks(page)
    expect(page.locator(".news a")).to_have_text(words)
    assert page.locator("ol.work").all_inner_texts() == before
    page.locator(".news a").click()
    expect(page.locator(".news")).to_be_empty()
    assert "from=" not in page.url


def test_what_is_done_meanwhile_is_not_new(house: House, page: Page) -> None:
    """The next one moves up to the first page: nothing came."""
    much(house.twin, MORE)
    with page.expect_response("**/work/news*"):
        page.goto("/work")
    house.twin.referrals[waiting(house.twin)[0]]["state"] = "completed"
    looks(page)
    expect(page.locator(".news")).to_be_empty()


def test_on_a_short_list_it_is_said_as_before(house: House, page: Page) -> None:
    page.goto("/work")
    house.twin.send(DOULAS, HUB, "doula", house.twin.nora)
    house.twin.send(DOULAS, HUB, "doula", house.twin.nora)
    looks(page)
    expect(page.locator(".news a")).to_have_text("2 new items. Show them")
