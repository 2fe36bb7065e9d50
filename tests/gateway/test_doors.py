"""No way into the gateway leads past the decision point; and the look at the ways goes red when one does."""

import copy
import re
from typing import Any

import pytest
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.main import public_document
from services.gateway.pages.gate import Gated
from services.gateway.pages.routes import PAGES
from services.gateway.passage.table import BadDocument, Table
from services.runtime.auth import Principal
from tests.gateway.doors import past_the_decision
from tests.gateway.house import House
from tests.gateway.reference import OPEN, ROLES
from tests.gateway.upstream_twin import OPERATIONS

DOCUMENT = public_document()


def somebody(*roles: str) -> Principal:
    return Principal("s", "fresno-ptbi", "example-clinic-north", frozenset(roles))


async def view(_: Any) -> Response:
    return Response()


def test_every_door_has_a_gate() -> None:
    assert past_the_decision(PAGES, Table(DOCUMENT)) == []


def test_a_page_without_a_gate_is_seen() -> None:
    planted = [*PAGES, Route("/secret", view), Gated("/other", view, "do_anything")]
    assert past_the_decision(planted, Table(DOCUMENT)) == ["/secret: no gate", "/other: do_anything has no policy"]


def test_an_operation_without_a_row_is_seen() -> None:
    planted = copy.deepcopy(DOCUMENT)
    planted["paths"]["/v1/secrets"] = {"get": {"operationId": "read_secrets", "x-closeknit-service": "referrals"}}
    assert past_the_decision(PAGES, Table(planted)) == ["read_secrets has no policy"]


def test_the_reference_says_what_the_services_say() -> None:
    said = {
        operation["operationId"]: frozenset(operation.get("x-roles", ()))
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
    }
    assert {action: roles for action, roles in said.items() if action not in OPEN} == ROLES


def test_the_twin_speaks_of_what_is_there() -> None:
    known = {(each.action, each.method, each.template) for each in Table(DOCUMENT).operations}
    assert set(OPERATIONS) <= known


def test_a_document_without_a_service_is_no_table() -> None:
    with pytest.raises(BadDocument, match="x-closeknit-service"):
        Table({"paths": {"/v1/x": {"get": {"operationId": "x"}}}})


GATED = [route.path for route in PAGES if isinstance(route, Gated) and "GET" in (route.methods or ())]


@pytest.mark.parametrize("path", GATED)
def test_a_stranger_is_asked_to_sign_in(house: House, path: str) -> None:
    with house.visitor() as visitor:
        answer = visitor.get(path.replace("{", "").replace("}", ""), follow_redirects=False)
    door = "/my" if path.startswith("/my/") else "/sign-in"
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, door)
    assert house.twin.heard == []


def test_every_form_has_a_page_to_come_back_to() -> None:
    posted = {route.path for route in PAGES if isinstance(route, Gated) and "POST" in (route.methods or ())}
    shown = [re.sub(r"{\w+}", "[^/]+", path) for path in GATED]
    assert {path for path in posted if not any(re.fullmatch(page, path) for page in shown)} == set()
    assert not any(re.fullmatch(page, "/clients/x/y/z/w") for page in shown)


@pytest.mark.parametrize(("person", "path"), [("greta-example", "/work"), ("sam-specimen", "/scorecard")])
def test_a_role_opens_its_own_pages_alone(house: House, person: str, path: str) -> None:
    with house.visitor(person) as visitor:
        answer = visitor.get(path)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.text
