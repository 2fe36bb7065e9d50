"""Pages left open in a real browser: what comes is said, what is shown goes with the sign-in, what was typed stays."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.gateway.pages.views.work import SHOWN
from tests.gateway.house import House, hidden
from tests.gateway.test_kept_forms import FORMS, TYPED, contact_form, done
from tests.gateway.upstream_hers import CODE
from tests.gateway.upstream_twin import DOULAS, HUB, Twin

NOTE = "A note (if it helps)"
Opens = Callable[[], Page]


@pytest.fixture
def opened(house: House, browser: Browser, visitor: httpx.Client) -> Iterator[Opens]:
    """Tabs of a browser in which somebody of the hub is signed in."""
    with contextlib.closing(browser.new_context(locale="en-US", base_url=house.url)) as context:
        context.add_cookies([{"name": "closeknit", "value": visitor.cookies["closeknit"], "url": house.url}])
        yield context.new_page


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
        expect(first.get_by_role("heading", level=1)).to_have_text("You are not signed in any more")
        assert [each for each in ("Nora Muster", TYPED) if each in first.content()] == [], "it is sealed"
        assert first.get_by_label(NOTE).count() == 0
        goes_on(first, enters)
        expect(first.locator(".errors")).to_be_focused()
        expect(first.get_by_label("How were you in contact?")).to_have_value("phone")
        expect(first.get_by_label(NOTE)).to_have_value(TYPED)
        assert done(house) == []
        first.get_by_role("button", name="Record the contact").click()
        expect(first.locator("#notice")).to_contain_text("The contact is written down.")
        assert done(house) == ["record_contact"]


@pytest.mark.parametrize("answers", [True, False], ids=["", "nobody answers"])
def test_what_is_shown_goes_when_nobody_looks_at_it(house: House, opened: Opens, answers: bool) -> None:
    page = opened()
    page.clock.install()
    page.goto(f"/referrals/{house.twin.referral}")
    expect(page.locator("header .who")).to_be_visible()
    page.clock.fast_forward("29:59")
    expect(page.locator("header .who")).to_be_visible()
    house.clock.at = datetime.now(UTC) + timedelta(minutes=30)
    if not answers:
        page.context.set_offline(True)
    page.clock.fast_forward("00:01")
    expect(page.get_by_text("because nothing was done here for 30 minutes")).to_have_count(int(answers))
    expect(page.locator("header .who")).to_have_count(0)


def goes_on(page: Page, enters: Callable[[Page], None]) -> None:
    """Signs in again in another tab, and goes on here."""
    with page.context.expect_page() as entered:
        page.get_by_role("link", name="Sign in again: a new tab opens").click()
    enters(entered.value)
    page.get_by_role("button", name="Go on with what I typed").click()


def is_over(house: House, page: Page) -> None:
    """Nobody uses the sign-in for half an hour."""
    house.clock.at = datetime.now(UTC) + timedelta(minutes=30)
    page.clock.fast_forward("30:00")


def later(house: House, page: Page) -> None:
    """The clock goes right again; the sign-in that was over by it stays over."""
    house.clock.at = None
    page.context.clear_cookies()


def writes(page: Page, where: str) -> None:
    page.clock.install()
    page.goto(where)
    page.locator("#note").fill(TYPED)
    page.clock.run_for(4_000)


def test_r10_what_is_kept_under_drafts_goes_from_the_screen_and_comes_back(house: House, opened: Opens) -> None:
    page = opened()
    writes(page, "/referrals/new")
    expect(page.locator(".kept")).to_contain_text("Kept.")
    is_over(house, page)
    expect(page.get_by_role("alert")).to_contain_text("What you typed is kept, under Drafts: sign in again")
    assert (TYPED in page.content(), page.locator("form").count()) == (False, 0)
    later(house, page)
    page.get_by_role("link", name="Sign in").click()
    enters(page)
    expect(page.locator("#note")).to_have_value(TYPED)


@pytest.mark.parametrize("answers", [True, False], ids=["", "nobody answers"])
def test_r10_what_could_not_be_kept_is_covered_and_not_lost(house: House, opened: Opens, answers: bool) -> None:
    page = opened()
    page.route("**/work/drafts", lambda route: route.abort())
    writes(page, "/referrals/new")
    page.context.set_offline(not answers)
    is_over(house, page)
    told = page
    if not answers:
        expect(page.get_by_role("alert")).to_contain_text("It is not lost: it is covered")
        expect(page.locator("#note")).to_be_hidden()
        assert TYPED not in page.locator("body").inner_text()
        page.context.set_offline(False)
        with page.context.expect_page() as found:
            page.get_by_role("button", name="Sign in again").click()
        told = found.value
        expect(page.locator("#note")).to_be_hidden()
    expect(told.get_by_role("heading", level=1)).to_have_text("You are not signed in any more")
    assert TYPED not in told.content()
    later(house, page)
    goes_on(told, enters)
    expect(told.locator("#note")).to_have_value(TYPED)
    assert done(house) == []


def test_r10_what_was_covered_is_never_carried_out(house: House, visitor: httpx.Client) -> None:
    """Should there be a sign-in again: it is shown to who typed it."""
    path, form = contact_form(house, visitor)
    shown = visitor.post(form, data={**hidden(visitor.get(path), form), **FORMS["contact"][1], "over": "yes"})
    assert (shown.status_code, TYPED in shown.text, done(house)) == (422, True, [])
    assert 'name="over"' not in shown.text


def test_r10_a_question_of_hers_comes_back_by_another_code(house: House, context: BrowserContext) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(f"{house.url}/my")
    comes_in(page)
    page.get_by_text("Was this right? Ask about it").first.click()
    page.get_by_label("What would you like to know?").first.fill(TYPED)
    is_over(house, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in any more")
    assert TYPED not in page.content()
    later(house, page)
    goes_on(page, comes_in)
    expect(page.get_by_text(TYPED).first).to_be_visible()


def test_what_was_looked_for_is_no_work_and_goes(house: House, opened: Opens) -> None:
    page = opened()
    page.clock.install()
    page.goto("/clients")
    page.get_by_role("searchbox").fill("Nora Muster")
    is_over(house, page)
    expect(page.get_by_text("because nothing was done here for 30 minutes")).to_be_visible()


def comes_in(page: Page) -> None:
    page.get_by_label("Your code").fill(CODE)
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_role("heading", name="Every time, newest first")).to_be_visible()


def much(twin: Twin) -> None:
    """More waits for the hub than a page shows; what comes later stands further down."""
    while len(waiting(twin)) < SHOWN + 5:
        twin.send(DOULAS, HUB, "doula", twin.nora)


def waiting(twin: Twin) -> list[str]:
    return [id for id, found in twin.referrals.items() if found["to"]["agency"] == HUB["agency"]]


def looks(page: Page) -> None:
    """What the script does every few seconds."""
    with page.expect_response("**/work/news*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_what_comes_is_said_wherever_it_stands_and_moves_nothing(house: House, opened: Opens) -> None:
    much(house.twin)
    pages = {}
    for address in ("/work", f"/work?from={SHOWN}&before={SHOWN}", "/work?show=answer"):
        page = opened()
        with page.expect_response("**/work/news*"):
            page.goto(address)
        looks(page)
        expect(page.locator(".news")).to_be_empty()
        pages[page] = page.locator("ol.work").all_inner_texts()
    house.twin.send(DOULAS, HUB, "doula", house.twin.nora)
    for page, before in pages.items():
        looks(page)
        expect(page.locator(".news a")).to_have_text("1 new item, further down. Load the list again")
        assert page.locator("ol.work").all_inner_texts() == before
        page.locator(".news a").click()
        expect(page.locator(".news")).to_be_empty()
        assert "from=" not in page.url


def test_what_moves_up_is_not_new_and_what_comes_on_the_page_is_shown(house: House, opened: Opens) -> None:
    much(house.twin)
    page = opened()
    with page.expect_response("**/work/news*"):
        page.goto("/work")
    for id in waiting(house.twin)[:10]:
        house.twin.referrals[id]["state"] = "completed"
    looks(page)
    expect(page.locator(".news")).to_be_empty()
    for _ in range(2):
        house.twin.send(DOULAS, HUB, "doula", house.twin.nora)
    looks(page)
    expect(page.locator(".news a")).to_have_text("2 new items. Show them")
