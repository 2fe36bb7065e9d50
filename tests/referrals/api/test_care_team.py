"""Who helps her, read by herself: her agencies now, with what, and what she agreed that each may have (R1, R6, R20)."""

from typing import Any

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, when
from tests.referrals.api.test_directory import new_agency
from tests.referrals.api.test_disclosures import DOULAS, NORTH, herself

HOUSING: dict[str, Any] = {
    "to": {"agency": "sample-housing-help", "service": "housing-help-navigation"},
    "category": "housing-instability",
}
SAFE_HOUSE: dict[str, Any] = {
    "to": {"agency": "sample-safe-house", "service": "safe-house-advocacy"},
    "category": "intimate-partner-violence",
}
SOUTH, HUB = "example-clinic-south", "sample-county-chw-hub"
CLASSES = {"agency": DOULAS, "service": "doula-network-classes"}
CARE: dict[str, Any] = {
    "to": {"agency": SOUTH, "service": "clinic-south-prenatal-navigation"},
    "category": "prenatal_care_navigation",
}
COUNSELLING: dict[str, Any] = {
    "to": {"agency": SOUTH, "service": "clinic-south-counselling"},
    "category": "behavioral_health",
}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def helping(service: Service, agency: Caller, client: str) -> list[dict[str, Any]]:
    """Her list, by a code of this agency's."""
    items: list[dict[str, Any]] = herself(service, agency, client).seen(f"/v1/clients/{client}/helpers")["items"]
    return items


def told(items: list[dict[str, Any]]) -> list[tuple[str, str | None, bool, list[str], list[tuple[str, str]]]]:
    return [
        (
            each["agency"]["agency"],
            each["restricted"],
            each["registered"],
            each["leads"],
            [(one["category"] or one["domain"], one["state"]) for one in each["helps_with"]],
        )
        for each in items
    ]


class TestWhoHelpsHer:
    """Whoever registered her, leads, took on, or was asked; nobody whose part is over."""

    def test_each_with_what_it_helps_with_and_where_it_is_reached(self, given: Given, service: Service) -> None:
        accepted = given.accepted(given.pregnant())
        given.sent(accepted.client, **HOUSING)
        found = helping(service, given.sender, accepted.client)
        assert told(found) == [
            (NORTH, None, True, ["primary_care_coordination"], []),
            (DOULAS, None, False, [], [("doula", "accepted")]),
            ("sample-housing-help", None, False, [], [("housing-instability", "asked")]),
        ]
        assert found[1]["agency"]["name"] == "Example Doula Network"
        assert [each["number"] for each in found[1]["agency"]["phones"]][0] == "559 555 0148"
        assert found[1]["agency"]["addresses"][0]["address_1"] == "500 Sample Street"
        assert (found[1]["fields"], found[0]["fields"]) == (["name", "phones", "note"], [])

    def test_the_same_whichever_agency_let_her_in(self, given: Given, service: Service) -> None:
        accepted = given.accepted()
        given.sent(accepted.client, **HOUSING)
        by_sender = told(helping(service, given.sender, accepted.client))
        assert told(helping(service, given.receiver, accepted.theirs)) == by_sender
        assert len(by_sender) == 3

    def test_what_is_over_helps_nobody(self, given: Given, service: Service) -> None:
        client = given.client()
        given.receiver.done(f"{given.sent(client).path}/decline", {"reason": "no_capacity"})
        given.sent(client, **CARE, mode="informational")
        given.sender.done(f"{given.sent(client, **HOUSING).path}/cancel", {"reason": "need_resolved"})
        assert told(helping(service, given.sender, client)) == [(NORTH, None, True, [], [])]

    def test_a_handoff_is_asked_and_then_led(self, given: Given, service: Service) -> None:
        offered = given.offered()
        coordination = "primary_care_coordination"
        assert told(helping(service, given.sender, offered.client)) == [
            (NORTH, None, True, [coordination], []),
            (DOULAS, None, False, [], [(coordination, "asked")]),
        ]
        given.receiver.done(f"{offered.path}/accept")
        assert told(helping(service, given.sender, offered.client)) == [
            (DOULAS, None, False, [coordination], []),
            (NORTH, None, True, [], []),
        ]

    def test_r20_none_where_she_is_not_to_be_contacted(self, given: Given, service: Service) -> None:
        accepted = given.accepted()
        her = herself(service, given.sender, accepted.client)
        path = f"/v1/clients/{accepted.client}"
        given.receiver.done(f"/v1/clients/{accepted.theirs}/no-contact")
        assert told(her.seen(f"{path}/helpers")["items"]) == [(NORTH, None, True, [], [])]
        given.sender.done(f"{path}/deceased")
        assert her.seen(f"{path}/helpers")["items"] == []

    def test_r22_nobody_who_has_left(self, service: Service, hub: Caller) -> None:
        backbone = service.caller(None, "backbone")
        sender = new_agency(backbone, active=True)
        to = {"agency": HUB, "service": "chw-hub-care-coordination"}
        accepted = Given(service.caller(sender), hub).accepted(to=to, category="home_visiting")
        assert [each["agency"]["agency"] for each in helping(service, hub, accepted.theirs)] == [sender, HUB]
        backbone.done(f"/v1/directory/agencies/{sender}/leave")
        assert [each["agency"]["agency"] for each in helping(service, hub, accepted.theirs)] == [HUB]


class TestWhatTheyMayHave:
    """What she agreed to, as it holds now."""

    def test_r1_nothing_more_once_she_took_it_back(self, given: Given, service: Service) -> None:
        accepted = given.accepted()
        her = herself(service, given.sender, accepted.client)
        (consent,) = her.listed(f"/v1/clients/{accepted.client}/consents")
        her.done(f"/v1/consents/{consent['consent']}/revoke", {})
        shown = helping(service, given.sender, accepted.client)[1]
        assert (shown["helps_with"][0]["state"], shown["fields"], shown["kinds"]) == ("accepted", [], [])

    def test_r1_nothing_of_a_yes_once_a_no_goes_before_it(self, given: Given, service: Service) -> None:
        accepted = given.accepted()
        consents = f"/v1/clients/{accepted.client}/consents"
        her = herself(service, given.sender, accepted.client)
        assert [each["overruled"] for each in her.listed(consents)] == [None]
        no = {"agreed": False, "how": "spoken", "on": AGREED["on"], "recipient": DOULAS}
        given.sender.done(consents, no)
        assert helping(service, given.sender, accepted.client)[1]["fields"] == []
        _, overruled = her.listed(consents)
        assert (overruled["state"], overruled["overruled"]) == ("agreed", {"whole": True, "on": AGREED["on"]})
        mine = given.sender.listed(consents)[1]
        assert given.sender.seen(f"/v1/consents/{mine['consent']}")["overruled"] == overruled["overruled"]

    def test_a_no_is_stronger_than_a_yes_to_her_timeline(self, given: Given, service: Service) -> None:
        client = given.accepted().client
        yes = AGREED | {"recipient": DOULAS, "categories": {"housing": True, "social_services": True}}
        given.sender.done(f"/v1/clients/{client}/consents", yes)
        assert helping(service, given.sender, client)[1]["kinds"] == ["social_services", "housing"]
        no = AGREED | {"recipient": DOULAS, "categories": {"housing": False}}
        given.sender.done(f"/v1/clients/{client}/consents", no)
        assert helping(service, given.sender, client)[1]["kinds"] == ["social_services"]

    def test_whom_she_was_not_asked_about(self, given: Given, service: Service) -> None:
        why = {"exception": "emergency", "reason": "She came to the emergency room."}
        sent = given.sent(consent=why)
        shown = helping(service, given.sender, sent.client)[1]
        (help,) = shown["helps_with"]
        given_so = ["name", "birth_date", "phones", "address", "language"]
        assert (help["exception"], help["unasked"], shown["fields"]) == ("emergency", given_so, [])

    def test_which_help_she_was_not_asked_about_beside_a_yes_to_the_same_agency(
        self, given: Given, service: Service
    ) -> None:
        client = given.client()
        given.sent(client)
        why = {"exception": "emergency", "reason": "She came to the emergency room."}
        given.sent(client, to=CLASSES, category="childbirth_education", consent=why)
        shown = helping(service, given.sender, client)[1]
        found = {each["category"]: (each["exception"], each["unasked"] != []) for each in shown["helps_with"]}
        assert found == {"doula": (None, False), "childbirth_education": ("emergency", True)}


class TestR6Restricted:
    """What is restricted is marked, so that a page can keep name and need to itself; and it stands apart."""

    def test_an_agency_whose_name_tells(self, given: Given, service: Service) -> None:
        sent = given.sent(**SAFE_HOUSE)
        assert told(helping(service, given.sender, sent.client)) == [
            (NORTH, None, True, [], []),
            ("sample-safe-house", "ipv", False, [], [("intimate-partner-violence", "asked")]),
        ]

    def test_what_one_agency_does_of_a_class_stands_apart_from_the_rest(self, given: Given, service: Service) -> None:
        client = given.client()
        given.sent(client, **CARE)
        given.sent(client, **COUNSELLING)
        consent = AGREED | {"recipient": SOUTH, "category": "behavioral_health", "fields": ["due_date"]}
        given.sender.done(f"/v1/clients/{client}/consents", consent)
        found = helping(service, given.sender, client)
        assert told(found)[1:] == [
            (SOUTH, None, False, [], [("prenatal_care_navigation", "asked")]),
            (SOUTH, "behavioral", False, [], [("behavioral_health", "asked")]),
        ]
        assert ["due_date" in each["fields"] for each in found[1:]] == [False, True]


def test_it_is_hers_alone(given: Given, service: Service, hub: Caller, nobody: Caller, abroad: Caller) -> None:
    one, other = given.accepted(), given.accepted()
    path = f"/v1/clients/{one.client}/helpers"
    when(nobody.get(path)).then_problem(401, "not-signed-in")
    for caller in (given.sender, given.receiver, hub, abroad, service.caller(NORTH, "privacy_officer")):
        when(caller.get(path)).then_problem(403, "role-forbids")
    for roles in (("client",), ("client", "staff")):
        when(service.caller(NORTH, *roles, subject=one.client).get(path)).then_problem(403, "role-forbids")
    when(herself(service, given.sender, other.client).get(path)).then_problem(404, "not-found")
    when(herself(service, given.sender, one.client).get(f"{path}?limit=1")).then_malformed("/query")
