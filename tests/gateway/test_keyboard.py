"""A referral is sent in under a minute by keyboard alone, and what is typed is kept while it is typed (R10)."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.gateway.house import House
from tests.gateway.test_every_page import STAFF

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MINUTE = 60.0
MOST_TABS = 60


@pytest.fixture
def page(house: House, page: Page) -> Page:
    """A browser in which a member of the clinic's staff is signed in."""
    with house.visitor(STAFF) as visitor:
        house.hand_over(visitor, page.context)
    return page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus; fails where the keyboard does not get there."""
    wanted = page.locator(selector).first
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_a_referral_is_sent_in_under_a_minute_by_keyboard_alone(house: House, page: Page) -> None:
    began = time.monotonic()
    page.goto(f"{house.url}/referrals/new")
    tab_to(page, "#find")
    page.keyboard.type("Nora")
    tab_to(page, "button[value=find]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/*")
    tab_to(page, "input[name=client]")
    page.keyboard.press("Space")
    tab_to(page, "#need")
    page.keyboard.type("A d")
    tab_to(page, "button[value=services]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/*do=services")
    tab_to(page, "input[name=service]")
    page.keyboard.press("Space")
    tab_to(page, "#consent-yes")
    page.keyboard.press("Space")
    tab_to(page, "#how-spoken")
    page.keyboard.press("Space")
    tab_to(page, "#note")
    page.keyboard.type("Works mornings.")
    tab_to(page, "aside button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sent to Example Doula Network.").first).to_be_visible()
    assert time.monotonic() - began < MINUTE
    assert house.twin.drafts == {}


def test_r10_a_closed_tab_loses_nothing_and_nothing_lies_in_the_browser(house: House, page: Page) -> None:
    page.goto(f"{house.url}/referrals/new")
    page.locator("#note").fill("Rings twice.")
    expect(page.locator(".kept")).to_have_text("Kept. You can close this page and go on later, under Drafts.")
    path = page.url.removeprefix(house.url)
    assert path.startswith("/drafts/")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    other = page.context.new_page()
    page.close()
    other.goto(f"{house.url}{path}")
    expect(other.locator("#note")).to_have_value("Rings twice.")
