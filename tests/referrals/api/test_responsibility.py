"""Responsibility over the API: taken, left, and given back when a handoff is not taken up (R15, R19)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, Handoff, when

WIC = {"agency": "sample-wic-office-east", "service": "wic-east-enrolment"}
COORDINATION = "primary_care_coordination"
NORTH, DOULAS, HUB = "example-clinic-north", "example-doula-network", "sample-county-chw-hub"


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def leads(caller: Caller, client: str) -> dict[str, tuple[str, str]]:
    """Who leads which domain and on which basis, as a caller may know."""
    items = caller.seen(f"/v1/clients/{client}/responsibility")["items"]
    return {lead["domain"]: (lead["agency"], lead["basis"]) for lead in items}


def own(caller: Caller, client: str, domain: str = COORDINATION) -> str:
    """The address at which an agency leaves what it leads."""
    items = caller.seen(f"/v1/clients/{client}/responsibility")["items"]
    (id,) = (lead["responsibility"] for lead in items if lead["domain"] == domain)
    return f"/v1/responsibility/{id}/leave"


def accepted(given: Given) -> Handoff:
    handoff = given.offered()
    given.receiver.done(f"{handoff.path}/accept")
    return handoff


class TestTaking:
    def test_r19_what_nobody_leads_is_taken_once(self, given: Given, north: Caller) -> None:
        client = given.pregnant()
        path = f"/v1/clients/{client}/responsibility"
        when(north.post(path, {"domain": "doula"})).then(201, domain="doula", agency=NORTH, basis="intake")
        when(north.post(path, {"domain": "doula"})).then(200, domain="doula", agency=NORTH)
        assert leads(north, client)["doula"] == (NORTH, "intake")

    def test_r19_what_somebody_leads_is_409_without_a_name(self, given: Given, north: Caller) -> None:
        referral = given.accepted(given.pregnant())
        there = referral.theirs
        given.receiver.done(f"/v1/clients/{there}/episodes")
        refused = given.receiver.post(f"/v1/clients/{there}/responsibility", {"domain": COORDINATION})
        when(refused).then_problem(409, "domain-led", stands="led")
        assert NORTH not in refused.text

    def test_r4_without_an_own_pregnancy_nothing_is_taken(self, given: Given) -> None:
        referral = given.accepted(given.pregnant())
        path = f"/v1/clients/{referral.theirs}/responsibility"
        when(given.receiver.post(path, {"domain": "doula"})).then_problem(409, "episode-not-open")

    def test_the_hub_takes_as_the_hub(self, hub: Caller, north: Caller) -> None:
        client = Given(hub, north).pregnant()
        path = f"/v1/clients/{client}/responsibility"
        when(hub.post(path, {"domain": "housing_navigation"})).then(201, basis="hub")


class TestLeaving:
    def test_r19_the_hub_takes_over_and_it_can_be_said_twice(self, given: Given, north: Caller) -> None:
        client = given.pregnant()
        path = own(north, client)
        when(north.post(path)).then(200, domain=COORDINATION, leads=HUB)
        when(north.post(path)).then(200, leads=None)
        assert leads(north, client) == {COORDINATION: (HUB, "hub")}

    def test_r19_what_is_left_waits_for_the_hub_which_is_told_whom_to_ask(
        self, given: Given, north: Caller, hub: Caller
    ) -> None:
        client = given.pregnant()
        before = {each["id"] for each in hub.listed("/v1/work", kind="silence")}
        north.done(own(north, client))
        (item,) = (each for each in hub.listed("/v1/work", kind="silence") if each["id"] not in before)
        assert (item["state"], item["domain"], item["left_by"]["agency"]) == ("left", COORDINATION, NORTH)
        assert item["client"]["name"] is None
        assert item["due"] is not None
        assert not [each for each in north.listed("/v1/work", kind="silence") if each["state"] == "left"]

    def test_the_hub_itself_cannot(self, hub: Caller, north: Caller) -> None:
        client = Given(hub, north).pregnant()
        when(hub.post(own(hub, client))).then_problem(409, "nobody-takes-over")

    def test_who_never_led_is_told_404(self, given: Given, north: Caller, doulas: Caller, hub: Caller) -> None:
        path = own(north, given.pregnant())
        for stranger in (doulas, hub):
            when(stranger.post(path)).then_problem(404, "not-found")

    def test_what_is_no_reference_is_404(self, north: Caller) -> None:
        when(north.post(f"/v1/responsibility/{'a' * 26}/leave")).then_problem(404, "not-found")


class TestTime:
    def test_r15_an_offer_that_nobody_answers_expires(
        self, given: Given, north: Caller, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        handoff = given.offered()
        after(timedelta(days=10))
        seen = north.seen(handoff.path)
        assert (seen["state"], [each["type"] for each in seen["history"]][-2:]) == (
            "expired", ["timer.fired.v1", "handoff.expired.v1"],
        )  # fmt: skip
        assert leads(north, handoff.client)[COORDINATION] == (NORTH, "intake")
        assert doulas.seen(handoff.path)["client"] is None
        when(doulas.get(f"{handoff.path}/given")).then_problem(404, "not-found")
        when(doulas.post(f"{handoff.path}/accept")).then_problem(409, "handoff-already-ended")

    def test_r19_what_is_not_taken_up_goes_back(
        self, given: Given, north: Caller, after: Callable[[timedelta], None]
    ) -> None:
        handoff = accepted(given)
        assert leads(north, handoff.client)[COORDINATION][0] == DOULAS
        after(timedelta(days=20))
        assert north.seen(handoff.path)["state"] == "failed"
        assert leads(north, handoff.client)[COORDINATION] == (NORTH, "handoff")

    def test_r19_to_the_hub_where_the_sender_has_left(
        self, given: Given, north: Caller, service: Service, after: Callable[[timedelta], None]
    ) -> None:
        handoff = accepted(given)
        when(north.post(own(north, handoff.client))).then(200, leads=None)
        after(timedelta(days=20))
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            rows = store.execute(
                "SELECT convert_from(state, 'UTF8'), agency FROM stored_events"
                " WHERE topic = 'responsibility.assigned.v1' AND client_id ="
                " (SELECT client_id FROM stored_events WHERE originator_id = %s LIMIT 1) ORDER BY notification_id DESC",
                [handoff.id],
            ).fetchall()
        assert HUB in rows[0][0]
        assert rows[0][1] == NORTH

    def test_r17_a_contact_in_time_keeps_it(
        self, given: Given, north: Caller, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        handoff = accepted(given)
        doulas.done(
            f"/v1/clients/{handoff.theirs}/contacts", {"mode": "phone", "outcome": "completed", "handoff": handoff.id}
        )
        after(timedelta(days=20))
        assert north.seen(handoff.path)["state"] == "completed"


class TestEnds:
    def test_the_sender_withdraws_and_the_receiver_sees_no_more(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        handoff = given.offered()
        assert "name" in doulas.seen(f"{handoff.path}/given")["fields"]
        when(doulas.post(f"{handoff.path}/withdraw", {"reason": "duplicate"})).then_problem(403, "wrong-side")
        when(north.post(f"{handoff.path}/withdraw", {"reason": "no_capacity"})).then_malformed("/reason")
        when(north.post(f"{handoff.path}/withdraw", {"reason": "duplicate"})).then(200, state="withdrawn")
        when(north.post(f"{handoff.path}/withdraw", {"reason": "duplicate"})).then(200, state="withdrawn")
        when(doulas.get(f"{handoff.path}/given")).then_problem(404, "not-found")
        assert doulas.seen(handoff.path)["client"] is None

    def test_she_says_no(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        when(doulas.post(f"{handoff.path}/client-declines")).then_problem(403, "wrong-side")
        when(north.post(f"{handoff.path}/client-declines")).then(200, state="client_declined")
        when(doulas.post(f"{handoff.path}/accept")).then_problem(409, "handoff-already-ended")

    def test_r1_her_agreement_taken_back_withdraws_it(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.proposed()
        consent = given.consent(handoff.client)
        north.done(f"{handoff.path}/client-agrees", {"consent": {"id": consent}})
        north.done(f"{handoff.path}/offer")
        north.done(f"/v1/consents/{consent}/revoke", {"how": "spoken"})
        seen = north.seen(handoff.path)
        assert (seen["state"], seen["reason"]) == ("withdrawn", "consent_withdrawn")
        when(doulas.get(f"{handoff.path}/given")).then_problem(404, "not-found")

    def test_either_side_writes_down_that_she_was_there(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.proposed()
        when(north.post(f"{handoff.path}/introduce", {"client_present": True})).then_problem(409, "wrong-state")
        north.done(f"{handoff.path}/client-agrees", {"consent": AGREED})
        north.done(f"{handoff.path}/offer")
        assert north.seen(handoff.path)["client_present"] is None
        when(north.post(f"{handoff.path}/introduce", {"client_present": False})).then(200, state="offered")
        doulas.done(f"{handoff.path}/accept")
        when(doulas.post(f"{handoff.path}/introduce", {"client_present": True})).then(200, state="accepted")
        assert doulas.seen(handoff.path)["client_present"] is True
        assert "introduce" not in doulas.seen(handoff.path)["actions"]


class TestWatch:
    """R19: with coordination goes the watch over her open referrals; R8: no more than to whom, what, where and when."""

    def test_it_goes_with_the_lead_and_comes_back(
        self, given: Given, north: Caller, doulas: Caller, after: Callable[[timedelta], None]
    ) -> None:
        client = given.pregnant()
        sent = food(north, client)
        handoff = given.offered(client)
        assert watched(doulas, sent) is None
        assert doulas.seen(handoff.path)["watch"] == 1
        doulas.done(f"{handoff.path}/accept")
        seen = watched(doulas, sent)
        assert seen is not None
        assert (seen["from"]["agency"], seen["to"]["agency"], seen["state"]) == (NORTH, WIC["agency"], "sent")
        assert set(seen) == {
            "referral", "client", "from", "to", "service", "state", "sent_at", "waits_for", "due", "overdue",
        }  # fmt: skip
        when(doulas.get(f"/v1/referrals/{sent}")).then_problem(404, "not-found")
        assert north.seen(f"/v1/referrals/{sent}")["side"] == "sender"
        assert "watch" not in north.get(f"/v1/referrals/{sent}").text
        after(timedelta(days=20))
        assert watched(doulas, sent) is None

    def test_not_what_has_ended(self, given: Given, north: Caller, doulas: Caller) -> None:
        client = given.pregnant()
        ended = food(north, client)
        north.done(f"/v1/referrals/{ended}/cancel", {"reason": "duplicate"})
        doulas.done(f"{given.offered(client).path}/accept")
        assert watched(doulas, ended) is None

    def test_it_ends_with_the_referral(self, given: Given, north: Caller, doulas: Caller, service: Service) -> None:
        client = given.pregnant()
        sent = food(north, client)
        doulas.done(f"{given.offered(client).path}/accept")
        service.caller(WIC["agency"]).done(f"/v1/referrals/{sent}/decline", {"reason": "no_capacity"})
        assert watched(doulas, sent) is None

    def test_r6_a_restricted_one_is_never_watched(self, given: Given, north: Caller, doulas: Caller) -> None:
        client = given.pregnant()
        need = north.done(f"/v1/clients/{client}/needs", {"category": "behavioral_health"})["need"]
        body = {"client": client, "to": WIC, "category": "wic", "consent": AGREED, "need": need}
        restricted = north.done("/v1/referrals", body)["referral"]
        ordinary = given.sent(client, to=DOULA).id
        doulas.done(f"{given.offered(client).path}/accept")
        assert watched(doulas, restricted) is None
        assert watched(doulas, ordinary) is not None
        assert restricted not in doulas.get("/v1/watch").text


def food(sender: Caller, client: str) -> str:
    """A referral to a third agency, sent by who leads."""
    body = {"client": client, "to": WIC, "category": "wic", "consent": AGREED}
    return str(sender.done("/v1/referrals", body)["referral"])


def watched(caller: Caller, referral: str) -> dict[str, Any] | None:
    """A referral as who watches over it sees it, None where it does not."""
    return next((each for each in caller.seen("/v1/watch")["items"] if each["referral"] == referral), None)


class TestLeadOfHandoff:
    def test_r19_it_says_who_leads_what_it_is_about(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        assert (north.seen(handoff.path)["lead"], doulas.seen(handoff.path)["lead"]) == ("sender", "sender")
        doulas.done(f"{handoff.path}/accept")
        assert (north.seen(handoff.path)["lead"], doulas.seen(handoff.path)["lead"]) == ("receiver", "receiver")

    def test_r19_what_nobody_leads_is_nobodys_until_somebody_takes_it(self, given: Given, north: Caller) -> None:
        handoff = given.proposed(domain="doula")
        assert north.seen(handoff.path)["lead"] == "nobody"
        north.done(f"/v1/clients/{handoff.client}/responsibility", {"domain": "doula"})
        assert north.seen(handoff.path)["lead"] == "sender"

    def test_r1_whom_it_ended_for_is_not_told_who_leads(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/decline", {"reason": "no_capacity"})
        assert (north.seen(handoff.path)["lead"], doulas.seen(handoff.path)["lead"]) == ("sender", None)
