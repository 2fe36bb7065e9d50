"""A client's page of who helps her: plain words in two languages, where to reach each, and nothing restricted named."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.gateway.house import House
from tests.gateway.test_every_page import NARROW, missed_by_keyboard, serious, too_wide
from tests.gateway.upstream_hers import CODE

PAGE = "/my/helpers"


@pytest.fixture
def her(house: House) -> Iterator[httpx.Client]:
    with house.herself() as client:
        yield client


EN = [
    "Who helps you",
    "They plan your care with you and know who else helps.",
    "You are in their own records.",
    "They help you. What for: a doula, WIC, and childbirth classes.",
    "They were asked to help you, and have not answered yet. What for: help with breastfeeding.",
    "You were not asked first</span><br>What for: WIC. They could see your name and your birth date.",
    "You said that they may have your name and your phone number.",
    "They get nothing new about you from other agencies.",
    "A health service, restricted",
    "500 Sample Street, Exampleville CA 93700",
    'href="tel:5595550148"',
]
ES = [
    "Quién la ayuda",
    "Planean su atención con usted y saben quién más la ayuda.",
    "La ayudan. Para qué: una doula, WIC y clases de preparación para el parto.",
    "Para qué: WIC. Pudieron ver su nombre y su fecha de nacimiento.",
    "Servicio de salud, reservado",
]


def test_she_reads_each_in_plain_words_in_two_languages(her: httpx.Client) -> None:
    for language, words in (("en", EN), ("es", ES)):
        her.get(f"/language/{language}")
        page = her.get(PAGE)
        assert page.status_code == 200
        assert [each for each in words if each not in page.text] == []
        assert not any(told in page.text for told in ("Nora", "0149", "behavioral")), "no name, no fax, no code"
    her.get("/language/en")
    assert f'<a href="{PAGE}" aria-current="page">My helpers</a>' in her.get(PAGE).text


def test_what_is_restricted_is_named_where_she_opens_it_alone(her: httpx.Client) -> None:
    page = her.get(PAGE).text
    before, _, after = page.partition("Show which one: look when nobody else does")
    named, _, rest = after.partition("</details>")
    for each in (
        "Muster Diaper Bank",
        "You are on their waiting list. What for: mental health support.",
        "559 555 0148",
        "What they may see on your timeline: Mental health",
    ):
        assert each in named
    assert not any(told in before + rest for told in ("Muster", "ental health", "waiting list"))


def test_nobody_is_told_so(house: House, her: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gateway.upstream_hers.HELPERS", [])
    page = her.get(PAGE).text
    assert "No agency helps you now." in page
    assert 'class="card' not in page


@pytest.mark.slow
def test_it_is_for_everybody(house: House, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 800})
    page = context.new_page()
    page.goto(f"{house.url}/my")
    page.get_by_label("Your code").fill(CODE)
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("link", name="My helpers").click()
    page.get_by_text("Show which one").click()
    assert (serious(page), too_wide(page), missed_by_keyboard(page)) == ([], 0, [])
    page.emulate_media(media="print")
    assert page.get_by_text("What they may see on your timeline").first.is_visible()
    page.get_by_text("Show which one").evaluate("each => each.parentElement.open = false")
    assert not page.get_by_text("Muster Diaper Bank").is_visible(), "no paper names what she does not open"
    context.close()
