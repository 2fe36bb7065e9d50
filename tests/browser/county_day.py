"""Owns a scripted day in a county: a clinic, two WIC offices and doulas at their browsers, from referral to end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.person import CLINIC, DOULA, Person
from tests.condition import until

WIC_EAST, WIC_WEST = "wanda-sample", "willa-ejemplo"
ZONE = ZoneInfo("America/Los_Angeles")
PATIENCE_MS = 30_000
SOON = timedelta(seconds=15)
"""So soon is the visit to which she does not come: long enough for a slow machine to book it."""
SIZES = {"wide": (1280, 900), "phone": (390, 844)}


@dataclass
class Day:
    """The people of the day, each in a browser profile of their own. `pictures`: where each scene is kept, if it is."""

    url: str
    browser: Browser
    pictures: Path | None = None
    family: str = field(default_factory=lambda: f"Muestra-{uuid4().hex[:6]}")
    contexts: list[BrowserContext] = field(default_factory=list)
    scenes: list[str] = field(default_factory=list)

    def person(self, username: str) -> Person:
        """Somebody comes to work."""
        return Person.signed_in(self.url, self.somebody().page, username)

    def somebody(self) -> Person:
        """Somebody at a browser who has not signed in."""
        context = self.browser.new_context(locale="en-US", timezone_id=str(ZONE))
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return Person(self.url, context.new_page())

    def scene(self, who: Person, title: str) -> None:
        """What somebody sees at this moment, told and, where pictures are wanted, kept in two sizes."""
        self.scenes.append(title)
        if self.pictures is None:
            return
        for size, (width, height) in SIZES.items():
            who.page.set_viewport_size({"width": width, "height": height})
            name = f"{len(self.scenes):02d}-{title.replace(' ', '-')}-{size}.png"
            who.page.screenshot(path=self.pictures / name, full_page=True)
        who.page.set_viewport_size({"width": SIZES["wide"][0], "height": SIZES["wide"][1]})

    def end(self) -> None:
        for context in self.contexts:
            context.close()


def unfold(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).first.click()


def the_day(day: Day, told: Callable[[str], None] = lambda _: None) -> None:
    """All of it, in order; the figures that it leaves behind are for the caller to look at."""
    expect.set_options(timeout=PATIENCE_MS)
    ada, wanda, willa, dora = (day.person(each) for each in (CLINIC, WIC_EAST, WIC_WEST, DOULA))
    told("A clinic refers her to WIC")
    first = refers(day, ada)
    told("WIC East has no room, and sends it on to WIC West")
    second = redirected(day, wanda, ada, first)
    told("WIC West takes it on, and books a visit")
    due = books(day, willa, second)
    told("The clinic hands over to a doula, all three together")
    hands_over(day, ada, dora)
    told("She does not come; another visit is booked; she comes")
    comes_at_last(day, willa, second, due)
    told("It is completed, the clinic is told, and she is asked how it was")
    closes(day, willa, ada, second)


def refers(day: Day, ada: Person) -> str:
    """The clinic finds nobody of her name, so she is registered on the way; gives the path of the referral."""
    page = ada.go("/referrals/new")
    page.get_by_text("Someone new").click()
    page.get_by_label("Given name").fill("Nora")
    page.get_by_label("Family name").fill(day.family)
    page.get_by_label("Phone", exact=True).first.fill("209 555 0187")  # of nobody whom a simulation has registered here
    page.get_by_label("Need").select_option("wic")
    ada.presses("Show who could help")
    page.get_by_label("Sample WIC Office East, WIC enrolment").check()
    page.get_by_label("What should they know before they call?").fill("Evenings are best.")
    day.scene(ada, "send")
    ada.says_that_she_agreed()
    ada.presses("Send the referral")
    ada.sees("Sent to Sample WIC Office East.")
    day.scene(ada, "sent")
    return page.url.removeprefix(day.url).partition("?")[0]


def redirected(day: Day, wanda: Person, ada: Person, path: str) -> str:
    """WIC East opens it, has no room and passes it on; the clinic asks her for WIC West, and sends what waits."""
    page = wanda.go(path)
    wanda.presses("Open it: Example Clinic North sees that you have")
    wanda.sees(day.family)
    day.scene(wanda, "no room here")
    unfold(page, "Somebody else can help her")
    form = page.locator(f"form[action='{path}/redirect']")
    west = form.locator("option", has_text="Sample WIC Office West").first.get_attribute("value")
    form.get_by_label("Who could help?").select_option(west)
    form.get_by_label("Why?").select_option("no_capacity")
    wanda.presses("Pass it on")
    wanda.sees("Passed on. Example Clinic North was told and follows it.")
    page = ada.go(path)
    ada.sees("Sample WIC Office East passed it on to Sample WIC Office West")
    day.scene(ada, "passed on")
    ada.presses("Open it: ask her, then send it on")
    expect(page.get_by_label("What should they know before they call?")).to_have_value("Evenings are best.")
    ada.says_that_she_agreed()
    ada.presses("Send the referral")
    ada.sees("Sent to Sample WIC Office West.")
    return page.url.removeprefix(day.url).partition("?")[0]


def books(day: Day, willa: Person, path: str) -> datetime:
    """WIC West accepts and books a visit that is due before long; gives its time."""
    page = willa.go(path)
    willa.presses("Open it: Example Clinic North sees that you have")
    willa.presses("Accept: we take care of it")
    willa.sees("Accepted.")
    unfold(page, "Book a visit")
    due = datetime.now(ZONE).replace(microsecond=0) + SOON
    book(page, due)
    willa.presses("Book the visit: Example Clinic North sees the day")
    willa.sees("The visit is booked.")
    day.scene(willa, "visit booked")
    return due


def book(page: Page, due: datetime) -> None:
    form = page.locator("form[action$='/appointments']")
    form.locator("[name=day]").fill(due.date().isoformat())
    clock = form.locator("[name=clock]")
    clock.evaluate("each => { each.step = '1'; }")  # people book minutes: for those the day would wait
    clock.fill(f"{due:%H:%M:%S}")


def finds_her(day: Day, ada: Person) -> Page:
    """Her page at the clinic."""
    page = ada.go("/clients")
    page.get_by_role("searchbox").fill(day.family)
    ada.presses("Find")
    page.get_by_role("link", name=f"Nora {day.family}", exact=True).click()
    return page


def hands_over(day: Day, ada: Person, dora: Person) -> None:
    """The clinic opens her pregnancy and hands birth support to the doulas, warm."""
    page = finds_her(day, ada)
    unfold(page, "She is pregnant")
    ada.presses("Open a pregnancy")
    ada.sees("The pregnancy is written down.")
    day.scene(ada, "client")
    page.get_by_role("link", name="Hand off").click()
    page.get_by_label("To which agency?").select_option("example-doula-network")
    page.get_by_label("What would they lead?").select_option("doula")
    page.get_by_label("How do you hand over?").select_option("warm_in_person")
    ada.presses("Propose the handoff")
    path = page.url.removeprefix(day.url).partition("?")[0]
    page.get_by_label("Yes, she agreed").check()
    page.get_by_label("Spoken").check()
    ada.presses("Write down that she agreed")
    ada.presses("Offer the handoff")
    ada.sees("Offered to Example Doula Network.")
    day.scene(ada, "handoff offered")
    dora.go(path)
    dora.presses("Open it")
    dora.sees(day.family)
    day.scene(dora, "handoff to answer")
    dora.presses("Accept: we lead from today")
    dora.sees("Handoff accepted")
    dora.page.get_by_label("Yes, all three together").check()
    dora.presses("Write down that the call was held")
    dora.sees("this handoff is warm")
    dora.page.get_by_label("How were you in contact?").first.select_option("home_visit")
    dora.presses("Record the contact")
    dora.sees("Handoff completed")
    day.scene(dora, "handoff completed")


def comes_at_last(day: Day, willa: Person, path: str, due: datetime) -> None:
    """The time passes, she does not come; another visit is booked for soon, and she comes to it."""
    page = willa.go(path)

    def can_be_missed() -> bool:
        page.reload()
        return page.get_by_role("button", name="She did not come").count() > 0

    until(can_be_missed, 90.0, every=1.0)
    assert datetime.now(ZONE) >= due
    willa.presses("She did not come")
    willa.sees("Book another visit")
    day.scene(willa, "she did not come")
    unfold(page, "Book another visit")
    book(page, datetime.now(ZONE) + timedelta(minutes=10))
    willa.presses("Book the visit: Example Clinic North sees the day")
    page.get_by_role("button", name="She came").click()
    willa.sees("Connected: yes")
    day.scene(willa, "she came")


def closes(day: Day, willa: Person, ada: Person, path: str) -> None:
    """WIC West completes it by the visit; the clinic reads how it ended; she is asked how it was."""
    page = willa.page
    unfold(page, "Complete it")
    page.get_by_label("How did it end for her?").select_option("enrolled")
    willa.presses("Complete it: Example Clinic North is told")
    willa.sees("Completed. Example Clinic North is told how it ended.")
    ada.go(path)
    ada.presses("I have read how it ended: close the loop")
    ada.sees("The loop is closed.")
    day.scene(ada, "loop closed")
    ada.presses("I am asking her now")
    form = ada.page.locator("form[action$='/feedback']")
    form.get_by_label("Yes").first.check()
    ada.presses("Write down what she said")
    ada.sees("What she said is written down.")
    day.scene(ada, "she said how it was")
