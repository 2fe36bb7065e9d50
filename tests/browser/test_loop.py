"""The whole system at a real browser: a referral goes round its loop, without a script, on a phone, by keyboard."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.person import CLINIC, DOULA, Person, without_a_script
from tests.fix_line import Line
from tests.gateway.reading import Reading

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def patient_browser(context: BrowserContext) -> None:
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)


@pytest.fixture
def plain(context: BrowserContext) -> Iterator[BrowserContext]:
    made = without_a_script(context)
    yield made
    made.close()


def named() -> tuple[str, str]:
    """A family name and a number that nobody has."""
    return f"Specimen-{uuid4().hex[:8]}", f"M-{uuid4().hex[:8]}"


def test_a_referral_goes_round_without_a_script(line: Line, plain: BrowserContext, context: BrowserContext) -> None:
    family, number = named()
    clinic = Person.signed_in(line.url, plain.new_page(), CLINIC)
    path = clinic.sends(family, number)
    other = without_a_script(context)
    doula = Person.signed_in(line.url, other.new_page(), DOULA)
    page = doula.go("/work?show=answer")
    assert family not in page.content(), "no list says who she is before somebody opened it"
    page.locator(f'form[action="{path}/open"] button').click()
    doula.sees("Works mornings.")
    doula.presses("Accept: we take care of it")
    doula.sees("Accepted. Example Clinic North was told.")
    page.get_by_label("How were you in contact?").first.select_option("phone")
    doula.presses("Record the contact")
    doula.sees("The contact is written down.")
    doula.sees("Connected: yes")
    page.locator("details", has=page.locator(f'form[action="{path}/complete"]')).locator("> summary").click()
    page.get_by_label("How did it end for her?").select_option("service_received")
    doula.presses("Complete it: Example Clinic North is told")
    doula.sees("Completed. Example Clinic North is told how it ended.")
    clinic.go(path)
    clinic.presses("I have read how it ended: close the loop")
    clinic.sees("The loop is closed.")
    other.close()


def test_a_missing_answer_takes_the_focus_and_loses_nothing(line: Line, context: BrowserContext) -> None:
    family, number = named()
    clinic = Person.signed_in(line.url, context.new_page(), CLINIC)
    clinic.describes_a_referral(family, number)
    clinic.presses("Send the referral")
    expect(clinic.page.locator(".errors")).to_be_focused()
    assert clinic.page.title().startswith("Error: ")
    expect(clinic.page.get_by_label("Family name")).to_have_value(family)
    expect(clinic.page.get_by_label("What should they know before they call?")).to_have_value("Works mornings.")
    clinic.page.get_by_role("link", name="Say whether she agreed to share this").click()
    expect(clinic.page.locator("#consent")).to_be_focused()
    clinic.says_that_she_agreed()
    clinic.presses("Send the referral")
    expect(clinic.page.locator("#notice")).to_be_focused()


def test_a_declining_receiver_loses_sight_of_her(line: Line, page: Page, plain: BrowserContext) -> None:
    family, number = named()
    path = Person.signed_in(line.url, page, CLINIC).sends(family, number)
    doula = Person.signed_in(line.url, plain.new_page(), DOULA)
    doula.go(path)
    assert family not in doula.page.content(), "R11: nothing is shown before it is opened"
    doula.presses("Open it: Example Clinic North sees that you have")
    doula.sees(family)
    doula.page.get_by_text("We cannot take this on").click()
    doula.page.locator("#reason").select_option("no_capacity")
    doula.presses("Decline it with this reason")
    doula.sees("Declined. Example Clinic North is told")
    assert family not in doula.page.content()
    assert "Works mornings." not in doula.page.content()


def test_a_double_click_registers_and_sends_once(line: Line, page: Page) -> None:
    family, _ = named()
    clinic = Person.signed_in(line.url, page, CLINIC)
    clinic.go("/clients/new")
    page.get_by_label("Given name").fill("Ida")
    page.get_by_label("Family name").fill(family)
    page.get_by_role("button", name="Register her").dblclick()
    clinic.sees("She is your client now.")
    clinic.describes_a_referral(f"{family}-Muestra", "")
    page.get_by_label("Phone", exact=True).first.fill("")  # nobody is alike but whom the first click registers
    clinic.says_that_she_agreed()
    page.get_by_role("button", name="Send the referral", exact=True).dblclick()
    clinic.sees("Sent to Example Doula Network.")
    clinic.go("/clients")
    page.get_by_role("searchbox").fill(family)
    clinic.presses("Find")
    clinic.sees("2 clients fit")


def test_a_page_that_is_out_of_date_declines_nothing(line: Line, page: Page, plain: BrowserContext) -> None:
    family, number = named()
    path = Person.signed_in(line.url, page, CLINIC).sends(family, number)
    doula = Person.signed_in(line.url, plain.new_page(), DOULA)
    doula.go(path)
    doula.presses("Open it: Example Clinic North sees that you have")
    doula.page.get_by_text("We cannot take this on").click()
    doula.page.locator("#reason").select_option("no_capacity")
    other = Person(line.url, plain.new_page())
    other.go(path)
    other.presses("Accept: we take care of it")
    other.sees("Accepted. Example Clinic North was told.")
    doula.presses("Decline it with this reason")
    doula.sees("Your answer was not saved. Theirs stands.")
    doula.sees("Record the first contact")
    other.go(path)
    other.sees("Record the first contact")


def test_new_work_is_said_and_moves_nothing(line: Line, page: Page, plain: BrowserContext) -> None:
    doula = Person.signed_in(line.url, page, DOULA)
    doula.go("/work")
    before = page.locator("ol.work").all_inner_texts()
    family, number = named()
    path = Person.signed_in(line.url, plain.new_page(), CLINIC).sends(family, number)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    news = page.get_by_role("link", name=re.compile(r"^\d+ new items?\. Show"))  # something else can fall due just now
    expect(news).to_be_visible()
    assert page.locator("ol.work").all_inner_texts() == before
    news.click()
    expect(page.locator(f'form[action="{path}/open"]')).to_be_visible()


def test_the_keyboard_reaches_the_page_first(line: Line, page: Page) -> None:
    Person.signed_in(line.url, page, CLINIC)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Send a referral").last).to_be_focused()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_is_wider_than_the_screen(line: Line, page: Page, language: str) -> None:
    family, number = named()
    clinic = Person.signed_in(line.url, page, CLINIC)
    path = clinic.sends(f"{family}{'w' * 100}", number)  # names wrap, never cut
    clinic.go(f"/language/{language}")
    for address in ("/work", "/work/outbox", "/referrals/new", path, "/clients", "/clients/new", "/about", "/docs"):
        clinic.go(address)
        assert Reading(page.content()).wrong == [], address
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_nobody_else_is_asked_for_anything(line: Line, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    clinic = Person.signed_in(line.url, page, CLINIC)
    for address in ("/work", "/referrals/new", "/clients", "/about", "/docs"):
        clinic.go(address)
    ours = (line.url, line.settings["CLOSEKNIT_ISSUER"])
    assert [each for each in asked if not each.startswith(ours)] == []
