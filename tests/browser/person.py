"""Owns how an invented person uses the pages: signs in, looks, fills in, presses; by what the page says."""

import re
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

CODE = re.compile(r"\b(?:[2-9A-Z]{3} ){3}[2-9A-Z]{3}\b")
FRESNO = "Fresno County Preterm Birth Initiative"
CLINIC, DOULA = "ada-example", "dora-muster"


@dataclass
class Person:
    """Somebody at a browser; most have signed in."""

    url: str
    page: Page

    @classmethod
    def signed_in(cls, url: str, page: Page, username: str) -> "Person":
        """Goes the whole way: our page, the agency's own sign-in, back."""
        page.goto(f"{url}/sign-in")
        page.get_by_label(FRESNO).check()
        page.get_by_role("button", name="Go to my agency's sign-in").click()
        page.locator(f"button[value={username}]").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return cls(url, page)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def gives_her_a_code(self) -> str:
        """On a client's page: the code that lets her into her own."""
        self.presses("Give her a code: who saw her record")
        found = CODE.search(self.page.inner_text("main"))
        assert found is not None
        return found[0]

    def comes_in(self, code: str) -> None:
        """A client, to her own pages."""
        page = self.go("/my")
        page.get_by_label("Your code").fill(code.lower())
        self.presses("Show me")
        page.wait_for_url("**/my/record")

    def describes_a_referral(self, family: str, number: str) -> None:
        """Fills in all of the form for somebody new but whether she agreed."""
        page = self.go("/referrals/new")
        page.get_by_text("Someone new").click()
        page.get_by_label("Given name").fill("Lia")
        page.get_by_label("Family name").fill(family)
        page.get_by_label("Phone", exact=True).first.fill("559 555 0142")
        page.get_by_label("Your number for her").fill(number)
        page.get_by_label("Need").select_option("doula")
        self.presses("Show who could help")
        page.get_by_label("Example Doula Network, Doula support").check()
        page.get_by_label("What should they know before they call?").fill("Works mornings.")

    def says_that_she_agreed(self) -> None:
        self.page.get_by_label("Yes, she agreed").check()
        self.page.get_by_label("Spoken").check()

    def sends(self, family: str, number: str) -> str:
        """A whole referral to the doulas; gives its path."""
        self.describes_a_referral(family, number)
        self.says_that_she_agreed()
        self.presses("Send the referral")
        self.sees("Sent to Example Doula Network.")
        return self.page.url.removeprefix(self.url).partition("?")[0]


def without_a_script(context: BrowserContext) -> BrowserContext:
    """Another profile of the same browser, in which no script runs."""
    browser = context.browser
    assert browser is not None
    made = browser.new_context(locale="en-US", java_script_enabled=False)
    made.set_default_timeout(20_000)
    return made
