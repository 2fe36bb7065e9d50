"""Who is let in: nobody without an account, nobody in the wrong role, and no agency to what is another's (404)."""

from typing import Any

import pytest

from deploy.openapi import documents
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when
from tests.referrals.api.test_disclosures import herself
from tests.referrals.api.world import BODIES, things

OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in documents()["referrals"]["paths"].items()
    for method, operation in item.items()
]
_OWN = (
    "question",
    "inquiry",
    "disclosure",
    "client",
    "consent",
    "contact",
    "episode",
    "need",
    "note",
    "responsibility",
    "screening",
)
HANDLES = dict.fromkeys(_OWN, "a" * 26)
UNKNOWN = dict.fromkeys(
    ("work", "referral", "handoff", "appointment", "check"), "01a205e3-72ed-712b-a1e7-19c1e9790459"
) | {
    "agency": "nobody-knows-this-agency",
    "service": "nobody-knows-this-service",
}


def ids(operation: tuple[str, str, dict[str, Any]]) -> str:
    return str(operation[2]["operationId"])


SIGNED_IN = [operation for operation in OPERATIONS if operation[2]["security"]]
# Entries of the directory are no secret inside an initiative: tests/referrals/api/test_directory.py.
ABOUT_ONE = [each for each in OPERATIONS if "{" in each[1] and not each[1].startswith("/v1/directory/")]


@pytest.mark.parametrize("operation", SIGNED_IN, ids=ids)
def test_anonymous_is_401(nobody: Caller, operation: tuple[str, str, dict[str, Any]]) -> None:
    method, path, said = operation
    answer = nobody.ask(method, path.format(**HANDLES, **UNKNOWN), json=BODIES.get(said["operationId"], {}))
    when(answer).then_problem(401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", ABOUT_ONE, ids=ids)
def test_another_agency_is_told_404(
    service: Service, north: Caller, doulas: Caller, operation: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, said = operation
    mine = things(Given(north, doulas))
    made = {name: mine[name]() for name in mine if f"{{{name}}}" in path}
    address = path.format(**UNKNOWN | HANDLES | made)
    roles = tuple({"staff", "case_manager"} & set(said["x-roles"])) or tuple(said["x-roles"])
    for agency, initiative in (
        ("sample-county-chw-hub", "fresno-ptbi"),
        ("example-bay-clinic", "expecting-justice-sf"),
    ):
        stranger = service.caller(agency, *roles, initiative=initiative)
        if roles == ("client",):
            staff = service.caller(agency, initiative=initiative)
            stranger = herself(service, staff, Given(staff, staff).client())
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


def test_who_looks_after_no_agency_is_not_taken_for_the_backbone(service: Service) -> None:
    path = "/v1/directory/agencies/example-clinic-north"
    version = service.caller(None, "backbone").get(path).headers["etag"]
    for role in ("agency_admin", "staff"):
        stray = service.caller(None, role)
        changed = stray.ask("PATCH", path, json={"name": "Sample Ours"}, headers={"If-Match": version})
        when(changed).then_problem(403, "role-forbids")
        room = "/v1/directory/services/clinic-north-prenatal-navigation/capacity"
        said = stray.ask("PUT", room, json={"room": "open"}, headers={"If-Match": "*"})
        when(said).then_problem(403, "role-forbids")
    when(service.caller("example-clinic-north", "agency_admin").get(path)).then(200, name="Example Clinic North")


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
    ("/v1/clients/{client}/needs", {"staff", "case_manager"}),
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
