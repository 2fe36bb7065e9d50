"""Who is let in: nobody without an account, nobody in the wrong role, and no agency to what is another's (404)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.openapi import documents
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, MET, TODAY, Given, in_days, when

OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in documents()["referrals"]["paths"].items()
    for method, operation in item.items()
]
BODIES: Mapping[str, dict[str, Any]] = {
    "record_consent": AGREED | {"recipient": "example-doula-network"},
    **dict.fromkeys(("ask_about_referral", "ask_about_handoff", "answer_question"), {"text": "When?"}),
    "answer_letter": {"letter": "aaaaaaaa", "code": "222222"},
    "answer_for_receiver": {"by": "phone"},
    "plan_safe_contact": {"modes": ["phone"]},
    "change_consent": AGREED | {"recipient": "example-doula-network"},
    "record_contact": MET,
    "record_planned_contact": MET,
    "amend_contact": MET,
    "enter_contact_in_error": {"reason": "Another client"},
    "identify_need": {"category": "doula"},
    "resolve_need": {"how": "served"},
    "enter_consent_in_error": {"reason": "Another client"},
    "enter_episode_in_error": {"reason": "Another client"},
    "enter_dating_in_error": {"reason": "Another client", "dating": "a" * 26},
    "enter_need_in_error": {"reason": "Another client"},
    "record_screening": {"instrument": "epds", "result": "negative"},
    "enter_screening_in_error": {"reason": "Another client"},
    "record_group_session": {"members": [{"client": "a" * 26, "attended": True}]},
    "cancel_contact": {"outcome": "cancelled_by_client"},
    "plan_contact": {"mode": "phone", "planned_for": (datetime.now(UTC) + timedelta(days=9)).isoformat()},
    "propose_handoff": {"to": "sample-wic-office-east", "domain": "doula", "kind": "cold"},
    "book_appointment": {"due_at": in_days(3)},
    "reschedule_appointment": {"due_at": in_days(3), "by": "client"},
    "cancel_appointment": {"by": "client"},
    "enter_appointment_in_error": {"reason": "Another woman of that name."},
    "decline_referral": {"reason": "no_capacity"},
    "redirect_referral": {"to": {"agency": "sample-wic-office-east", "service": "x"}},
    "waitlist_referral": {"reason": "no_capacity"},
    "cancel_referral": {"reason": "need_resolved"},
    "request_referral_cancellation": {"reason": "need_resolved"},
    "attest_referral": {"decision": "verified"},
    "close_referral": {"reason": "client_declined"},
    "enter_referral_in_error": {"reason": "Another woman of that name."},
    "decline_handoff": {"reason": "no_capacity"},
    "withdraw_handoff": {"reason": "duplicate"},
    "introduce_handoff": {"client_present": True},
    "take_responsibility": {"domain": "doula"},
    "complete_referral": {"outcome": "service_received", "contact": "a" * 26},
    "complete_handoff": {"contact": "a" * 26},
    "client_agrees_handoff": {"consent": AGREED},
    "date_episode": {"edd": TODAY, "basis": "lmp"},
    "end_episode": {"how": "other", "on": TODAY},
    "search_clients": {"text": "Nobody"},
    "search_referrals": {"text": "Nobody"},
    "hand_over_claims": {"from": "testa", "to": "rosa-muster"},
    "ask_for_room": {"category": "doula", "to": ["doula-network-birth-support"]},
    "answer_capacity_check": {"service": "doula-network-birth-support", "answer": "yes"},
    "list_agency": {"agency": "sample-newcomer", "name": "Sample Newcomer", "type": "clinic"},
    "list_service": {"service": "sample-new-service", "name": "Sample Service", "category": "doula"},
    "state_capacity": {"room": "open"},
    "register_client": {"names": [{"given": "Testa"}]},
    "link_client": {"own_client": "a" * 26},
    "unlink_client": {"own_client": "a" * 26},
    "correct_identity": {"names": [{"given": "Testa"}]},
}
SCREENED = {"instrument": "epds", "result": "negative"}
_OWN = ("question", "client", "consent", "contact", "episode", "need", "note", "responsibility", "screening")
ROOM = BODIES["ask_for_room"]
HANDLES = dict.fromkeys(_OWN, "a" * 26)
UNKNOWN = dict.fromkeys(
    ("work", "referral", "handoff", "appointment", "check"), "01a205e3-72ed-712b-a1e7-19c1e9790459"
) | {
    "agency": "nobody-knows-this-agency",
    "service": "nobody-knows-this-service",
}


def screened(caller: Caller, client: str) -> str:
    return str(caller.done(f"/v1/clients/{client}/screenings", SCREENED)["screenings"][0]["screening"])


def ids(operation: tuple[str, str, dict[str, Any]]) -> str:
    return str(operation[2]["operationId"])


SIGNED_IN = [operation for operation in OPERATIONS if operation[2]["security"]]
# Entries of the directory are no secret inside an initiative: tests/referrals/api/test_directory.py.
ABOUT_ONE = [each for each in OPERATIONS if "{" in each[1] and not each[1].startswith("/v1/directory/")]


def leads(north: Caller, client: str) -> str:
    """The reference of what a sender leads."""
    return str(north.seen(f"/v1/clients/{client}/responsibility")["items"][0]["responsibility"])


@pytest.mark.parametrize("operation", SIGNED_IN, ids=ids)
def test_anonymous_is_401(nobody: Caller, operation: tuple[str, str, dict[str, Any]]) -> None:
    method, path, said = operation
    answer = nobody.ask(method, path.format(**HANDLES, **UNKNOWN), json=BODIES.get(said["operationId"], {}))
    when(answer).then_problem(401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", ABOUT_ONE, ids=ids)
def test_another_agency_is_told_404(
    north: Caller, doulas: Caller, hub: Caller, abroad: Caller, operation: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, said = operation
    given = Given(north, doulas)
    mine: dict[str, Callable[[], str]] = {
        "referral": lambda: given.sent().id,
        "work": lambda: given.sent().id,
        "handoff": lambda: given.offered().id,
        "appointment": lambda: given.booked().id,
        "check": lambda: north.done("/v1/capacity-checks", ROOM)["check"],
        "client": given.client,
        "question": lambda: north.done(f"{given.sent().path}/questions", {"text": "When?"})["question"],
        "note": lambda: north.done("/v1/notes", {"client": given.client(), "text": "Rings twice"})["note"],
        "consent": lambda: given.consent(given.client()),
        "contact": lambda: north.done(f"/v1/clients/{given.client()}/contacts", MET)["contact"],
        "responsibility": lambda: leads(north, given.pregnant()),
        "need": lambda: north.done(f"/v1/clients/{given.client()}/needs", {"category": "doula"})["need"],
        "screening": lambda: screened(north, given.client()),
        "episode": lambda: north.done(f"/v1/clients/{given.client()}/episodes")["episode"],
    }
    (name,) = (name for name in mine if f"{{{name}}}" in path)
    address = path.format(**{name: mine[name]()})
    for stranger in (hub, abroad):
        options = {"json": BODIES.get(said["operationId"], {})} if method in {"POST", "PUT", "PATCH"} else {}
        options |= {"headers": {"If-Match": "*"}} if method in {"PUT", "PATCH"} else {}
        when(stranger.ask(method, address, **options)).then_problem(404, "not-found")


@pytest.mark.parametrize("operation", SIGNED_IN, ids=ids)
def test_a_role_that_has_nothing_to_do_with_it_is_403(
    service: Service, operation: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, said = operation
    reader = service.caller(None, "working_group")
    answer = reader.ask(method, path.format(**HANDLES, **UNKNOWN), json=BODIES.get(said["operationId"], {}))
    if said["x-roles"]:
        when(answer).then_problem(403, "role-forbids")
    else:
        assert answer.status_code == 200


def test_staff_of_no_agency_and_of_one_that_is_not_in_the_directory_are_403(service: Service) -> None:
    for agency in (None, "nobody-knows-this-agency"):
        when(service.caller(agency, "staff").get("/v1/work")).then_problem(403, "role-forbids")


def test_an_agency_in_another_initiative_than_its_own_is_403(service: Service) -> None:
    stray = service.caller("example-clinic-north", initiative="expecting-justice-sf")
    when(stray.get("/v1/work")).then_problem(403, "role-forbids")


@pytest.mark.parametrize("seconds", [-60])
def test_an_expired_token_is_401(service: Service, north: Caller, seconds: int) -> None:
    from deploy.local.issuer import Claims

    claims = Claims(subject="testa", initiative="fresno-ptbi", roles=("staff",), agency="example-clinic-north")
    late = Caller(service.url, service.issuer.issue(claims, seconds=seconds), service.http)
    when(late.get("/v1/me")).then_problem(401, "not-signed-in")


def test_the_initiatives_need_no_account(nobody: Caller) -> None:
    items = when(nobody.get("/v1/initiatives")).then(200)["items"]
    assert [item["slug"] for item in items] == ["expecting-justice-sf", "fresno-ptbi"]


def test_me_says_who_i_am(north: Caller) -> None:
    when(north.get("/v1/me")).then(
        200, subject="testa", agency={"agency": "example-clinic-north", "name": "Example Clinic North"}
    )


def test_another_agencys_client_cannot_be_referred_or_noted(north: Caller, doulas: Caller, hub: Caller) -> None:
    client = Given(north, doulas).client()
    body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED}
    when(hub.post("/v1/referrals", body)).then_problem(404, "not-found")
    when(hub.post("/v1/notes", {"client": client, "text": "x"})).then_problem(404, "not-found")


ONE_ROLE = [
    ("/v1/clients/{client}/responsibility", {"case_manager"}),
    ("/v1/clients/{client}/timeline", {"case_manager"}),
    ("/v1/clients/{client}", {"staff", "case_manager"}),
    ("/v1/clients/{client}/consents", {"staff", "case_manager"}),
    ("/v1/referrals", {"staff", "case_manager", "system"}),
]
AN_AGENCYS = ("staff", "case_manager", "system", "agency_admin", "reviewer", "privacy_officer", "client")


@pytest.mark.parametrize(("path", "allowed"), ONE_ROLE)
def test_a_role_reads_what_the_interface_promises_it_and_no_more(
    service: Service, north: Caller, doulas: Caller, path: str, allowed: set[str]
) -> None:
    address = path.format(client=Given(north, doulas).client())
    answers = {role: service.caller("example-clinic-north", role).get(address) for role in AN_AGENCYS}
    assert {role for role, answer in answers.items() if answer.status_code == 200} == allowed
    for role in set(AN_AGENCYS) - allowed:
        when(answers[role]).then_problem(403, "role-forbids")


@pytest.mark.parametrize("path", ["/v1/directory/agencies", "/v1/directory/services"])
def test_an_administrator_and_the_backbone_read_the_directory_of_their_own_initiative(
    service: Service, north: Caller, abroad: Caller, path: str
) -> None:
    mine, theirs = (caller.seen(path)["items"] for caller in (north, abroad))
    assert service.caller("example-clinic-north", "agency_admin").seen(path)["items"] == mine
    assert service.caller(None, "backbone").seen(path)["items"] == mine
    assert service.caller(None, "backbone", initiative="expecting-justice-sf").seen(path)["items"] == theirs
    stray = service.caller(None, "backbone", initiative="nobody-knows-it")
    when(stray.get(path)).then_problem(403, "role-forbids")
