"""R1, R6, D6: who is named in an accounting to an agency whose entries were merely among what was looked at."""

from typing import Any

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, Referral, when
from tests.referrals.api.test_disclosures import accounted, herself, on_paper

NORTH, DOULAS, WIC = "example-clinic-north", "example-doula-network", "sample-wic-office-east"
CARE, HOUSE = "example-behavioral-health", "sample-safe-house"
SERVED = {
    CARE: {"to": {"agency": CARE, "service": "behavioral-health-perinatal"}, "category": "behavioral_health"},
    HOUSE: {"to": {"agency": HOUSE, "service": "safe-house-advocacy"}, "category": "intimate-partner-violence"},
    WIC: {"to": {"agency": WIC, "service": "wic-east-enrolment"}, "category": "wic"},
}
WHY = "He stands at the door of the house."


@pytest.fixture
def hers(north: Caller, doulas: Caller) -> Referral:
    """A client of the clinic's whom the doulas took on; they wrote down a need of hers."""
    referral = Given(north, doulas).accepted()
    doulas.done(f"/v1/clients/{referral.theirs}/needs", {"category": "food-insecurity"})
    return referral


def served_by(service: Service, hers: Referral, agency: str) -> Referral:
    """Another agency takes her on, which the clinic asked as well."""
    return Given(hers.sender, service.caller(agency, "case_manager")).accepted(hers.client, **SERVED[agency])


def shared_with(hers: Referral, agency: str) -> None:
    said = AGREED | {"recipients": [DOULAS, agency], "categories": {"physical_health": True, "social_services": True}}
    hers.sender.done(f"/v1/clients/{hers.client}/consents", said)


def looked(referral: Referral) -> None:
    seen = referral.receiver.seen(f"/v1/clients/{referral.theirs}/timeline")
    assert any(each["shared"] and each["agency"]["agency"] == DOULAS for each in seen["entries"])


def opened(referral: Referral) -> None:
    body = {"client": referral.theirs, "code": "danger", "reason": WHY}
    when(referral.receiver.post("/v1/break-glass", body)).then(201)
    referral.receiver.seen(f"/v1/clients/{referral.theirs}/timeline")


def officer(service: Service) -> Caller:
    return service.caller(DOULAS, "privacy_officer", subject="pia-invented")


def told(reader: Caller, hers: Referral) -> dict[str, dict[str, Any]]:
    return {each["kind"]: each for each in reader.listed(f"/v1/clients/{hers.theirs}/disclosures")}


def paper(reader: Caller, hers: Referral) -> str:
    return on_paper(reader.get(f"/v1/clients/{hers.theirs}/disclosures/paper").content)


class TestALookUnderHerYes:
    def test_whose_name_tells_nothing_is_named(self, hers: Referral, service: Service) -> None:
        other = served_by(service, hers, WIC)
        shared_with(hers, WIC)
        looked(other)
        for reader in (hers.receiver, officer(service)):
            assert told(reader, hers)["timeline"]["to"]["agency"] == WIC
        assert "Sample WIC Office East looked at your timeline" in paper(officer(service), hers)

    def test_r6_whose_name_tells_of_a_restricted_service_is_not(self, hers: Referral, service: Service) -> None:
        other = served_by(service, hers, CARE)
        shared_with(hers, CARE)
        looked(other)
        for reader in (hers.receiver, officer(service)):
            look = told(reader, hers)["timeline"]
            assert (look["to"], look["restricted"]) == ({"agency": "another", "name": "Another agency"}, None)
            assert "Behavioral" not in str(told(reader, hers))
            said = paper(reader, hers)
            assert ("Another agency looked at your timeline" in said, "restricted" in said) == (True, False)
        mine = {each["kind"]: each for each in accounted(herself(service, hers.sender, hers.client), hers.client)}
        assert (mine["timeline"]["to"]["agency"], mine["timeline"]["restricted"]) == (CARE, "behavioral")

    def test_d6_nobody_is_named_where_she_may_be_in_danger(self, hers: Referral, service: Service) -> None:
        other = served_by(service, hers, WIC)
        shared_with(hers, WIC)
        looked(other)
        served_by(service, hers, HOUSE)
        for reader in (hers.receiver, officer(service)):
            assert told(reader, hers)["timeline"]["to"]["agency"] == "another"
            assert "WIC" not in str(told(reader, hers)) + paper(reader, hers)
            assert told(reader, hers)["referral"]["by"]["agency"] == NORTH, "the two sides know each other"

    def test_what_she_asks_of_it_does_not_name_it_either(self, hers: Referral, service: Service) -> None:
        other = served_by(service, hers, CARE)
        shared_with(hers, CARE)
        looked(other)
        her = herself(service, hers.sender, hers.client)
        look = next(each for each in accounted(her, hers.client) if each["kind"] == "timeline")
        her.done(f"/v1/clients/{hers.client}/disclosures/{look['disclosure']}/questions", {"text": "Was this right?"})
        (asked,) = [
            each for each in officer(service).listed("/v1/inquiries") if each["client"]["client"] == hers.theirs
        ]
        assert (asked["text"], asked["disclosure"]["to"]["agency"]) == ("Was this right?", "another")
        assert "Behavioral" not in str(asked)


class TestAnEmergency:
    def test_r1_the_words_are_for_her_and_for_officers(self, hers: Referral, service: Service) -> None:
        opened(served_by(service, hers, WIC))
        assert told(hers.receiver, hers).keys() == {"referral"}, "case managers elsewhere are not told"
        for kind in ("opened", "break_glass"):
            assert told(officer(service), hers)[kind]["to"]["agency"] == WIC
        assert told(officer(service), hers)["opened"]["reason"] == WHY

    def test_r1_who_opened_it_has_it_on_the_list_without_the_words(self, hers: Referral, service: Service) -> None:
        other = served_by(service, hers, WIC)
        opened(other)
        (entry,) = [
            each
            for each in other.receiver.listed(f"/v1/clients/{other.theirs}/disclosures")
            if each["kind"] == "opened"
        ]
        assert (entry["to"]["agency"], entry["emergency"], entry["reason"]) == (WIC, "danger", None)

    def test_d6_the_shelter_that_opened_it_is_not_named_elsewhere(self, hers: Referral, service: Service) -> None:
        opened(served_by(service, hers, HOUSE))
        seen = told(officer(service), hers)
        assert [seen[kind]["to"]["agency"] for kind in ("opened", "break_glass")] == ["another"] * 2
        (asked,) = [
            each for each in officer(service).listed("/v1/inquiries") if each["client"]["client"] == hers.theirs
        ]
        assert (asked["text"], asked["disclosure"]["to"]["agency"]) == (WHY, "another")
        assert "Safe House" not in str(seen) + str(asked)
