"""Questions over HTTP: asked before an answer, by either side, answered by the other, read by both alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import Given, when

ASKED = {"text": "Does she speak English?"}
ANSWERED = {"text": "A little. Spanish is better."}


@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_the_receiver_asks_first_and_both_sides_read_the_answer(
    north: Caller, doulas: Caller, hub: Caller, kind: str
) -> None:
    given = Given(north, doulas)
    path = (given.sent() if kind == "referral" else given.offered()).path + "/questions"
    question = when(doulas.post(path, ASKED, key=f"ask-{path}")).then(201)["question"]
    assert when(doulas.post(path, ASKED, key=f"ask-{path}")).then(201)["question"] == question
    (seen,) = north.seen(path)["items"]
    asked = seen["question"]
    assert (seen["text"], seen["answer"], seen["mine"]) == (ASKED["text"], None, True)
    when(doulas.post(f"/v1/questions/{question}/answer", ANSWERED)).then_problem(403, "wrong-side")
    when(hub.post(f"/v1/questions/{question}/answer", ANSWERED)).then_problem(404, "not-found")
    when(north.post(f"/v1/questions/{asked}/answer", ANSWERED)).then(200)
    when(north.post(f"/v1/questions/{asked}/answer", ANSWERED)).then(200)
    other = {"text": f"{ANSWERED['text']} No."}
    when(north.post(f"/v1/questions/{asked}/answer", other)).then_problem(409, "question-already-answered")
    (seen,) = doulas.seen(path)["items"]
    assert (seen["answer"], seen["mine"], seen["asked_by"]["agency"]) == (
        ANSWERED["text"],
        False,
        "example-doula-network",
    )
    when(hub.get(path)).then_problem(404, "not-found")


def test_what_was_answered_is_asked_no_more(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    when(doulas.post(f"{given.accepted().path}/questions", ASKED)).then_problem(409, "wrong-state", stands="accepted")
    declined = given.declined()
    when(doulas.post(f"{declined.path}/questions", ASKED)).then_problem(404, "not-found")
    when(north.post(f"{declined.path}/questions", ASKED)).then_problem(409, "wrong-state")


def test_nobody_off_the_system_is_asked_where_nobody_would_read_it(north: Caller, doulas: Caller, hub: Caller) -> None:
    diapers = {"agency": "muster-diaper-bank", "service": "diaper-bank-supplies"}
    mailed = Given(north, doulas).sent(to=diapers, category="material-hardship")
    answer = north.post(f"{mailed.path}/questions", ASKED)
    when(answer).then_problem(409, "receiver-not-on-system", stands="letter")
    when(hub.post(f"{mailed.path}/questions", ASKED)).then_problem(404, "not-found")
    assert north.seen(f"{mailed.path}/questions")["items"] == []


def test_r12_the_same_answer_of_two_people_at_once_is_one(north: Caller, doulas: Caller) -> None:
    referral = Given(north, doulas).sent()
    doulas.done(f"{referral.path}/questions", ASKED)
    (asked,) = north.seen(f"{referral.path}/questions")["items"]
    with ThreadPoolExecutor(8) as people:
        answers = list(
            people.map(lambda _: north.post(f"/v1/questions/{asked['question']}/answer", ANSWERED), range(8))
        )
    assert [answer.status_code for answer in answers] == [200] * 8
    (seen,) = doulas.seen(f"{referral.path}/questions")["items"]
    assert seen["answer"] == ANSWERED["text"]


@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_r1_who_declined_is_answered_no_more(north: Caller, doulas: Caller, kind: str) -> None:
    given = Given(north, doulas)
    asked = given.sent() if kind == "referral" else given.offered()
    doulas.done(f"{asked.path}/questions", ASKED)
    (question,) = north.seen(f"{asked.path}/questions")["items"]
    path = f"/v1/questions/{question['question']}/answer"
    doulas.done(f"{asked.path}/decline", {"reason": "no_capacity"})
    when(doulas.post(path, ANSWERED)).then_problem(404, "not-found")
    when(north.post(path, ANSWERED)).then_problem(409, f"{kind}-already-ended", stands="declined")
    doulas.done(f"{asked.path}/take-back")
    for _again in range(2):
        when(north.post(path, ANSWERED)).then(200)
    doulas.done(f"{asked.path}/decline", {"reason": "no_capacity"})
    when(north.post(path, ANSWERED)).then(200)


def test_r1_nothing_new_is_said_once_she_took_it_back(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client)
    referral = given.sent(client, consent={"id": consent})
    doulas.done(f"{referral.path}/questions", ASKED)
    question = north.seen(f"{referral.path}/questions")["items"][0]["question"]
    doulas.done(f"{referral.path}/accept")
    north.done(f"/v1/consents/{consent}/revoke")
    when(north.post(f"/v1/questions/{question}/answer", ANSWERED)).then_problem(403, "consent-does-not-cover")


def waiting(caller: Caller, referral: str) -> list[dict[str, object]]:
    """The questions about a referral or handoff that wait for the caller's agency."""
    return [each for each in caller.listed("/v1/work", kind="question") if each["subject"]["id"] == referral]


@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_a_question_waits_for_whoever_was_asked_until_it_is_answered(north: Caller, doulas: Caller, kind: str) -> None:
    given = Given(north, doulas)
    asked = given.sent() if kind == "referral" else given.offered()
    before = north.seen("/v1/work?limit=1")["counts"]["question"]
    doulas.done(f"{asked.path}/questions", ASKED)
    (item,) = waiting(north, asked.id)
    assert (item["kind"], item["waits_for"], item["state"]) == ("question", "question", "asked")
    assert (item["subject"], item["category"]) == (
        {"kind": kind, "id": asked.id},
        "doula" if kind == "referral" else None,
    )
    named = item["client"]
    assert isinstance(named, dict)
    assert (named["client"], named["name"].startswith("Testa")) == (asked.client, True)
    assert waiting(doulas, asked.id) == []
    assert doulas.work(asked.id, kind="answer") is not None
    assert north.seen("/v1/work?limit=1")["counts"]["question"] == before + 1
    north.done(f"/v1/work/{item['id']}/claim")
    question = north.seen(f"{asked.path}/questions")["items"][0]["question"]
    north.done(f"/v1/questions/{question}/answer", ANSWERED)
    assert waiting(north, asked.id) == []
    assert north.seen("/v1/work?limit=1")["counts"]["question"] == before


def test_the_receiver_is_asked_and_nobody_is_once_it_is_answered(north: Caller, doulas: Caller) -> None:
    asked = Given(north, doulas).sent()
    north.done(f"{asked.path}/questions", ASKED)
    (item,) = waiting(doulas, asked.id)
    doulas.done(f"/v1/work/{item['id']}/claim")
    mine = doulas.seen("/v1/work?limit=1")["counts"]["mine"]
    doulas.done(f"{asked.path}/decline", {"reason": "no_capacity"})
    assert (waiting(doulas, asked.id), waiting(north, asked.id)) == ([], [])
    assert doulas.seen("/v1/work?limit=1")["counts"]["mine"] == mine - 1
    when(doulas.post(f"/v1/work/{item['id']}/claim")).then_problem(409, "nothing-waits")
