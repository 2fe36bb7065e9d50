"""A client's page of what she said yes to: plain words in two languages, taken back in two presses, none restricted."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from tests.gateway.house import House, hidden, running
from tests.gateway.test_every_page import NARROW, missed_by_keyboard, serious, too_wide
from tests.gateway.upstream_hers import CODE
from tests.gateway.upstream_twin import DOULAS, HUB, NORTH

PAGE, STEP = "/my/consents", "/my/consents/take-back"


def said(letter: str, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "consent": letter * 26, "client": "a" * 26, "agency": NORTH, "to": [DOULAS], "restricted": None, "agreed": True,
        "how": "spoken", "on": "2026-10-14", "fields": ["name", "phones"], "recipient": DOULAS["agency"],
        "category": None, "purpose": "coordination", "expires": None, "recipients": [], "form": None,
        "form_version": None, "authority": "self", "categories": {}, "measurement": "not_asked", "state": "agreed",
        "overruled": None, "ended_on": None, "acknowledged": False, "recorded_at": "2026-10-14T17:00:00Z", "version": 1,
    }  # fmt: skip
    return plain | more


CONSENTS = (
    said("b", category="doula", expires="2027-08-12", measurement="yes"),
    said("c", to=[DOULAS, HUB], categories={"housing": True, "behavioral_health": False}),
    said(
        "d",
        agency={"agency": "y", "name": "Sample Recovery House"},
        to=[],
        category="substance_use_treatment",
        restricted="part2",
    ),
    said("i", overruled={"whole": True, "on": "2026-10-16"}, fields=["due_date"]),
    said("j", overruled={"whole": False, "on": "2026-10-17"}),
    said("e", to=[HUB], state="revoked", ended_on="2026-11-01"),
    said("f", to=[HUB], state="expired", ended_on="2026-11-02"),
    said("g", to=[], agreed=False, fields=[], category="wic", state="refused"),
    said("h", to=[{"agency": "x", "name": "Never Meant"}], state="entered_in_error", ended_on="2026-11-02"),
)


@pytest.fixture
def own() -> Iterator[House]:
    """A house of its own: what she takes back is gone."""
    with running() as house:
        house.twin.consents = [dict(each) for each in CONSENTS]
        yield house


@pytest.fixture
def her(own: House) -> Iterator[httpx.Client]:
    with own.herself() as client:
        yield client


EN = [
    "What you said yes to",
    "Example Doula Network and Sample County CHW Hub",
    "They may have your name and your phone number.",
    "You said yes on October 14, 2026, at Example Clinic North.",
    "It holds until August 12, 2027.",
    "It holds until you take it back.",
    "You said no on October 16, 2026. Your no goes first: they get nothing new because of this yes.",
    "You said no to a part of this on October 17, 2026. Your no goes first: for that part they get nothing new.",
    "A health service, restricted",
    "You took it back on November 1, 2026.",
    "It ran out on November 2, 2026.",
    "You said no on October 14, 2026.",
]
ES = [
    "A qué dijo que sí",
    "Usted dijo que no el 16 de octubre de 2026. Su no vale más: no reciben nada nuevo por este sí.",
    "Servicio de salud, reservado",
    "Usted dijo que sí el 14 de octubre de 2026",
    "Usted lo retiró el 1 de noviembre de 2026.",
    "Retirar este sí",
]


def test_she_reads_each_in_plain_words_in_two_languages(her: httpx.Client) -> None:
    for language, words in (("en", EN), ("es", ES)):
        her.get(f"/language/{language}")
        page = her.get(PAGE)
        assert page.status_code == 200
        assert [each for each in words if each not in page.text] == []
        assert "Never Meant" not in page.text, "she never said it"
        assert "Nora" not in page.text


@pytest.mark.parametrize("purpose", ["operations", "public_health", "treatment", "coordination"])
def test_a_yes_that_opens_no_timeline_does_not_say_so(own: House, her: httpx.Client, purpose: str) -> None:
    own.twin.consents = [said("b", purpose=purpose, categories={"housing": True})]
    is_care = purpose in {"treatment", "coordination"}
    words = (
        ("es", "Qué pueden ver en su historia de apoyo", "No abre su historia de apoyo."),
        ("en", "What they may see on your timeline", "It does not open your timeline."),
    )
    for language, opens, opens_none in words:
        her.get(f"/language/{language}")
        page = her.get(PAGE).text
        assert (opens in page, opens_none in page) == (is_care, not is_care)
    assert ("They cannot look at your timeline" in her.get(PAGE).text) is is_care


def test_what_is_restricted_is_named_where_she_opens_it_alone(her: httpx.Client) -> None:
    page = her.get(PAGE)
    before, _, after = page.text.partition("Show which one: look when nobody else does")
    named, _, rest = after.partition("</details>")
    assert "Treatment for substance use" in named
    assert "It was said at Sample Recovery House." in named
    assert not any(told in before + rest for told in ("substance", "Recovery"))
    card = before.rpartition("<section")[2] + named + rest.partition("</section>")[0]
    assert card.count("You said yes on") == 1


def test_when_she_said_a_restricted_yes_that_is_over_stands_beside_its_name(own: House, her: httpx.Client) -> None:
    own.twin.consents = [said("d", restricted="part2", state="revoked", ended_on="2026-11-01")]
    named = her.get(PAGE).text.partition("<details>")[2].partition("</details>")[0]
    assert "You said yes on October 14, 2026, at Example Clinic North." in named


def test_she_takes_one_back_and_reads_that_she_did(own: House, her: httpx.Client) -> None:
    page = her.get(PAGE)
    for each in ("they get nothing new", "as their own record of helping you", "Yes, I take it back"):
        assert each in page.text
    after = her.post(STEP, data=hidden(page, STEP))
    assert (after.status_code, after.url.path) == (200, PAGE)
    assert "You took it back. They get nothing new because of it." in after.text
    assert [(each["consent"], each["state"]) for each in own.twin.consents][:2] == [
        ("b" * 26, "revoked"), ("c" * 26, "agreed"),
    ]  # fmt: skip
    heard = [body for action, body, _ in own.twin.heard if action == "revoke_consent"]
    assert heard == [{}]
    wrong = hidden(page, STEP)
    assert her.post(STEP, data=wrong | {"consent": "../clients"}).status_code == 404
    assert her.post(STEP, data=wrong | {"csrf": "other"}).status_code == 403
    assert her.get(STEP).status_code == 200, "after another sign-in she is back on her page"


def test_nothing_said_yet_is_told_so(own: House, her: httpx.Client) -> None:
    own.twin.consents = []
    page = her.get(PAGE)
    assert "There is nothing here that you said yes to now." in page.text
    assert ("Take this back" in page.text, "What does not hold now" in page.text) == (False, False)


@pytest.mark.slow
def test_it_is_for_everybody(own: House, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{own.url}/my")
    page.get_by_label("Your code").fill(CODE)
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("link", name="See it, and take a yes back").click()
    page.get_by_role("heading", name="What does not hold now").wait_for()
    page.emulate_media(media="print")
    seen = [
        "It holds until August 12, 2027.",
        "What they may see on your timeline",
        "Sample Recovery House",
        "Leave now",
    ]
    assert [page.get_by_text(each).first.is_visible() for each in seen] == [True, True, False, False]
    assert not page.locator("summary", has_text="Take this back").first.is_visible()
    page.emulate_media(media="screen")
    page.get_by_text("Take this back").first.click()
    assert (serious(page), too_wide(page), missed_by_keyboard(page)) == ([], 0, [])
    page.get_by_role("button", name="Yes, I take it back").first.click()
    page.get_by_text("You took it back. They get nothing new because of it.").wait_for()
    context.close()
