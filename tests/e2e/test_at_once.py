"""The same asked by several at once, through the gateway: one happens, and each is told what stands."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.days import ahead
from tests.e2e import truth
from tests.e2e.walk import SPOKEN, Walk, somebody
from tests.fix_line import Line
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import when

pytestmark = pytest.mark.servers

Ask = Callable[[Caller], httpx.Response]


def at_once(callers: list[Caller], ask: Ask) -> list[httpx.Response]:
    """Everybody asks in the same moment, each over a connection of its own."""
    start = threading.Barrier(len(callers))

    def asked(caller: Caller) -> httpx.Response:
        with httpx.Client(timeout=40) as http:
            own = Caller(caller.url, caller.token, http)
            own.get("/v1/initiatives")
            start.wait(20)
            return ask(own)

    with ThreadPoolExecutor(len(callers)) as pool:
        return list(pool.map(asked, callers))


def test_the_same_post_eight_times_with_one_key_is_one_referral(line: Line) -> None:
    clinic = line.caller("example-clinic-north", "system")
    body = {
        "identity": somebody(mrn=uuid4().hex),
        "to": {"agency": "example-doula-network", "service": "doula-network-birth-support"},
        "category": "doula",
        "consent": SPOKEN | {"fields": ["name"]},
        "note": "Rings twice.",
    }
    before = {type: truth.stored(line, type) for type in ("client.registered.v1", "referral.sent.v1")}
    key = uuid4().hex
    answers = at_once([clinic] * 8, lambda caller: caller.post("/v1/referrals", body, key=key))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] + answer.headers["location"] for answer in answers}) == 1
    assert sorted(answer.headers.get("idempotent-replay", "") for answer in answers) == [""] + ["true"] * 7
    assert {type: truth.stored(line, type) - count for type, count in before.items()} == dict.fromkeys(before, 1)

    other = body | {"note": "Rings three times."}
    when(clinic.post("/v1/referrals", other, key=key)).then_problem(422, "idempotency-key-reused")


def test_r12_two_people_accept_at_once_and_the_second_is_told_what_stands(line: Line) -> None:
    walk = Walk.begun(line)
    path = f"/v1/referrals/{walk.sent()}"
    people = [line.caller(walk.cast.helper, subject=subject) for subject in ("mina", "rosa")]
    answers = at_once(people, lambda caller: caller.post(f"{path}/accept", {"on": ahead(4)}))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    when(first).then(200, state="accepted", version=2)
    when(second).then_problem(409, "referral-already-answered", stands="accepted")


def test_r12_the_same_person_and_day_twice_at_once_is_one_answer(line: Line) -> None:
    walk = Walk.begun(line)
    path = f"/v1/referrals/{walk.sent()}"
    answers = at_once([walk.helper] * 2, lambda caller: caller.post(f"{path}/accept", {"on": ahead(4)}))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    types = [event["type"] for event in walk.clinic.seen(path)["history"]]
    assert types == ["referral.sent.v1", "referral.accepted.v1"]
