"""The way through: what goes on to a service behind, what comes back, and what is stopped."""

import json
import re
from typing import Any

import httpx
import pytest
from starlette.responses import Response, StreamingResponse

from deploy.local.issuer import Claims
from tests.condition import until
from tests.gateway.house import House, running
from tests.plain import PLAIN

NOBODY = "0192aaaa-bbbb-7000-8000-000000000000"


def token(
    house: House,
    *roles: str,
    agency: str | None = "sample-county-chw-hub",
    subject: str = "s",
    seconds: int = 600,
) -> dict[str, str]:
    claims = Claims(subject=subject, initiative="fresno-ptbi", roles=roles or ("staff",), agency=agency)
    return {"authorization": f"Bearer {house.issuer.issue(claims, seconds=seconds)}"}


def ask(house: House, method: str, path: str, **options: object) -> httpx.Response:
    with httpx.Client(base_url=house.url, timeout=10, verify=PLAIN) as client:
        return client.request(method, path, **options)  # type: ignore[arg-type]


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].startswith("/problems/")
    return str(answer.json()["type"]).rpartition("/")[2]


def test_an_answer_comes_back_as_it_was(house: House) -> None:
    answer = ask(house, "GET", f"/v1/referrals/{house.twin.referral}", headers=token(house))
    assert answer.status_code == 200
    assert answer.json()["referral"] == house.twin.referral
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_named_headers_go_on(house: House) -> None:
    sent = {"cookie": "closeknit=x", "x-forwarded-for": "10.0.0.1", "x-initiative": "other", "if-match": '"1"',
            "idempotency-key": "k-1", "connection": "keep-alive"}  # fmt: skip
    ask(house, "GET", "/v1/work?kind=answer", headers={**token(house), **sent})
    _, _, heard = house.twin.heard[-1]
    assert {"authorization", "if-match", "idempotency-key", "traceparent"} <= heard.keys()
    assert not heard.keys() & {"cookie", "x-forwarded-for", "x-initiative"}


def test_a_trace_goes_on_or_begins_here(house: House) -> None:
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    ask(house, "GET", "/v1/work", headers={**token(house), "traceparent": given})
    assert house.twin.heard[-1][2]["traceparent"] == given
    ask(house, "GET", "/v1/work", headers={**token(house), "traceparent": "nonsense"})
    # W3C Trace Context level 2: sampled, and that the id is random, are a flag each.
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]", house.twin.heard[-1][2]["traceparent"])


def test_what_an_upstream_keeps_to_itself_stays_there(house: House) -> None:
    kept = {"set-cookie": "a=b", "server": "x", "connection": "close", "etag": '"7"'}
    house.twin.breaks["list_work"] = lambda: Response(b"{}", headers=kept)
    answer = ask(house, "GET", "/v1/work", headers=token(house))
    assert answer.headers["etag"] == '"7"'
    assert not answer.headers.keys() & {"set-cookie", "server"}


def test_a_long_answer_streams(house: House) -> None:
    house.twin.breaks["list_work"] = lambda: StreamingResponse(iter([b"x" * 50_000] * 40))
    answer = ask(house, "GET", "/v1/work", headers=token(house))
    assert len(answer.content) == 2_000_000


def test_a_body_goes_on_whole(house: House) -> None:
    text = "ñ 🤱 " * 50
    answer = ask(house, "POST", "/v1/clients/search", json={"text": text}, headers=token(house))
    assert answer.status_code == 200
    assert house.twin.heard[-1][1] == {"text": text}


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic eA=="}, {"authorization": "Bearer a.b.c"}])
def test_nobody_gets_nowhere(house: House, headers: dict[str, str]) -> None:
    answer = ask(house, "GET", "/v1/work", headers=headers)
    assert (answer.status_code, slug(answer)) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == 'Bearer, DPoP algs="ES256 RS256"'
    assert house.twin.heard == []


@pytest.mark.parametrize(
    "headers",
    [{"x-long": "x" * 5_000_000}, {f"x-{number}": "x" for number in range(20_000)}],
    ids=["a long header", "many headers"],
)
def test_a_head_has_a_size_for_whoever_sends_it(house: House, headers: dict[str, str]) -> None:
    for who in ({}, token(house)):
        answer = ask(house, "GET", "/v1/me", headers=headers | who)
        assert (answer.status_code, slug(answer)) == (431, "head-too-large")
        assert answer.headers["connection"] == "close"
    assert house.twin.heard == []


def test_an_expired_token_is_nobody(house: House) -> None:
    answer = ask(house, "GET", "/v1/work", headers=token(house, seconds=-1))
    assert (answer.status_code, slug(answer)) == (401, "not-signed-in")


def test_a_session_cookie_is_no_token(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        assert visitor.get("/v1/work").status_code == 401


def test_a_role_forbids(house: House) -> None:
    answer = ask(house, "GET", "/v1/work", headers=token(house, "working_group", agency=None))
    assert (answer.status_code, slug(answer)) == (403, "role-forbids")
    assert house.twin.heard == []


def test_the_provider_signs_nobody_in_as_a_client(house: House) -> None:
    for path in ("disclosures", "helpers", "consents"):
        hers = token(house, "client", agency="example-clinic-north", subject=house.twin.nora)
        answer = ask(house, "GET", f"/v1/clients/{house.twin.nora}/{path}", headers=hers)
        assert (answer.status_code, slug(answer)) == (403, "role-forbids")
    assert house.twin.heard == []


def test_the_open_list_needs_no_token(house: House) -> None:
    assert ask(house, "GET", "/v1/initiatives").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/v1/", "/v1/referrals/a/b/c", "/v1/clients/..", "/v1/clients/%2e%2e", "/v1/clients/a%2Fb",
     "/v1/clients/a%00b", "/v1/clients/a b", f"/v1/clients/{'a' * 65}", "/v1//work", "/v1/work/"],
)  # fmt: skip
def test_an_address_that_could_mean_another_leads_nowhere(house: House, path: str) -> None:
    answer = ask(house, "GET", path, headers=token(house))
    assert (answer.status_code, slug(answer)) == (404, "not-found")
    assert house.twin.heard == []


def test_another_method_is_named(house: House) -> None:
    answer = ask(house, "DELETE", "/v1/work", headers=token(house))
    assert (answer.status_code, slug(answer)) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


def test_head_is_answered_as_get_without_a_body(house: House) -> None:
    path = f"/v1/referrals/{house.twin.referral}"
    whole, head = (ask(house, method, path, headers=token(house)) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))
    assert house.twin.heard[-1][0] == "get_referral"
    assert ask(house, "HEAD", path).status_code == 401
    assert ask(house, "HEAD", path, headers=token(house, "working_group", agency=None)).status_code == 403
    assert ask(house, "HEAD", f"/v1/referrals/{NOBODY}", headers=token(house)).status_code == 404
    only_post = ask(house, "HEAD", f"{path}/accept", headers=token(house))
    assert (only_post.status_code, only_post.headers["allow"]) == (405, "POST")
    for page in ("/", "/health/live", "/openapi.json"):
        assert ask(house, "HEAD", page).content == b""
    assert ask(house, "GET", path, headers=token(house)).json() == whole.json()


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_of_two_megabytes_is_stopped(house: House, declared: bool) -> None:
    body = b'{"text": "' + b"x" * 2_000_000 + b'"}'
    content = body if declared else (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    headers = {**token(house), "content-type": "application/json"}
    answer = ask(house, "POST", "/v1/clients/search", content=content, headers=headers)
    assert (answer.status_code, slug(answer)) == (413, "too-large")
    assert house.twin.heard == []


def test_half_an_answer_is_503(house: House) -> None:
    house.twin.gone = True
    answer = ask(house, "GET", "/v1/work", headers=token(house))
    assert (answer.status_code, slug(answer)) == (503, "unavailable")


def test_a_service_that_is_down_is_503() -> None:
    with running(behind_it=False) as house:
        answer = ask(house, "GET", "/v1/work", headers=token(house))
        assert (answer.status_code, slug(answer)) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        with house.visitor("sam-specimen") as visitor:
            page = visitor.get("/work")
        assert page.status_code == 503
        assert int(page.headers["retry-after"]) > 0
        assert "A part of the system is resting" in page.text


def test_access_is_told_by_template(house: House) -> None:
    ask(house, "GET", f"/v1/referrals/{NOBODY}?x=secret", headers=token(house))

    def told() -> list[dict[str, Any]]:
        """Lines are written a quarter of a second at a time: those of the test before may come first."""
        said = [json.loads(line) for line in house.accessed.getvalue().splitlines()]
        return [each for each in said if (each["route"], each["status"]) == ("/v1/referrals/{referral}", 404)]

    assert until(told)[-1].keys() == {"ts", "level", "service", "event", "method", "route", "status", "duration_ms"}
    logs = house.told.getvalue() + house.accessed.getvalue().decode()
    assert NOBODY not in logs
    assert "secret" not in logs
