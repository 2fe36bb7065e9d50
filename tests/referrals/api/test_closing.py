"""A referral that its receiver ends without completing it, over HTTP (F2, R13, R16)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when

GIVE_UP = {"reason": "unable_to_reach"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def test_r16_she_said_no_and_the_sender_reads_whose_decision_it_was(
    given: Given, north: Caller, doulas: Caller
) -> None:
    accepted = given.accepted()
    given.contact(accepted, mode="phone", outcome="completed")
    when(north.post(f"{accepted.path}/close", {"reason": "client_declined"})).then_problem(403, "wrong-side")
    when(doulas.post(f"{accepted.path}/close", {"reason": "client_declined"})).then(200, state="not_completed")
    when(doulas.post(f"{accepted.path}/close", {"reason": "client_declined"})).then(200, state="not_completed")
    when(doulas.post(f"{accepted.path}/close", {"reason": "moved"})).then_problem(409, "referral-already-ended")
    seen = north.seen(accepted.path)
    assert (seen["reason"], seen["facts"]["connected"]["yes"]) == ("client_declined", True)
    assert seen["history"][-1]["detail"]["reason_owner"] == "client"
    when(north.post(f"{accepted.path}/acknowledge")).then(200, state="not_completed")
    assert doulas.seen(accepted.path)["client"] is not None


def test_r16_a_decline_after_service_closes_it_and_she_stays_connected(
    given: Given, north: Caller, doulas: Caller
) -> None:
    accepted = given.accepted()
    given.contact(accepted, mode="phone", outcome="completed")
    when(doulas.post(f"{accepted.path}/decline", {"reason": "no_capacity"})).then(200, state="not_completed")
    assert north.seen(accepted.path)["facts"]["connected"]["yes"] is True


def test_r13_giving_up_needs_attempts_and_says_how_many_there_are(
    service: Service, given: Given, north: Caller, doulas: Caller
) -> None:
    service.clock.ahead = timedelta(days=-20)
    try:
        accepted = given.accepted(consent=AGREED | {"on": ago(21)[:10]})
    finally:
        service.clock.ahead = timedelta(0)
    tried: list[dict[str, Any]] = [
        {"mode": "phone", "outcome": "attempted_no_answer", "at": ago(12)},
        {"mode": "phone", "outcome": "attempted_left_message", "at": ago(6)},
    ]
    for said in tried:
        given.contact(accepted, **said)
    found = {"attempts": 2, "attempts_needed": 3, "days": 6, "days_needed": 10, "modes": 1, "modes_needed": 2}
    assert doulas.seen(accepted.path)["outreach"] == found
    assert north.seen(accepted.path)["outreach"] is None
    refused = doulas.post(f"{accepted.path}/close", GIVE_UP)
    when(refused).then_problem(409, "not-enough-attempts", outreach=found)
    given.contact(accepted, mode="home_visit", outcome="not_home", at=ago(1))
    when(doulas.post(f"{accepted.path}/close", GIVE_UP)).then(200, state="not_completed")
    assert north.seen(accepted.path)["history"][-1]["detail"]["reason_owner"] == "contact"


def test_r13_what_was_tried_before_it_was_sent_is_no_attempt_for_it(given: Given, doulas: Caller) -> None:
    accepted = given.accepted()
    for mode, days in (("phone", 12), ("home_visit", 6), ("phone", 0)):
        given.contact(accepted, mode=mode, outcome="attempted_no_answer", at=ago(days))
    assert doulas.seen(accepted.path)["outreach"]["attempts"] == 1
    when(doulas.post(f"{accepted.path}/close", GIVE_UP)).then_problem(409, "not-enough-attempts")


def test_r13_the_senders_attempts_are_not_the_receivers(given: Given, north: Caller, doulas: Caller) -> None:
    accepted = given.accepted()
    for days in (12, 6, 1):
        said = {"mode": "phone", "outcome": "attempted_no_answer", "at": ago(days), "referral": accepted.id}
        north.done(f"/v1/clients/{accepted.client}/contacts", said)
    assert doulas.seen(accepted.path)["outreach"]["attempts"] == 0
    when(doulas.post(f"{accepted.path}/close", GIVE_UP)).then_problem(409, "not-enough-attempts")


@pytest.mark.parametrize("reason", ["no_answer", "agency_left", "no_further_contact", "consent_withdrawn"])
def test_nobody_gives_a_reason_that_follows_from_elsewhere(given: Given, doulas: Caller, reason: str) -> None:
    accepted = given.accepted()
    refused = doulas.post(f"{accepted.path}/close", {"reason": reason})
    when(refused).then_problem(422, "malformed")
    assert refused.json()["errors"][0]["pointer"] == "/reason"


def test_r1_who_waited_and_was_never_taken_on_is_not_kept(given: Given, doulas: Caller) -> None:
    sent = given.sent()
    doulas.done(f"{sent.path}/waitlist")
    when(doulas.post(f"{sent.path}/close", {"reason": "chose_other"})).then(200, state="not_completed")
    when(doulas.get(f"{sent.path}/given")).then_problem(404, "not-found")
    assert doulas.seen(sent.path)["client"] is None


def test_what_was_not_taken_on_is_declined_instead_and_others_learn_nothing(
    given: Given, doulas: Caller, hub: Caller
) -> None:
    sent = given.sent()
    when(doulas.post(f"{sent.path}/close", {"reason": "moved"})).then_problem(409, "wrong-state", stands="sent")
    when(hub.post(f"{sent.path}/close", {"reason": "moved"})).then_problem(404, "not-found")


def test_a_case_manager_of_the_receiver_attests_how_it_ended(
    given: Given, north: Caller, doulas: Caller, service: Service
) -> None:
    accepted = given.accepted()
    doulas.done(f"{accepted.path}/close", {"reason": "moved"})
    body = {"decision": "verified"}
    staff = service.caller("example-doula-network", "staff")
    when(staff.post(f"{accepted.path}/attest", body)).then_problem(403, "role-forbids")
    assert "attest" not in staff.seen(accepted.path)["actions"]
    manager = service.caller("example-doula-network", "case_manager")
    assert "attest" in manager.seen(accepted.path)["actions"]
    sender = service.caller("example-clinic-north", "case_manager")
    when(sender.post(f"{accepted.path}/attest", body)).then_problem(403, "wrong-side")
    when(manager.post(f"{accepted.path}/attest", body)).then(200, state="not_completed")
    when(manager.post(f"{accepted.path}/attest", body)).then(200, state="not_completed")
    again = manager.post(f"{accepted.path}/attest", {"decision": "not_verified"})
    when(again).then_problem(409, "referral-already-attested", stands="verified")
    assert north.seen(accepted.path)["history"][-1]["detail"] == {"decision": "verified"}


def test_whoever_ended_it_does_not_attest_it(given: Given, doulas: Caller, service: Service) -> None:
    accepted = given.accepted()
    doulas.done(f"{accepted.path}/close", {"reason": "moved"})
    body = {"decision": "verified"}
    assert "attest" not in doulas.seen(accepted.path)["actions"]
    when(doulas.post(f"{accepted.path}/attest", body)).then_problem(409, "attest-own-work", stands="not_completed")
    other = service.caller("example-doula-network", "case_manager", subject="other-sample")
    when(other.post(f"{accepted.path}/attest", body)).then(200)


def test_r14_a_new_referral_takes_the_place_of_one_that_ended(given: Given, north: Caller, doulas: Caller) -> None:
    ended = given.sent()
    body = {"client": ended.client, "to": DOULA, "category": "doula", "consent": AGREED, "supersedes": ended.id}
    when(north.post("/v1/referrals", body)).then_problem(409, "referral-not-ended")
    doulas.done(f"{ended.path}/decline", {"reason": "no_capacity"})
    new = north.done("/v1/referrals", body)
    assert doulas.seen(f"/v1/referrals/{new['referral']}")["history"][0]["detail"]["supersedes"] == ended.id
    assert north.seen(ended.path)["state"] == "declined", "a referral is never reopened"
    other = north.post("/v1/referrals", body | {"client": given.client()})
    when(other).then_problem(404, "not-found")


def test_each_side_keeps_its_own_number_of_it(given: Given, north: Caller, doulas: Caller) -> None:
    sent = given.sent(identifier="PLAC-4711")
    doulas.done(f"{sent.path}/accept", {"identifier": "FILL-0815"})
    for side in (north, doulas):
        assert side.seen(sent.path)["identifiers"] == {"sender": "PLAC-4711", "receiver": "FILL-0815"}
    other = doulas.post(f"{sent.path}/accept", {"identifier": "FILL-0816"})
    when(other).then_problem(409, "referral-already-answered", stands="accepted")
    when(doulas.post(f"{given.sent().path}/accept", {"identifier": "Mara Example"})).then_malformed("/identifier")


def test_a_system_says_its_number_when_it_receives_it(given: Given, north: Caller, doulas: Caller) -> None:
    sent = given.sent()
    doulas.done(f"{sent.path}/receive", {"identifier": "FILL-0815"})
    assert north.seen(sent.path)["identifiers"] == {"sender": None, "receiver": "FILL-0815"}
    doulas.done(f"{sent.path}/receive")
    other = doulas.post(f"{sent.path}/receive", {"identifier": "FILL-0816"})
    when(other).then_problem(409, "referral-already-received", stands="received")
