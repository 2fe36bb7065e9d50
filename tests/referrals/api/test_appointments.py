"""Visits over the API: who books and answers them, what they prove, and what both sides see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import Given, Visit, in_days, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def after(service: Service) -> Iterator[Service]:
    """The service a week later, for as long as a test lasts: what was booked has come."""
    yield service
    service.clock.ahead = timedelta(0)


def pass_week(service: Service) -> None:
    service.clock.ahead = timedelta(days=7)


class TestBooking:
    def test_both_sides_see_it_and_the_receiver_may_act(self, given: Given, north: Caller, doulas: Caller) -> None:
        accepted = given.accepted()
        due_at = in_days(3)
        booked = when(doulas.post(f"{accepted.path}/appointments", {"due_at": due_at})).then(
            201,
            state="booked",
            side="receiver",
            actions=["reschedule", "cancel", "entered-in-error"],
            version=1,
            take_back_until=None,
        )
        assert datetime.fromisoformat(booked["due_at"]) == datetime.fromisoformat(due_at).replace(microsecond=0)
        path = f"/v1/appointments/{booked['appointment']}"
        theirs = north.seen(path)
        assert (theirs["side"], theirs["actions"], theirs["client"]) == ("sender", [], accepted.client)
        assert [step["type"] for step in theirs["history"]] == ["appointment.booked.v1"]
        for caller, client in ((north, accepted.client), (doulas, accepted.theirs)):
            shown = caller.seen(accepted.path)
            assert [each["appointment"] for each in shown["appointments"]] == [booked["appointment"]]
            assert "appointment.booked.v1" in {step["type"] for step in shown["history"]}
            (listed,) = caller.seen(f"/v1/clients/{client}/appointments")["items"]
            assert listed["due_at"] == booked["due_at"]
            entries = caller.seen(f"/v1/clients/{client}/timeline")["entries"]
            (entry,) = [each for each in entries if each["type"] == "appointment.booked.v1"]
            assert entry["subject"] == {"kind": "appointment", "id": booked["appointment"]}

    def test_the_answer_names_it_and_its_version(self, given: Given, doulas: Caller) -> None:
        accepted, key = given.accepted(), uuid4().hex
        body = {"due_at": in_days(3)}
        first = doulas.post(f"{accepted.path}/appointments", body, key=key)
        again = doulas.post(f"{accepted.path}/appointments", body, key=key)
        assert first.headers["location"] == f"/v1/appointments/{first.json()['appointment']}"
        assert first.headers["etag"] == '"1"'
        assert (again.status_code, again.json(), again.headers["idempotent-replay"]) == (201, first.json(), "true")

    def test_r12_the_same_time_again_is_the_same_visit(self, given: Given, doulas: Caller) -> None:
        accepted, body = given.accepted(), {"due_at": in_days(3)}
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: doulas.post(f"{accepted.path}/appointments", body), range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
        assert len({answer.json()["appointment"] for answer in answers}) == 1

    @pytest.mark.parametrize(
        ("due_at", "code"),
        [
            ("2026-01-05T09:00:00Z", "visit-in-past"),
            ("2199-01-05T09:00:00Z", "too_far_ahead"),
            ("2099-01-05T09:00:00", "timezone_aware"),
            ("tomorrow", None),
        ],
    )
    def test_no_booking_in_the_past_beyond_reach_or_without_a_zone(
        self, given: Given, doulas: Caller, due_at: str, code: str | None
    ) -> None:
        path = f"{given.accepted().path}/appointments"
        when(doulas.post(path, {"due_at": due_at})).then_malformed("/due_at", code)

    def test_r16_the_sender_books_nothing(self, given: Given, north: Caller, doulas: Caller) -> None:
        when(north.post(f"{given.accepted().path}/appointments", {"due_at": in_days(3)})).then_problem(
            403, "wrong-side"
        )
        when(doulas.post(f"{given.sent().path}/appointments", {"due_at": in_days(3)})).then_problem(
            409, "wrong-state", stands="sent"
        )
        when(doulas.post(f"{given.completed().path}/appointments", {"due_at": in_days(3)})).then_problem(
            409, "referral-already-ended", stands="completed"
        )


class TestSteps:
    @pytest.mark.parametrize(
        ("step", "body"),
        [
            ("reschedule", {"due_at": in_days(5), "by": "client"}),
            ("attend", {}),
            ("no-show", {}),
            ("cancel", {"by": "client"}),
        ],
    )
    def test_r16_they_are_the_receivers(self, given: Given, north: Caller, step: str, body: dict[str, str]) -> None:
        when(north.post(f"{given.booked().path}/{step}", body)).then_problem(403, "wrong-side")

    def test_it_is_moved_with_what_notice_and_on_whose_wish(self, given: Given, doulas: Caller) -> None:
        visit = given.booked(days=3)
        moved = when(doulas.post(f"{visit.path}/reschedule", {"due_at": in_days(5), "by": "client"})).then(
            200, state="booked", by="client", notice_hours=71, version=2
        )
        when(doulas.post(f"{visit.path}/reschedule", {"due_at": moved["due_at"], "by": "agency"})).then(
            200, by="client", version=2
        )
        when(doulas.post(f"{visit.path}/reschedule", {"due_at": in_days(-1), "by": "agency"})).then_malformed(
            "/due_at", "visit-in-past"
        )

    def test_what_lies_ahead_was_neither_attended_nor_missed(self, given: Given, doulas: Caller) -> None:
        visit = given.booked(days=3)
        for step in ("attend", "no-show"):
            when(doulas.post(f"{visit.path}/{step}")).then_problem(409, "appointment-lies-ahead", stands="booked")

    def test_she_came_so_that_it_is_in_service_and_can_be_completed_by_it(
        self, given: Given, north: Caller, doulas: Caller, after: Service
    ) -> None:
        accepted = given.accepted()
        visit, second = given.booked(accepted), given.booked(accepted, days=9)
        pass_week(after)
        when(doulas.post(f"{visit.path}/attend")).then(200, state="attended", version=2)
        shown = north.seen(accepted.path)
        (due_at,) = [each["due_at"] for each in shown["appointments"] if each["appointment"] == visit.id]
        assert shown["state"] == "in_service"
        assert shown["facts"]["connected"] == {"yes": True, "at": due_at, "evidence_in_error": False}
        (started,) = [step for step in shown["history"] if step["type"] == "referral.service_started.v1"]
        assert started["detail"] == {"appointment": visit.id}
        body = {"outcome": "enrolled", "appointment": visit.id}
        assert doulas.done(f"{accepted.path}/complete", body)["state"] == "completed"
        when(doulas.post(f"{accepted.path}/complete", body)).then(200, state="completed")
        # Who was enrolled keeps the visits that were booked with her.
        assert doulas.seen(second.path)["state"] == "booked"

    def test_a_visit_that_she_did_not_come_to_completes_nothing(
        self, given: Given, doulas: Caller, after: Service
    ) -> None:
        visit = given.booked()
        path = visit.referral.path
        when(doulas.post(f"{path}/complete", {"outcome": "enrolled", "appointment": visit.id})).then_problem(
            409, "no-evidence"
        )
        pass_week(after)
        when(doulas.post(f"{visit.path}/no-show")).then(200, state="no_show")
        when(doulas.post(f"{visit.path}/attend")).then_problem(409, "appointment-already-over", stands="no_show")
        when(doulas.post(f"{path}/complete", {"outcome": "enrolled", "appointment": visit.id})).then_problem(
            409, "no-evidence"
        )
        assert doulas.seen(path)["state"] == "accepted"

    def test_a_completion_names_one_proof(self, given: Given, doulas: Caller) -> None:
        visit = given.booked()
        path = f"{visit.referral.path}/complete"
        both = {"outcome": "enrolled", "appointment": visit.id, "contact": given.contact(visit.referral)}
        for body in (both, {"outcome": "enrolled"}):
            when(doulas.post(path, body)).then_problem(422, "malformed")

    def test_r12_cancelled_twice_by_the_same_is_one_event(self, given: Given, doulas: Caller) -> None:
        visit = given.booked(days=1)
        when(doulas.post(f"{visit.path}/cancel", {"by": "client"})).then(200, notice_hours=23, version=2)
        when(doulas.post(f"{visit.path}/cancel", {"by": "client"})).then(200, version=2)
        when(doulas.post(f"{visit.path}/cancel", {"by": "agency"})).then_problem(
            409, "appointment-already-over", stands="cancelled"
        )

    def test_if_match_names_what_was_seen(self, given: Given, doulas: Caller) -> None:
        visit = given.booked()
        cancel = {"by": "client"}
        stale = doulas.post(f"{visit.path}/cancel", cancel, headers={"If-Match": '"7"'})
        when(stale).then_problem(412, "precondition-failed", version=1)
        when(doulas.post(f"{visit.path}/cancel", cancel, headers={"If-Match": '"1"'})).then(200)


class TestEnds:
    def test_a_decline_calls_off_what_lies_ahead(self, given: Given, north: Caller, doulas: Caller) -> None:
        visit = given.booked()
        doulas.done(f"{visit.referral.path}/decline", {"reason": "client_declined"})
        told = north.seen(visit.path)
        assert (told["state"], told["by"], told["notice_hours"]) == ("cancelled", "client", 71)

    def test_what_lies_behind_is_still_answered(self, given: Given, doulas: Caller, after: Service) -> None:
        visit = given.booked()
        pass_week(after)
        doulas.done(f"{visit.referral.path}/decline", {"reason": "no_capacity"})
        when(doulas.post(f"{visit.path}/attend")).then(200, state="attended")
        assert doulas.seen(visit.referral.path)["state"] == "declined"

    def test_stopping_calls_off_on_whose_wish_it_was(self, given: Given, north: Caller, doulas: Caller) -> None:
        visit = given.booked()
        north.done(f"{visit.referral.path}/request-cancellation", {"reason": "duplicate"})
        when(doulas.post(f"{visit.referral.path}/appointments", {"due_at": in_days(4)})).then_problem(
            409, "wrong-state", stands="cancel_requested"
        )
        doulas.done(f"{visit.referral.path}/confirm-cancellation")
        assert (doulas.seen(visit.path)["state"], doulas.seen(visit.path)["by"]) == ("cancelled", "agency")


class TestWork:
    def item(self, caller: Caller, visit: Visit) -> list[dict[str, object]]:
        return [each for each in caller.listed("/v1/work", kind="visit") if each["id"] == visit.id]

    def test_a_visit_waits_for_its_answer(self, given: Given, north: Caller, doulas: Caller, after: Service) -> None:
        visit = given.booked()
        (item,) = self.item(doulas, visit)
        assert (item["kind"], item["waits_for"], item["overdue"]) == ("appointment", "visit", False)
        assert self.item(north, visit) == []
        after.clock.ahead = timedelta(days=14)
        assert self.item(doulas, visit)[0]["overdue"] is True
        doulas.done(f"{visit.path}/no-show")
        assert self.item(doulas, visit) == []

    def test_its_time_comes_back_in_utc(self, given: Given, doulas: Caller) -> None:
        shown = doulas.seen(given.booked().path)
        assert datetime.fromisoformat(shown["due_at"]).tzinfo == UTC
        assert shown["due_at"].endswith("Z")


class TestInOtherWords:
    def test_r16_both_sides_are_told_alike_after_the_latest_fact(
        self, given: Given, north: Caller, doulas: Caller, after: Service
    ) -> None:
        accepted = given.accepted()

        def told() -> dict[str, Any]:
            theirs, ours = (caller.seen(accepted.path)["external"] for caller in (north, doulas))
            assert theirs == ours
            found: dict[str, Any] = ours
            return found

        first = told()
        assert first["bser"] == {"status": "accepted", "business_status": "3.0"}
        assert (first["sdohcc"], first["hmis_4_20"]) == ({"status": "accepted"}, None)
        assert first["dhcs_clr"] == {
            "status": "Accepted",
            "date": datetime.now(ZoneInfo("America/Los_Angeles")).date().isoformat(),
            "closure_reason": None,
        }
        visit = given.booked(accepted)
        assert told()["bser"] == {"status": "in-progress", "business_status": "5.1.1"}
        pass_week(after)
        doulas.done(f"{visit.path}/no-show")
        assert told()["bser"]["business_status"] == "5.1.2"
        again = given.booked(accepted, days=8)
        assert told()["bser"]["business_status"] == "5.1.1"
        after.clock.ahead = timedelta(days=9)
        doulas.done(f"{again.path}/attend")
        last = told()
        assert last["bser"]["business_status"] == "5.1.4"
        assert last["dhcs_clr"]["closure_reason"] == "Services Received"


class TestMistakes:
    def test_r14_a_coming_taken_back_started_no_service(
        self, given: Given, north: Caller, doulas: Caller, after: Service
    ) -> None:
        visit = given.booked()
        pass_week(after)
        came = doulas.done(f"{visit.path}/attend")
        assert (came["actions"], came["take_back_until"] is None) == (["entered-in-error", "take-back"], False)
        theirs = north.seen(visit.path)
        assert (theirs["actions"], theirs["take_back_until"]) == ([], None)
        assert north.seen(visit.referral.path)["state"] == "in_service"
        when(north.post(f"{visit.path}/take-back")).then_problem(403, "wrong-side")
        when(doulas.post(f"{visit.path}/take-back")).then(200, state="booked", attended_at=None)
        when(doulas.post(f"{visit.path}/take-back")).then(200, state="booked")
        shown = north.seen(visit.referral.path)
        assert (shown["state"], shown["facts"]["connected"]["yes"]) == ("accepted", False)
        assert doulas.done(f"{visit.path}/no-show")["state"] == "no_show"

    def test_r14_a_completed_referral_says_that_the_visit_which_showed_it_was_an_error(
        self, given: Given, north: Caller, doulas: Caller, after: Service
    ) -> None:
        visit = given.booked()
        pass_week(after)
        doulas.done(f"{visit.path}/attend")
        doulas.done(f"{visit.referral.path}/complete", {"outcome": "service_received", "appointment": visit.id})
        assert north.seen(visit.referral.path)["facts"]["connected"]["evidence_in_error"] is False
        doulas.done(f"{visit.path}/entered-in-error", {"reason": "Another woman of that name."})
        shown = north.seen(visit.referral.path)
        assert (shown["state"], shown["facts"]["connected"]["evidence_in_error"]) == ("completed", True)

    def test_r17_a_visit_that_was_an_error_completes_nothing(
        self, given: Given, doulas: Caller, after: Service
    ) -> None:
        accepted = given.accepted()
        visit, wrong = given.booked(accepted), given.booked(accepted, days=2)
        pass_week(after)
        for each in (visit, wrong):
            doulas.done(f"{each.path}/attend")
        doulas.done(f"{wrong.path}/entered-in-error", {"reason": "Another woman of that name."})
        path, body = f"{accepted.path}/complete", {"outcome": "service_received"}
        when(doulas.post(path, body | {"appointment": wrong.id})).then_problem(409, "no-evidence")
        when(doulas.post(path, body | {"appointment": visit.id})).then(200, state="completed")

    def test_r14_entered_in_error_it_stays_in_the_history_alone(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        visit = given.booked()
        why = {"reason": "Another woman of that name."}
        when(north.post(f"{visit.path}/entered-in-error", why)).then_problem(403, "wrong-side")
        when(doulas.post(f"{visit.path}/entered-in-error", why)).then(200, state="entered_in_error", actions=[])
        seen = north.seen(visit.path)
        assert [step["type"] for step in seen["history"]][-1] == "appointment.entered_in_error.v1"
        assert "Another woman" not in str(seen)
        assert north.seen(visit.referral.path)["external"]["bser"]["business_status"] == "3.0"
