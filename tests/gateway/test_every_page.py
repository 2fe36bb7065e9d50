"""Every page in a real browser: nothing serious for axe, 320 px are enough, the keyboard gets everywhere, it prints."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.routing import Route

from services.gateway.pages.routes import PAGES
from tests.gateway.house import House
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_figures import release
from tests.gateway.upstream_twin import DOULAS, HUB, Twin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STAFF, GROUP = "sam-specimen", "kofi-specimen"
NARROW = 320
PRESSES_EACH = 4  # a date takes one for its day, month, year and calendar

NO_PAGES = {
    "/": "goes on to the work list or the sign-in",
    "/sign-in/go": "goes on to the agency's own sign-in",
    "/sign-in/back": "comes back from it",
    "/sign-in/out": "comes back from signing out there",
    "/sign-in/still": "for the script of every page",
    "/my/still": "for the script of every page",
    "/language/{code}": "goes back to where it was pressed",
    "/openapi.json": "a document for programs",
    "/my/record": "a client's own, behind her code: tests/gateway/test_hers.py looks at it",
    "/my/leave": "ends her sign-in and goes on to a weather page",
    "/my/record/paper": "a page for paper",
    "/my/record/ask": "a client's own, behind her code",
    "/my/consents": "a client's own, behind her code: tests/gateway/test_her_consents.py looks at it",
    "/my/helpers": "a client's own, behind her code: tests/gateway/test_her_helpers.py looks at it",
    "/my/consents/take-back": "a client's own, behind her code",
    "/privacy/{inquiry}/answer": "goes back to what waits for the officer",
    "/privacy/clients/{handle}": "by an officer's own handle: tests/gateway/test_hers.py looks at it",
    "/clients/{handle}/code": "goes back to the client's page",
    "/work/news": "a piece of the work list, for its script",
    "/scorecard/figures.{kind}": "a file to be saved",
    "/releases/{release}/{step}": "goes back to the releases",
    "/staff/{step}": "goes back to the page of staff",
    "/work/{work}/{step}": "goes back to the work list",
    "/appointments/{appointment}": "goes on to the page of its referral",
    "/appointments/{appointment}/{step}": "goes back to the page of its referral",
    "/drafts/{draft}/throw-away": "goes back to the draft",
    "/referrals/{referral}/letter": "a page for paper",
    "/referrals/{referral}/files/{file}": "a file to be saved",
    "/contacts/{contact}/files/{file}": "a file to be saved",
    "/referrals/{referral}/{step}": "goes back to the referral",
    "/handoffs/{handoff}/{step}": "goes back to the handoff",
    "/clients/{handle}/consent/{step}": "goes back to the consent page",
    "/clients/{handle}/pregnancy/{step}": "goes back to the pregnancy",
    "/checks/{check}/{step}": "goes back to the check",
    "/directory/agencies/{agency}/{step}": "goes back to the agency",
    "/directory/services/{service}/room": "goes back to the directory",
    "/clients/{handle}/identity/open": "goes back to her name, phone and address",
    "/clients/{handle}/unlink": "goes back to the client's page",
    "/clients/{handle}/stop": "goes back to the client's page",
    "/clients/{handle}/contact-again": "goes back to the client's page",
    "/clients/{handle}/pause": "goes back to the client's page",
    "/clients/{handle}/resume": "goes back to the client's page",
    "/contacts/{contact}": "another sign-in's handle leads nowhere: tests/gateway/test_needs.py looks at it",
    "/contacts/{contact}/{step}": "goes back to the contact",
    "/clients/{handle}/needs/{step}": "goes back to her needs",
    "/clients/{handle}/plan/{step}": "goes back to the plan of contacts",
    "/clients/{handle}/lead/{step}": "goes back to who leads",
    "/clients/{handle}/episode": "goes back to the client's page",
}
"""Addresses that show nothing of their own, and why."""


def released(twin: Twin) -> str:
    """The id of a release that there is from now on."""
    twin.releases = [release("2026-Q3.1", twin)]
    return str(twin.releases[0]["release"])


SHOWN: Mapping[str, Callable[[Twin], str]] = {
    "/referrals/{referral}": lambda twin: f"/referrals/{twin.referral}",
    "/referrals/{referral}/again": lambda twin: f"/referrals/{twin.send(HUB, DOULAS, 'doula', twin.nora)}/again",
    "/handoffs/{handoff}": lambda twin: f"/handoffs/{twin.handoff}",
    "/handoffs/{handoff}/script": lambda twin: f"/handoffs/{twin.handoff}/script",
    "/problems/{slug}": lambda _: "/problems/not-found",
    "/about/initiatives/{initiative}": lambda _: "/about/initiatives/fresno-ptbi",
    "/answer/{letter}": lambda _: "/answer/abcdefgh",
    "/directory/agencies/{agency}": lambda _: "/directory/agencies/example-clinic-north",
    "/directory/agencies/{agency}/edit": lambda _: "/directory/agencies/example-clinic-north/edit",
    "/directory/agencies/{agency}/new-service": lambda _: "/directory/agencies/example-clinic-north/new-service",
    "/directory/services/{service}/edit": lambda _: "/directory/services/prenatal/edit",
    "/checks/{check}": lambda twin: f"/checks/{twin.asks()}",
    "/scorecard/explained": lambda twin: f"/scorecard/explained?measure=response_rate&release={released(twin)}",
    "/drafts/{draft}": lambda twin: f"/drafts/{twin.began()}",
}
"""How an address with places in it is filled, where it is not a client's."""

PREGNANCY = "/clients/{handle}/pregnancy"
"""Shows something once one was opened."""
BEFORE_SIGN_IN = {"/sign-in"}
ADMIN, BACKBONE, OFFICER = "ada-example", "bea-backbone-example", "pia-example"
OTHERS = {
    **dict.fromkeys(("/scorecard", "/scorecard/explained", "/definitions", "/targets"), GROUP),
    **dict.fromkeys(("/releases", "/directory/new-agency"), BACKBONE),
    "/privacy": OFFICER,
}
"""Pages that staff do not see, and who does; the rest of the directory is seen by an agency's administrator."""


def reader_of(route: str) -> str:
    return OTHERS.get(route) or (ADMIN if route.startswith("/directory/") else STAFF)


# What a person can get to: it shows, is not switched off, not folded up; of a row of radio buttons, the one that Tab
# stops at.
REACHABLE = """() => {
  const folded = each => {
    const own = each.tagName === 'SUMMARY' ? each.parentElement.parentElement : each;
    return own.closest('details:not([open])') !== null;
  };
  const row = each => [...document.getElementsByName(each.name)].filter(other => other.form === each.form);
  const stop = each => each.type !== 'radio' || each === (row(each).find(other => other.checked) || row(each)[0]);
  const all = document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary');
  const reached = [...all].filter(each => each.checkVisibility() && !each.disabled && !folded(each) && stop(each));
  reached.forEach(each => { each.dataset.seen = 'no'; });
  document.addEventListener('focusin', event => { event.target.dataset.seen = 'yes'; });
  return reached.length;
}"""
PRESSED = """() => [...document.querySelectorAll('button, .top nav')].filter(each => each.checkVisibility())
  .map(each => each.outerHTML.slice(0, 120))"""
MISSED = "() => [...document.querySelectorAll('[data-seen=no]')].map(each => each.outerHTML.slice(0, 120))"


ODD = """() => {
  const main = document.querySelector('main');
  main.insertAdjacentHTML('beforeend', '<img src="data:,"><p style="width: 40rem">wide</p><button>odd</button>');
  const odd = main.lastElementChild;
  odd.addEventListener('focus', () => document.querySelector('a').focus());
}"""
"""A picture without words, a line that is too wide, a button that throws the keyboard out."""


def shown() -> list[str]:
    """The address of every page that shows something."""
    routes = (each for each in PAGES if isinstance(each, Route) and "GET" in (each.methods or ()))
    return sorted({each.path for each in routes} - set(NO_PAGES))


@contextmanager
def opened(house: House, browser: Browser, route: str) -> Iterator[Page]:
    """The page at the address of a route, on a small phone, as somebody who may see it."""
    context = browser.new_context(locale="en-US", viewport={"width": NARROW, "height": 640}, bypass_csp=True)
    handle = ""
    if route not in BEFORE_SIGN_IN:
        reader = reader_of(route)
        with house.visitor(reader) as visitor:
            handle = client_page(visitor).removeprefix("/clients/") if reader == STAFF else ""
            if route == PREGNANCY:
                her = f"/clients/{handle}"
                press(visitor, visitor.get(her), f"{her}/episode", identified_on=TODAY)
            house.hand_over(visitor, context)
    page = context.new_page()
    address = SHOWN[route](house.twin) if route in SHOWN else route.replace("{handle}", handle)
    answer = page.goto(house.url + address)
    assert answer is not None
    assert answer.status == HTTPStatus.OK, address
    yield page
    context.close()


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical: the rule and the first place."""
    found: Any = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def too_wide(page: Page) -> int:
    """By how many pixels a page is wider than its screen."""
    return max(0, int(page.evaluate("document.documentElement.scrollWidth")) - NARROW)


def missed_by_keyboard(page: Page) -> list[str]:
    """What can be pressed or filled in, and is not reached by the Tab key from the top of the page."""
    many, missed = int(page.evaluate(REACHABLE)), list[str]()
    for _ in range(PRESSES_EACH):
        for _ in range(many):
            page.keyboard.press("Tab")
        if not (missed := page.evaluate(MISSED)):
            break
    return missed


def on_paper(page: Page) -> list[str]:
    """What a printed page still shows that paper has no use for, and what it lost."""
    page.emulate_media(media="print")
    left: list[str] = page.evaluate(PRESSED)
    lost = [] if page.locator("h1").is_visible() else ["the heading is gone"]
    page.emulate_media(media="screen")
    return left + lost


@pytest.mark.parametrize("route", shown())
def test_a_page_is_for_everybody(house: House, browser: Browser, route: str) -> None:
    with opened(house, browser, route) as page:
        assert serious(page) == []
        assert too_wide(page) == 0
        assert missed_by_keyboard(page) == []
        assert on_paper(page) == []
        address = page.url
        page.goto(f"{house.url}/language/es", referer=address)
        assert (page.url, page.locator("html").get_attribute("lang")) == (address, "es")
        assert too_wide(page) == 0, "words of another language are longer"


def test_what_is_wrong_is_seen(house: House, browser: Browser) -> None:
    with opened(house, browser, "/about") as page:
        page.evaluate(ODD)
        assert [each.partition(":")[0] for each in serious(page)] == ["image-alt"]
        assert too_wide(page) > 0
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button>never</button>')")
        assert any("never" in each for each in missed_by_keyboard(page))
        page.add_style_tag(content="@media print { button { display: block !important } h1 { display: none } }")
        assert on_paper(page)[-1] == "the heading is gone"
        assert len(on_paper(page)) > 1


def test_an_address_is_a_page_or_says_why_not() -> None:
    routes = {each.path for each in PAGES if isinstance(each, Route) and "GET" in (each.methods or ())}
    assert set(NO_PAGES) <= routes
    places = {each for each in routes - set(NO_PAGES) if "{" in each.replace("{handle}", "")}
    assert places | {"/scorecard/explained"} == set(SHOWN)
