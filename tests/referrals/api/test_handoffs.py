"""Handoffs over the API: responsibility moves on acceptance, and only then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.days import ahead
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, MET, Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def leader(caller: Caller, client: str) -> list[tuple[str, str]]:
    """Who leads, and on which basis, as a caller may know."""
    items = caller.seen(f"/v1/clients/{client}/responsibility")["items"]
    return [(lead["agency"], lead["basis"]) for lead in items]


class TestProposed:
    def test_the_receiver_knows_nothing_yet(self, given: Given, doulas: Caller) -> None:
        handoff = given.proposed()
        when(doulas.get(handoff.path)).then_problem(404, "not-found")
        when(doulas.post(f"{handoff.path}/accept")).then_problem(404, "not-found")
        assert handoff.id not in doulas.get("/v1/work").text

    def test_it_is_not_offered_before_she_agreed(self, given: Given, north: Caller) -> None:
        handoff = given.proposed()
        when(north.post(f"{handoff.path}/offer")).then_problem(409, "wrong-state", stands="proposed")

    def test_her_consent_must_name_the_receiver(self, given: Given, north: Caller) -> None:
        handoff = given.proposed()
        consent = given.consent(handoff.client, recipient=None, category="doula")
        answer = north.post(f"{handoff.path}/client-agrees", {"consent": {"id": consent}})
        when(answer).then_problem(403, "consent-does-not-cover")

    def test_a_recorded_consent_will_do(self, given: Given, north: Caller) -> None:
        handoff = given.proposed()
        body = {"consent": {"id": given.consent(handoff.client)}}
        when(north.post(f"{handoff.path}/client-agrees", body)).then(200, state="agreed", version=2)
        when(north.post(f"{handoff.path}/client-agrees", body)).then(200, state="agreed", version=2)

    def test_one_open_handoff_of_a_domain_to_a_receiver(self, given: Given, north: Caller) -> None:
        handoff = given.proposed()
        body = {"to": "example-doula-network", "domain": "primary_care_coordination", "kind": "cold"}
        again = north.post(f"/v1/clients/{handoff.client}/handoffs", body)
        when(again).then_problem(409, "handoff-already-open")

    def test_nothing_is_handed_over_without_a_pregnancy(self, given: Given, north: Caller) -> None:
        body = {"to": "example-doula-network", "domain": "doula", "kind": "cold"}
        answer = north.post(f"/v1/clients/{given.client()}/handoffs", body)
        when(answer).then_problem(409, "episode-not-open")

    @pytest.mark.parametrize(
        ("more", "pointer"),
        [
            ({"to": "nobody"}, "/to"),
            ({"to": "example-clinic-north"}, "/to"),
            ({"domain": "everything"}, "/domain"),
            ({"kind": "by_pigeon"}, "/kind"),
            ({"reason_code": "5595550142"}, "/reason_code"),
        ],
    )
    def test_what_makes_no_sense_is_pointed_at(
        self, given: Given, north: Caller, more: dict[str, str], pointer: str
    ) -> None:
        body = {"to": "example-doula-network", "domain": "doula", "kind": "cold"} | more
        when(north.post(f"/v1/clients/{given.pregnant()}/handoffs", body)).then_malformed(pointer)

    def test_r19_nobody_off_the_system_can_accept_the_lead(self, given: Given, north: Caller) -> None:
        body = {"to": "muster-diaper-bank", "domain": "primary_care_coordination", "kind": "cold"}
        answer = north.post(f"/v1/clients/{given.pregnant()}/handoffs", body)
        when(answer).then_problem(409, "receiver-not-on-system", stands="letter")


class TestOffered:
    def test_the_receiver_reads_what_she_agreed_to_give(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        assert doulas.seen(f"{handoff.path}/given")["fields"]["name"].startswith("Testa Sample-")
        assert doulas.seen(f"{handoff.path}/given")["not_held"] == ["phones"]
        assert (north.seen(handoff.path)["not_held"], doulas.seen(handoff.path)["not_held"]) == (["phones"], None)
        when(north.get(f"{handoff.path}/given")).then_problem(403, "wrong-side")
        assert doulas.seen(handoff.path)["actions"] == ["accept", "decline"]

    def test_the_lead_moves_when_the_receiver_accepts(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        assert leader(north, handoff.client) == [("example-clinic-north", "intake")]
        when(doulas.post(f"{handoff.path}/accept", {"on": ahead(8)})).then(200, state="accepted")
        moved = [("example-doula-network", "handoff")]
        assert leader(north, handoff.client) == moved
        assert leader(doulas, handoff.theirs) == moved

    def test_r1_the_receiver_speaks_of_a_call_once_it_has_accepted(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        handoff, body = given.offered(), {"client_present": True}
        when(doulas.post(f"{handoff.path}/introduce", body)).then_problem(409, "wrong-state", stands="offered")
        when(doulas.post(f"{handoff.path}/accept")).then(200, state="accepted")
        assert "introduce" in doulas.seen(handoff.path)["actions"]
        when(doulas.post(f"{handoff.path}/introduce", body)).then(200, state="accepted")
        other = given.offered()
        when(north.post(f"{other.path}/introduce", body)).then(200, state="offered")

    def test_r14_an_offer_that_nobody_opened_is_taken_back(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        assert doulas.seen(f"{handoff.path}?names=false")["state"] == "offered"
        found = north.seen(handoff.path)
        assert ("take-back" in found["actions"], found["take_back_until"] is not None) == (True, True)
        when(north.post(f"{handoff.path}/take-back")).then(200, state="agreed")
        when(north.post(f"{handoff.path}/take-back")).then(200, state="agreed")
        for path in (handoff.path, f"{handoff.path}/given"):
            when(doulas.get(path)).then_problem(404, "not-found")
        when(north.post(f"{handoff.path}/offer")).then(200, state="offered")
        assert doulas.seen(f"{handoff.path}/given")["fields"]["name"].startswith("Testa Sample-")

    def test_r14_an_offer_that_was_opened_is_not(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.seen(f"{handoff.path}/given")
        assert "take-back" not in north.seen(handoff.path)["actions"]
        when(north.post(f"{handoff.path}/take-back")).then_problem(409, "nothing-to-take-back")
        when(north.post(f"{handoff.path}/withdraw", {"reason": "other"})).then(200, state="withdrawn")

    def test_accepting_again_is_the_same_again(self, given: Given, doulas: Caller) -> None:
        handoff = given.offered()
        first = doulas.done(f"{handoff.path}/accept")
        when(doulas.post(f"{handoff.path}/accept")).then(200, **first)
        other = doulas.post(f"{handoff.path}/accept", {"on": ahead(27)})
        when(other).then_problem(409, "handoff-already-answered", stands="accepted")

    def test_a_receiver_that_declines_leads_nothing_and_loses_sight(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        handoff = given.offered()
        when(doulas.post(f"{handoff.path}/decline", {"reason": "no_capacity"})).then(200, state="declined")
        assert leader(north, handoff.client) == [("example-clinic-north", "intake")]
        when(doulas.get(f"{handoff.path}/given")).then_problem(404, "not-found")
        assert doulas.seen(handoff.path)["client"] is None

    def test_r14_a_decline_is_taken_back_and_it_is_asked_as_before(
        self, given: Given, north: Caller, doulas: Caller, hub: Caller
    ) -> None:
        handoff = given.offered()
        before = doulas.seen(handoff.path)["version"]
        doulas.done(f"{handoff.path}/decline", {"reason": "no_capacity"})
        declined = doulas.seen(handoff.path)
        assert declined["actions"] == ["take-back"]
        assert declined["take_back_until"] > declined["history"][-1]["at"]
        when(hub.post(f"{handoff.path}/take-back")).then_problem(404, "not-found")
        when(north.post(f"{handoff.path}/take-back")).then_problem(409, "nothing-to-take-back")
        for _ in range(2):
            when(doulas.post(f"{handoff.path}/take-back")).then(200, state="offered", version=before + 2)
        found = doulas.seen(handoff.path)
        pressed, taken = found["history"][-2:]
        assert taken["detail"] == {"event": pressed["event"]}
        assert found["actions"] == ["accept", "decline"]
        assert doulas.seen(f"{handoff.path}/given")

    def test_r14_r19_an_acceptance_that_is_taken_back_gives_the_lead_back(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/accept")
        assert leader(north, handoff.client) == [("example-doula-network", "handoff")]
        when(doulas.post(f"{handoff.path}/take-back")).then(200, state="offered")
        assert leader(north, handoff.client) == [("example-clinic-north", "handoff")]
        doulas.done(f"{handoff.path}/accept")
        assert leader(north, handoff.client) == [("example-doula-network", "handoff")]

    def test_the_sender_does_not_accept_for_it(self, given: Given, north: Caller) -> None:
        when(north.post(f"{given.offered().path}/accept")).then_problem(403, "wrong-side")

    def test_who_led_meanwhile_stands(self, given: Given, north: Caller, doulas: Caller, hub: Caller) -> None:
        """Two offers of one domain: the first that accepts leads, the second is told that the lead has moved."""
        client = given.pregnant()
        mine = given.offered(client)
        body = {"to": "sample-county-chw-hub", "domain": "primary_care_coordination", "kind": "cold"}
        other = f"/v1/handoffs/{north.done(f'/v1/clients/{client}/handoffs', body)['handoff']}"
        north.done(f"{other}/client-agrees", {"consent": AGREED})
        north.done(f"{other}/offer")
        hub.done(f"{other}/accept")
        when(doulas.post(f"{mine.path}/accept")).then_problem(409, "lead-moved", stands="led")
        assert leader(north, client) == [("sample-county-chw-hub", "handoff")]


class TestAccepted:
    def test_the_receivers_first_contact_completes_it(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/accept")
        path = f"/v1/clients/{handoff.theirs}/contacts"
        doulas.done(path, {"mode": "phone", "outcome": "attempted_no_answer", "handoff": handoff.id})
        assert north.seen(handoff.path)["state"] == "accepted"
        doulas.done(path, MET | {"handoff": handoff.id})
        assert north.seen(handoff.path)["state"] == "completed"

    def test_it_is_completed_by_hand_with_a_contact(self, given: Given, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/accept")
        contact: dict[str, Any] = doulas.done(f"/v1/clients/{handoff.theirs}/contacts", MET)
        body = {"contact": contact["contact"]}
        when(doulas.post(f"{handoff.path}/complete", body)).then(200, state="completed")
        when(doulas.post(f"{handoff.path}/complete", body)).then(200, state="completed")


class TestNobodyTookItUp:
    """Who leads because its handoff was declined, or ran out, has to know that it does: it waits until that is read."""

    def test_r11_a_decline_waits_until_its_sender_has_read_it(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        handoff = given.offered()
        assert north.work(handoff.id) is None
        doulas.done(f"{handoff.path}/decline", {"reason": "no_capacity"})
        item = north.work(handoff.id, kind="acknowledge")
        assert item is not None
        assert (item["kind"], item["state"], item["due"] is None) == ("handoff", "declined", False)
        assert north.seen(handoff.path)["actions"] == ["acknowledge"]
        assert doulas.work(handoff.id) is None
        when(doulas.post(f"{handoff.path}/acknowledge")).then_problem(403, "wrong-side")
        first = when(north.post(f"{handoff.path}/acknowledge")).then(200, state="declined")
        when(north.post(f"{handoff.path}/acknowledge")).then(200, **first)
        assert north.work(handoff.id) is None
        assert north.seen(handoff.path)["actions"] == []
        assert [each["type"] for each in doulas.seen(handoff.path)["history"]][-1] == "handoff.declined.v1"
        when(doulas.post(f"{handoff.path}/take-back")).then_problem(409, "nothing-to-take-back")

    @pytest.mark.parametrize(("days", "accepted", "state"), [(6, False, "expired"), (18, True, "failed")])
    def test_r15_what_the_clock_ended_waits_for_its_sender(  # noqa: PLR0917 - fixtures
        self,
        given: Given,
        north: Caller,
        doulas: Caller,
        after: Callable[[timedelta], None],
        days: int,
        accepted: bool,
        state: str,
    ) -> None:
        handoff = given.offered()
        if accepted:
            doulas.done(f"{handoff.path}/accept")
        assert north.work(handoff.id) is None
        after(timedelta(days=days))
        item = north.work(handoff.id)
        assert item is not None
        assert (item["waits_for"], item["state"]) == ("acknowledge", state)
        north.done(f"{handoff.path}/acknowledge")
        assert north.work(handoff.id) is None

    def test_who_asks_another_agency_needs_not_read_it(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/decline", {"reason": "no_capacity"})
        other = {"to": "sample-county-chw-hub", "kind": "cold"}
        north.done(f"/v1/clients/{handoff.client}/responsibility", {"domain": "doula"})
        north.done(f"/v1/clients/{handoff.client}/handoffs", other | {"domain": "doula"})
        assert north.work(handoff.id) is not None, "that one is about something else"
        north.done(f"/v1/clients/{handoff.client}/handoffs", other | {"domain": "primary_care_coordination"})
        assert north.work(handoff.id) is None
        assert "handoff.acknowledged.v1" in {each["type"] for each in north.seen(handoff.path)["history"]}

    def test_who_leaves_the_domain_needs_not_read_it(self, given: Given, north: Caller, doulas: Caller) -> None:
        handoff = given.offered()
        doulas.done(f"{handoff.path}/decline", {"reason": "no_capacity"})
        (lead,) = north.seen(f"/v1/clients/{handoff.client}/responsibility")["items"]
        north.done(f"/v1/responsibility/{lead['responsibility']}/leave")
        assert north.work(handoff.id) is None

    @pytest.mark.parametrize("step", [None, "withdraw", "client-declines"])
    def test_what_its_sender_ended_itself_waits_for_nobody(self, given: Given, north: Caller, step: str | None) -> None:
        handoff = given.offered()
        if step is not None:
            north.done(f"{handoff.path}/{step}", {"reason": "other"} if step == "withdraw" else {})
        assert north.work(handoff.id) is None
        when(north.post(f"{handoff.path}/acknowledge")).then(409)
