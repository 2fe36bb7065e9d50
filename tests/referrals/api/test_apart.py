"""Nothing crosses from one initiative to another: no list or search shows it, no command can name it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.condition import until
from tests.referrals.api.conftest import FRESNO, SAN_FRANCISCO, Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when
from tests.referrals.api.test_access import OPERATIONS

HER = "Allein"
STAFF = ("staff", "case_manager", "agency_admin", "privacy_officer")


@dataclass(frozen=True)
class There:
    """What one initiative holds: who is in it, and the ids and names by which another would know of it."""

    sender: Caller
    receiver: Caller
    referral: str
    known_by: Mapping[str, str]


@pytest.fixture(scope="module")
def there(service: Service) -> There:
    """Something in every list of Fresno's, made by people whom no other test knows."""
    clinic, doulas = (
        service.caller(agency, *STAFF, subject=f"testa-{agency}")
        for agency in ("example-clinic-north", "example-doula-network")
    )
    given = Given(clinic, doulas)
    names = [{"given": "Testa", "family": f"{HER}-Muster"}]
    client = given.client(names=names)
    clinic.done(f"/v1/clients/{client}/episodes")
    why = {"exception": "emergency", "reason": "She came to the emergency room."}
    referral = given.sent(client, consent=why)
    handoff = given.offered(client)
    doulas.done(f"{handoff.path}/accept")
    doulas.done(f"/v1/work/{referral.id}/claim")
    doulas.done(f"{referral.path}/receive")
    known_by = {
        "her name": HER,
        "referral": referral.id,
        "handoff": handoff.id,
        "client": client,
        "theirs": referral.theirs,
        "agency": "example-clinic-north",
        "service": "doula-network-birth-support",
        "staff": "testa-example-doula-network",
    }
    return There(clinic, doulas, referral.id, known_by)


Answer = Callable[[Caller], Any]
LISTS: Mapping[str, tuple[str, Answer]] = {
    "list_agencies": ("agency", lambda who: who.listed("/v1/directory/agencies")),
    "list_services": ("service", lambda who: who.listed("/v1/directory/services")),
    "search_services": ("service", lambda who: who.done("/v1/directory/services/search", {"text": "doula"})),
    "search_clients": ("her name", lambda who: who.done("/v1/clients/search", {"text": HER})),
    "search_referrals": ("referral", lambda who: who.done("/v1/referrals/search", {"text": HER})),
    "list_referrals": ("referral", lambda who: who.listed("/v1/referrals", box="inbox")),
    "list_work": ("referral", lambda who: who.listed("/v1/work")),
    "list_claims": ("referral", lambda who: who.seen("/v1/claims")),
    "list_staff": ("staff", lambda who: who.seen("/v1/staff")),
    "list_inquiries": ("theirs", lambda who: who.listed("/v1/inquiries")),
    "list_watch": ("referral", lambda who: who.seen("/v1/watch")),
}
"""What each list shows of it to those who are in it, and how it is read."""
FOR_ANYBODY = {"list_initiatives", "get_me", "list_access_keys"}


def test_every_list_and_search_is_looked_at() -> None:
    asked = {
        said["operationId"]
        for method, path, said in OPERATIONS
        if "{" not in path and (method == "GET" or path.endswith("/search"))
    }
    assert asked == set(LISTS) | FOR_ANYBODY


@pytest.mark.parametrize("operation", LISTS)
def test_a_list_shows_an_initiative_to_itself_alone(service: Service, there: There, operation: str) -> None:
    shown, read = LISTS[operation]
    until(lambda: there.known_by[shown] in str(read(there.receiver)))  # what is to be hidden is there at all
    for agency in ("example-bay-clinic", "sample-birth-companions", "muster-care-link"):
        answer = str(read(service.caller(agency, *STAFF, initiative=SAN_FRANCISCO)))
        assert [what for what, known in there.known_by.items() if known in answer] == []


BAY, BAYS_SERVICE = "example-bay-clinic", "bay-clinic-prenatal-navigation"
NAMING: Mapping[str, tuple[str, dict[str, Any]]] = {
    "a referral": ("/v1/referrals", {"to": {"agency": BAY, "service": BAYS_SERVICE}}),
    "their service": ("/v1/referrals", {"to": {"agency": DOULA["agency"], "service": BAYS_SERVICE}}),
    "a question for room": ("/v1/capacity-checks", {"category": "prenatal_care_navigation", "to": [BAYS_SERVICE]}),
    "a handoff": ("/v1/clients/{client}/handoffs", {"to": BAY, "domain": "doula", "kind": "cold"}),
    "a consent": ("/v1/clients/{client}/consents", AGREED | {"recipient": BAY}),
    "a redirect": ("/v1/referrals/{referral}/redirect", {"to": {"agency": BAY, "service": BAYS_SERVICE}}),
}


@pytest.mark.parametrize("command", NAMING)
def test_no_command_can_name_another_initiatives_agency(there: There, command: str) -> None:
    path, body = NAMING[command]
    if path == "/v1/referrals":
        body = body | {"client": there.known_by["client"], "category": "doula", "consent": AGREED}
    who = there.receiver if command == "a redirect" else there.sender
    answer = when(who.post(path.format(**there.known_by), body)).then(422)
    assert {each["code"] for each in answer["errors"]} <= {"unknown_agency", "unknown_service"}


def test_the_same_woman_is_two_clients_who_know_nothing_of_each_other(service: Service) -> None:
    """R4: the answer is the same, whether another initiative knows her or not."""
    identity = {
        "names": [{"given": "Testa", "family": "Zweimal-Muster"}],
        "birth_date": "1991-04-05",
        "phones": ["+1 559 555 0177"],
        "mrn": "Z-1",
    }
    callers = (service.caller("example-clinic-north"), service.caller(BAY, initiative=SAN_FRANCISCO))
    answers = [caller.post("/v1/clients", identity) for caller in callers]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert {frozenset(answer.json()) for answer in answers} == {frozenset(answers[0].json())}
    here, over_there = (answer.json()["client"] for answer in answers)
    assert here != over_there
    for caller, own, other in ((callers[0], here, over_there), (callers[1], over_there, here)):
        found = caller.done("/v1/clients/search", {"text": "Zweimal"})["items"]
        assert [each["client"] for each in found] == [own]
        when(caller.get(f"/v1/clients/{other}")).then_problem(404, "not-found")


def test_a_backbone_edits_the_directory_of_its_own_initiative_alone(service: Service) -> None:
    ours, theirs = (service.caller(None, "backbone", initiative=each) for each in (FRESNO, SAN_FRANCISCO))
    path = f"/v1/directory/agencies/{BAY}"
    version = theirs.get(path).headers["etag"]
    when(ours.get(path)).then_problem(404, "not-found")
    changed = ours.ask("PATCH", path, json={"name": "Sample Ours"}, headers={"If-Match": version})
    when(changed).then_problem(404, "not-found")
    for step in ("activate", "pause", "leave"):
        when(ours.post(f"{path}/{step}")).then_problem(404, "not-found")
    assert theirs.get(path).headers["etag"] == version
