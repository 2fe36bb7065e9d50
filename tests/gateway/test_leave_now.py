""" "Leave now" on a client's own pages: she is signed out on the way, in every tab, and Back shows nothing of hers."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.gateway.access.rates import Rates
from services.gateway.pages.views import hers
from services.runtime.http.problem import Problem
from tests.gateway.house import House
from tests.gateway.upstream_hers import CODE

PAGES = ("/my/record", "/my/consents", "/my/helpers")
LIST = "Every time, newest first"
ELSEWHERE = "/.well-known/openid-configuration"


@pytest.fixture
def remembering(browser: Browser, chromium_path: Path, scripts: bool) -> Iterator[BrowserContext]:
    """A browser that keeps whole pages for Back, which Playwright otherwise switches off."""
    with contextlib.closing(
        browser.browser_type.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            ignore_default_args=["--disable-back-forward-cache"],
        )
    ) as own:
        yield own.new_context(locale="en-US", java_script_enabled=scripts)


def comes_in(house: House, page: Page) -> None:
    page.goto(f"{house.url}/my")
    page.get_by_label("Your code").fill(CODE)
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without a script"])
def test_back_shows_nothing_and_other_tabs_clear_themselves(
    house: House, remembering: BrowserContext, scripts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hers, "SAFE", f"{house.issuer.url}{ELSEWHERE}")
    page, other = remembering.new_page(), remembering.new_page()
    comes_in(house, page)
    other.goto(f"{house.url}/my/consents")
    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url(f"**{ELSEWHERE}")
    assert [each["name"] for each in remembering.cookies() if "hers" in each["name"]] == []
    if scripts:
        expect(other.get_by_label("Your code")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Your code")).to_be_visible()
    expect(page.get_by_role("heading", name=LIST)).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_a_copied_cookie_opens_nothing_any_more(house: House, path: str) -> None:
    with house.herself() as her:
        page, copied = her.get(path), her.cookies["closeknit-hers"]
        assert 'href="/my/leave" rel="noreferrer"' in page.text
        gone = her.get("/my/leave", follow_redirects=False)
        assert (gone.status_code, gone.headers["location"]) == (303, "https://www.weather.gov/")
        assert (gone.headers["cache-control"], set(her.cookies)) == ("no-store", set())
        her.cookies.set("closeknit-hers", copied, domain="127.0.0.1")
        assert her.get(path).url.path == "/my"


def test_whoever_is_not_signed_in_any_more_leaves_as_well_and_nothing_is_ended(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        gone = visitor.get("/my/leave", follow_redirects=False)
        assert (gone.headers["location"], gone.headers.get_list("set-cookie")) == (hers.SAFE, [])
        assert visitor.get("/work").status_code == 200, "a member of staff in the same browser"


def test_nothing_that_is_wrong_with_us_keeps_her(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_often(*_: object) -> None:
        raise Problem(429, "too-many-requests", "That was too often.", "Ask again.")

    with house.herself() as her:
        monkeypatch.setattr(Rates, "address", too_often)
        assert her.get("/my/record").status_code == 429
        gone = her.get("/my/leave", follow_redirects=False)
        assert (gone.status_code, gone.headers["location"]) == (303, hers.SAFE)


def test_the_page_says_what_it_does_in_two_languages(house: House) -> None:
    with house.herself() as her:
        assert "Signs you out and opens a weather page." in her.get("/my/record").text
        her.get("/language/es")
        assert "Cierra su sesión y abre una página del tiempo." in her.get("/my/record").text
