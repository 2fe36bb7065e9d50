"""Support contacts over HTTP: planned, recorded, amended, called off, and read by their own agency alone (F4, R17)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest

from tests.days import ahead
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, Given, in_days, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def coming(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


@contextmanager
def moved(service: Service, **ahead: float) -> Iterator[None]:
    """It is that much later."""
    service.clock.ahead = timedelta(**ahead)
    try:
        yield
    finally:
        service.clock.ahead = timedelta(0)


def planned(caller: Caller, client: str, **said: Any) -> str:
    """A call that is promised for the day after tomorrow."""
    body = {"mode": "phone", "planned_for": coming(days=2)} | said
    return f"/v1/contacts/{caller.done(f'/v1/clients/{client}/contact-plan', body)['contact']}"


class TestPlan:
    def test_f4_what_is_promised_is_on_her_plan_until_it_is_recorded(self, given: Given, north: Caller) -> None:
        client = given.client()
        later, first = planned(north, client, planned_for=coming(days=9)), planned(north, client)
        plan = north.seen(f"/v1/clients/{client}/contact-plan")
        assert [f"/v1/contacts/{each['contact']}" for each in plan["items"]] == [first, later]
        assert {(each["status"], each["at"], each["outcome"]) for each in plan["items"]} == {("planned", None, None)}
        recorded = when(north.post(f"{first}/record", MET | {"at": at(minutes=5)})).then(
            200, status="completed", met=True, late=False, version=2
        )
        assert recorded["planned_for"] == plan["items"][0]["planned_for"]
        assert [each["type"] for each in recorded["history"]] == ["contact.planned.v1", "contact.recorded.v1"]
        (left,) = north.seen(f"/v1/clients/{client}/contact-plan")["items"]
        assert f"/v1/contacts/{left['contact']}" == later

    def test_f4_what_is_promised_is_on_the_work_list_until_it_is_done(self, service: Service) -> None:
        alone = service.caller("specimen-family-center")
        client = Given(alone, alone).client()
        path = planned(alone, client)
        (item,) = alone.seen("/v1/work?kind=promised")["items"]
        assert (item["kind"], item["waits_for"], item["client"]["client"]) == ("contact", "promised", client)
        assert not item["overdue"]
        with moved(service, days=9):
            (late,) = alone.seen("/v1/work?kind=promised&overdue=true")["items"]
            assert late["id"] == item["id"]
        alone.done(f"{path}/record", MET)
        assert alone.seen("/v1/work?kind=promised")["items"] == []
        alone.done(f"{path}/take-back")
        assert len(alone.seen("/v1/work?kind=promised")["items"]) == 1
        alone.done(f"{path}/cancel", {"outcome": "cancelled_by_client"})
        assert alone.seen("/v1/work?kind=promised")["items"] == []

    def test_f4_it_can_be_called_off_once(self, given: Given, north: Caller) -> None:
        client = given.client()
        path = planned(north, client)
        for _ in range(2):
            when(north.post(f"{path}/cancel", {"outcome": "cancelled_by_client"})).then(
                200, status="cancelled", outcome="cancelled_by_client", version=2
            )
        when(north.post(f"{path}/cancel", {"outcome": "cancelled_by_agency"})).then_problem(
            409, "contact-already-cancelled", stands="cancelled"
        )
        when(north.post(f"{path}/record", MET)).then_problem(409, "wrong-state", stands="cancelled")
        when(north.post(f"{path}/cancel", {"outcome": "missed"})).then_malformed("/outcome")
        assert north.seen(f"/v1/clients/{client}/contact-plan")["items"] == []

    def test_f4_nothing_is_planned_for_what_is_over_or_too_far_away(self, given: Given, north: Caller) -> None:
        address = f"/v1/clients/{given.client()}/contact-plan"
        for moment, code in ((at(hours=1), "plan-in-past"), (coming(days=700), "too_far_ahead")):
            when(north.post(address, {"mode": "phone", "planned_for": moment})).then_malformed("/planned_for", code)

    def test_what_it_was_planned_for_begins_the_service_when_it_is_recorded(self, given: Given, doulas: Caller) -> None:
        referral = given.accepted()
        path = planned(doulas, referral.theirs, referral=referral.id)
        doulas.done(f"{path}/record", MET)
        assert doulas.seen(referral.path)["state"] == "in_service"

    def test_r12_recording_it_again_is_no_second_event(self, given: Given, north: Caller) -> None:
        path = planned(north, given.client())
        said = MET | {"at": at(minutes=5)}
        assert [north.done(f"{path}/record", said)["version"] for _ in range(2)] == [2, 2]
        other = said | {"outcome": "missed"}
        when(north.post(f"{path}/record", other)).then_problem(409, "contact-already-recorded")

    def test_r9_a_key_gives_the_first_answer_again(self, given: Given, north: Caller) -> None:
        address = f"/v1/clients/{given.client()}/contact-plan"
        body = {"mode": "phone", "planned_for": coming(days=1), "note": "Bring the form"}
        key = str(uuid4())
        first, second = (north.post(address, body, key=key) for _ in range(2))
        assert first.json() == second.json()
        assert second.headers["idempotent-replay"] == "true"
        assert len(north.seen(address)["items"]) == 1


class TestAmend:
    def test_f4_an_amended_contact_reads_anew_and_keeps_what_it_said_first(self, given: Given, north: Caller) -> None:
        client = given.client()
        took_place = at(days=1)
        said = MET | {"at": took_place, "note": "She was well"}
        path = f"/v1/contacts/{north.done(f'/v1/clients/{client}/contacts', said)['contact']}"
        note = north.seen(path)["note"]
        amended = when(north.post(f"{path}/amend", {"mode": "home_visit", "outcome": "not_home"})).then(
            200, status="attempted", outcome="not_home", met=False, note=note, version=2
        )
        assert amended["at"] == north.seen(path)["history"][0]["at"]
        told = [(each["type"], each["detail"]["outcome"]) for each in amended["history"]]
        assert told == [("contact.recorded.v1", "completed"), ("contact.amended.v1", "not_home")]
        again = north.done(f"{path}/amend", {"mode": "home_visit", "outcome": "not_home"})
        assert again["version"] == 2

    def test_f4_a_plan_is_not_amended(self, given: Given, north: Caller) -> None:
        path = planned(north, given.client())
        when(north.post(f"{path}/amend", MET)).then_problem(409, "wrong-state", stands="planned")

    def test_r6_its_class_cannot_change_afterwards(self, given: Given, north: Caller) -> None:
        client = given.client()
        path = f"/v1/contacts/{north.done(f'/v1/clients/{client}/contacts', MET)['contact']}"
        hidden = MET | {"tags": ["intimate-partner-violence"]}
        when(north.post(f"{path}/amend", hidden)).then_malformed("/tags", "class-is-fixed")

    def test_a_contact_that_was_no_service_after_all_shows_nothing(self, given: Given, doulas: Caller) -> None:
        """R17: the evidence is what the contact says now."""
        referral = given.accepted()
        contact = given.contact(referral, mode="mail")
        amended = {"mode": "mail", "outcome": "missed", "referral": referral.id}
        doulas.done(f"/v1/contacts/{contact}/amend", amended)
        body = {"outcome": "service_received", "contact": contact}
        when(doulas.post(f"{referral.path}/complete", body)).then_problem(409, "no-evidence")

    def test_a_plan_shows_nothing(self, given: Given, doulas: Caller) -> None:
        referral = given.accepted()
        plan = planned(doulas, referral.theirs, referral=referral.id).rpartition("/")[2]
        body = {"outcome": "service_received", "contact": plan}
        when(doulas.post(f"{referral.path}/complete", body)).then_problem(409, "no-evidence")


def test_f4_what_is_written_down_after_more_than_a_week_says_so(given: Given, north: Caller) -> None:
    client = given.client()
    for days, late in ((6, False), (8, True)):
        contact = north.done(f"/v1/clients/{client}/contacts", MET | {"at": at(days=days)})["contact"]
        assert north.seen(f"/v1/contacts/{contact}")["late"] is late


def test_r6_a_contact_with_a_restricted_tag_is_of_its_class_from_the_first_fact(
    given: Given, north: Caller, service: Service
) -> None:
    client = given.client()
    hidden = {"tags": ["intimate-partner-violence"]}
    path = planned(north, client, **hidden)
    north.done(f"{path}/record", MET)
    north.done(f"{path}/amend", {"mode": "phone", "outcome": "missed"})
    off = planned(north, client, **hidden)
    north.done(f"{off}/cancel", {"outcome": "cancelled_by_agency"})
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        stored = store.execute(
            "SELECT topic, convert_from(state, 'UTF8')::jsonb ->> 'restricted' FROM stored_events"
            " WHERE topic LIKE 'contact.%%' ORDER BY notification_id DESC LIMIT 5",
            [],
        ).fetchall()
    assert {kind for _, kind in stored} == {"ipv"}
    assert {topic.split(".")[1] for topic, _ in stored} == {"planned", "recorded", "amended", "cancelled"}


class TestGroupSession:
    """Glow! and EMBRACE: clients with similar due dates, one entry a session (domain E1)."""

    WINDOW: ClassVar[dict[str, str]] = {"due_from": ahead(100), "due_until": ahead(145)}

    def test_r17_who_came_was_met_and_who_missed_it_was_not(self, given: Given, north: Caller) -> None:
        came, missed = given.client(), given.client()
        members = [{"client": came, "attended": True}, {"client": missed, "attended": False}]
        body = {"members": members, "tags": ["group_prenatal_care"], "duration_min": 120, "cohort": self.WINDOW}
        recorded = when(north.post("/v1/group-sessions", body)).then(201)
        assert [each["met"] for each in recorded["contacts"]] == [True, False]
        first, second = (north.seen(f"/v1/contacts/{each['contact']}") for each in recorded["contacts"])
        assert [first["client"], second["client"]] == [came, missed]
        assert (first["status"], first["mode"], first["duration_min"]) == ("completed", "group_session", 120)
        assert (second["status"], second["outcome"], second["duration_min"]) == ("missed", "missed", None)
        for each in (first, second):
            assert each["history"][0]["detail"]["cohort"] == recorded["cohort"]
        timeline = north.seen(f"/v1/clients/{came}/timeline")["entries"]
        assert [each["type"] for each in timeline].count("contact.recorded.v1") == 1

    def test_the_group_is_the_same_next_week_and_another_agencys_is_another(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        mine, theirs = given.client(), Given(doulas, north).client()

        def cohort(caller: Caller, client: str, window: dict[str, str]) -> str:
            body = {"members": [{"client": client, "attended": True}], "cohort": window}
            return str(caller.done("/v1/group-sessions", body)["cohort"])

        assert cohort(north, mine, self.WINDOW) == cohort(north, mine, self.WINDOW)
        assert cohort(north, mine, self.WINDOW | {"due_until": ahead(160)}) != cohort(north, mine, self.WINDOW)
        assert cohort(doulas, theirs, self.WINDOW) != cohort(north, mine, self.WINDOW)

    def test_it_begins_the_service_of_each_referral_that_it_was_for(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        came, missed = given.accepted(), given.accepted()
        members = [
            {"client": came.theirs, "attended": True, "referral": came.id},
            {"client": missed.theirs, "attended": False, "referral": missed.id},
        ]
        doulas.done("/v1/group-sessions", {"members": members})
        assert [doulas.seen(each.path)["state"] for each in (came, missed)] == ["in_service", "accepted"]

    def test_all_of_it_is_saved_or_nothing(self, given: Given, north: Caller, doulas: Caller) -> None:
        mine, theirs = given.client(), Given(doulas, north).client()
        members = [{"client": each, "attended": True} for each in (mine, theirs)]
        when(north.post("/v1/group-sessions", {"members": members})).then_problem(404, "not-found")
        types = [each["type"] for each in north.seen(f"/v1/clients/{mine}/timeline")["entries"]]
        assert types == ["client.registered.v1"]

    def test_r9_a_key_gives_the_first_answer_again(self, given: Given, north: Caller) -> None:
        body = {"members": [{"client": given.client(), "attended": True} for _ in range(11)]}
        key = str(uuid4())
        first, second = (north.post("/v1/group-sessions", body, key=key) for _ in range(2))
        assert (first.status_code, first.json()) == (201, second.json())
        assert second.headers["idempotent-replay"] == "true"

    @pytest.mark.parametrize(
        ("window", "code"),
        [
            ({"due_from": ahead(145), "due_until": ahead(100)}, "cohort-ends-before-it-begins"),
            ({"due_from": ahead(40), "due_until": ahead(220)}, "cohort-too-wide"),
        ],
    )
    def test_a_window_that_is_none_is_pointed_at(
        self, given: Given, north: Caller, window: dict[str, str], code: str
    ) -> None:
        body = {"members": [{"client": given.client(), "attended": True}], "cohort": window}
        when(north.post("/v1/group-sessions", body)).then_malformed("/cohort/due_until", code)

    def test_who_is_named_twice_is_pointed_at(self, given: Given, north: Caller) -> None:
        members = [{"client": given.client(), "attended": True}] * 2
        when(north.post("/v1/group-sessions", {"members": members})).then_malformed("/members/1/client", "twice")


class TestR8:
    """An agency lists its own contacts with her, for all of its staff; nobody else's."""

    def test_r8_the_list_is_of_this_agencys_own_the_latest_first(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        address = f"/v1/clients/{accepted.client}/contacts"
        given.contact(accepted)
        assert north.seen(address) == {"items": [], "next": None}
        earlier, later = (north.done(address, MET | {"at": at(days=days)})["contact"] for days in (3, 1))
        promised = planned(north, accepted.client).rpartition("/")[2]
        north.done(f"/v1/contacts/{later}/amend", MET | {"note": "Invented words"})
        assert [each["contact"] for each in north.seen(address)["items"]] == [promised, later, earlier]
        first = north.seen(f"{address}?limit=2")
        assert [each["contact"] for each in north.seen(first["next"])["items"]] == [earlier]
        note = north.seen(address)["items"][1]["note"]
        assert north.seen(f"/v1/notes/{note}")["text"] == "Invented words"
        when(doulas.get(f"/v1/notes/{note}")).then_problem(404, "not-found")
        assert len(doulas.seen(f"/v1/clients/{accepted.theirs}/contacts")["items"]) == 1

    def test_r8_who_does_not_know_her_is_told_nothing(self, given: Given, hub: Caller) -> None:
        when(hub.get(f"/v1/clients/{given.client()}/contacts")).then_problem(404, "not-found")


class TestR14:
    """A step pressed by mistake is taken back for 15 minutes; what should never have been written is void, always."""

    WHY: ClassVar[dict[str, str]] = {"reason": "It was another client"}

    def test_r14_a_contact_is_taken_back_and_both_stay_in_its_history(self, given: Given, north: Caller) -> None:
        path = f"/v1/contacts/{north.done(f'/v1/clients/{given.client()}/contacts', MET)['contact']}"
        north.done(f"{path}/take-back")
        void = when(north.post(f"{path}/take-back")).then(200, status="taken_back", met=False, version=2)
        assert [each["type"] for each in void["history"]] == ["contact.recorded.v1", "contact.taken_back.v1"]
        assert void["history"][1]["detail"]["event"] == void["history"][0]["event"]
        when(north.post(f"{path}/amend", MET)).then_problem(409, "wrong-state", stands="taken_back")

    def test_r14_a_plan_that_was_recorded_by_mistake_is_a_plan_again(self, given: Given, north: Caller) -> None:
        client = given.client()
        path = planned(north, client)
        north.done(f"{path}/record", MET)
        when(north.post(f"{path}/take-back")).then(200, status="planned", outcome=None)
        assert len(north.seen(f"/v1/clients/{client}/contact-plan")["items"]) == 1

    def test_r14_an_amendment_is_taken_back(self, given: Given, north: Caller) -> None:
        path = f"/v1/contacts/{north.done(f'/v1/clients/{given.client()}/contacts', MET)['contact']}"
        north.done(f"{path}/amend", {"mode": "phone", "outcome": "missed"})
        when(north.post(f"{path}/take-back")).then(200, status="completed", mode="home_visit", met=True)

    def test_r14_of_yesterday_it_is_taken_back_in_the_15_minutes_after_it_was_written_down(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        said = MET | {"at": in_days(-1)}
        path = f"/v1/contacts/{north.done(f'/v1/clients/{given.client()}/contacts', said)['contact']}"
        with moved(service, minutes=16):
            when(north.post(f"{path}/take-back")).then_problem(409, "too-late-to-take-back")
        when(north.post(f"{path}/take-back")).then(200, status="taken_back")

    def test_r14_after_15_minutes_it_is_too_late(self, given: Given, north: Caller, service: Service) -> None:
        path = planned(north, given.client())
        with moved(service, minutes=15):
            when(north.post(f"{path}/take-back")).then_problem(409, "too-late-to-take-back")
        when(north.post(f"{path}/take-back")).then(200, status="taken_back")

    def test_r14_service_that_began_with_it_has_not_begun(self, given: Given, doulas: Caller) -> None:
        referral = given.accepted()
        contact = given.contact(referral)
        assert doulas.seen(referral.path)["state"] == "in_service"
        doulas.done(f"/v1/contacts/{contact}/take-back")
        assert doulas.seen(referral.path)["state"] == "accepted"
        given.contact(referral)
        assert doulas.seen(referral.path)["state"] == "in_service"

    def test_r17_service_that_another_contact_shows_too_goes_on(self, given: Given, doulas: Caller) -> None:
        referral = given.accepted()
        first, _ = given.contact(referral), given.contact(referral)
        doulas.done(f"/v1/contacts/{first}/entered-in-error", self.WHY)
        assert doulas.seen(referral.path)["state"] == "in_service"

    def test_r17_service_that_an_amended_contact_shows_no_more_has_not_begun(
        self, given: Given, doulas: Caller
    ) -> None:
        referral = given.accepted()
        contact = given.contact(referral)
        doulas.done(f"/v1/contacts/{contact}/amend", {"mode": "home_visit", "outcome": "not_home"})
        assert doulas.seen(referral.path)["state"] == "accepted"

    def test_r14_a_referral_that_ended_stays_as_it_ended(self, given: Given, doulas: Caller) -> None:
        referral = given.accepted()
        contact = given.contact(referral)
        doulas.done(f"{referral.path}/complete", {"outcome": "service_received", "contact": contact})
        for side in (doulas, given.sender):
            assert side.seen(referral.path)["facts"]["connected"]["evidence_in_error"] is False
        doulas.done(f"/v1/contacts/{contact}/entered-in-error", self.WHY)
        for side in (doulas, given.sender):
            shown = side.seen(referral.path)
            connected = shown["facts"]["connected"]
            assert (shown["state"], connected["yes"], connected["evidence_in_error"]) == ("completed", True, True)
        given.contact(referral)
        assert doulas.seen(referral.path)["facts"]["connected"]["evidence_in_error"] is False

    def test_r14_what_should_never_have_been_written_is_void_at_any_time(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        path = f"/v1/contacts/{north.done(f'/v1/clients/{given.client()}/contacts', MET)['contact']}"
        with moved(service, days=90):
            north.done(f"{path}/entered-in-error", self.WHY)
            void = when(north.post(f"{path}/entered-in-error", self.WHY)).then(
                200, status="entered_in_error", met=False, version=2
            )
            note = void["history"][1]["detail"]["note"]
            assert north.seen(f"/v1/notes/{note}")["text"] == self.WHY["reason"]
        when(north.post(f"{path}/entered-in-error", {})).then_malformed("/reason")
