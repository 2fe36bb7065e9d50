"""What a leaver looks after becomes a colleague's over the API: one by one or all at once, inside one agency (R22)."""

from typing import Any
from uuid import uuid4

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import TO_NORTH, Given, Referral, in_days, when

DOULAS = "example-doula-network"
ON = "/v1/staff/hand-on"


@pytest.fixture
def leaver(service: Service) -> tuple[str, Caller]:
    """Somebody at the doulas, of whom no other test has heard."""
    subject = f"lena-{uuid4().hex[:8]}"
    return subject, service.caller(DOULAS, subject=subject)


@pytest.fixture
def given(north: Caller, leaver: tuple[str, Caller]) -> Given:
    return Given(north, leaver[1])


@pytest.fixture
def rosa(service: Service) -> Caller:
    """A colleague at the doulas, who has signed in."""
    rosa = service.caller(DOULAS, subject="rosa-muster")
    rosa.seen("/v1/staff")
    return rosa


@pytest.fixture
def manager(service: Service, rosa: Caller) -> Caller:
    manager = service.caller(DOULAS, "agency_admin", subject="ada-sample")
    manager.seen("/v1/staff")
    return manager


def held(manager: Caller, person: str) -> dict[str, dict[str, Any]]:
    items = manager.done("/v1/staff/held", {"person": person})["items"]
    return {item["id"]: item for item in items}


def everything(given: Given) -> tuple[Referral, str, set[str]]:
    """An accepted referral, a promised contact and an accepted handoff with its lead, and a claim of what was sent."""
    referral, handoff, claimed = given.accepted(), given.offered(), given.sent()
    given.receiver.done(f"{handoff.path}/accept")
    plan = {"planned_for": in_days(3), "mode": "phone"}
    given.receiver.done(f"/v1/clients/{referral.theirs}/contact-plan", plan)
    given.receiver.done(f"/v1/work/{claimed.id}/claim")
    return referral, claimed.id, {referral.id, handoff.id, claimed.id}


def test_r22_all_that_a_leaver_holds_becomes_a_colleagues_at_once(
    given: Given, leaver: tuple[str, Caller], rosa: Caller, manager: Caller
) -> None:
    person, _ = leaver
    referral, claimed, named = everything(given)
    before = held(manager, person)
    assert before.keys() >= named
    assert sorted(item["kind"] for item in before.values()) == ["contact", "episode", "handoff", "referral", "referral"]
    assert {id for id, item in before.items() if item["claimed"]} == {claimed}
    assert all(item["client"] is None for item in before.values()), "who looks after staff opens no client"
    left = when(manager.post(ON, {"from": person, "to": "rosa-muster"})).then(200, person=person, more=False)
    assert left["items"] == []
    assert held(manager, "rosa-muster").keys() >= before.keys()
    assert rosa.seen(referral.path)["person"] == "rosa-muster"
    assert (rosa.work(claimed) or {})["claim"]["mine"] is True


def test_r22_one_thing_alone_and_the_same_again_is_nothing_new(
    given: Given, leaver: tuple[str, Caller], rosa: Caller, manager: Caller, north: Caller
) -> None:
    person, _ = leaver
    kept, moved = given.accepted(), given.accepted()
    version = rosa.seen(moved.path)["version"]
    said = {"from": person, "to": "rosa-muster", "work": [moved.id]}
    for _again in range(2):
        when(manager.post(ON, said)).then(200, person=person)
        assert held(manager, person).keys() == {kept.id}
    seen = rosa.seen(moved.path)
    assert (seen["person"], seen["version"]) == ("rosa-muster", version)
    assert [each["type"] for each in seen["history"]].count("charge.handed_on.v1") == 1
    theirs = north.seen(moved.path)
    assert theirs["person"] == person, "the sender is not told who does it inside"
    assert "charge.handed_on.v1" not in {each["type"] for each in theirs["history"]}


def test_r22_figures_of_staff_follow(given: Given, leaver: tuple[str, Caller], manager: Caller) -> None:
    person, caller = leaver
    caller.seen("/v1/staff")
    given.accepted()
    given.accepted()

    def figures(subject: str) -> tuple[int, int]:
        item = next(item for item in manager.seen("/v1/staff")["items"] if item["subject"] == subject)
        return item["held"], item["open_clients"]

    before = figures("rosa-muster")
    assert figures(person) == (2, 2)
    manager.done(ON, {"from": person, "to": "rosa-muster"})
    assert figures(person) == (0, 0)
    assert figures("rosa-muster") == (before[0] + 2, before[1] + 2)


def test_r22_nobody_else_hands_on(given: Given, leaver: tuple[str, Caller], rosa: Caller, service: Service) -> None:
    person, _ = leaver
    referral = given.accepted()
    said = {"from": person, "to": "rosa-muster"}
    when(rosa.post(ON, said)).then_problem(403, "role-forbids")
    when(rosa.post("/v1/staff/held", {"person": person})).then_problem(403, "role-forbids")
    hub = service.caller("sample-county-chw-hub", "agency_admin", "staff")
    hub.seen("/v1/staff")
    mine = service.caller("example-clinic-north", "agency_admin", "staff", subject="nina-north")
    mine.seen("/v1/staff")
    assert held(mine, person) == {}
    when(hub.post(ON, {"from": person, "to": "testa", "work": [referral.id]})).then_problem(404, "not-found")
    when(mine.post(ON, {"from": person, "to": "nina-north", "work": [referral.id]})).then(200, items=[])
    assert rosa.seen(referral.path)["person"] == person, "the sender hands on nothing of the receiver's"


@pytest.mark.parametrize("to", ["nobody-there", "ada-sample", "nina-north"])
def test_r22_to_nobody_but_a_colleague_who_works_with_clients(
    given: Given, leaver: tuple[str, Caller], manager: Caller, to: str
) -> None:
    person, _ = leaver
    referral = given.accepted()
    when(manager.post(ON, {"from": person, "to": to})).then_malformed("/to", "not-of-your-staff")
    when(manager.post(ON, {"from": person, "to": person})).then_malformed("/to", "same-person")
    assert held(manager, person).keys() == {referral.id}


def test_r11_who_works_with_clients_too_is_told_whose_it_is_once_it_was_opened(
    given: Given, leaver: tuple[str, Caller], service: Service
) -> None:
    person, caller = leaver
    both = service.caller(DOULAS, "agency_admin", "case_manager", subject="mia-muster")
    taken, claimed = given.accepted(), given.sent()
    caller.done(f"/v1/work/{claimed.id}/claim")
    named = {id: item["client"] and item["client"]["name"] for id, item in held(both, person).items()}
    assert named[taken.id]
    assert named[taken.id].startswith("Testa Sample-")
    assert named[claimed.id] is None


def test_what_has_ended_is_held_no_more(given: Given, leaver: tuple[str, Caller], manager: Caller) -> None:
    person, _ = leaver
    given.completed()
    assert held(manager, person) == {}
    assert when(manager.post(ON, {"from": person, "to": "rosa-muster"})).then(200)["items"] == []


def test_r22_a_question_that_nobody_has_to_answer_any_more_stops_nothing_of_it(
    service: Service, leaver: tuple[str, Caller], rosa: Caller, manager: Caller, north: Caller
) -> None:
    person, caller = leaver
    sent = Given(caller, north).sent(**TO_NORTH)
    north.done(f"{sent.path}/questions", {"text": "Can she read Hmong?"})
    work = rosa.listed("/v1/work", kind="question")
    asked = next(item["id"] for item in work if item["subject"]["id"] == sent.id)
    caller.done(f"/v1/work/{asked}/claim")
    assert held(manager, person).keys() == {asked}
    kept = Given(north, caller).accepted()
    north.done(f"{sent.path}/decline", {"reason": "no_capacity"})
    assert held(manager, person).keys() == {kept.id}
    for step in ("claim", "release", "take-over"):
        when(caller.post(f"/v1/work/{asked}/{step}")).then_problem(409, "nothing-waits")
        when(service.caller("sample-county-chw-hub").post(f"/v1/work/{asked}/{step}")).then_problem(404, "not-found")
    when(manager.post(ON, {"from": person, "to": "rosa-muster", "work": [asked, kept.id]})).then(200, items=[])
    assert held(manager, "rosa-muster").keys() >= {kept.id}
    north.done(f"{sent.path}/take-back")
    assert (rosa.work(asked) or {})["claim"]["mine"] is True
