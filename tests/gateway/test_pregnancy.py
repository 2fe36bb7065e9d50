"""The page of a pregnancy: how far it is in words, what is written down of it, and its end behind a lock."""

from datetime import date, timedelta

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import linked, refused
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import TODAY, did, press
from tests.gateway.upstream_twin import problem

DUE = date.fromisoformat(TODAY) + timedelta(days=109)


@pytest.fixture
def path(visitor: httpx.Client) -> str:
    """Her page, where a pregnancy was opened."""
    path = client_page(visitor)
    press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    return path


def dated(visitor: httpx.Client, path: str) -> httpx.Response:
    page = visitor.get(f"{path}/pregnancy")
    return press(visitor, page, f"{path}/pregnancy/date", edd=DUE.isoformat(), basis="ultrasound")


def test_nothing_is_open_yet(visitor: httpx.Client) -> None:
    page = visitor.get(f"{client_page(visitor)}/pregnancy")
    assert ("Your agency has no pregnancy of hers." in page.text, Reading(page.text).wrong) == (True, [])


@pytest.mark.parametrize(
    ("language", "words"), [("en", "24 weeks and 3 days pregnant"), ("es", "24 semanas y 3 días de embarazo")]
)
def test_f5_gestational_age_stands_on_both_pages_in_words(
    house: House, visitor: httpx.Client, path: str, language: str, words: str
) -> None:
    dated(visitor, path)
    house.twin.episodes[0]["gestational_days"] = 171
    visitor.get(f"/language/{language}")
    for page in (visitor.get(path), visitor.get(f"{path}/pregnancy")):
        assert (words in page.text, Reading(page.text).wrong) == (True, [])


def test_a_due_date_and_how_it_is_known_are_asked_for(visitor: httpx.Client, path: str) -> None:
    page = press(visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/date", edd="", basis="")
    assert (page.status_code, linked(page), Reading(page.text).wrong) == (422, ["edd", "basis"], [])


def test_a_due_date_that_the_api_refuses_is_said_beside_it(house: House, visitor: httpx.Client, path: str) -> None:
    refused(house, "date_episode", "/edd")
    page = dated(visitor, path)
    assert (page.status_code, linked(page)) == (422, ["edd"])


@pytest.mark.parametrize(
    ("action", "step", "code", "fields"),
    [
        ("date_episode", "date", "due-date-not-possible", {"edd": "2199-01-01", "basis": "lmp"}),
        ("date_episode", "date", "care-outside-dating", {"edd": "2027-01-01", "basis": "lmp"}),
        ("date_episode", "date", "visit-outside-dating", {"edd": "2027-01-01", "basis": "lmp"}),
        ("start_prenatal_care", "prenatal-care", "care-outside-pregnancy", {"care_on": "1901-01-01"}),
        ("end_episode", "end", "birth-outside-pregnancy", {"ended_on": "1901-01-01", "ended": "live_birth"}),
        ("end_episode", "end", "end-outside-pregnancy", {"ended_on": "1901-01-01", "ended": "other"}),
    ],
)
def test_a_day_that_is_not_of_her_pregnancy_is_said_beside_it(
    house: House, visitor: httpx.Client, path: str, *, action: str, step: str, code: str, fields: dict[str, str]
) -> None:
    errors = [{"pointer": "/edd" if step == "date" else "/on", "code": code, "message": "m"}]
    house.twin.breaks[action] = lambda: problem(422, "malformed", errors=errors)
    for language, words in (("en", "Check the "), ("es", "Revise ")):
        visitor.get(f"/language/{language}")
        answer = press(visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/{step}", **fields)
        assert (answer.status_code, linked(answer), words in answer.text) == (422, [next(iter(fields))], True)
        assert Reading(answer.text).wrong == []


def test_a_due_date_that_a_colleague_stated_meanwhile_is_not_overwritten(
    house: House, visitor: httpx.Client, path: str
) -> None:
    page = visitor.get(f"{path}/pregnancy")
    house.twin.episodes[0]["version"] += 1
    answer = press(visitor, page, f"{path}/pregnancy/date", edd=DUE.isoformat(), basis="lmp")
    assert (answer.status_code, house.twin.episodes[0]["due"]) == (412, None)


def test_the_steps_of_a_pregnancy(house: House, visitor: httpx.Client, path: str) -> None:
    page = dated(visitor, path)
    assert "The due date is written down." in page.text
    page = press(visitor, page, f"{path}/pregnancy/prenatal-care", care_on=TODAY)
    assert "First prenatal visit" in page.text
    page = press(visitor, page, f"{path}/pregnancy/lost")
    assert "She cannot be found" in page.text
    page = press(visitor, page, f"{path}/pregnancy/resume")
    page = press(visitor, page, f"{path}/pregnancy/close")
    assert "This pregnancy is closed" in page.text
    assert house.twin.episodes[0]["state"] == "closed"


@pytest.mark.parametrize("how", ["live_birth", "stillbirth", "miscarriage", "termination", "other"])
def test_r5_whatever_the_end_her_page_says_the_same(house: House, visitor: httpx.Client, path: str, how: str) -> None:
    page = press(
        visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/end", ended=how, ended_on=TODAY, alive="2",
        **{"weight-1": "2600"},
    )  # fmt: skip
    assert "Nobody outside your agency reads it." in page.text
    children = [{"live": True, "weight_g": 2600}, {"live": True, "weight_g": None}] if how == "live_birth" else []
    assert house.twin.episodes[0]["end"]["children"] == children
    hers = visitor.get(path).text
    assert "After her pregnancy" in hers
    assert not any(word in hers for word in ("birth,", "Stillbirth", "Miscarriage", "Termination"))


def test_the_end_has_a_day_and_weights_in_grams(visitor: httpx.Client, path: str) -> None:
    page = press(
        visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/end", ended="live_birth", ended_on="2999-01-01",
        **{"weight-1": "7 lb"},
    )  # fmt: skip
    assert (page.status_code, linked(page)) == (422, ["ended_on", "weight-1"])
    page = press(visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/end", ended="", ended_on=TODAY)
    assert linked(page) == ["ended"]


def test_another_first_visit_is_said_beside_its_day(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/pregnancy")
    house.twin.breaks["start_prenatal_care"] = lambda: problem(409, "prenatal-care-already-recorded")
    assert linked(press(visitor, page, f"{path}/pregnancy/prenatal-care", care_on=TODAY)) == ["care_on"]


def test_a_step_that_there_is_not_and_an_episode_that_is_none_lead_nowhere(visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/pregnancy")
    assert visitor.get(f"{path}/pregnancy/date").url.path == f"{path}/pregnancy"
    assert press(visitor, page, f"{path}/pregnancy/date", pregnancy="../x").status_code == 404


def test_r14_a_pregnancy_is_entered_in_error_with_a_reason(house: House, visitor: httpx.Client, path: str) -> None:
    step = f"{path}/pregnancy/entered-in-error"
    assert linked(press(visitor, visitor.get(f"{path}/pregnancy"), step)) == ["reason"]
    page = press(visitor, visitor.get(f"{path}/pregnancy"), step, reason="Another client")
    assert "This pregnancy was entered in error" in page.text
    assert (house.twin.episodes[0]["state"], step in page.text) == ("entered_in_error", False)
    assert Reading(page.text).wrong == []


def test_r14_a_due_date_is_entered_in_error_and_the_one_before_stands(
    house: House, visitor: httpx.Client, path: str
) -> None:
    page, date_it = visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/date"
    step = f"{path}/pregnancy/dating-entered-in-error"
    assert step not in page.text
    page = press(visitor, page, date_it, edd="2099-05-01", basis="lmp")
    first = house.twin.episodes[0]["dating"]
    page = press(visitor, page, date_it, edd="2099-06-09", basis="ultrasound")
    second = house.twin.episodes[0]["dating"]
    assert linked(press(visitor, page, step)) == ["why_not_due"]
    page = press(visitor, visitor.get(f"{path}/pregnancy"), step, why_not_due="Another client's scan")
    assert "That due date is marked as entered in error." in page.text
    assert did(house)[-1] == ("enter_dating_in_error", {"reason": "Another client's scan", "dating": second})
    assert (house.twin.episodes[0]["dating"], "1 May 2099" in page.text) == (first, True)
    assert Reading(page.text).wrong == []


@pytest.mark.parametrize(
    "said",
    [
        ("en", "The due date before it would stand again. By it", "It was wrong, too: mark both"),
        ("es", "La fecha de antes volvería a valer. Según ella", "También estaba mal: anotar las dos"),
    ],
)
@pytest.mark.parametrize("what", ["care", "visit", "birth", "end"])
def test_r14_a_due_date_that_cannot_come_back_is_said_and_marked_too(
    house: House, visitor: httpx.Client, path: str, what: str, said: tuple[str, ...]
) -> None:
    language, *texts = said
    step = f"{path}/pregnancy/dating-entered-in-error"
    press(visitor, visitor.get(f"{path}/pregnancy"), f"{path}/pregnancy/date", edd="2099-05-01", basis="lmp")
    visitor.get(f"/language/{language}")
    errors = [{"pointer": "/dating", "code": f"earlier-dating-not-of-{what}", "message": "m"}]
    house.twin.breaks["enter_dating_in_error"] = lambda: problem(422, "malformed", errors=errors)
    page = visitor.get(f"{path}/pregnancy")
    assert texts[1] not in page.text
    page = press(visitor, page, step, why_not_due="Another client's scan")
    assert (page.status_code, linked(page), Reading(page.text).wrong) == (422, ["earlier_too"], [])
    assert all(each in page.text for each in texts)
    assert "Another client&#39;s scan" in page.text
    house.twin.breaks.clear()
    press(visitor, page, step, why_not_due="Another client's scan", earlier_too="yes")
    assert did(house)[-1][1]["earlier_too"] is True
