"""A client's own consents: she reads what she said yes to, whoever wrote it down, and takes it back herself (R1)."""

from typing import Any

import psycopg
import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, when
from tests.referrals.api.test_disclosures import DOULAS, NORTH, accounted, herself

HOUSING = "sample-housing-help"


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def hers(reader: Caller, client: str) -> list[dict[str, Any]]:
    return reader.listed(f"/v1/clients/{client}/consents")


def revoking(consent: str) -> str:
    return f"/v1/consents/{consent}/revoke"


class TestR1SheReadsThem:
    """All of hers, with the names that people know; nobody else's."""

    def test_what_she_said_to_whom_and_what_about(self, given: Given, service: Service) -> None:
        sent = given.sent()
        (shown,) = hers(herself(service, given.sender, sent.client), sent.client)
        assert shown["agency"] == {"agency": NORTH, "name": "Example Clinic North"}
        assert (shown["to"], shown["state"]) == ([{"agency": DOULAS, "name": "Example Doula Network"}], "agreed")
        assert (shown["fields"], shown["restricted"]) == (["name", "phones", "note"], None)

    def test_whichever_agency_wrote_it_down_or_let_her_in(self, given: Given, service: Service) -> None:
        sent = given.accepted()
        given.receiver.done(f"/v1/clients/{sent.theirs}/consents", AGREED | {"recipient": HOUSING})
        for agency, client in ((given.sender, sent.client), (given.receiver, sent.theirs)):
            found = hers(herself(service, agency, client), client)
            assert [each["agency"]["agency"] for each in found] == [DOULAS, NORTH]
        assert len(given.sender.listed(f"/v1/clients/{sent.client}/consents")) == 1, "staff see their own agency's"

    @pytest.mark.parametrize(
        ("said", "restricted"),
        [
            ({"category": "substance_use_treatment"}, "part2"),
            ({"recipient": "sample-safe-house"}, "ipv"),
            ({"recipient": "example-clinic-south"}, None),
        ],
    )
    def test_what_tells_by_its_need_or_name_is_restricted(
        self, given: Given, service: Service, said: dict[str, str], restricted: str | None
    ) -> None:
        client = given.client()
        given.sender.done(f"/v1/clients/{client}/consents", AGREED | said)
        (shown,) = hers(herself(service, given.sender, client), client)
        assert shown["restricted"] == restricted

    def test_it_comes_in_parts_that_staff_cannot_go_on_with(self, given: Given, service: Service) -> None:
        client = given.client()
        for category in ("doula", "housing-instability", "food-insecurity"):
            given.sender.done(f"/v1/clients/{client}/consents", AGREED | {"category": category})
        her = herself(service, given.sender, client)
        first = her.seen(f"/v1/clients/{client}/consents", params={"limit": "2"})
        assert (len(first["items"]), len(her.seen(first["next"])["items"])) == (2, 1)
        when(given.sender.get(first["next"])).then_malformed("/query/cursor", "unknown_cursor")

    def test_nobody_elses(self, given: Given, service: Service) -> None:
        sent, other = given.sent(), given.sent()
        her = herself(service, given.sender, sent.client)
        (not_hers,) = hers(herself(service, given.sender, other.client), other.client)
        when(her.get(f"/v1/clients/{other.client}/consents")).then_problem(404, "not-found")
        for consent in (not_hers["consent"], "a" * 26, sent.client):
            when(her.post(revoking(consent), {})).then_problem(404, "not-found")
        (untouched,) = hers(herself(service, given.sender, other.client), other.client)
        assert untouched["state"] == "agreed"
        when(her.get(f"/v1/consents/{not_hers['consent']}")).then_problem(403, "role-forbids")
        when(her.post(f"/v1/clients/{sent.client}/consents", AGREED)).then_problem(403, "role-forbids")

    @pytest.mark.parametrize("roles", [("client",), ("client", "privacy_officer"), ("client", "reviewer")])
    def test_the_provider_signs_nobody_in_as_her(self, given: Given, service: Service, roles: tuple[str, ...]) -> None:
        sent = given.sent()
        (shown,) = hers(herself(service, given.sender, sent.client), sent.client)
        stray = service.caller(NORTH, *roles, subject=sent.client)
        when(stray.get(f"/v1/clients/{sent.client}/consents")).then_problem(403, "role-forbids")
        when(stray.post(revoking(shown["consent"]), {})).then_problem(403, "role-forbids")
        assert hers(herself(service, given.sender, sent.client), sent.client) == [shown]


class TestR1SheTakesItBack:
    """The same event and the same consequences as where staff write it down; it says that it was herself."""

    def test_who_has_not_accepted_loses_it(self, given: Given, service: Service) -> None:
        sent = given.sent()
        her = herself(service, given.sender, sent.client)
        (shown,) = hers(her, sent.client)
        when(her.post(revoking(shown["consent"]), {})).then(200)
        assert given.sender.seen(sent.path)["state"] == "cancelled"
        when(given.receiver.get(f"{sent.path}/given")).then_problem(404, "not-found")
        (after,) = hers(her, sent.client)
        assert (after["state"], after["ended_on"] is not None) == ("revoked", True)
        (item,) = accounted(her, sent.client)
        assert item["allowed"]["ended_on"] is not None

    def test_who_has_accepted_keeps_it_and_gets_nothing_new(self, given: Given, service: Service) -> None:
        sent = given.accepted()
        her = herself(service, given.sender, sent.client)
        (shown,) = hers(her, sent.client)
        when(her.post(revoking(shown["consent"]), {})).then(200)
        assert given.sender.seen(sent.path)["state"] == "accepted"
        assert given.receiver.get(f"{sent.path}/given").status_code == 200
        to = {"agency": DOULAS, "service": "doula-network-birth-support"}
        body = {"client": sent.client, "to": to, "category": "doula", "consent": {"id": shown["consent"]}}
        when(given.sender.post("/v1/referrals", body)).then_problem(403, "consent-does-not-cover")

    def test_what_another_agency_wrote_down(self, given: Given, service: Service) -> None:
        sent = given.accepted()
        path = f"/v1/clients/{sent.theirs}/consents"
        theirs = given.receiver.done(path, AGREED | {"recipient": HOUSING})["consent"]
        her = herself(service, given.sender, sent.client)
        (shown,) = [each for each in hers(her, sent.client) if each["agency"]["agency"] == DOULAS]
        when(her.post(revoking(shown["consent"]), {}, key="mine")).then(200)
        when(her.post(revoking(shown["consent"]), {}, key="mine")).then(200)
        assert given.receiver.seen(f"/v1/consents/{theirs}")["state"] == "revoked"

    def test_r12_again_is_the_same_and_a_no_is_not_taken_back(self, given: Given, service: Service) -> None:
        client = given.client()
        yes = given.consent(client)
        no = AGREED | {"agreed": False, "fields": [], "category": "food-insecurity"}
        given.sender.done(f"/v1/clients/{client}/consents", no)
        her = herself(service, given.sender, client)
        when(her.post(revoking(yes), {})).then(200)
        when(her.post(revoking(yes), {})).then(200)
        (refused,) = [each for each in hers(her, client) if each["state"] == "refused"]
        when(her.post(revoking(refused["consent"]), {})).then_problem(409, "consent-refused")

    def test_the_event_says_that_it_was_herself(self, given: Given, service: Service) -> None:
        client = given.client()
        by_staff, by_her = given.consent(client), given.consent(client)
        given.sender.done(revoking(by_staff), {"how": "signed"})
        herself(service, given.sender, client).done(revoking(by_her), {"how": "spoken", "on": "2020-01-01"})
        told = [each for each in given.sender.listed(f"/v1/clients/{client}/consents") if each["state"] == "revoked"]
        assert [each["ended_on"] > "2020-01-01" for each in told] == [True, True], "she says neither how nor when"
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            stored = store.execute(
                "SELECT convert_from(state, 'UTF8')::jsonb ->> 'how' FROM stored_events"
                " WHERE topic = 'consent.revoked.v1' ORDER BY notification_id DESC LIMIT 2"
            ).fetchall()
        assert {how for (how,) in stored} == {"signed", None}
