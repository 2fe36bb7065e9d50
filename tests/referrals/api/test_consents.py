"""Consents over HTTP: the whole of what she said, and what follows when she says otherwise (R1, R7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, DOULA, Given, when

FORM = {
    "form": "ascmi_ab133",
    "form_version": "2025-07",
    "authority": "self_minor",
    "categories": {"social_services": True, "behavioral_health": False},
    "measurement": "no",
    "recipients": ["sample-county-chw-hub"],
    "expires": "2036-01-01",
}


LONG_BEFORE = (date.fromisoformat(SAID_ON) - timedelta(days=300)).isoformat()
WHY = {"reason": "Another client"}


def test_the_whole_of_what_she_said_is_read_again(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    consent = given.consent(given.client(), **FORM)
    when(north.get(f"/v1/consents/{consent}")).then(200, state="agreed", ended_on=None, version=1, **FORM)
    when(doulas.get(f"/v1/consents/{consent}")).then_problem(404, "not-found")


def test_a_refusal_is_a_state(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    consent = given.consent(given.client(), agreed=False, fields=[])
    when(north.get(f"/v1/consents/{consent}")).then(200, agreed=False, state="refused")
    when(north.post(f"/v1/consents/{consent}/revoke")).then_problem(409, "consent-refused", stands="refused")


def test_r1_a_later_no_wins_over_an_older_yes_until_she_says_yes_anew(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    yes, other = given.consent(client), given.consent(client, recipient="sample-wic-office-east")
    waiting, accepted = given.sent(client, consent={"id": yes}), given.accepted(given.client())
    no = given.consent(client, agreed=False, fields=[])
    when(north.get(waiting.path)).then(200, state="cancelled", reason="consent_withdrawn")
    when(doulas.get(f"{waiting.path}/given")).then_problem(404, "not-found")
    when(north.get(accepted.path)).then(200, state="accepted")
    when(north.get(f"/v1/consents/{other}")).then(200, state="agreed", version=1)
    body = {"client": client, "to": DOULA, "category": "doula", "consent": {"id": yes}}
    when(north.post("/v1/referrals", body)).then_problem(403, "consent-overruled")
    when(north.post("/v1/referrals", body | {"consent": AGREED | {"on": LONG_BEFORE}})).then_problem(
        403, "consent-overruled"
    )
    elsewhere = {"to": {"agency": "sample-wic-office-east", "service": "wic-east-enrolment"}, "category": "wic"}
    when(north.post("/v1/referrals", body | elsewhere | {"consent": {"id": other}})).then(201)
    north.done(f"/v1/consents/{no}/entered-in-error", WHY)
    when(north.post("/v1/referrals", body)).then(201)
    given.consent(client, agreed=False, fields=[])
    classes = {"to": {**DOULA, "service": "doula-network-classes"}, "category": "childbirth_education"}
    when(north.post("/v1/referrals", body | classes | {"consent": AGREED})).then(201)


def test_r1_what_was_not_accepted_is_lost_and_cancelled_and_the_sender_told(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client)
    referral = given.sent(client, consent={"id": consent})
    other = given.sent(client, to={**DOULA, "service": "doula-network-classes"}, category="childbirth_education")
    assert doulas.seen(f"{referral.path}/given")["fields"]["name"]
    when(north.post(f"/v1/consents/{consent}/revoke", {"how": "signed"})).then(200, client=client, version=2)
    when(north.post(f"/v1/consents/{consent}/revoke", {"how": "signed"})).then(200, version=2)
    when(doulas.get(f"{referral.path}/given")).then_problem(404, "not-found")
    assert doulas.seen(f"{referral.path}?names=false")["client"] is None
    when(north.get(referral.path)).then(
        200, state="cancelled", reason="consent_withdrawn", actions=["acknowledge", "entered-in-error"], overdue=False
    )
    assert (north.work(referral.id) or {})["waits_for"] == "acknowledge"
    when(north.get(other.path)).then(200, state="sent")


def test_r1_who_accepted_keeps_it_and_its_page_says_that_she_took_it_back(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client)
    referral = given.accepted(client, consent={"id": consent})
    north.done(f"/v1/consents/{consent}/revoke")
    shown = doulas.seen(referral.path)
    assert (shown["state"], shown["consent"]["on"]) == ("accepted", SAID_ON)
    assert shown["consent"]["taken_back_on"] == north.seen(f"/v1/consents/{consent}")["ended_on"]
    assert doulas.seen(f"{referral.path}/given")["fields"]["name"]
    body = {"client": client, "to": DOULA, "category": "doula", "consent": {"id": consent}}
    when(north.post("/v1/referrals", body)).then_problem(403, "consent-does-not-cover")


def test_r1_a_change_takes_back_just_what_it_covers_no_more(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client, recipients=["sample-wic-office-east"])
    referral = given.sent(client, consent={"id": consent})
    same = AGREED | {"recipient": "example-doula-network"}
    north.done(f"/v1/consents/{consent}/change", same)
    when(north.get(referral.path)).then(200, state="sent")
    north.done(f"/v1/consents/{consent}/change", same | {"recipient": "sample-wic-office-east"})
    when(north.get(referral.path)).then(200, state="cancelled", reason="consent_withdrawn")


@pytest.mark.parametrize("step", ["change", "revoke"])
def test_what_was_taken_back_is_changed_no_more(north: Caller, doulas: Caller, step: str) -> None:
    given = Given(north, doulas)
    consent = given.consent(given.client())
    when(doulas.post(f"/v1/consents/{consent}/{step}", AGREED if step == "change" else {})).then_problem(
        404, "not-found"
    )
    north.done(f"/v1/consents/{consent}/revoke")
    answer = north.post(f"/v1/consents/{consent}/change", AGREED | {"recipient": "example-doula-network"})
    when(answer).then_problem(409, "consent-already-ended", stands="revoked")


def test_a_kind_of_information_both_ways_or_a_day_to_come_is_malformed(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    when(north.post(f"/v1/clients/{client}/consents", AGREED | {"recipients": ["nobody-here"]})).then_malformed(
        "/recipients/0"
    )
    consent = given.consent(client)
    when(north.post(f"/v1/consents/{consent}/revoke", {"on": "2190-01-01"})).then_malformed("/on")
    when(north.post(f"/v1/consents/{consent}/revoke", {"on": "2020-01-01"})).then_malformed("/on")


def test_r14_what_she_never_said_covers_nothing_and_is_told_once(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client)
    referral = given.sent(client, consent={"id": consent})
    path = f"/v1/consents/{consent}/entered-in-error"
    when(doulas.post(path, WHY)).then_problem(404, "not-found")
    when(north.post(path, {})).then_problem(422, "malformed")
    when(north.get(referral.path)).then(200, state="sent")
    when(north.post(path, WHY)).then(200, client=client, version=2)
    when(north.post(path, WHY)).then(200, version=2)
    shown = when(north.get(f"/v1/consents/{consent}")).then(200, state="entered_in_error", version=2)
    assert shown["ended_on"] >= shown["on"]
    when(north.get(referral.path)).then(200, state="cancelled", reason="consent_withdrawn")
    when(doulas.get(f"{referral.path}/given")).then_problem(404, "not-found")
    body = {"client": client, "to": DOULA, "category": "doula", "consent": {"id": consent}}
    when(north.post("/v1/referrals", body)).then_problem(403, "consent-does-not-cover")
    when(north.post(f"/v1/consents/{consent}/change", AGREED | {"recipient": "example-doula-network"})).then_problem(
        409, "consent-already-ended"
    )


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({"recipient": "example-clinic-north"}, "/recipient"),
        ({"recipients": ["example-clinic-north"]}, "/recipients/0"),
    ],
)
def test_ones_own_agency_needs_no_consent(north: Caller, doulas: Caller, named: dict[str, Any], pointer: str) -> None:
    client = Given(north, doulas).client()
    said = {key: value for key, value in AGREED.items() if key not in {"recipient", "recipients"}} | named
    when(north.post(f"/v1/clients/{client}/consents", said)).then_malformed(pointer, "own-agency")
