"""Break-glass (R1): a timeline without her yes, for three hours to the second, each look on her list, officers told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import TO_NORTH, Given, Referral, when
from tests.referrals.api.test_disclosures import DOULAS, NORTH, accounted, herself, on_paper
from tests.referrals.api.test_inquiries import queue
from tests.referrals.api.test_shared_timeline import BORN, LOST, needs, of_others, shares, timeline

WHY = "She lies in the emergency room."
THREE_HOURS = timedelta(hours=3)


@pytest.fixture
def accepted(north: Caller, doulas: Caller) -> Referral:
    """A client of the clinic's whom the doulas took on."""
    return Given(north, doulas).accepted()


@pytest.fixture
def at_the_clinic(north: Caller, doulas: Caller) -> Referral:
    """A client of the doulas' whom the clinic took on."""
    return Given(doulas, north).accepted(**TO_NORTH)


@pytest.fixture
def standing(service: Service) -> Iterator[datetime]:
    """A clock that stands still."""
    service.clock.stands_at = datetime.now(UTC).replace(microsecond=0)
    yield service.clock.stands_at
    service.clock.stands_at, service.clock.ahead = None, timedelta(0)


def break_glass(referral: Referral, code: str = "medical", *, words: str = WHY) -> dict[str, Any]:
    body = {"client": referral.theirs, "code": code, "reason": words}
    return when(referral.receiver.post("/v1/break-glass", body)).then(201)


def openings(referral: Referral, service: Service) -> list[tuple[str, str]]:
    """For what it was opened and with which words, as she reads it, the newest first."""
    listed = accounted(herself(service, referral.sender, referral.client), referral.client)
    return [(each["emergency"], each["reason"]) for each in listed if each["kind"] == "opened"]


def officer(service: Service, agency: str) -> Caller:
    return service.caller(agency, "privacy_officer", subject="pia-invented")


class TestR1WhatItOpens:
    """What her consents hide, and of that not everything."""

    def test_what_the_others_wrote_down_is_seen(self, accepted: Referral) -> None:
        needs(accepted, "food-insecurity")
        assert of_others(accepted) == []
        opened = break_glass(accepted, "danger")
        assert of_others(accepted) == ["need.identified"]
        assert timeline(accepted)["break_glass_until"] == opened["break_glass_until"]

    def test_health_care_is_seen_too(self, at_the_clinic: Referral) -> None:
        needs(at_the_clinic, "home_visiting")
        break_glass(at_the_clinic)
        assert of_others(at_the_clinic) == ["need.identified"]

    def test_a_no_of_hers_stands_for_restricted_care_alone(self, at_the_clinic: Referral) -> None:
        needs(at_the_clinic, "food-insecurity")
        needs(at_the_clinic, "behavioral_health")
        body = {"agreed": False, "how": "spoken", "on": "2026-01-05", "recipient": NORTH}
        at_the_clinic.sender.done(f"/v1/clients/{at_the_clinic.client}/consents", body)
        break_glass(at_the_clinic)
        assert of_others(at_the_clinic) == ["need.identified"]
        assert "behavioral" not in str(timeline(at_the_clinic))

    @pytest.mark.parametrize("category", ["behavioral_health", "substance_use_treatment", "contraception"])
    def test_restricted_care_opens_to_a_clinic_in_a_medical_emergency(
        self, at_the_clinic: Referral, category: str
    ) -> None:
        """42 CFR 2.51: to medical personnel."""
        needs(at_the_clinic, category)
        break_glass(at_the_clinic)
        assert category in str(timeline(at_the_clinic))

    def test_it_does_not_for_another_reason(self, at_the_clinic: Referral) -> None:
        needs(at_the_clinic, "substance_use_treatment")
        break_glass(at_the_clinic, "danger")
        assert of_others(at_the_clinic) == []

    def test_it_does_not_to_who_gives_no_medical_care(self, accepted: Referral) -> None:
        needs(accepted, "substance_use_treatment")
        break_glass(accepted)
        assert of_others(accepted) == []

    def test_who_gives_medical_care_is_told_so(self, accepted: Referral, at_the_clinic: Referral) -> None:
        told = [
            each.receiver.seen(f"/v1/clients/{each.theirs}")["gives_medical_care"] for each in (accepted, at_the_clinic)
        ]
        assert told == [False, True]

    def test_r6_violence_stays_shut(self, at_the_clinic: Referral) -> None:
        needs(at_the_clinic, "intimate-partner-violence")
        break_glass(at_the_clinic)
        assert of_others(at_the_clinic) == []

    def test_r5_how_a_pregnancy_ended_is_nobodys_news_even_then(self, north: Caller, doulas: Caller) -> None:
        read = []
        for end in (LOST, None, BORN):
            given = Given(doulas, north)
            client = given.client()
            episode = doulas.done(f"/v1/clients/{client}/episodes", {"identified_on": "2026-01-05"})["episode"]
            if end is not None:
                doulas.done(f"/v1/episodes/{episode}/end", end | {"on": "2026-03-02"})
            accepted = given.accepted(client, **TO_NORTH)
            break_glass(accepted)
            read.append([each for each in of_others(accepted) if not each.startswith("responsibility")])
        assert read[0] == read[1] == read[2]


class TestR1HowLongAndWhom:
    """Three hours to the second, to the one person, for a client whom the agency serves."""

    def test_the_second_after_it_is_shut(self, accepted: Referral, service: Service, standing: datetime) -> None:
        needs(accepted, "food-insecurity")
        break_glass(accepted)
        seen = []
        for ahead in (THREE_HOURS - timedelta(seconds=1), THREE_HOURS):
            service.clock.ahead = ahead
            seen.append((of_others(accepted), timeline(accepted)["break_glass_until"] is not None))
        assert seen == [(["need.identified"], True), ([], False)]

    def test_r12_pressed_again_it_is_the_same_and_no_longer(
        self, accepted: Referral, service: Service, standing: datetime
    ) -> None:
        first = break_glass(accepted)
        service.clock.ahead = timedelta(hours=2)
        body = {"client": accepted.theirs, "code": "medical", "reason": WHY}
        assert when(accepted.receiver.post("/v1/break-glass", body)).then(200) == first
        service.clock.ahead = THREE_HOURS
        again = when(accepted.receiver.post("/v1/break-glass", body)).then(201)
        assert again["break_glass_until"] > first["break_glass_until"]

    def test_r12_r21_it_is_open_under_whichever_reference_and_answered_so_again(
        self, accepted: Referral, service: Service
    ) -> None:
        first = break_glass(accepted)
        doulas = accepted.receiver
        mine = doulas.done("/v1/clients", {"names": [{"given": "Testa", "family": "Sample-again"}]})["client"]
        doulas.done(f"/v1/clients/{accepted.theirs}/link", {"own_client": mine})
        body = {"client": mine, "code": "medical", "reason": WHY}
        for _ in range(2):
            again = when(doulas.post("/v1/break-glass", body, key="pressed-again")).then(200)
            assert again == first | {"client": mine}
        other = body | {"code": "danger"}
        when(doulas.post("/v1/break-glass", other, key="pressed-again")).then_problem(422, "idempotency-key-reused")
        assert openings(accepted, service) == [("medical", WHY)]

    def test_r12_other_words_for_what_is_open_are_refused(self, accepted: Referral, service: Service) -> None:
        break_glass(accepted)
        body = {"client": accepted.theirs, "code": "medical", "reason": "Still."}
        when(accepted.receiver.post("/v1/break-glass", body)).then_problem(409, "emergency-already-open")
        assert openings(accepted, service) == [("medical", WHY)]

    def test_another_kind_is_opened_by_itself(
        self, at_the_clinic: Referral, service: Service, standing: datetime
    ) -> None:
        """42 CFR 2.51: who opened it for danger opens it for a medical emergency at once, with its own words."""
        needs(at_the_clinic, "substance_use_treatment")
        danger = break_glass(at_the_clinic, "danger")
        assert of_others(at_the_clinic) == []
        service.clock.ahead = timedelta(hours=1)
        medical = break_glass(at_the_clinic, words="She does not wake up.")
        assert of_others(at_the_clinic) == ["need.identified"]
        seen = at_the_clinic.receiver.seen(f"/v1/clients/{at_the_clinic.theirs}")
        assert (seen["break_glass_until"], seen["emergencies"]) == (
            medical["break_glass_until"],
            [{"code": each["code"], "until": each["break_glass_until"]} for each in (medical, danger)],
        )
        service.clock.ahead = THREE_HOURS
        still = at_the_clinic.receiver.seen(f"/v1/clients/{at_the_clinic.theirs}")
        assert [each["code"] for each in still["emergencies"]] == ["medical"]
        service.clock.ahead = timedelta(0)
        assert openings(at_the_clinic, service) == [("medical", "She does not wake up."), ("danger", WHY)]

    def test_r12_many_at_once_open_it_once(self, north: Caller, doulas: Caller, service: Service) -> None:
        given = Given(north, doulas)
        for _ in range(6):
            accepted = given.accepted()
            bodies = [{"client": accepted.theirs, "code": "danger", "reason": f"Words {each}."} for each in range(6)]
            with ThreadPoolExecutor(len(bodies)) as pool:
                answers = list(pool.map(lambda body: doulas.post("/v1/break-glass", body), bodies))
            assert sorted(each.status_code for each in answers) == [201, *[409] * (len(bodies) - 1)]
            first = next(number for number, each in enumerate(answers) if each.status_code == 201)
            assert openings(accepted, service) == [("danger", f"Words {first}.")]

    def test_r12_many_of_the_same_at_once_have_one_answer(self, accepted: Referral, service: Service) -> None:
        body = {"client": accepted.theirs, "code": "danger", "reason": WHY}
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: accepted.receiver.post("/v1/break-glass", body), range(6)))
        assert sorted(each.status_code for each in answers) == [*[200] * 5, 201]
        assert len({each.content for each in answers}) == 1
        assert openings(accepted, service) == [("danger", WHY)]

    def test_a_colleague_sees_nothing_of_it(self, accepted: Referral, service: Service) -> None:
        needs(accepted, "food-insecurity")
        break_glass(accepted)
        colleague = service.caller(DOULAS, subject="another-invented")
        seen = colleague.seen(f"/v1/clients/{accepted.theirs}/timeline")
        assert [each for each in seen["entries"] if each["shared"]] == []
        assert (seen["break_glass_until"], colleague.seen(f"/v1/clients/{accepted.theirs}")["break_glass_until"]) == (
            None,
            None,
        )

    def test_r9_a_key_of_a_colleagues_brings_nobody_their_answer(self, accepted: Referral, service: Service) -> None:
        body = {"client": accepted.theirs, "code": "danger", "reason": WHY}
        first = when(accepted.receiver.post("/v1/break-glass", body, key="pressed-once")).then(201)
        colleague = service.caller(DOULAS, subject="another-invented")
        refused = colleague.post("/v1/break-glass", body, key="pressed-once")
        when(refused).then_problem(422, "idempotency-key-reused")
        assert colleague.seen(f"/v1/clients/{accepted.theirs}")["break_glass_until"] is None
        assert when(accepted.receiver.post("/v1/break-glass", body, key="pressed-once")).then(201) == first
        when(colleague.post("/v1/break-glass", body, key="pressed-too")).then(201)
        assert openings(accepted, service) == [("danger", WHY)] * 2

    def test_no_reference_no_glass(self, accepted: Referral, hub: Caller, service: Service, nobody: Caller) -> None:
        body = {"client": accepted.client, "code": "medical", "reason": WHY}
        when(hub.post("/v1/break-glass", body)).then_problem(404, "not-found")
        when(nobody.post("/v1/break-glass", body)).then_problem(401, "not-signed-in")
        for role in ("staff", "agency_admin", "privacy_officer", "system", "backbone"):
            caller = service.caller(None if role == "backbone" else NORTH, role)
            when(caller.post("/v1/break-glass", body)).then_problem(403, "role-forbids")
        sent = Given(accepted.sender, accepted.receiver).sent()
        waiting = {**body, "client": sent.theirs}
        when(accepted.receiver.post("/v1/break-glass", waiting)).then_problem(409, "wrong-state")
        when(accepted.sender.post("/v1/break-glass", {**body, "reason": " "})).then_malformed("/reason")


class TestR1WhoIsTold:
    """Her list, each time; both agencies' officers, once."""

    def test_every_look_is_on_her_list(self, accepted: Referral, service: Service) -> None:
        needs(accepted, "food-insecurity")
        before = len(accounted(herself(service, accepted.sender, accepted.client), accepted.client))
        break_glass(accepted)
        for _ in range(3):
            timeline(accepted)
        listed = accounted(herself(service, accepted.sender, accepted.client), accepted.client)
        new = listed[: len(listed) - before]
        new = [each for each in new if each["kind"] != "timeline"]  # of what it is a side of
        assert [each["kind"] for each in new] == ["break_glass"] * 3 + ["opened"]
        assert (new[-1]["exception"], new[-1]["reason"], new[-1]["to"]["agency"]) == ("emergency", WHY, DOULAS)

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "first: a medical emergency of yours."), ("es", "antes: una emergencia médica de usted.")],
    )
    def test_her_paper_says_which_emergency_it_was(
        self, accepted: Referral, service: Service, language: str, words: str
    ) -> None:
        break_glass(accepted)
        her = herself(service, accepted.sender, accepted.client)
        paper = her.get(f"/v1/clients/{accepted.client}/disclosures/paper", params={"language": language})
        assert words in on_paper(paper.content)

    def test_both_officers_are_told_and_say_what_they_find(self, accepted: Referral, service: Service) -> None:
        needs(accepted, "food-insecurity")
        break_glass(accepted)
        timeline(accepted)
        told = []
        for agency, client in ((DOULAS, accepted.theirs), (NORTH, accepted.client)):
            (waiting,) = queue(officer(service, agency), client)
            told.append((waiting["cause"], waiting["text"], waiting["disclosure"]["kind"]))
            said = {"text": "It was needed.", "finding": "appropriate"}
            when(officer(service, agency).post(f"/v1/inquiries/{waiting['inquiry']}/answer", said)).then(200)
        assert told == [("break_glass", WHY, "opened")] * 2
        listed = accounted(herself(service, accepted.sender, accepted.client), accepted.client)
        found = {each["kind"]: {one["agency"]["agency"]: one["finding"] for one in each["findings"]} for each in listed}
        assert found["opened"] == {NORTH: "appropriate", DOULAS: "appropriate"}
        assert not any(said for kind, said in found.items() if kind != "opened")

    def test_whose_entries_were_shown_has_it_on_its_list_and_is_asked(
        self, accepted: Referral, service: Service
    ) -> None:
        needs(accepted, "food-insecurity")
        break_glass(accepted)
        timeline(accepted)
        path = f"/v1/clients/{accepted.client}/disclosures"
        pia, her = officer(service, NORTH), herself(service, accepted.sender, accepted.client)
        listed = pia.listed(path)
        assert {each["kind"] for each in listed} == {"opened", "break_glass", "timeline", "referral"}
        assert {each["by"] and each["by"]["agency"] for each in listed if each["kind"] != "referral"} == {None}
        for each in accounted(her, accepted.client):
            her.done(f"{path}/{each['disclosure']}/questions", {"text": "Was it right?"})
        asked = [each for each in queue(pia, accepted.client) if each["cause"] == "question"]
        assert sorted(each["disclosure"]["kind"] for each in asked) == sorted(each["kind"] for each in listed)

    def test_whose_entries_were_not_shown_does_not_read_of_it(self, accepted: Referral, service: Service) -> None:
        break_glass(accepted)
        path = f"/v1/clients/{accepted.client}/disclosures"
        assert {each["kind"] for each in officer(service, NORTH).listed(path)} == {"referral"}

    def test_whose_entries_it_does_not_open_is_not_told(self, accepted: Referral, service: Service) -> None:
        break_glass(accepted)
        timeline(accepted)
        assert queue(officer(service, NORTH), accepted.client) == []

    def test_what_comes_later_and_is_seen_is_told_then(self, accepted: Referral, service: Service) -> None:
        break_glass(accepted)
        needs(accepted, "food-insecurity")
        assert queue(officer(service, NORTH), accepted.client) == []
        timeline(accepted)
        assert len(queue(officer(service, NORTH), accepted.client)) == 1

    def test_what_she_agreed_to_is_told_of_as_ever(self, accepted: Referral, service: Service) -> None:
        needs(accepted, "food-insecurity")
        shares(accepted)
        break_glass(accepted)
        timeline(accepted)
        listed = accounted(herself(service, accepted.sender, accepted.client), accepted.client)
        assert {"timeline", "break_glass", "opened"} <= {each["kind"] for each in listed}

    def test_the_reason_is_in_no_event(self, accepted: Referral, service: Service) -> None:
        break_glass(accepted)
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            stored = store.execute(
                "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic ~ '^(break_glass|inquiry)'"
            ).fetchall()
        assert stored
        assert not any("emergency room" in state for (state,) in stored)
