"""R14 over HTTP: a step that was pressed by mistake, and a referral that should never have been sent."""

from datetime import datetime
from uuid import uuid4

import pytest

from tests.days import ahead
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


WRONG = {"reason": "Meant for another woman of that name."}


class TestTakenBack:
    def test_r14_a_decline_is_taken_back_and_she_is_read_again(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        sent = given.sent()
        before = doulas.seen(f"{sent.path}/given")
        doulas.done(f"{sent.path}/decline", {"reason": "no_capacity"})
        when(doulas.get(f"{sent.path}/given")).then_problem(404, "not-found")
        declined = doulas.seen(sent.path)
        assert "take-back" in declined["actions"]
        assert datetime.fromisoformat(declined["take_back_until"]) > datetime.fromisoformat(
            declined["history"][-1]["at"]
        )
        when(north.post(f"{sent.path}/take-back")).then_problem(409, "nothing-to-take-back")
        when(doulas.post(f"{sent.path}/take-back")).then(200, state="sent", version=3)
        when(doulas.post(f"{sent.path}/take-back")).then(200, state="sent", version=3)
        assert doulas.seen(f"{sent.path}/given")["fields"] == before["fields"]
        seen = north.seen(sent.path)
        assert (seen["facts"]["responded"]["yes"], seen["reason"]) == (False, None)
        pressed, taken = seen["history"][-2:]
        assert (pressed["type"], taken["type"]) == ("referral.declined.v1", "referral.taken_back.v1")
        assert taken["detail"] == {"event": pressed["event"]}
        assert doulas.seen(sent.path)["history"][-1]["detail"]["event"] != pressed["event"], "each side has its own"
        when(doulas.post(f"{sent.path}/accept")).then(200, state="accepted", version=4)

    def test_r14_not_once_the_sender_has_read_the_end(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent()
        doulas.done(f"{sent.path}/decline", {"reason": "no_capacity"})
        north.done(f"{sent.path}/acknowledge")
        refused = doulas.post(f"{sent.path}/take-back")
        when(refused).then_problem(409, "nothing-to-take-back")
        assert doulas.seen(sent.path)["actions"] == []

    def test_r14_an_acceptance_goes_with_the_service_that_it_began(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        sent = given.sent()
        given.contact(sent, mode="phone", outcome="completed")
        when(doulas.post(f"{sent.path}/accept")).then(200, state="in_service")
        when(doulas.post(f"{sent.path}/take-back")).then(200, state="sent")
        facts = north.seen(sent.path)["facts"]
        assert (facts["responded"]["yes"], facts["connected"]["yes"]) == (False, False)

    def test_the_same_key_gives_the_first_answer_and_an_old_form_saves_nothing(
        self, given: Given, doulas: Caller
    ) -> None:
        sent = given.sent()
        doulas.done(f"{sent.path}/decline", {"reason": "no_capacity"})
        old = doulas.post(f"{sent.path}/take-back", headers={"if-match": '"1"'})
        when(old).then_problem(412, "precondition-failed")
        key = uuid4().hex
        first = doulas.post(f"{sent.path}/take-back", key=key)
        doulas.done(f"{sent.path}/accept")
        again = doulas.post(f"{sent.path}/take-back", key=key)
        assert (again.json(), again.headers["idempotent-replay"]) == (first.json(), "true")

    def test_nobody_else_takes_it_back(self, given: Given, hub: Caller) -> None:
        when(hub.post(f"{given.sent().path}/take-back")).then_problem(404, "not-found")


class TestEnteredInError:
    @pytest.mark.parametrize("accepted", [True, False])
    def test_r14_it_is_told_by_its_state_and_why_is_read_by_nobody_else(
        self, given: Given, north: Caller, doulas: Caller, *, accepted: bool
    ) -> None:
        sent = given.accepted() if accepted else given.sent()
        when(doulas.post(f"{sent.path}/entered-in-error", WRONG)).then_problem(403, "wrong-side")
        when(north.post(f"{sent.path}/entered-in-error", {})).then_problem(422, "malformed")
        when(north.post(f"{sent.path}/entered-in-error", WRONG)).then(200, state="entered_in_error")
        when(north.post(f"{sent.path}/entered-in-error", WRONG)).then(200, state="entered_in_error")
        why = north.seen(sent.path)["history"][-1]["detail"]["note"]
        assert north.seen(f"/v1/notes/{why}")["text"] == WRONG["reason"]
        theirs = doulas.seen(sent.path)
        assert "note" not in theirs["history"][-1]["detail"]
        assert (theirs["state"], theirs["actions"]) == ("entered_in_error", [])
        assert (theirs["client"] is not None) is accepted, "who accepted keeps what it served her with (R1)"
        assert WRONG["reason"] not in doulas.get(sent.path).text
        assert theirs["history"][-1]["type"] == "referral.entered_in_error.v1"
        assert doulas.get(f"{sent.path}/given").status_code == (200 if accepted else 404)
        when(doulas.post(f"{sent.path}/accept", {"on": ahead(3)})).then_problem(
            409, "referral-already-answered" if accepted else "referral-already-ended"
        )

    def test_the_same_key_gives_the_first_answer(self, given: Given, north: Caller) -> None:
        sent = given.sent()
        key = uuid4().hex
        first = north.post(f"{sent.path}/entered-in-error", WRONG, key=key)
        again = north.post(f"{sent.path}/entered-in-error", WRONG, key=key)
        assert (again.json(), again.headers["idempotent-replay"]) == (first.json(), "true")

    def test_nobody_else_learns_that_it_is_there(self, given: Given, hub: Caller) -> None:
        when(hub.post(f"{given.sent().path}/entered-in-error", WRONG)).then_problem(404, "not-found")
