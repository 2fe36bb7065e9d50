"""Answers to a letter: anybody with its code, in two languages; who guesses is turned away; staff write down a call."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.responses import JSONResponse

from services.gateway.access.tries import Tries
from tests.gateway.house import House, hidden, running
from tests.gateway.reading import Reading
from tests.gateway.test_steps import did, press
from tests.gateway.upstream_answers import ANSWERED
from tests.gateway.upstream_twin import DIAPERS, HUB, problem
from tests.plain import PLAIN

RIGHT = {"letter": "abcdefgh", "code": "222 333"}


@pytest.fixture
def anybody(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, headers={"origin": house.url}, follow_redirects=True, verify=PLAIN) as client:
        yield client


@pytest.mark.parametrize(("language", "words"), [("en", "We will help"), ("es", "Vamos a ayudar")])
def test_a_letter_is_answered_without_an_account(
    house: House, anybody: httpx.Client, language: str, words: str
) -> None:
    anybody.get(f"/language/{language}")
    assert 'value="abcdefgh"' in anybody.get("/answer/abcdefgh").text
    page = anybody.post("/answer", data=RIGHT)
    assert (page.status_code, words in page.text, "Nora" in page.text) == (200, True, False)
    page = anybody.post("/answer", data={**RIGHT, "step": "decline"})
    assert page.status_code == 422
    page = anybody.post("/answer", data={**RIGHT, "step": "accept"})
    assert page.status_code == 200
    assert [body.get("step") for action, body in did(house) if action == "answer_letter"] == [None, None, "accept"]


STORY = {
    "en": (
        "Can you help with Diapers?",
        "Have you met her for Diapers?",
        "How did Diapers end?",
        "this referral has ended",
    ),
    "es": ("¿Pueden ayudar con Diapers?", "¿Ya la vieron por Diapers?", "¿Cómo terminó Diapers?", "ha terminado"),
}
STANDS: tuple[tuple[str, list[str], set[str]], ...] = (
    ("sent", ["accept", "decline"], {"answered_on", "why_not"}),
    ("accepted", ["met", "ended"], {"answered_on", "met_by", "ended_without"}),
    ("in_service", ["ended"], {"ended_with", "ended_without"}),
    ("completed", [], set()),
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_visit_asks_for_the_next_thing_and_nothing_else(
    house: House, anybody: httpx.Client, language: str
) -> None:
    anybody.get(f"/language/{language}")
    for (state, steps, asked), words in zip(STANDS, STORY[language], strict=True):
        house.twin.refuses_answer = JSONResponse({**ANSWERED, "state": state, "open": steps})
        page = anybody.post("/answer", data={**RIGHT, "step": "accept", "answered_on": "2031-12-24"})
        assert (Reading(page.text).wrong, 'value="222 333"' in page.text or not steps) == ([], True)
        assert "2031-12-24" not in page.text
        assert words in page.text
        names = {"answered_on", "why_not", "met_by", "ended_with", "ended_without"}
        assert {name for name in names if f'name="{name}"' in page.text} == asked
        if "met_by" in asked:
            assert '<option value="">' in page.text.partition('name="met_by"')[2][:200], "nothing is preselected"
        assert not any(told in page.text for told in ("Sent, not opened", "Enviada, sin abrir"))


def test_how_she_was_met_is_asked_for(house: House, anybody: httpx.Client) -> None:
    house.twin.refuses_answer = JSONResponse({**ANSWERED, "state": "accepted", "open": ["met", "ended"]})
    page = anybody.post("/answer", data={**RIGHT, "step": "met", "answered_on": "2026-11-02"})
    assert (page.status_code, "Say how she was met" in page.text) == (422, True)


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        ("en", "in_the_future", "This day has not come yet. Say the day on which you met her"),
        ("en", "met-before-sent", "On this day the letter was not written yet. Check the day"),
        ("es", "in_the_future", "Ese día todavía no llega. Indique el día en que la vio"),
        ("es", "met-before-sent", "Ese día la carta todavía no se había escrito. Revise el día"),
    ],
)
def test_a_day_that_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    house: House, anybody: httpx.Client, language: str, code: str, words: str
) -> None:
    anybody.get(f"/language/{language}")
    errors = [{"pointer": "/on", "code": code, "message": "m"}]
    house.twin.refuses_answer = problem(422, "malformed", errors=errors)
    page = anybody.post("/answer", data={**RIGHT, "step": "met", "answered_on": "2031-12-24", "met_by": "phone"})
    assert (page.status_code, words in page.text) == (422, True)
    assert '<a href="#answered_on">' in page.text
    for kept in ('value="abcdefgh"', 'value="222 333"', 'value="2031-12-24"'):
        assert kept in page.text


@pytest.mark.parametrize(
    ("slug", "words"),
    [("no-evidence", "Say first that you have met her"), ("referral-already-ended", "It has moved on meanwhile")],
)
def test_an_answer_that_cannot_be_given_now_keeps_the_code(
    house: House, anybody: httpx.Client, slug: str, words: str
) -> None:
    house.twin.refuses_answer = problem(409, slug)
    page = anybody.post("/answer", data={**RIGHT, "step": "ended", "ended_with": "service_received"})
    assert (page.status_code, words in page.text, 'value="222 333"' in page.text) == (422, True, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your answer was already that you will help. To change it, choose that it has ended"),
        ("es", "Ya respondió que va a ayudar. Para cambiarlo, elija que ha terminado"),
    ],
)
def test_a_stale_no_is_told_which_answer_stands(house: House, anybody: httpx.Client, language: str, words: str) -> None:
    anybody.get(f"/language/{language}")
    house.twin.refuses_answer = problem(409, "letter-already-answered", stands="accepted")
    page = anybody.post("/answer", data={**RIGHT, "step": "decline", "why_not": "no_capacity"})
    assert (page.status_code, words in page.text, 'value="222 333"' in page.text) == (422, True, True)


ONLY = {"modes": ["phone"], "contact_prohibited": False, "has_words": True, "planned_at": "2026-11-20T20:00:00Z"}
PLAN_WORDS = (
    *("Only so: Phone", "call Example Clinic North", "Do not contact her: she comes by herself."),
    *("Solo así: ", "llame a Example Clinic North", "No se comunique con ella: ella viene por su cuenta."),
)
NEVER = {**ONLY, "modes": [], "contact_prohibited": True, "has_words": False}


@pytest.mark.parametrize(
    ("language", "plan", "words"),
    [
        ("en", ONLY, ("Only so: Phone", "call Example Clinic North")),
        ("en", NEVER, ("Do not contact her: she comes by herself.",)),
        ("es", ONLY, ("Solo así: ", "llame a Example Clinic North")),
        ("es", NEVER, ("No se comunique con ella: ella viene por su cuenta.",)),
        ("en", None, ()),
    ],
)
def test_r13_the_page_says_how_she_may_be_contacted_now(
    house: House, anybody: httpx.Client, language: str, plan: object, words: tuple[str, ...]
) -> None:
    anybody.get(f"/language/{language}")
    house.twin.letter_plan = plan
    page = anybody.post("/answer", data=RIGHT)
    assert (page.status_code, Reading(page.text).wrong) == (200, [])
    for each in PLAN_WORDS:
        assert (each in page.text) is (each in words), each


@pytest.mark.parametrize("is_outdated", [True, False])
def test_r13_the_sender_is_told_to_print_anew_what_she_says_otherwise_now(
    house: House, visitor: httpx.Client, is_outdated: bool
) -> None:
    id = house.twin.send(HUB, DIAPERS, "material-hardship", house.twin.nora)
    house.twin.referrals[id]["letter"] = {"printed_at": "2026-11-20T20:00:00Z", "outdated": is_outdated}
    page = visitor.get(f"/referrals/{id}")
    assert ("The letter that they hold is out of date" in page.text, page.text.count("Print the letter")) == (
        is_outdated,
        1,
    )


def test_five_wrong_codes_close_the_address_on_pages_and_over_the_api() -> None:
    with running() as house, httpx.Client(base_url=house.url, headers={"origin": house.url}, verify=PLAIN) as anybody:
        for _ in range(3):
            assert anybody.post("/answer", data={**RIGHT, "code": "999999"}).status_code == 422
        for _ in range(2):
            assert anybody.post("/v1/answers", json={**RIGHT, "code": "999999"}).status_code == 404
        page = anybody.post("/answer", data=RIGHT)
        assert (page.status_code, "Too many wrong codes came from here" in page.text) == (429, True)
        answer = anybody.post("/v1/answers", json=RIGHT)
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-wrong-codes")
        assert int(answer.headers["retry-after"]) > 0


def test_an_hour_later_it_is_open_again_and_each_address_has_its_own() -> None:
    tries, now = Tries(), datetime(2026, 11, 26, 12, tzinfo=UTC)
    for minute in range(5):
        assert not tries.is_closed("10.0.0.1", now)
        tries.wrong("10.0.0.1", now + timedelta(minutes=minute))
    assert tries.is_closed("10.0.0.1", now + timedelta(minutes=5))
    assert not tries.is_closed("10.0.0.2", now + timedelta(minutes=5))
    assert not tries.is_closed("10.0.0.1", now + timedelta(minutes=61))


def test_a_form_from_elsewhere_is_stopped(house: House) -> None:
    answer = httpx.post(
        f"{house.url}/answer", data=RIGHT, headers={"origin": "https://elsewhere.example"}, verify=PLAIN
    )
    assert answer.status_code == 403


def test_the_sender_prints_it_and_writes_down_what_they_said(house: House, visitor: httpx.Client) -> None:
    id = house.twin.send(HUB, DIAPERS, "material-hardship", house.twin.nora)
    page = visitor.get(f"/referrals/{id}")
    assert f'href="/referrals/{id}/letter"' in page.text
    paper = visitor.get(f"/referrals/{id}/letter")
    assert (paper.content[:5], paper.headers["content-type"]) == (b"%PDF-", "application/pdf")
    page = press(visitor, page, f"/referrals/{id}/answer", by="slip", step="accept", their_number="BANK-42")
    assert "Their answer is written down." in page.text
    assert did(house)[-1] == ("answer_for_receiver", {"step": "accept", "by": "slip", "identifier": "BANK-42"})
    assert hidden(visitor.get(f"/referrals/{id}"), f"/referrals/{id}/answer")
    assert press(visitor, page, f"/referrals/{id}/answer", by="phone").status_code == 422
    house.twin.breaks["answer_for_receiver"] = lambda: problem(409, "letter-already-answered", stands="accepted")
    page = press(visitor, page, f"/referrals/{id}/answer", by="phone", step="decline", why_not="no_capacity")
    assert (page.status_code, "They said already that they will help." in page.text) == (422, True)
