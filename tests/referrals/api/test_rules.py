"""Decided cases over the API: each test names the rule that it shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from deploy.local.postgres import OWNER
from tests.days import SAID_ON, ago, ahead
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, MET, Given, Handoff, Referral, in_days, until, when

WIC = {"agency": "sample-wic-office-east", "service": "wic-east-enrolment"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


class TestR1:
    """Her name reaches one receiver, and only with her yes or an exception."""

    def test_sending_needs_her_word(self, given: Given, north: Caller) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula"}
        when(north.post("/v1/referrals", body)).then_problem(403, "consent-missing")

    def test_a_no_is_no_yes(self, given: Given, north: Caller) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED | {"agreed": False}}
        when(north.post("/v1/referrals", body)).then_problem(403, "consent-does-not-cover")

    @pytest.mark.parametrize(
        "said",
        [
            {"recipient": "sample-wic-office-east"},
            {"recipient": None, "category": "wic"},
            {"expires": ago(200)},
            {"agreed": False, "fields": []},
        ],
    )
    def test_a_recorded_consent_covers_receiver_category_and_day(
        self, given: Given, north: Caller, said: dict[str, object]
    ) -> None:
        client = given.client()
        body = {"client": client, "to": DOULA, "category": "doula", "consent": {"id": given.consent(client, **said)}}
        when(north.post("/v1/referrals", body)).then_problem(403, "consent-does-not-cover")

    def test_a_consent_for_the_category_covers_any_receiver(self, given: Given) -> None:
        client = given.client()
        given.sent(client, consent={"id": given.consent(client, recipient=None, category="doula")})

    def test_another_clients_consent_is_nobodys(self, given: Given, north: Caller) -> None:
        consent = given.consent(given.client())
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": {"id": consent}}
        when(north.post("/v1/referrals", body)).then_problem(404, "not-found")

    def test_an_exception_has_a_code_and_a_reason_in_the_vault(
        self, given: Given, north: Caller, doulas: Caller, service: Service
    ) -> None:
        reason = f"Contractions at the bus stop {uuid4().hex}"
        sent = given.sent(consent={"exception": "emergency", "reason": reason})
        assert "name" in doulas.seen(f"{sent.path}/given")["fields"]
        assert [side.seen(sent.path)["exception"] for side in (given.sender, doulas)] == ["emergency"] * 2
        assert doulas.seen(given.sent().path)["exception"] is None
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            row = store.execute("SELECT state FROM stored_events WHERE originator_id = %s", [sent.id]).fetchone()
        assert row is not None
        assert b"emergency" in row[0]
        assert b"bus stop" not in row[0]
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": {"exception": "emergency"}}
        when(north.post("/v1/referrals", body)).then_malformed("/consent/reason", "missing")

    def test_given_fields_are_the_receivers_and_are_accounted_once_an_hour(
        self, given: Given, north: Caller, doulas: Caller, service: Service
    ) -> None:
        sent = given.sent()
        told = when(north.get(f"{sent.path}/given")).then_problem(403, "wrong-side")
        assert (told["title"], "saved" in told["detail"]) == ("This is for the other side.", False)
        for _ in range(3):
            doulas.seen(f"{sent.path}/given")
        assert disclosures(service, sent.id) == 1

    def test_what_she_agreed_to_give_and_the_sender_does_not_hold_is_said_to_both(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        wanted = {"fields": ["name", "phones", "medi_cal_cin", "note"]}
        sent = given.sent(given.client(phones=["559 555 0142"]), consent=AGREED | wanted)
        assert north.seen(sent.path)["given"] == ["name", "phones", "medi_cal_cin"]
        assert north.seen(sent.path)["not_held"] == ["medi_cal_cin"]
        assert doulas.seen(sent.path)["not_held"] is None
        found = doulas.seen(f"{sent.path}/given")
        assert (found["not_held"], found["fields"]["medi_cal_cin"]) == (["medi_cal_cin"], None)
        whole = given.sent(consent=AGREED | {"fields": ["name"]}, note="Rings twice")
        assert north.seen(whole.path)["not_held"] == doulas.seen(f"{whole.path}/given")["not_held"] == []

    def test_r1_a_due_date_that_she_agreed_to_give_is_the_one_that_the_sender_stated(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        client = given.pregnant()
        (episode,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
        sent = given.accepted(client, consent=AGREED | {"fields": ["name", "due_date"]})
        other = given.sent(client, to={**DOULA, "service": "doula-network-classes"}, category="childbirth_education")

        def due() -> tuple[Any, list[str], list[str]]:
            found = doulas.seen(f"{sent.path}/given")
            return found["fields"]["due_date"], found["not_held"], north.seen(sent.path)["not_held"]

        def date_it(days: int) -> str:
            edd = str(date.fromisoformat(SAID_ON) + timedelta(days=days))
            north.done(f"/v1/episodes/{episode['episode']}/date", {"edd": edd, "basis": "ultrasound"})
            return edd

        assert due() == (None, ["due_date"], ["due_date"])
        date_it(90)
        edd = date_it(100)
        assert due() == (edd, [], [])
        assert doulas.seen(f"{other.path}/given")["fields"]["due_date"] is None
        north.done(f"/v1/clients/{client}/pause")
        assert due() == (None, ["due_date"], ["due_date"])
        north.done(f"/v1/clients/{client}/resume")
        doulas.done(f"{sent.path}/close", {"reason": "client_declined"})
        date_it(110)
        assert due() == (edd, [], []), "after the end nothing new follows"

    def test_what_ends_unaccepted_is_gone_for_its_receiver(self, given: Given, doulas: Caller) -> None:
        sent = given.sent()
        theirs = sent.theirs
        doulas.seen(f"{sent.path}/given")
        doulas.done(f"{sent.path}/decline", {"reason": "no_capacity"})
        when(doulas.get(f"{sent.path}/given")).then_problem(404, "not-found")
        assert doulas.seen(sent.path)["client"] is None
        when(doulas.get(f"/v1/clients/{theirs}")).then_problem(404, "not-found")
        assert doulas.seen("/v1/referrals?box=inbox&limit=1")["items"][0]["client"] is None

    def test_it_sees_nothing_newer_than_that_end(self, given: Given, north: Caller, doulas: Caller) -> None:
        declined = given.declined()
        north.done(f"{declined.path}/acknowledge")
        seen = doulas.seen(declined.path)
        assert (seen["version"], [each["type"] for each in seen["history"]][-1]) == (2, "referral.declined.v1")
        assert seen["facts"]["closed"]["yes"] is False

    def test_her_name_is_her_receivers_own_once_it_accepted(self, given: Given, doulas: Caller) -> None:
        sent = given.sent()
        client = f"/v1/clients/{sent.theirs}"
        doulas.seen(f"{sent.path}/given")
        assert doulas.seen(client)["name"] is None
        doulas.done(f"{sent.path}/accept")
        assert until(lambda: doulas.seen(client)["name"]).startswith("Testa Sample-")


class TestR4:
    """Guards do not tell."""

    def test_two_agencies_may_refer_the_same_woman_one_may_not_twice(
        self, given: Given, north: Caller, hub: Caller
    ) -> None:
        client = given.client()
        given.sent(client)
        body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED}
        when(north.post("/v1/referrals", body)).then_problem(409, "referral-already-open", stands="open")
        Given(hub, given.receiver).sent()

    def test_the_second_opener_is_answered_like_the_first_and_does_not_lead(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        mine, theirs = accepted.client, accepted.theirs
        first = north.post(f"/v1/clients/{mine}/episodes", {"identified_on": ago(200)})
        second = doulas.post(f"/v1/clients/{theirs}/episodes", {"identified_on": ago(170)})
        shape = {key: type(value) for key, value in when(first).then(201).items()}
        assert {key: type(value) for key, value in when(second).then(201).items()} == shape
        assert first.headers.keys() == second.headers.keys()
        assert [lead["agency"] for lead in north.seen(f"/v1/clients/{mine}/responsibility")["items"]] == [
            "example-clinic-north"
        ]
        assert doulas.seen(f"/v1/clients/{theirs}/responsibility")["items"] == []
        for agency, client, said in ((north, mine, ago(200)), (doulas, theirs, ago(170))):
            assert agency.seen(f"/v1/clients/{client}/episodes")["items"][0]["identified_on"] == said
            when(agency.post(f"/v1/clients/{client}/episodes")).then(200)
            when(agency.post(f"/v1/clients/{client}/episodes", {"identified_on": said})).then(200)

    def test_the_second_openers_timeline_says_what_the_firsts_says(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        told = []
        for agency, client in ((north, accepted.client), (doulas, accepted.theirs)):
            episode = agency.done(f"/v1/clients/{client}/episodes", {"identified_on": ago(200)})["episode"]
            entries = agency.seen(f"/v1/clients/{client}/timeline")["entries"]
            (opened,) = (entry for entry in entries if entry["type"].startswith("episode."))
            assert opened["detail"].pop("episode") == episode
            told.append({name: opened[name] for name in ("type", "subject", "detail")})
        assert told == [{"type": "episode.opened.v1", "subject": None, "detail": {"identified_on": ago(200)}}] * 2

    def test_r12_another_day_from_either_opener_is_told_that_what_it_said_stands(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        told = []
        for agency, client in ((north, accepted.client), (doulas, accepted.theirs)):
            path = f"/v1/clients/{client}/episodes"
            agency.done(path, {"identified_on": ago(200)})
            answer = agency.post(path, {"identified_on": ago(199)})
            told.append(when(answer).then_problem(409, "episode-already-open", stands="open"))
            assert "not saved" in told[-1]["detail"]
            assert agency.seen(path)["items"][0]["identified_on"] == ago(200)
        first, second = ({**each, "instance": ""} for each in told)
        assert first == second

    def test_who_opened_nothing_is_not_told_that_there_is_a_pregnancy(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        north.done(f"/v1/clients/{accepted.client}/episodes")
        body = {"to": "sample-wic-office-east", "domain": "doula", "kind": "cold"}
        answer = doulas.post(f"/v1/clients/{accepted.theirs}/handoffs", body)
        when(answer).then_problem(409, "episode-not-open", stands="none")


class TestR8:
    """A timeline shows an agency's own entries and those of referrals and handoffs that it is a side of."""

    def test_a_side_sees_the_referral_and_nothing_else_of_hers(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        client = given.client()
        north.done(f"/v1/clients/{client}/contacts", MET)
        Given(north, north).sent(client, to=WIC, category="wic")
        accepted = given.accepted(client)
        given.contact(accepted)
        theirs = [entry["type"] for entry in doulas.seen(f"/v1/clients/{accepted.theirs}/timeline")["entries"]]
        assert theirs == [
            "referral.sent.v1",
            "referral.accepted.v1",
            "contact.recorded.v1",
            "referral.service_started.v1",
        ]
        mine = [entry["type"] for entry in north.seen(f"/v1/clients/{client}/timeline")["entries"]]
        assert mine.count("referral.sent.v1") == 2
        assert mine.count("contact.recorded.v1") == 1

    def test_reading_another_agencys_entries_is_written_down_once_an_hour(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        accepted = given.accepted()
        alone = given.client()
        for client in (accepted.client, accepted.client, alone):
            north.seen(f"/v1/clients/{client}/timeline")
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            query = (
                "SELECT count(*) FROM stored_events d JOIN stored_events r USING (client_id)"
                " WHERE d.topic = 'disclosure.recorded.v1' AND r.originator_id = %s AND r.originator_version = 1"
            )
            assert store.execute(query, [accepted.id]).fetchone() == (1,)
        assert [each["type"] for each in north.seen(f"/v1/clients/{alone}/timeline")["entries"]] == [
            "client.registered.v1"
        ]

    def test_as_of_and_known_at(self, given: Given, north: Caller) -> None:
        client = given.client()
        lately = datetime.now(UTC) - timedelta(days=3)
        before = datetime.now(UTC)
        north.done(f"/v1/clients/{client}/contacts", MET | {"at": lately.isoformat()})
        path = f"/v1/clients/{client}/timeline"
        types = [entry["type"] for entry in north.seen(path)["entries"]]
        assert types == ["contact.recorded.v1", "client.registered.v1"]
        as_of = north.seen(path, params={"as_of": (lately + timedelta(hours=1)).isoformat()})
        assert [entry["type"] for entry in as_of["entries"]] == ["contact.recorded.v1"]
        known = north.seen(path, params={"known_at": before.isoformat()})
        assert [entry["type"] for entry in known["entries"]] == ["client.registered.v1"]

    def test_it_waits_for_what_the_caller_has_just_written(self, given: Given, north: Caller) -> None:
        client = given.client()
        path = f"/v1/clients/{client}/timeline"
        answer = north.get(path, params={"min_version": '"1"'})
        assert answer.headers["etag"] == '"1"'
        began = north.get(path, params={"min_version": '"1"', "as_of": "2020-01-01T00:00:00Z"})
        assert began.json()["entries"] == []
        late = north.get(path, params={"min_version": "2"})
        when(late).then_problem(503, "version-not-here")
        assert int(late.headers["retry-after"]) >= 1


class TestR9:
    """The same key and body: the first answer again. The same key, another body: 422."""

    def test_eight_at_once_are_one_referral(self, given: Given, north: Caller, service: Service) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED}
        key = uuid4().hex
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: north.post("/v1/referrals", body, key=key), range(8)))
        assert [answer.status_code for answer in answers] == [201] * 8
        assert len({answer.content for answer in answers}) == 1
        assert len({answer.headers["etag"] for answer in answers}) == 1
        assert sum("idempotent-replay" in answer.headers for answer in answers) == 7
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            query = "SELECT count(*) FROM stored_events WHERE client_id = (SELECT client_id FROM stored_events WHERE"
            found = store.execute(
                f"{query} originator_id = %s LIMIT 1) AND topic = 'referral.sent.v1'", [answers[0].json()["referral"]]
            )
            assert found.fetchone() == (1,)

    def test_eight_at_once_with_who_she_is_and_a_note_are_one_client(self, north: Caller) -> None:
        identity = {"names": [{"given": "Lia", "family": f"Specimen-{uuid4().hex[:8]}"}]}
        body = {"identity": identity, "to": DOULA, "category": "doula", "consent": AGREED, "note": "Speaks softly"}
        key = uuid4().hex
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: north.post("/v1/referrals", body, key=key), range(8)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        found = north.done("/v1/clients/search", {"text": identity["names"][0]["family"]})["items"]
        assert len(found) == 1

    def test_another_body_under_the_key_is_refused(self, given: Given, north: Caller) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED}
        key = uuid4().hex
        north.done("/v1/referrals", body, key=key)
        other = north.post("/v1/referrals", body | {"priority": "urgent"}, key=key)
        when(other).then_problem(422, "idempotency-key-reused")

    def test_white_space_is_not_another_body(self, given: Given, north: Caller) -> None:
        client = given.client()
        key = uuid4().hex
        said = f'{{"client": "{client}", "text": "Rings twice"}}'
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        first = north.ask("POST", "/v1/notes", content=said, headers=headers)
        second = north.ask("POST", "/v1/notes", content=said.replace(" ", "  ", 1), headers=headers)
        assert when(first).then(201) == when(second).then(201)
        assert second.headers["idempotent-replay"] == "true"

    def test_a_retry_is_not_refused_because_it_succeeded_before(self, given: Given, doulas: Caller) -> None:
        accepted = given.sent()
        key = uuid4().hex
        first = doulas.post(f"{accepted.path}/accept", {"on": ahead(4)}, key=key)
        doulas.done(f"{accepted.path}/decline", {"reason": "client_declined"})
        second = doulas.post(f"{accepted.path}/accept", {"on": ahead(4)}, key=key)
        assert (second.status_code, second.json()) == (200, first.json())
        assert second.headers["idempotent-replay"] == "true"
        other = doulas.post(f"{accepted.path}/accept", {"on": ahead(5)}, key=key)
        when(other).then_problem(422, "idempotency-key-reused")

    def test_a_retry_gets_its_first_answer_though_its_version_is_past(self, given: Given, doulas: Caller) -> None:
        things: list[Referral | Handoff] = [given.sent(), given.offered()]
        for thing in things:
            key, drawn = uuid4().hex, {"If-Match": f'"{doulas.seen(thing.path)["version"]}"'}
            path, body = f"{thing.path}/accept", {"on": SAID_ON}
            first, second = (doulas.post(path, body, key=key, headers=drawn) for _ in range(2))
            assert when(first).then(200, state="accepted") == when(second).then(200)
            assert second.headers["idempotent-replay"] == "true"
            other = doulas.post(path, body | {"on": ahead(4)}, key=uuid4().hex, headers=drawn)
            when(other).then_problem(412, "precondition-failed")

    def test_who_asks_for_a_first_answer_alone_makes_nobody(self, given: Given, north: Caller) -> None:
        identity = {"names": [{"given": "Lia", "family": f"Specimen-{uuid4().hex}"}]}
        sending = {"identity": identity, "to": DOULA, "category": "doula", "consent": AGREED}
        for path, body in (("/v1/clients", identity), ("/v1/referrals", sending)):
            key, again = uuid4().hex, {"If-Match": '"1"'}
            when(north.post(path, body, key=key, headers=again)).then_problem(412, "precondition-failed")
            found = north.done("/v1/clients/search", {"text": identity["names"][0]["family"]})["items"]
            first = when(north.post(path, body, key=key)).then(201)
            second = north.post(path, body, key=key, headers=again)
            assert when(second).then(201) == first
            assert second.headers["idempotent-replay"] == "true"
            after = north.done("/v1/clients/search", {"text": identity["names"][0]["family"]})["items"]
            assert len(after) == len(found) + 1

    def test_a_refusal_is_not_kept(self, given: Given, north: Caller) -> None:
        body = {"client": given.client(), "to": DOULA, "category": "doula"}
        key = uuid4().hex
        when(north.post("/v1/referrals", body, key=key)).then_problem(403, "consent-missing")
        when(north.post("/v1/referrals", body | {"consent": AGREED}, key=key)).then(201)

    def test_a_system_must_send_a_key(self, given: Given, service: Service) -> None:
        system = service.caller("example-clinic-north", "system")
        body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED}
        when(system.post("/v1/referrals", body)).then_problem(422, "idempotency-key-required")
        when(system.post("/v1/referrals", body, key=uuid4().hex)).then(201)

    def test_what_is_kept_holds_no_identity(self, north: Caller, service: Service) -> None:
        word = f"Canary{uuid4().hex}"
        body = {"names": [{"given": "Ida", "family": word}], "mrn": word}
        north.done("/v1/clients", body, key=uuid4().hex)
        with psycopg.connect(service.databases.dsn("referrals", OWNER)) as store:
            rows = store.execute("SELECT idempotency::text FROM idempotency").fetchall()
        assert rows
        assert not [row for row in rows if word in row[0]]

    def test_keys_are_an_agencys_own(self, given: Given, north: Caller, hub: Caller) -> None:
        key = uuid4().hex
        names = {"names": [{"given": "Nora", "family": "Muster"}]}
        first = north.done("/v1/clients", names, key=key)
        assert hub.done("/v1/clients", names, key=key) != first


class TestR11:
    """A GET changes no state."""

    def test_reading_receives_and_acknowledges_nothing(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent, declined = given.sent(), given.declined()
        for _ in range(2):
            doulas.seen(sent.path)
            north.seen(declined.path)
        assert north.seen(sent.path)["state"] == "sent"
        assert north.seen(declined.path)["facts"]["closed"]["yes"] is False
        when(doulas.post(f"{sent.path}/receive")).then(200, state="received", version=2)
        when(north.post(f"{declined.path}/acknowledge")).then(200, state="declined", version=3)

    def test_she_can_wait_from_the_moment_it_was_sent(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent()
        when(doulas.post(f"{sent.path}/waitlist")).then(200, state="waitlisted", version=2)
        when(doulas.post(f"{sent.path}/waitlist", {"reason": "no_capacity"})).then(200, version=2)
        seen = north.seen(sent.path)
        assert (seen["facts"]["responded"]["yes"], seen["actions"], seen["reason"]) == (
            True,
            ["request-cancellation", "entered-in-error"],
            "no_capacity",
        )
        waits = doulas.work(sent.id, kind="review") or {}
        assert (waits["waits_for"], waits["state"], waits["overdue"]) == ("review", "waitlisted", False)
        when(doulas.post(f"{sent.path}/accept")).then(200, state="accepted", version=3)

    def test_the_wrong_reason_and_the_wrong_side_are_refused(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent()
        refused = doulas.post(f"{sent.path}/waitlist", {"reason": "ineligible"})
        [wrong] = when(refused).then_problem(422, "malformed")["errors"]
        assert (wrong["pointer"], wrong["code"]) == ("/reason", "reason-not-possible")
        when(north.post(f"{sent.path}/waitlist")).then_problem(403, "wrong-side")
        assert north.seen(sent.path)["state"] == "sent"


class TestR16:
    """The sender withdraws from `sent`; afterwards the receiver stops, as it is asked."""

    def test_what_nobody_opened_is_taken_back_and_shows_nothing_more(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        sent = given.sent()
        when(north.post(f"{sent.path}/cancel", {"reason": "need_resolved"})).then(200, state="cancelled", version=2)
        seen = north.seen(sent.path)
        assert (seen["facts"]["closed"]["yes"], seen["actions"], seen["due"]) == (
            True,
            ["entered-in-error", "take-back"],
            None,
        )
        theirs = doulas.seen(sent.path)
        assert (theirs["state"], theirs["client"], theirs["actions"]) == ("cancelled", None, [])
        when(doulas.get(f"{sent.path}/given")).then_problem(404, "not-found")
        when(doulas.post(f"{sent.path}/accept")).then_problem(409, "referral-already-ended", stands="cancelled")

    def test_what_was_accepted_is_stopped_by_the_receiver(self, given: Given, north: Caller, doulas: Caller) -> None:
        accepted = given.accepted()
        when(north.post(f"{accepted.path}/cancel", {"reason": "moved"})).then_problem(409, "wrong-state")
        asked = north.post(f"{accepted.path}/request-cancellation", {"reason": "moved"})
        when(asked).then(200, state="cancel_requested")
        waits = doulas.work(accepted.id, kind="confirm_cancellation") or {}
        assert waits["due"] is not None
        when(doulas.post(f"{accepted.path}/confirm-cancellation")).then(200, state="cancelled")
        assert doulas.seen(accepted.path)["client"] is not None, "who accepted keeps what it served her with (R1)"
        assert north.seen(accepted.path)["actions"] == ["acknowledge", "entered-in-error"]
        when(north.post(f"{accepted.path}/acknowledge")).then(200, state="cancelled")


class TestR12:
    """The same again is an outcome of its own."""

    def test_the_same_answer_twice_is_one(self, given: Given, doulas: Caller) -> None:
        sent = given.sent()
        first = doulas.done(f"{sent.path}/accept", {"on": ahead(4)})
        when(doulas.post(f"{sent.path}/accept", {"on": ahead(4)})).then(200, **first)

    def test_the_same_from_a_page_that_is_out_of_date(self, given: Given, doulas: Caller) -> None:
        for thing in (given.sent(), given.offered()):
            drawn = {"If-Match": f'"{doulas.seen(thing.path)["version"]}"'}
            first = doulas.done(f"{thing.path}/accept", {"on": SAID_ON}, headers=drawn)
            when(doulas.post(f"{thing.path}/accept", {"on": SAID_ON}, headers=drawn)).then(200, **first)
            refused = doulas.post(f"{thing.path}/decline", {"reason": "no_capacity"}, headers=drawn)
            when(refused).then_problem(412, "precondition-failed")

    def test_two_people_who_accept_at_once(self, given: Given, service: Service) -> None:
        people = [service.caller("example-doula-network", subject=name) for name in ("dora-muster", "ines-sample")]
        for _ in range(5):
            sent = given.sent()
            with ThreadPoolExecutor(2) as pool:
                asked = [pool.submit(person.post, f"{sent.path}/accept") for person in people]
                answers = [each.result() for each in asked]
            first, second = sorted(answers, key=lambda answer: answer.status_code)
            when(first).then(200, state="accepted", version=2)
            when(second).then_problem(409, "referral-already-answered", stands="accepted")
            assert given.sender.seen(sent.path)["version"] == 2

    def test_two_people_who_say_the_same_at_once(self, given: Given, service: Service) -> None:
        people = [service.caller("example-doula-network", subject=name) for name in ("dora-muster", "ines-sample")]
        people[0].listed("/v1/work")  # who has come is of the staff
        sent = given.sent()
        body = {"person": "dora-muster", "on": ahead(4)}
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda person: person.post(f"{sent.path}/accept", body), people))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()


class TestR17:
    """Which contacts count as having served her."""

    @pytest.mark.parametrize(
        ("said", "state"),
        [
            ({"mode": "phone", "outcome": "completed"}, "in_service"),
            ({"mode": "goods_delivery", "outcome": "completed", "met": False}, "in_service"),
            ({"mode": "funds_transfer", "outcome": "completed"}, "in_service"),
            ({"mode": "text_one_way", "outcome": "completed"}, "accepted"),
            ({"mode": "mail", "outcome": "completed"}, "accepted"),
            ({"mode": "home_visit", "outcome": "not_home"}, "accepted"),
        ],
    )
    def test_the_receivers_service_starts_it(self, given: Given, said: dict[str, object], state: str) -> None:
        accepted = given.accepted()
        given.contact(accepted, **said)
        assert given.sender.seen(accepted.path)["state"] == state

    @pytest.mark.parametrize(
        ("said", "state"),
        [
            ({"mode": "phone", "outcome": "completed"}, "in_service"),
            ({"mode": "goods_delivery", "outcome": "completed", "met": False}, "in_service"),
            ({"mode": "text_one_way", "outcome": "completed"}, "accepted"),
            ({"mode": "home_visit", "outcome": "not_home"}, "accepted"),
            ({"mode": "home_visit", "outcome": "completed", "at": in_days(-30)}, "accepted"),
        ],
    )
    def test_f2_what_was_done_before_it_was_accepted_connects_it_when_it_is(
        self, given: Given, doulas: Caller, said: dict[str, object], state: str
    ) -> None:
        sent = given.sent()
        given.contact(sent, mode="mail")
        contact = given.contact(sent, **said)
        assert given.sender.seen(sent.path)["facts"]["connected"]["yes"] is False
        key = uuid4().hex
        first = doulas.post(f"{sent.path}/accept", {"on": SAID_ON}, key=key)
        version = when(first).then(200, state=state)["version"]
        seen = given.sender.seen(sent.path)
        assert (seen["state"], seen["version"], seen["facts"]["responded"]["yes"]) == (state, version, True)
        assert seen["facts"]["connected"]["yes"] is (state == "in_service")
        again = doulas.post(f"{sent.path}/accept", {"on": SAID_ON}, key=key)
        assert (again.json(), again.headers["idempotent-replay"]) == (first.json(), "true")
        when(doulas.post(f"{sent.path}/accept", {"on": SAID_ON})).then(200, version=version)
        if state == "in_service":
            started = doulas.seen(sent.path)["history"][-1]
            assert (started["type"], started["detail"]["evidence"]) == ("referral.service_started.v1", contact)

    def test_the_senders_contact_connects_nothing_at_acceptance(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        sent = given.sent()
        north.done(f"/v1/clients/{sent.client}/contacts", MET | {"referral": sent.id})
        when(doulas.post(f"{sent.path}/accept")).then(200, state="accepted", version=2)

    def test_the_senders_contact_does_not(self, given: Given, north: Caller) -> None:
        accepted = given.accepted()
        north.done(f"/v1/clients/{accepted.client}/contacts", MET | {"referral": accepted.id})
        assert north.seen(accepted.path)["state"] == "accepted"


class TestR18R19:
    """One pregnancy that is not ended, and one lead in it."""

    def test_the_opener_leads_the_coordination(self, given: Given, north: Caller) -> None:
        client = given.pregnant()
        (lead,) = north.seen(f"/v1/clients/{client}/responsibility")["items"]
        assert (lead["domain"], lead["agency"], lead["basis"]) == (
            "primary_care_coordination",
            "example-clinic-north",
            "intake",
        )

    def test_it_is_opened_once(self, given: Given, north: Caller) -> None:
        client = given.client()
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: north.post(f"/v1/clients/{client}/episodes"), range(6)))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
        assert len({answer.json()["episode"] for answer in answers}) == 1

    def test_the_age_band_is_stored_and_the_birth_date_is_not(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client(birth_date="1999-05-06")
        north.done(f"/v1/clients/{client}/episodes", {"identified_on": ago(150)})
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            query = "SELECT state FROM stored_events WHERE topic = 'episode.opened.v1' ORDER BY notification_id DESC"
            row = store.execute(query).fetchone()
        assert row is not None
        assert b'"25-29"' in row[0]
        assert b"1999" not in row[0]

    def test_r1_a_copy_that_is_not_accepted_says_no_age(
        self, given: Given, north: Caller, doulas: Caller, hub: Caller, service: Service
    ) -> None:
        """What a later referral gives is read as given until it is accepted, and then at once the agency's own."""
        client = given.client(birth_date="1990-05-06")
        first = given.accepted(client)
        theirs = first.theirs
        doulas.done(f"{first.path}/decline", {"reason": "client_declined"})
        consent = AGREED | {"fields": ["name", "birth_date"]}
        second = given.sent(client, consent=consent)
        doulas.seen(f"{second.path}/given")
        doulas.done(f"/v1/clients/{theirs}/episodes")
        assert age_band(service, second.id) is None

    def test_r1_a_copy_that_was_accepted_a_moment_ago_says_it(
        self, given: Given, doulas: Caller, service: Service
    ) -> None:
        accepted = given.accepted(
            given.client(birth_date="1990-05-06"), consent=AGREED | {"fields": ["name", "birth_date"]}
        )
        doulas.done(f"/v1/clients/{accepted.theirs}/episodes", {"identified_on": ago(149)})
        assert age_band(service, accepted.id) == "35-39"


class TestR21:
    """One agency, one woman, one record."""

    def test_the_same_number_again_is_the_same_client(self, north: Caller) -> None:
        number = uuid4().hex
        body = {"names": [{"given": "Rosa", "family": "Fictiva"}], "mrn": number}
        first = when(north.post("/v1/clients", body)).then(201)
        assert when(north.post("/v1/clients", body)).then(200) == first

    def test_another_name_under_the_number_is_refused(self, north: Caller) -> None:
        number = uuid4().hex
        north.done("/v1/clients", {"names": [{"given": "Rosa", "family": "Fictiva"}], "mrn": number})
        other = north.post("/v1/clients", {"names": [{"given": "Mina", "family": "Muestra"}], "mrn": number})
        when(other).then_problem(409, "number-in-use")

    def test_another_agency_with_the_same_number_has_its_own(self, north: Caller, hub: Caller) -> None:
        body = {"names": [{"given": "Rosa", "family": "Fictiva"}], "mrn": uuid4().hex}
        when(north.post("/v1/clients", body)).then(201)
        when(hub.post("/v1/clients", body)).then(201)

    def test_eight_at_once_are_one(self, north: Caller) -> None:
        body = {"names": [{"given": "Rosa", "family": "Fictiva"}], "mrn": uuid4().hex}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: north.post("/v1/clients", body), range(8)))
        assert len({answer.json()["client"] for answer in answers}) == 1
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


def age_band(service: Service, referral: str) -> str | None:
    """The age band of the pregnancy of a referral's client, as it was stored."""
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        query = (
            "SELECT convert_from(e.state, 'UTF8')::jsonb ->> 'age_band' FROM stored_events e JOIN stored_events r"
            " USING (client_id) WHERE e.topic = 'episode.opened.v1' AND r.originator_id = %s"
            " AND r.originator_version = 1"
        )
        row = store.execute(query, [referral]).fetchone()
    assert row is not None
    return None if row[0] is None else str(row[0])


def disclosures(service: Service, referral: str) -> int:
    """How often it was written down that something of this referral was shown."""
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        query = (
            "SELECT count(*) FROM stored_events WHERE topic = 'disclosure.recorded.v1' AND"
            " convert_from(state, 'UTF8')::jsonb ->> 'referral' = %s"
        )
        row = store.execute(query, [referral]).fetchone()
    assert row is not None
    return int(row[0])
