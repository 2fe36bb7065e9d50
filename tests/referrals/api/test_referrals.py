"""Referrals over the API: what was sent, the steps of each side, and what each may see."""

import pytest

from tests.days import ahead
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


class TestSending:
    def test_by_reference_with_a_recorded_consent(self, given: Given, north: Caller) -> None:
        client = given.client()
        consent = given.consent(client)
        body = {"client": client, "to": DOULA, "category": "doula", "consent": {"id": consent}}
        answer = north.post("/v1/referrals", body)
        sent = when(answer).then(201, client=client, state="sent", version=1, given=["name", "phones"])
        assert answer.headers["etag"] == '"1"'
        assert answer.headers["location"] == f"/v1/referrals/{sent['referral']}"
        assert sent["due"] is not None

    @pytest.mark.parametrize("code", ["77386006", "88121-9", "Z59.41"])
    def test_why_is_a_code_that_its_system_knows(self, given: Given, north: Caller, code: str) -> None:
        assert north.seen(given.sent(reason_code=code).path)["reason_code"] == code

    def test_with_who_she_is_registers_her(self, given: Given, north: Caller) -> None:
        identity = {"names": [{"given": "Mara", "family": "Example"}], "mrn": "A-77"}
        body = {"identity": identity, "to": DOULA, "category": "doula", "consent": AGREED}
        first = when(north.post("/v1/referrals", body)).then(201)
        when(north.post("/v1/clients", identity)).then(200, client=first["client"])

    def test_to_an_agency_off_the_system_goes_by_letter(self, given: Given, service: Service) -> None:
        away = next(
            (agency, agency["services"][0])
            for agency in given.sender.seen("/v1/directory/agencies")["items"]
            if not agency["on_system"] and agency["services"]
        )
        to = {"agency": away[0]["agency"], "service": away[1]["service"]}
        sent = given.sent(to=to, category=away[1]["category"])
        assert given.sender.seen(sent.path)["to"]["channel"] == "letter"

    def test_a_note_is_read_by_its_receiver_alone(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent(note="Afternoons only")
        note = north.seen(sent.path)["note"]
        assert north.seen(f"/v1/notes/{note}")["text"] == "Afternoons only"
        assert doulas.seen(f"{sent.path}/given")["note"] == {"text": "Afternoons only"}
        assert doulas.seen(sent.path)["note"] is None

    def test_a_note_that_she_did_not_agree_to_give_stays_with_its_writer(self, given: Given, doulas: Caller) -> None:
        sent = given.sent(note="Afternoons only", consent=AGREED | {"fields": ["name"]})
        found = doulas.seen(f"{sent.path}/given")
        assert (found["note"], found["fields"]["phones"]) == (None, [])
        assert found["fields"]["name"].startswith("Testa Sample-")

    @pytest.mark.parametrize(
        ("more", "pointer", "code"),
        [
            ({"to": {"agency": "nobody", "service": "none"}}, "/to/agency", "unknown_agency"),
            ({"to": {"agency": "example-doula-network", "service": "none"}}, "/to/service", "unknown_service"),
            (
                {"to": {"agency": "example-clinic-north", "service": "clinic-north-group-prenatal"}},
                "/to",
                "same-agency",
            ),
            ({"consent": AGREED | {"on": "2200-01-01"}}, "/consent/on", "in_the_future"),
            ({"category": "a-unicorn"}, "/category", "enum"),
            ({"category": "food-insecurity"}, "/category", "category-not-of-service"),
            ({"category": "childbirth_education"}, "/category", "category-not-of-service"),
            ({"client": None}, "", "value_error"),
            ({"consent": {}}, "/consent", "union_tag_not_found"),
            ({"consent": {"id": "Not A Handle"}}, "/consent/id", "string_pattern_mismatch"),
            ({"reason_code": "she is very tired"}, "/reason_code", "string_pattern_mismatch"),
            ({"reason_code": "5595550142"}, "/reason_code", "no-such-code"),
            ({"reason_code": "88121-8"}, "/reason_code", "no-such-code"),
            ({"priority": 1}, "/priority", None),
        ],
    )
    def test_what_makes_no_sense_is_pointed_at(
        self, given: Given, north: Caller, more: dict[str, object], pointer: str, code: str | None
    ) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED} | more
        when(north.post("/v1/referrals", body)).then_malformed(pointer, code)


class TestTheReceiver:
    def test_accepts_and_the_sender_sees_it(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent()
        when(doulas.post(f"{sent.path}/accept", {"person": "nora-nobody"})).then_malformed(
            "/person", "not-of-your-staff"
        )
        body = {"person": "dora-muster", "on": ahead(27)}
        when(doulas.post(f"{sent.path}/accept", body)).then(200, state="accepted", version=2)
        seen = north.seen(sent.path)
        assert (seen["state"], seen["person"], seen["facts"]["responded"]["yes"]) == ("accepted", "dora-muster", True)
        assert [entry["type"] for entry in seen["history"]] == ["referral.sent.v1", "referral.accepted.v1"]

    def test_declines_with_a_reason(self, given: Given, north: Caller) -> None:
        declined = given.declined()
        seen = north.seen(declined.path)
        assert (seen["state"], seen["reason"], seen["actions"]) == (
            "declined",
            "no_capacity",
            ["acknowledge", "entered-in-error"],
        )

    def test_completes_by_a_contact_that_shows_it(self, given: Given, north: Caller) -> None:
        completed = given.completed()
        when(north.post(f"{completed.path}/acknowledge")).then(200, state="completed")
        facts = north.seen(completed.path)["facts"]
        assert [fact["yes"] for fact in facts.values()] == [True, True, True]

    def test_cannot_complete_by_an_attempt(self, given: Given, doulas: Caller) -> None:
        accepted = given.accepted()
        attempt = given.contact(accepted, outcome="not_home")
        body = {"outcome": "service_received", "contact": attempt}
        when(doulas.post(f"{accepted.path}/complete", body)).then_problem(409, "no-evidence")

    def test_cannot_complete_by_another_clients_contact(self, given: Given, doulas: Caller) -> None:
        accepted, other = given.accepted(), given.accepted()
        contact = given.contact(other)
        body = {"outcome": "service_received", "contact": contact}
        when(doulas.post(f"{accepted.path}/complete", body)).then_problem(404, "not-found")

    def test_sees_its_contacts_in_the_history(self, given: Given, north: Caller, doulas: Caller) -> None:
        accepted = given.accepted()
        contact = given.contact(accepted)
        entries = {entry["type"]: entry for entry in doulas.seen(accepted.path)["history"]}
        assert entries["contact.recorded.v1"]["detail"]["contact"] == contact
        assert entries["contact.recorded.v1"]["by"] == "Dora Muster"
        assert "contact.recorded.v1" not in {entry["type"] for entry in north.seen(accepted.path)["history"]}


class TestStates:
    @pytest.mark.parametrize("verb", ["receive", "accept", "decline", "complete"])
    def test_the_sender_does_not_answer_itself(self, given: Given, north: Caller, verb: str) -> None:
        sent = given.sent()
        bodies = {"decline": {"reason": "moved"}, "complete": {"outcome": "enrolled", "contact": "a" * 26}}
        answer = north.post(f"{sent.path}/{verb}", bodies.get(verb))
        when(answer).then_problem(403, "wrong-side")

    def test_the_receiver_does_not_acknowledge(self, given: Given, doulas: Caller) -> None:
        when(doulas.post(f"{given.completed().path}/acknowledge")).then_problem(403, "wrong-side")

    def test_nothing_is_acknowledged_before_it_ended(self, given: Given, north: Caller) -> None:
        sent = given.sent()
        when(north.post(f"{sent.path}/acknowledge")).then_problem(409, "wrong-state", stands="sent")

    def test_what_ended_is_not_accepted(self, given: Given, doulas: Caller) -> None:
        declined = given.declined()
        answer = doulas.post(f"{declined.path}/accept")
        when(answer).then_problem(409, "referral-already-ended", stands="declined")

    def test_if_match_guards_a_step(self, given: Given, doulas: Caller) -> None:
        sent = given.sent()
        doulas.done(f"{sent.path}/receive")
        stale = doulas.post(f"{sent.path}/accept", headers={"If-Match": '"1"'})
        when(stale).then_problem(412, "precondition-failed", version=2)
        when(doulas.post(f"{sent.path}/accept", headers={"If-Match": '"2"'})).then(200, state="accepted")


class TestInformational:
    def test_has_no_answer_and_no_loop(self, given: Given, doulas: Caller, north: Caller) -> None:
        sent = given.sent(mode="informational")
        when(doulas.post(f"{sent.path}/accept")).then_problem(409, "referral-informational")
        assert north.seen(sent.path)["due"] is None
        assert north.seen(sent.path)["actions"] == ["entered-in-error"]

    def test_does_not_stand_in_the_way_of_a_real_one(self, given: Given) -> None:
        client = given.client()
        given.sent(client, mode="informational")
        given.sent(client)


def test_r15_what_its_sender_has_to_do_by_then_is_no_due_of_the_receivers(north: Caller, doulas: Caller) -> None:
    sent = Given(north, doulas).sent()
    (line,) = (each for each in doulas.listed("/v1/referrals", box="inbox") if each["referral"] == sent.id)
    assert line["due"] is not None
    doulas.done(f"{sent.path}/decline", {"reason": "no_capacity"})
    (line,) = (each for each in doulas.listed("/v1/referrals", box="inbox") if each["referral"] == sent.id)
    assert (line["due"], line["overdue"]) == (None, False)
    (line,) = (each for each in north.listed("/v1/referrals", box="outbox") if each["referral"] == sent.id)
    assert line["due"] is not None
