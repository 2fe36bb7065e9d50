"""Owns what is shown of a day besides its referrals: the sign-in, an emergency, and her own pages in two languages."""

from playwright.sync_api import expect

from tests.browser.county_day import Day, finds_her
from tests.browser.person import CLINIC, Person


def signs_in(day: Day) -> None:
    """What everybody sees first."""
    anybody = day.somebody()
    anybody.go("/sign-in")
    day.scene(anybody, "sign in")


def in_an_emergency(day: Day) -> None:
    """The clinic opens her record without her yes, and gives her a code to see who did."""
    ada = day.person(CLINIC)
    page = finds_her(day, ada)
    page.get_by_role("link", name="Open her record in an emergency").click()
    page.get_by_label("A medical emergency of hers").check()
    page.get_by_label("What happened, and why can nobody ask her?").fill("She was brought in and cannot speak.")
    day.scene(ada, "break glass")
    ada.presses("Open it for 3 hours")
    ada.sees("You opened this record in an emergency, until")
    day.scene(ada, "record open in an emergency")
    sees_who_saw(day, ada.gives_her_a_code())


def sees_who_saw(day: Day, code: str) -> None:
    """She reads who saw her record and what she said yes to, in English and in Spanish."""
    her = day.somebody()
    her.comes_in(code)
    reads(day, her, "Who saw your record", "What you said yes to", "English")
    her.go("/my/record").get_by_role("link", name="español").click()
    reads(day, her, "Quién vio su expediente", "A qué dijo que sí", "Spanish")


def reads(day: Day, her: Person, record: str, consents: str, language: str) -> None:
    for path, heading, title in (("/my/record", record, "who saw"), ("/my/consents", consents, "what she said yes to")):
        page = her.go(path)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        assert day.family not in page.content(), "her name is not on it"
        day.scene(her, f"her own pages {title} {language}")
