"""The timeline across agencies on a client's page, in a browser: what she agreed to, what is hidden, who is unnamed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.gateway.house import House
from tests.gateway.test_pages import client_page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

WORDS = {
    "en": {
        "restricted": "Health service, restricted",
        "agreed": "What she agreed that your agency may see",
        "not agreed": "What your agency wrote down, and what it sent or answered.",
        "another": "Another agency",
        "look first": "Look first at how she may be contacted",
        "need": "A need: Food",
        "accepted": "Rides to appointments: accepted",
        "more": "There may be more that is not shown to you.",
    },
    "es": {
        "restricted": "Servicio de salud, reservado",
        "agreed": "Lo que ella aceptó que su agencia pueda ver",
        "not agreed": "Lo que anotó su agencia, y lo que envió o contestó.",
        "another": "Otra agencia",
        "look first": "Primero vea cómo se la puede contactar",
        "need": "Una necesidad: Alimentos",
        "accepted": "Transporte a las citas: aceptada",
        "more": "Puede haber más que no se le muestra.",
    },
}
NAMED = {"agency": "example-clinic-south", "name": "Example Clinic South"}
UNNAMED = {"agency": "another-1", "name": "Another agency"}
NOW = datetime.now(UTC)


def entry(type_: str, agency: dict[str, str], **detail: Any) -> dict[str, Any]:
    at = (NOW - timedelta(minutes=1)).isoformat()
    return {"event": "e" * 26, "type": type_, "at": at, "recorded_at": at, "agency": agency, "by": None,
            "detail": detail, "subject": None, "episode": None, "shared": True}  # fmt: skip


@pytest.fixture
def shown(house: House, page: Page) -> Iterator[Page]:
    """A browser in which staff are signed in; the twin's story is its own again afterwards."""
    with house.visitor("sam-specimen") as visitor:
        page.goto(house.url)
        house.hand_over(visitor, page.context)
        house.twin.shared["path"] = client_page(visitor)
    yield page
    house.twin.shared.clear()


def opened(house: House, page: Page, language: str, **shared: Any) -> Page:
    path = house.twin.shared.pop("path")
    house.twin.shared |= shared
    page.goto(f"{house.url}/language/{language}")
    page.goto(house.url + path)
    return page


@pytest.mark.parametrize("language", WORDS)
def test_what_she_agreed_to_and_a_month_alone(house: House, shown: Page, language: str) -> None:
    said, month = WORDS[language], NOW.astimezone().strftime("%Y-%m")
    page = opened(
        house,
        shown,
        language,
        entries=[
            entry("need.identified.v1", NAMED, category="food-insecurity"),
            entry("referral.accepted.v1", NAMED, category="transportation-insecurity"),
        ],
        agreed=[{"on": "2026-08-12", "until": "2190-08-12", "kinds": ["social_services"]}],
        restricted=[month],
    )
    main = page.locator("main")
    for words in ("agreed", "restricted", "need", "accepted", "more"):
        expect(main).to_contain_text(said[words])
    expect(main).to_contain_text("2190")
    expect(main).to_contain_text("Example Clinic South")
    hidden = page.locator("li.hid")
    expect(hidden).to_have_count(1)
    text = hidden.inner_text()
    assert "Example" not in text
    assert not re.search(r"\d{1,2} [A-Za-z]{3}\b|\d{1,2}:\d\d", text)
    lines = page.locator("ol.lanes").filter(has=hidden).locator("> li")
    assert "hid" in (lines.last.get_attribute("class") or ""), "it stands last in its month"
    assert page.locator("li", has_text=said["restricted"]).locator("a").count() == 0


def test_an_emergency_and_what_she_agreed_to_are_two_sentences(house: House, shown: Page) -> None:
    house.twin.glass = (NOW + timedelta(hours=1)).isoformat()
    agreed = [{"on": "2026-08-12", "until": None, "kinds": ["social_services"]}]
    main = opened(house, shown, "en", entries=[], agreed=agreed, restricted=[]).locator("main")
    expect(main).to_contain_text("without her yes. What she agreed that your agency may see")


@pytest.mark.parametrize("language", WORDS)
def test_nobody_is_named_and_her_phone_is_not_shown_where_she_may_be_in_danger(
    house: House, shown: Page, language: str
) -> None:
    said = WORDS[language]
    page = opened(
        house,
        shown,
        language,
        entries=[entry("need.identified.v1", UNNAMED, category="food-insecurity")],
        unnamed=["another-1"],
        guarded=True,
    )
    main = page.locator("main")
    expect(main).to_contain_text(said["another"])
    expect(page.get_by_role("link", name=said["look first"])).to_be_visible()
    assert "555 010 0134" not in page.content()
    if language == "es":
        assert "Another agency" not in page.content()


@pytest.mark.parametrize("language", WORDS)
def test_without_her_consent_the_words_to_ask_for_it(house: House, shown: Page, language: str) -> None:
    page = opened(house, shown, language)
    expect(page.locator("main")).to_contain_text(WORDS[language]["not agreed"])
    expect(page.locator("li.hid")).to_have_count(0)
    assert "555" in page.content(), "her phone is there where nobody is in danger"
