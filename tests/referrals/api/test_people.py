"""A client as a person over the API: for figures (R7), who she is, and whether anybody reaches out to her (R5)."""

import re
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
import pytest

from services.referrals.publishing import CARE_TOPIC
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when
from tests.referrals.api.test_episodes import in_days, opened, published

HERS = {"race_ethnicity": ["hispanic_latino", "american_indian_alaska_native"], "detailed": ["mixteco", "mexican"],
        "language": "mix-MX", "interpreter": True, "payer": "medi_cal"}  # fmt: skip
LIVES = {
    "birth_date": "1998-05-01",
    "address": {"line": "1 Sample Street", "zip": "93722-1234"},
    "phones": ["559 555 0142"],
}
DRAWN: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{20,}|[a-z2-7]{26}|\.[0-9]{3,}")
"""Ids and parts of a second: any digits stand in them by chance."""


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def put(caller: Caller, path: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    """State something anew, on the version that stands."""
    stands = caller.seen(f"{path.rpartition('/')[0]}/demographics")["version"] if version is None else version
    return caller.ask("PUT", path, json=body, headers={"If-Match": f'"{stands}"'})


class TestR7:
    def test_what_she_says_is_read_back_and_leaves_as_these_fields_alone(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client(**LIVES)
        path = f"/v1/clients/{client}/demographics"
        assert north.seen(path)["source"] is None
        shown = when(put(north, path, HERS)).then(
            200, source="self_reported", language="mix", zip_group="northwest-fresno"
        )
        assert north.seen(path) == shown
        ((name, told),) = [each for each in published(service, north, client)[CARE_TOPIC] if "demographics" in each[0]]
        assert name == "client.demographics_stated.v1"
        assert told == {
            "county": "fresno",
            "declined": False,
            "detailed": ["mixteco", "mexican"],
            "interpreter": True,
            "language": "mix",
            "payer": "medi_cal",
            "race_ethnicity": ["american_indian_alaska_native", "hispanic_latino"],
            "source": "self_reported",
            "zip_group": "northwest-fresno",
        }

    def test_nothing_finer_leaves_and_nothing_finer_is_stored(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client(**LIVES)
        put(north, f"/v1/clients/{client}/demographics", HERS)
        opened(north, client)
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            query = "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic !~ %s"
            rows = store.execute(query, ["^(agency|service)[.]"]).fetchall()  # their own street and phone are public
        kept = DRAWN.sub("", "\n".join(row[0] for row in rows) + str(published(service, north, client)))
        assert "northwest-fresno" in kept
        for finer in ("93722", "1998", "5550142", "555 0142", "Sample Street", "mix-MX"):
            assert finer not in kept, finer

    def test_a_zip_code_of_no_group_leaves_nothing(self, given: Given, north: Caller) -> None:
        client = given.client(address={"zip": "10001"})
        when(put(north, f"/v1/clients/{client}/demographics", HERS)).then(200, zip_group=None, county=None)

    def test_what_she_said_stands_against_what_was_seen(self, given: Given, north: Caller) -> None:
        path = f"/v1/clients/{given.client()}/demographics"
        put(north, path, HERS)
        seen = {"race_ethnicity": ["white"], "source": "staff_observed"}
        when(put(north, path, seen)).then(200, source="self_reported", payer="medi_cal")
        when(put(north, path, {"declined": True})).then(200, declined=True, race_ethnicity=[])

    def test_a_refusal_to_say_is_no_race(self, given: Given, north: Caller) -> None:
        path = f"/v1/clients/{given.client()}/demographics"
        when(put(north, path, HERS | {"declined": True})).then_malformed("/declined", "declined-and-stated")
        when(put(north, path, {"detailed": ["hmong"]})).then_malformed("/detailed", "group-not-of-race")

    def test_it_is_stated_on_the_version_that_was_read(self, given: Given, north: Caller) -> None:
        path = f"/v1/clients/{given.client()}/demographics"
        when(north.ask("PUT", path, json=HERS)).then_problem(428, "precondition-required")
        put(north, path, HERS)
        when(put(north, path, {"declined": True}, version=1)).then_problem(412, "precondition-failed")
        when(put(north, path, HERS, version=1)).then(200, version=2)

    def test_r8_another_agency_reads_and_counts_nothing_of_it(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        before = doulas.seen(f"/v1/clients/{accepted.theirs}/demographics")
        put(north, f"/v1/clients/{accepted.client}/demographics", HERS)
        assert doulas.seen(f"/v1/clients/{accepted.theirs}/demographics") == before
        put(doulas, f"/v1/clients/{accepted.theirs}/demographics", {"language": "es"})
        assert north.seen(f"/v1/clients/{accepted.client}/demographics")["language"] == "mix"


class TestWhoSheIs:
    def test_moved_and_a_new_name_are_stated_anew(self, given: Given, north: Caller, service: Service) -> None:
        client = given.client(**LIVES)
        put(north, f"/v1/clients/{client}/demographics", HERS)
        new = {"names": [{"given": "Testa", "family": "Newname"}], "address": {"zip": "93701"}}
        when(put(north, f"/v1/clients/{client}/identity", new)).then(200, client=client)
        assert north.seen(f"/v1/clients/{client}/identity")["address"]["zip"] == "93701"
        assert north.seen(f"/v1/clients/{client}/demographics")["zip_group"] == "fresno-city"
        types = [name for name, _ in published(service, north, client)[CARE_TOPIC]]
        assert types == ["client.registered.v1", "client.demographics_stated.v1", "client.demographics_stated.v1"]

    def test_r7_a_birth_date_that_comes_later_gives_the_age_band(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client()
        opened(north, client)
        new = {"names": [{"given": "Testa"}], "birth_date": "1990-01-01"}
        when(put(north, f"/v1/clients/{client}/identity", new)).then(200)
        told = dict(published(service, north, client)[CARE_TOPIC])
        assert told["episode.age_band_stated.v1"] == {"age_band": "35-39"}

    def test_r21_a_number_of_another_client_is_refused(self, given: Given, north: Caller) -> None:
        given.client(mrn="P-NUMBER-7")
        new = {"names": [{"given": "Testa", "family": "Other"}], "mrn": "P-NUMBER-7"}
        answer = put(north, f"/v1/clients/{given.client()}/identity", new)
        when(answer).then_problem(409, "number-in-use")

    def test_r1_who_accepted_her_reads_and_completes_a_record_of_its_own(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        new = {"names": [{"given": "Testa", "family": "Newname"}], "phones": ["555 010 0177"]}
        unanswered = f"/v1/clients/{given.sent().theirs}/identity"
        when(doulas.get(unanswered)).then_problem(404, "not-found")
        when(put(doulas, unanswered, new)).then_problem(409, "wrong-state")
        sent = given.accepted()
        doulas.seen(f"{sent.path}/given")  # its copy is made
        address = f"/v1/clients/{sent.theirs}/identity"
        before = north.seen(f"/v1/clients/{sent.client}/identity")
        came = doulas.seen(address)
        assert came["names"] == before["names"]
        (way,) = doulas.seen(f"/v1/clients/{sent.theirs}")["came_with"]
        assert (way["kind"], way["id"], way["from"]["agency"]) == ("referral", sent.id, "example-clinic-north")
        for _ in range(2):
            when(put(doulas, address, new)).then(200, client=sent.theirs)
            assert doulas.seen(address)["phones"] == ["555 010 0177"]
        found = when(doulas.post("/v1/clients/search", {"text": "555 010 0177"})).then(200)
        assert sent.theirs in {each["client"] for each in found["items"]}
        assert north.seen(f"/v1/clients/{sent.client}/identity") == before
        assert north.seen(f"/v1/clients/{sent.client}")["came_with"] == []

    def test_who_knows_her_not_corrects_nothing(self, given: Given, hub: Caller) -> None:
        address = f"/v1/clients/{given.accepted().client}/identity"
        when(hub.get(address)).then_problem(404, "not-found")
        when(put(hub, address, {"names": [{"given": "X"}]}, version=1)).then_problem(404, "not-found")


class TestR5:
    def test_r5_a_pause_is_seen_by_every_agency_without_a_reason_and_quiets_the_due_date(
        self, given: Given, north: Caller, doulas: Caller, service: Service
    ) -> None:
        accepted = given.accepted()
        mine = opened(north, accepted.client)
        north.done(f"{mine}/date", {"edd": in_days(109), "basis": "lmp"})
        assert north.seen(mine)["gestational_days"] == 171
        when(doulas.post(f"/v1/clients/{accepted.theirs}/pause")).then(200, outreach="paused")
        when(north.post(f"/v1/clients/{accepted.client}/pause")).then(200, outreach="paused")
        for caller, client in ((north, accepted.client), (doulas, accepted.theirs)):
            assert caller.seen(f"/v1/clients/{client}")["outreach"] == "paused"
        assert north.seen(mine)["gestational_days"] is None
        assert north.seen(f"/v1/clients/{accepted.client}/episodes")["items"][0]["gestational_days"] is None
        when(north.post(f"/v1/clients/{accepted.client}/resume")).then(200, outreach="open")
        assert north.seen(mine)["gestational_days"] == 171
        told = [each for each in published(service, north, accepted.client)[CARE_TOPIC] if "outreach" in each[0]]
        assert told == [("client.outreach_paused.v1", {}), ("client.outreach_resumed.v1", {})]

    def test_r5_a_pause_takes_what_would_need_her_off_the_work_list(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        def listed(caller: Caller, id: str) -> list[tuple[str, bool]]:
            found = [each for each in caller.listed("/v1/work") if each["id"] == id]
            return [(each["waits_for"], each["outreach_paused"]) for each in found]

        accepted, waiting = given.accepted(), given.sent(client := given.client())
        read = given.declined()
        before = doulas.seen("/v1/work")["counts"]["contact"]
        assert listed(doulas, accepted.id) == [("contact", False)]
        for each in (accepted.client, client, read.client):
            north.done(f"/v1/clients/{each}/pause")
        assert listed(doulas, accepted.id) == []
        assert doulas.seen("/v1/work")["counts"]["contact"] == before - 1
        # Answers are given as before; who has not taken her on knows no more of her than it was told (R8).
        assert listed(doulas, waiting.id) == [("answer", False)]
        assert listed(north, read.id) == [("acknowledge", True)]
        north.done(f"/v1/clients/{accepted.client}/resume")
        assert listed(doulas, accepted.id) == [("contact", False)]

    def test_r5_nobody_is_asked_how_it_was_while_outreach_is_paused(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        done = given.completed()
        north.done(f"/v1/clients/{done.client}/pause")
        voice = f"{done.path}/feedback"
        assert (north.seen(voice)["actions"], doulas.seen(voice)["actions"]) == ([], [])
        when(doulas.post(f"{voice}/ask")).then_problem(409, "outreach-paused")
        north.done(f"/v1/clients/{done.client}/resume")
        when(doulas.post(f"{voice}/ask")).then(200, state="asked")
        north.done(f"/v1/clients/{done.client}/pause")
        when(doulas.post(f"{voice}/ask")).then(200, state="asked", actions=["answer"])

    def test_what_is_not_paused_is_not_resumed(self, given: Given, north: Caller) -> None:
        when(north.post(f"/v1/clients/{given.client()}/resume")).then_problem(409, "outreach-not-paused")


class TestR20:
    """No further contact: one command a cause, alike for all outside."""

    @pytest.mark.parametrize("step", ["deceased", "moved-away", "no-contact"])
    def test_r20_the_cause_is_in_no_event_and_others_read_the_same(
        self, given: Given, service: Service, step: str
    ) -> None:
        north, doulas, accepted = given.sender, given.receiver, given.accepted()
        everything = {} if step == "deceased" else {"all_agencies": True}
        when(north.post(f"/v1/clients/{accepted.client}/{step}", {"note": "Told by her sister", **everything})).then(
            200, outreach="stopped"
        )
        theirs = doulas.seen(f"/v1/clients/{accepted.theirs}")
        assert (theirs["outreach"], theirs["stop_recorded"], theirs["stop"]) == ("stopped", False, None)
        why = {"cause": step.replace("-", "_"), "all_agencies": True, "note": "Told by her sister"}
        assert north.seen(f"/v1/clients/{accepted.client}")["stop"] == why
        told = published(service, north, accepted.client)[CARE_TOPIC]
        assert ("client.no_further_contact.v1", {}) in told
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            rows = store.execute("SELECT convert_from(state, 'UTF8') FROM stored_events").fetchall()
        assert not any(word in row[0] for row in rows for word in ("deceased", "moved_away", "no_contact", "sister"))

    def test_r20_deceased_closes_everything_and_leads_end(self, given: Given, hub: Caller, service: Service) -> None:
        north, doulas = given.sender, given.receiver
        accepted = given.accepted()
        opened(north, accepted.client)
        waiting = given.proposed(accepted.client)
        north.done(f"/v1/clients/{accepted.client}/deceased")
        assert doulas.seen(accepted.path)["state"] == "not_completed"
        assert north.seen(accepted.path)["reason"] == "no_further_contact"
        assert north.seen(waiting.path)["state"] == "withdrawn"
        (episode,) = north.seen(f"/v1/clients/{accepted.client}/episodes")["items"]
        assert episode["state"] == "closed"
        assert north.seen(f"/v1/clients/{accepted.client}/responsibility")["items"] == []
        assert episode["gestational_days"] is None
        told = dict(published(service, north, accepted.client)[CARE_TOPIC])
        assert told["episode.closed.v1"] == {"reason": "no_further_contact"}
        assert told["referral.not_completed.v1"]["reason_owner"] == "client"

    def test_r20_correcting_gives_the_pregnancy_back_and_who_led_it(
        self, given: Given, hub: Caller, service: Service
    ) -> None:
        north, client = given.sender, given.client()
        opened(north, client)
        before = north.seen(f"/v1/clients/{client}/responsibility")["items"]
        (dated,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
        north.done(f"/v1/clients/{client}/deceased")
        when(north.post(f"/v1/clients/{client}/contact-again")).then(200, outreach="open")
        when(north.post(f"/v1/clients/{client}/contact-again")).then(200, outreach="open")
        (again,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
        assert (again["state"], again["actions"]) == (dated["state"], dated["actions"])
        assert north.seen(f"/v1/clients/{client}/responsibility")["items"] == before
        told = [kind for kind, _ in published(service, north, client)[CARE_TOPIC]]
        assert told[-3:] == ["episode.closed.v1", "client.no_further_contact_corrected.v1", "episode.taken_back.v1"]
        when(north.post(f"/v1/clients/{client}/episodes")).then(200, episode=dated["episode"])

    def test_r20_as_long_as_another_agency_says_so_it_stays_over(self, given: Given) -> None:
        north, doulas, accepted = given.sender, given.receiver, given.accepted()
        opened(north, accepted.client)
        doulas.done(f"/v1/clients/{accepted.theirs}/moved-away", {"all_agencies": True})
        north.done(f"/v1/clients/{accepted.client}/deceased")
        for caller, client, state in ((north, accepted.client, "closed"), (doulas, accepted.theirs, "open_undated")):
            when(caller.post(f"/v1/clients/{client}/contact-again")).then(200)
            (episode,) = north.seen(f"/v1/clients/{accepted.client}/episodes")["items"]
            assert episode["state"] == state

    def test_r20_the_other_two_close_what_the_agency_is_a_side_of(self, given: Given) -> None:
        north, doulas = given.sender, given.receiver
        accepted = given.accepted()
        opened(north, accepted.client)
        doulas.done(f"/v1/clients/{accepted.theirs}/no-contact")
        assert north.seen(accepted.path)["state"] == "not_completed"
        assert north.seen(f"/v1/clients/{accepted.client}")["outreach"] == "open"
        assert north.seen(f"/v1/clients/{accepted.client}/episodes")["items"][0]["state"] == "open_undated"

    def test_r8_a_third_agency_stands_in_no_history(self, given: Given, hub: Caller, north: Caller) -> None:
        accepted = given.accepted()
        service = north.listed("/v1/directory/services")
        offered = next(each for each in service if each["agency"]["agency"] == "sample-county-chw-hub")
        to = {"agency": "sample-county-chw-hub", "service": offered["service"]}
        body = {"client": accepted.client, "to": to, "category": offered["category"], "consent": AGREED}
        sent = when(north.post("/v1/referrals", body)).then(201)
        theirs = hub.seen(f"/v1/referrals/{sent['referral']}?names=false")["client"]["client"]
        hub.done(f"/v1/clients/{theirs}/moved-away", {"all_agencies": True})
        agencies = {entry["agency"]["agency"] for entry in given.receiver.seen(accepted.path)["history"]}
        assert agencies == {"example-clinic-north", "example-doula-network"}
        assert north.seen(accepted.path)["state"] == "not_completed"

    def test_r12_the_same_again_and_another_cause(self, given: Given, north: Caller) -> None:
        client = given.client()
        north.done(f"/v1/clients/{client}/no-contact")
        when(north.post(f"/v1/clients/{client}/no-contact")).then(200)
        when(north.post(f"/v1/clients/{client}/deceased")).then_problem(409, "no-further-contact-recorded")

    def test_r20_nothing_new_begins_and_correcting_offers_to_send_again(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        north.done(f"/v1/clients/{accepted.client}/moved-away")
        body = {"client": accepted.client, "to": DOULA, "category": "doula", "consent": AGREED}
        when(north.post("/v1/referrals", body)).then_problem(409, "no-further-contact")
        when(north.post(f"/v1/clients/{accepted.client}/episodes")).then_problem(409, "no-further-contact")
        when(doulas.post(f"/v1/clients/{accepted.theirs}/contact-again")).then_problem(
            409, "contact-not-stopped", title="Your agency did not write down that contact with her ends."
        )
        path = f"/v1/clients/{accepted.client}/contact-again"
        when(north.post(path)).then(200, outreach="open", referrals=[accepted.id])
        when(north.post(path)).then(200)
        (again,) = north.seen(f"/v1/clients/{accepted.client}")["send_again"]
        assert (again["referral"], again["category"], again["to"]["agency"]) == (accepted.id, "doula", DOULA["agency"])
        assert doulas.seen(f"/v1/clients/{accepted.theirs}")["send_again"] == []
        when(north.post("/v1/referrals", body | {"supersedes": accepted.id})).then(201)
        assert north.seen(f"/v1/clients/{accepted.client}")["send_again"] == []


class TestR21:
    """One agency, one woman, one record."""

    def test_r21_the_same_number_again_is_200_and_another_name_under_it_is_refused(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        hers = {"names": [{"given": "Testa", "family": "Numbered"}], "mrn": "P-R21-1"}
        client = when(north.post("/v1/clients", hers)).then(201)["client"]
        put(north, f"/v1/clients/{client}/demographics", HERS)
        again = north.post("/v1/clients", hers)
        when(again).then(200, client=client)
        assert again.headers["etag"] == '"2"'
        other = hers | {"names": [{"given": "Somebody", "family": "Else"}]}
        when(north.post("/v1/clients", other)).then_problem(409, "number-in-use")

    def test_r21_on_accepting_two_references_show_one_page_for_that_agency_alone(
        self, given: Given, north: Caller, doulas: Caller, service: Service
    ) -> None:
        twice = f"Testa-{uuid4().hex[:8]}"  # other tests have filled the lists with those of the plain name
        own = doulas.done("/v1/clients", {"names": [{"given": twice, "family": "Known-Here"}]})["client"]
        doulas.done(f"/v1/clients/{own}/contacts", {"mode": "phone", "outcome": "completed"})
        sent = given.sent(given.client(names=[{"given": twice, "family": "Sample"}]))
        before = (north.seen(sent.path)["client"], north.seen(f"/v1/clients/{sent.client}"))
        doulas.done(f"{sent.path}/accept", {"own_client": own})
        theirs = sent.theirs
        pages = [doulas.seen(f"/v1/clients/{each}/timeline") for each in (own, theirs)]
        assert [each["type"] for each in pages[0]["entries"]] == [each["type"] for each in pages[1]["entries"]]
        types = {each["type"] for each in pages[0]["entries"]}
        assert {"contact.recorded.v1", "referral.accepted.v1", "client.linked.v1"} <= types
        assert doulas.seen(f"/v1/clients/{theirs}/identity")["names"][0]["family"] == "Known-Here"
        assert doulas.seen(f"/v1/clients/{own}")["same"] == [theirs]
        found = doulas.done("/v1/clients/search", {"text": twice})["items"]
        assert own in {each["client"] for each in found}
        assert theirs not in {each["client"] for each in found}, "one woman is listed once"
        assert (north.seen(sent.path)["client"], north.seen(f"/v1/clients/{sent.client}")) == before
        assert "linked" not in str(north.seen(f"/v1/clients/{sent.client}/timeline"))
        told = dict(published(service, north, sent.client)[CARE_TOPIC])
        assert set(told["client.linked.v1"]) == {"other"}
        assert "client.named.v1" not in told

    def test_r21_a_pregnancy_of_either_reference_is_one_list(self, given: Given, doulas: Caller) -> None:
        own = doulas.done("/v1/clients", {"names": [{"given": "Testa"}]})["client"]
        accepted = given.accepted()
        opened(doulas, own)
        opened(doulas, accepted.theirs)
        when(doulas.post(f"/v1/clients/{accepted.theirs}/link", {"own_client": own})).then(200, same=[own])
        for each in (own, accepted.theirs):
            assert len(doulas.seen(f"/v1/clients/{each}/episodes")["items"]) == 2

    def test_r21_it_can_be_undone(self, given: Given, doulas: Caller, service: Service, north: Caller) -> None:
        own = doulas.done("/v1/clients", {"names": [{"given": "Testa"}]})["client"]
        accepted = given.accepted()
        body = {"own_client": own}
        path = f"/v1/clients/{accepted.theirs}"
        doulas.done(f"{path}/link", body)
        when(doulas.post(f"{path}/link", body)).then(200, same=[own])
        when(doulas.post(f"{path}/unlink", body)).then(200, same=[])
        when(doulas.post(f"{path}/unlink", body)).then(200)
        assert doulas.seen(f"/v1/clients/{own}")["same"] == []
        types = [name for name, _ in published(service, north, accepted.client)[CARE_TOPIC]]
        assert (types.count("client.linked.v1"), types.count("client.unlinked.v1")) == (1, 1)

    def test_r21_only_ones_own_client_is_named_for_one_that_came(
        self, given: Given, doulas: Caller, north: Caller, hub: Caller
    ) -> None:
        own = doulas.done("/v1/clients", {"names": [{"given": "Testa"}]})["client"]
        accepted = given.accepted()
        path = f"/v1/clients/{accepted.theirs}/link"
        when(doulas.post(path, {"own_client": accepted.theirs})).then_malformed("/own_client", "not-two-references")
        when(doulas.post(f"/v1/clients/{own}/link", {"own_client": own})).then_malformed("/own_client")
        foreign = hub.done("/v1/clients", {"names": [{"given": "Testa"}]})["client"]
        when(doulas.post(path, {"own_client": foreign})).then_problem(404, "not-found")
        sent = given.sent()
        when(doulas.post(f"{sent.path}/accept", {"own_client": foreign})).then_problem(404, "not-found")
        assert doulas.seen(sent.path)["state"] == "sent"
