"""The lean route: where arguments come from, what is refused and how, and that a refusal repeats nothing."""

import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import Query
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, ConfigDict
from starlette.types import Scope

from services.runtime.auth import AuthProblem, Principal, Roles
from services.runtime.http import Call, HttpApp, Part, Problem, Reply, create_app, lean_router
from services.runtime.http.route import LeanRoute
from services.runtime.postgres import Overloaded, Unavailable
from services.runtime.telemetry import Metrics, Spans, Telemetry
from services.runtime.telemetry.logs import make_log

Staff = Annotated[Principal, Roles("staff")]
THING = f"/v1/things/{UUID(int=5)}"
CANARY = "Xanthippe-Canary"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Given(Strict):
    count: int
    names: list[str] = []


class Wanted(Strict):
    limit: int = 50


class Shown(Strict):
    count: int
    seen: list[str] = []


class OneToken:
    """A verifier that knows one token of staff and one of somebody with another role."""

    def known(self, token: str) -> Principal | None:
        role = {"of-staff": "staff", "of-a-reviewer": "reviewer"}.get(token)
        return Principal("someone", "an-initiative", "an-agency", frozenset({role})) if role else None

    def known_by(self, headers: Mapping[bytes, bytes], raw: Sequence[object]) -> Principal | None:
        return self.known(headers.get(b"authorization", b"")[7:].decode()) if len(headers) == len(raw) else None

    async def caller(self, scope: Scope) -> Principal:
        raise AuthProblem.not_signed_in()


router = lean_router()


@router.post("/v1/things/{thing}", status_code=201)
async def make_thing(
    principal: Staff, call: Call, thing: UUID, body: Given, seen: Annotated[list[str], Part("seen")]
) -> Reply[Shown]:
    """Makes a thing."""
    call.require(3)
    seen.append(principal.subject)
    return Reply(Shown(count=body.count, seen=seen), version=3, location=f"/v1/things/{thing}", replayed=True)


@router.put("/v1/things/{thing}")
async def put_thing(principal: Staff, call: Call, thing: UUID, body: Given) -> Reply[Shown]:
    """Puts a thing in another's place."""
    call.require(3)
    return Reply(Shown(count=body.count), version=4)


@router.get("/v1/things")
async def list_things(principal: Staff, query: Annotated[Wanted, Query()]) -> Shown:
    return Shown(count=query.limit)


@router.get("/v1/broken")
async def broken() -> Shown:
    raise RuntimeError(CANARY)


@router.get("/v1/away")
async def away() -> Shown:
    raise Unavailable


class KeyLost(Unavailable):
    retry_after = 60
    part = "kek-2026-11"


@router.get("/v1/locked")
async def locked() -> Shown:
    raise KeyLost(CANARY)


@router.get("/v1/busy")
async def busy() -> Shown:
    raise Overloaded


@router.get("/v1/refused")
async def refused() -> Shown:
    raise LookupError


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def telemetry(said: io.StringIO, spans: InMemorySpanExporter) -> Telemetry:
    return Telemetry(Spans("things", 0.0, [spans]), Metrics("things"), make_log("things", "error", stream=said))


@pytest.fixture
def app(telemetry: Telemetry) -> HttpApp:
    def translate(error: Exception) -> Problem | None:
        return Problem(409, "wrong-state", "No.", more={"stands": "so"}) if isinstance(error, LookupError) else None

    parts = {"verifier": OneToken(), "seen": []}
    return create_app("things", routers=[router], parts=parts, translate=translate, telemetry=telemetry)


@pytest.fixture
async def http(app: HttpApp) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer of-staff"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here", headers=headers) as client:
        yield client


async def test_arguments_come_from_where_the_signature_says(http: httpx.AsyncClient) -> None:
    answer = await http.post(THING, json={"count": 4})
    assert (answer.status_code, answer.json()) == (201, {"count": 4, "seen": ["someone"]})
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["location"] == THING
    assert answer.headers["idempotent-replay"] == "true"
    assert answer.headers["cache-control"] == "no-store"
    assert (await http.get("/v1/things?limit=7")).json()["count"] == 7


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/count", "missing"),
        ({"count": "4"}, "/count", "int_type"),
        ({"count": 4, CANARY: 1}, "", "unknown_field"),
        ({"count": 4, "names": [CANARY, 7]}, "/names/1", "string_type"),
        ({"count": 4, "names": ["a", CANARY + "\0"]}, "/names/1", "nul_character"),
        ([], "", "model_type"),
    ],
)
async def test_a_malformed_body_is_pointed_at_and_not_repeated(
    http: httpx.AsyncClient, body: object, pointer: str, code: str
) -> None:
    answer = await http.post(THING, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"] == "/problems/malformed"
    assert [(error["pointer"], error["code"]) for error in document["errors"]] == [(pointer, code)]
    assert CANARY not in answer.text


async def test_emoji_are_text_and_an_escaped_backslash_is_not_nul(http: httpx.AsyncClient) -> None:
    assert (await http.post(THING, json={"count": 1, "names": ["🤰🏽", "\\u0000"]})).status_code == 201


@pytest.mark.parametrize(
    ("content", "media_type", "status", "slug"),
    [
        (b"{", "application/json", 422, "malformed"),
        (b'{"count": 1, "names": ["\\ud800"]}', "application/json", 422, "malformed"),
        (b"\xff\xfe", "application/json", 422, "malformed"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
        (b"x" * 2_000_000, "application/json", 413, "too-large"),
    ],
)
async def test_bodies_that_are_no_json_or_too_much(
    http: httpx.AsyncClient, content: bytes, media_type: str, status: int, slug: str
) -> None:
    answer = await http.post(THING, content=content, headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_a_body_in_pieces_is_limited_too(http: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 500_000

    answer = await http.post(THING, content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=x", "int_parsing"),
        ("limit=1&limit=2", "repeated"),
        ("more=1", "unknown_field"),
        (f"{CANARY}=1", "unknown_field"),
        ("limit=%00", "nul_character"),
        ("limit=%ff", "query_invalid"),
    ],
)
async def test_unknown_repeated_and_wrong_parameters_are_refused(
    http: httpx.AsyncClient, query: str, code: str
) -> None:
    answer = await http.get(f"/v1/things?{query}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"].startswith("/query"), error["code"]) == (True, code)
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("token", "status", "slug"),
    [("", 401, "not-signed-in"), ("Bearer x", 401, "not-signed-in"), ("Bearer of-a-reviewer", 403, "role-forbids")],
)
async def test_who_is_not_let_in(http: httpx.AsyncClient, token: str, status: int, slug: str) -> None:
    answer = await http.get("/v1/things", headers={"Authorization": token})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


@pytest.mark.parametrize("path", ["/v1/things/5", "/v1/things/", "/v1/nothing", THING + "/more", "/v1/things/%2e"])
async def test_an_address_of_nothing_is_404(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.post(path, json={"count": 1})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_another_method_is_405_and_says_which(http: httpx.AsyncClient) -> None:
    answer = await http.delete(THING)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, PUT")


async def test_head_is_answered_as_get_without_a_body(
    http: httpx.AsyncClient, spans: InMemorySpanExporter, telemetry: Telemetry
) -> None:
    sampled = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    for path in ("/v1/things?limit=7", "/v1/things?limit=x", "/v1/refused", "/health/ready", "/openapi.json", "/v1/no"):
        whole, head = await http.get(path), await http.head(path, headers=sampled)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["content-type"] == whole.headers["content-type"]
    assert (await http.head(THING)).status_code == 405
    assert (await http.delete("/v1/things")).headers["allow"] == "GET, HEAD"
    assert (await http.post("/health/live")).headers["allow"] == "GET, HEAD"
    telemetry.spans.flush()
    assert "request HEAD /v1/things" in {span.name for span in spans.get_finished_spans()}


@pytest.mark.parametrize(("etags", "status"), [('"2"', 412), ('W/"3"', 201), ('"1", "3"', 201), ("*", 201), ("3", 412)])
async def test_if_match_names_the_version(http: httpx.AsyncClient, etags: str, status: int) -> None:
    answer = await http.post(THING, json={"count": 1}, headers={"If-Match": etags})
    assert answer.status_code == status


@pytest.mark.parametrize(("etags", "status"), [(None, 428), ('"2"', 412), ('"3"', 200)])
async def test_who_replaces_a_thing_says_which_version(http: httpx.AsyncClient, etags: str | None, status: int) -> None:
    headers = {"If-Match": etags} if etags else {}
    answer = await http.put(THING, json={"count": 1}, headers=headers)
    assert answer.status_code == status
    kind = {428: "/problems/precondition-required", 412: "/problems/precondition-failed"}.get(status)
    assert answer.json().get("type") == kind


async def test_an_unknown_failure_says_nothing_of_itself(http: httpx.AsyncClient, said: io.StringIO) -> None:
    answer = await http.get("/v1/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    assert CANARY not in answer.text
    line = json.loads(said.getvalue())
    assert (line["event"], line["route"], line["error"]) == ("request failed", "/v1/broken", "RuntimeError")
    assert CANARY not in said.getvalue()


async def test_what_is_missing_is_named_by_its_id_alone(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/locked")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["part"] == "kek-2026-11"
    assert CANARY not in answer.text
    assert "part" not in (await http.get("/v1/away")).json()


@pytest.mark.parametrize(("path", "slug"), [("/v1/away", "unavailable"), ("/v1/busy", "overloaded")])
async def test_a_part_that_is_down_is_503_with_a_time_to_come_back(
    http: httpx.AsyncClient, path: str, slug: str
) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["type"]) == (503, f"/problems/{slug}")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_request_is_one_span_named_by_its_template(
    http: httpx.AsyncClient, spans: InMemorySpanExporter, telemetry: Telemetry
) -> None:
    sampled = f"00-{'1' * 32}-{'2' * 16}-01"
    await http.post(THING, json={"count": 4}, headers={"traceparent": sampled})
    await http.post(THING, json={"count": 4}, headers={"traceparent": sampled[:-1] + "0"})
    telemetry.spans.flush()
    (span,) = spans.get_finished_spans()
    assert span.name == "request POST /v1/things/{thing}"
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == "1" * 32
    assert dict(span.attributes or {})["http.response.status_code"] == 201


async def test_a_refusal_of_the_service_is_translated(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/refused")
    assert (answer.status_code, answer.json()["stands"]) == (409, "so")


async def test_the_document_shows_what_the_route_takes(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    operation = document["paths"]["/v1/things/{thing}"]["post"]
    assert operation["operationId"] == "make_thing"
    assert operation["x-roles"] == ["staff"]
    assert {entry["name"] for entry in operation["parameters"]} == {"thing", "idempotency-key", "if-match"}
    assert operation["responses"]["422"] == {"$ref": "#/components/responses/Problem"}
    assert document["components"]["responses"]["Problem"]["content"].keys() == {"application/problem+json"}


def test_an_argument_without_a_source_is_refused_at_registration() -> None:
    async def slip(count: int) -> Shown:
        raise AssertionError

    with pytest.raises(TypeError, match="no source"):
        LeanRoute("/v1/slip", slip)


def test_an_endpoint_answers_with_one_of_several_models() -> None:
    async def either() -> Shown | Given:
        raise AssertionError

    async def slip() -> Shown | str:
        raise AssertionError

    assert LeanRoute("/v1/either", either).read.answer == Shown | Given
    with pytest.raises(TypeError, match="one of several"):
        LeanRoute("/v1/slip", slip)


async def test_health(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).json() == {"status": "live"}
    assert (await http.get("/health/ready")).status_code == 200
    assert 'http_route="/health/live"' in (await http.get("/metrics")).text
