"""In a real browser: what is shown goes with the sign-in, what was typed stays and comes back (R10)."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.gateway.house import House
from tests.gateway.test_kept_forms import TYPED, done

NOTE = "A note (if it helps)"


def enters(page: Page) -> None:
    """Signs in as staff of the clinic, from our own sign-in page."""
    page.get_by_role("radio", name="Fresno").check()
    page.get_by_role("button", name="Go to my agency's sign-in").click()
    page.locator("button[value=sam-specimen]").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_r10_signing_out_in_another_tab_loses_nothing(house: House, browser: Browser) -> None:
    with contextlib.closing(browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})) as context:
        first, second = context.new_page(), context.new_page()
        first.goto(f"{house.url}/sign-in")
        enters(first)
        first.goto(f"{house.url}/clients")
        first.get_by_role("searchbox").fill("Muster")
        first.get_by_role("button", name="Find").click()
        first.get_by_role("link", name="Nora Muster").first.click()
        first.goto(f"{first.url.partition('?')[0]}/contact")
        first.get_by_label("How were you in contact?").select_option("phone")
        first.get_by_text("More: what it was for").click()
        first.get_by_label(NOTE).fill(TYPED)
        second.goto(f"{house.url}/work")
        expect(first.get_by_text("Nora Muster").first).to_be_visible()
        second.get_by_role("button", name="Sign out").click()
        expect(first.get_by_role("alert")).to_contain_text("What you typed is still here")
        assert "Nora Muster" not in first.content()
        first.get_by_role("button", name="Record the contact").click()
        expect(first.get_by_role("heading", level=1)).to_have_text("You are not signed in any more")
        with context.expect_page() as opened:
            first.get_by_role("link", name="Sign in again: a new tab opens").click()
        enters(opened.value)
        first.get_by_role("button", name="Go on with what I typed").click()
        expect(first.locator(".errors")).to_be_focused()
        expect(first.get_by_label("How were you in contact?")).to_have_value("phone")
        expect(first.get_by_label(NOTE)).to_have_value(TYPED)
        assert done(house) == []
        first.get_by_role("button", name="Record the contact").click()
        expect(first.locator("#notice")).to_contain_text("The contact is written down.")
        assert done(house) == ["record_contact"]


@pytest.mark.parametrize("answers", [True, False], ids=["", "nobody answers"])
def test_what_is_shown_goes_when_nobody_looks_at_it(house: House, browser: Browser, answers: bool) -> None:
    with contextlib.closing(browser.new_context(locale="en-US", base_url=house.url)) as context:
        page = context.new_page()
        page.clock.install()
        page.goto("/sign-in")
        enters(page)
        page.goto(f"/referrals/{house.twin.referral}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.clock.fast_forward("29:59")
        expect(page).to_have_url(f"{house.url}/referrals/{house.twin.referral}")
        house.clock.at = datetime.now(UTC) + timedelta(minutes=30)
        if not answers:
            context.set_offline(True)
        page.clock.fast_forward("00:01")
        expect(page.get_by_text("because nothing was done here for 30 minutes")).to_have_count(int(answers))
        expect(page.locator("header .who")).to_have_count(0)
