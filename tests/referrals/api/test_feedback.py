"""A client's voice over the API: both sides may ask, she is asked once, what she said stays with whoever asked."""

import pytest

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import Given, when

SAID = {"need_met": "yes", "respectful_care": "partly"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def test_asked_and_answered_are_two_facts(given: Given, north: Caller, doulas: Caller) -> None:
    path = f"{given.completed().path}/feedback"
    assert north.seen(path)["actions"] == doulas.seen(path)["actions"] == ["ask"]
    asked = when(north.post(f"{path}/ask", {})).then(200, state="asked", said=None, actions=["answer"], version=1)
    assert asked["asked_by"]["agency"] == "example-clinic-north"
    when(north.post(path, SAID)).then(200, state="answered", said={"declined": False, **SAID}, actions=[], version=2)


def test_she_is_asked_once_and_tells_the_other_side_nothing(given: Given, north: Caller, doulas: Caller) -> None:
    path = f"{given.completed().path}/feedback"
    doulas.done(f"{path}/ask")
    when(north.post(f"{path}/ask", {})).then(200, state="asked", actions=[], version=1)
    when(north.post(path, SAID)).then_problem(403, "wrong-side")
    doulas.done(path, {"declined": True})
    assert doulas.seen(path)["said"] == {"declined": True, "need_met": None, "respectful_care": None}
    seen = north.seen(path)
    assert (seen["state"], seen["said"], seen["actions"]) == ("answered", None, [])


def test_r12_the_same_words_again_change_nothing_and_others_do_not_replace_them(given: Given, north: Caller) -> None:
    path = f"{given.completed().path}/feedback"
    north.done(f"{path}/ask")
    for _ in range(2):
        when(north.post(path, SAID)).then(200, version=2)
    when(north.post(path, {"need_met": "no"})).then_problem(409, "feedback-already-answered", stands="answered")


def test_she_is_asked_when_it_is_over_and_answers_when_she_is_asked(given: Given, north: Caller) -> None:
    path = f"{given.accepted().path}/feedback"
    when(north.post(f"{path}/ask", {})).then_problem(409, "referral-not-ended", stands="accepted")
    ended = f"{given.completed().path}/feedback"
    when(north.post(ended, SAID)).then_problem(409, "feedback-not-asked")
    north.done(f"{ended}/ask")
    when(north.post(ended, {})).then_malformed("", "feedback-says-nothing")
    when(north.post(ended, {"need_met": "very much"})).then_malformed("/need_met")


def test_r1_who_declined_asks_her_nothing(given: Given, doulas: Caller, north: Caller) -> None:
    path = f"{given.declined().path}/feedback"
    when(doulas.post(f"{path}/ask", {})).then_problem(403, "wrong-side")
    assert doulas.seen(path)["actions"] == []
    north.done(f"{path}/ask")


def test_r9_the_same_request_again_is_the_first_answer_again(given: Given, north: Caller) -> None:
    path = f"{given.completed().path}/feedback"
    first = north.post(f"{path}/ask", {}, key="ask-her-once")
    again = north.post(f"{path}/ask", {}, key="ask-her-once")
    assert (first.json(), again.headers["idempotent-replay"]) == (again.json(), "true")
