"""Redirect over the API (R3): the child is the original sender's; without her agreement it waits as a draft."""

from typing import Any

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, Referral, until, when

HUB = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}


@pytest.fixture
def given(north: Caller, hub: Caller) -> Given:
    return Given(north, hub)


@pytest.fixture
def other(service: Service) -> tuple[dict[str, str], Caller]:
    """Somebody else who visits at home, in the directory and as a caller."""
    to = {"agency": "specimen-family-center", "service": "family-center-home-visits"}
    return to, service.caller("specimen-family-center", subject="other-sample")


def sent_to_hub(given: Given, client: str | None = None, **more: Any) -> Referral:
    return given.sent(client, to=HUB, category="home_visiting", **more)


def covered(given: Given, **more: Any) -> Referral:
    """A referral whose consent is for the need, whoever helps."""
    client = given.client()
    said = AGREED | {"category": "home_visiting"}
    consent = given.sender.done(f"/v1/clients/{client}/consents", said)["consent"]
    return sent_to_hub(given, client, consent={"id": consent}, note="Rings twice", **more)


def test_r3_it_goes_out_at_once_where_her_agreement_covers_it(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, helper = other
    sent = covered(given)
    when(hub.post(f"{sent.path}/redirect", {"to": to, "reason": "no_capacity"})).then(200, state="redirected")
    told = north.seen(sent.path)
    child = told["redirected"]["child"]
    assert (told["redirected"]["to"]["agency"], told["redirected"]["waiting"]) == (to["agency"], False)
    assert (told["reason"], told["facts"]["responded"]["yes"], told["actions"][0]) == (
        "no_capacity",
        True,
        "acknowledge",
    )
    followed = north.seen(f"/v1/referrals/{child}")
    assert (followed["parent"], followed["from"]["agency"], followed["state"]) == (
        sent.id,
        "example-clinic-north",
        "sent",
    )
    assert followed["history"][0]["by"] is None
    asked = helper.seen(f"/v1/referrals/{child}")
    assert (asked["category"], asked["given"], asked["parent"]) == ("home_visiting", AGREED["fields"], None)
    given_to = until(lambda: helper.get(f"/v1/referrals/{child}/given"))
    assert when(given_to).then(200)["note"]["text"] == "Rings twice"


@pytest.mark.parametrize("named", [{"recipients": ["specimen-family-center"]}, {"category": "home_visiting"}])
def test_r3_it_does_not_go_out_at_once_to_whom_she_refused(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller], named: dict[str, Any]
) -> None:
    to, _ = other
    sent = covered(given)
    hub.done(f"{sent.path}/accept")
    north.done(f"/v1/clients/{sent.client}/consents", AGREED | {"agreed": False, "fields": []} | named)
    hub.done(f"{sent.path}/redirect", {"to": to, "reason": "no_capacity"})
    assert north.seen(sent.path)["redirected"]["waiting"] is True


def test_r3_the_redirecting_agency_sees_no_more_of_it(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, helper = other
    sent = covered(given)
    hub.done(f"{sent.path}/accept")
    her = sent.theirs
    hub.done(f"{sent.path}/redirect", {"to": to})
    child = north.seen(sent.path)["redirected"]["child"]
    when(hub.get(f"/v1/referrals/{child}")).then_problem(404, "not-found")
    mine = hub.seen(sent.path)
    assert (mine["redirected"]["child"], mine["redirected"]["waiting"]) == (None, None)
    assert child not in str(mine["history"])
    helper.done(f"/v1/referrals/{child}/accept")
    assert child not in str(hub.seen(f"/v1/clients/{her}/timeline"))


def test_r3_the_sender_is_told_at_the_end(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, helper = other
    sent = covered(given)
    hub.done(f"{sent.path}/redirect", {"to": to})
    child = north.seen(sent.path)["redirected"]["child"]
    helper.done(f"/v1/referrals/{child}/decline", {"reason": "no_capacity"})
    when(north.post(f"/v1/referrals/{child}/acknowledge")).then(200)
    when(hub.post(f"/v1/referrals/{child}/acknowledge")).then_problem(404, "not-found")


def test_r3_without_her_agreement_it_waits_as_a_draft_and_nothing_is_typed_again(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, helper = other
    sent = sent_to_hub(given, note="Rings twice", priority="urgent")  # she agreed to the hub alone
    hub.done(f"{sent.path}/redirect", {"to": to, "reason": "no_capacity"})
    told = north.seen(sent.path)
    child = told["redirected"]["child"]
    assert told["redirected"]["waiting"] is True
    assert (north.work(sent.id) or {})["waits_for"] == "send_on"
    when(north.get(f"/v1/referrals/{child}")).then_problem(404, "not-found")
    assert child not in {each["referral"] for each in north.listed("/v1/referrals", box="drafts")}
    when(hub.post(f"{sent.path}/draft")).then_problem(403, "wrong-side")
    draft = when(north.post(f"{sent.path}/draft")).then(200, referral=child, parent=sent.id)
    assert (draft["fields"]["to"], draft["fields"]["note"], draft["fields"]["priority"]) == (
        to,
        "Rings twice",
        "urgent",
    )
    assert (draft["fields"]["client"], "consent" in draft["fields"]) == (sent.client, False)
    assert when(north.post(f"{sent.path}/draft")).then(200) == draft
    when(north.post(f"/v1/referrals/{child}/send")).then_problem(403, "consent-missing")
    path = f"/v1/referrals/{child}"
    saved = north.ask("PATCH", path, json={"consent": AGREED}, headers={"If-Match": '"1"'})
    when(saved).then(200, version=2)
    when(north.post(f"{path}/send")).then(200, state="sent")
    assert north.seen(path)["parent"] == sent.id
    assert north.work(sent.id) is None
    assert north.seen(sent.path)["facts"]["closed"]["yes"] is True
    assert helper.seen(path)["state"] == "sent"
    when(north.post(f"{sent.path}/draft")).then_problem(409, "nothing-waits")


def test_r4_what_the_sender_has_elsewhere_is_not_told(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, _ = other
    sent = covered(given)
    north.done("/v1/referrals", {"client": sent.client, "to": to, "category": "home_visiting", "consent": AGREED})
    answered = when(hub.post(f"{sent.path}/redirect", {"to": to})).then(200, state="redirected")
    assert set(answered) == {"referral", "state", "version"}
    assert north.seen(sent.path)["redirected"]["waiting"] is True


def test_r16_the_wrong_side_a_wrong_state_and_a_wrong_service(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, helper = other
    sent = covered(given)
    when(north.post(f"{sent.path}/redirect", {"to": to})).then_problem(403, "wrong-side")
    when(helper.post(f"{sent.path}/redirect", {"to": to})).then_problem(404, "not-found")
    when(hub.post(f"{sent.path}/redirect", {"to": HUB})).then_malformed("/to", "same-agency")
    back = {"agency": "example-clinic-north", "service": "clinic-north-prenatal-navigation"}
    when(hub.post(f"{sent.path}/redirect", {"to": back})).then_malformed("/to/agency", "back-to-sender")
    unknown = {"agency": to["agency"], "service": "nobody-offers-this"}
    when(hub.post(f"{sent.path}/redirect", {"to": unknown})).then_malformed("/to/service", "unknown_service")
    when(hub.post(f"{sent.path}/redirect", {"to": to, "reason": "moved"})).then_malformed("/reason")
    declined = covered(given)
    hub.done(f"{declined.path}/decline", {"reason": "no_capacity"})
    when(hub.post(f"{declined.path}/redirect", {"to": to})).then_problem(
        409, "referral-already-ended", stands="declined"
    )


def test_r12_the_same_again_makes_no_second_child(
    given: Given, north: Caller, hub: Caller, other: tuple[dict[str, str], Caller]
) -> None:
    to, _ = other
    sent = covered(given)
    first = hub.post(f"{sent.path}/redirect", {"to": to}, key="redirect-once")
    child = north.seen(sent.path)["redirected"]["child"]
    again = hub.post(f"{sent.path}/redirect", {"to": to}, key="redirect-once")
    assert (again.headers["idempotent-replay"], again.json()) == ("true", first.json())
    when(hub.post(f"{sent.path}/redirect", {"to": to})).then(200, version=first.json()["version"])
    assert north.seen(sent.path)["redirected"]["child"] == child
