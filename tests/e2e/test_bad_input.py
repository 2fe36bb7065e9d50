"""Bad input at the only way in: each a problem of a stable type, nothing of it said back, and never a 500."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from tests.e2e.walk import SPOKEN, Walk, somebody
from tests.fix_line import Line
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import when

pytestmark = pytest.mark.servers

MEGABYTE = 1_000_000


def signed(line: Line, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token like a good one, but for what is given."""
    good = line.caller("example-clinic-north").token or ""
    head, body = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in good.split(".")[:2])
    own = ECKey.import_key(json.loads(line.state.within("issuer").joinpath("issuer.json").read_text()))
    head |= header or {}
    registry = jws.JWSRegistry(algorithms=[head["alg"]])
    return jwt.encode(head, body | claims, key or own, registry=registry, default_type=None)


def unsigned(line: Line) -> str:
    body = (line.caller("example-clinic-north").token or "").split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return f"{head}.{body}."


def bad_tokens(line: Line) -> dict[str, str | None]:
    public = json.dumps(dict(line.issuer.keys())["keys"][0]).encode()
    kid = dict(line.issuer.keys())["keys"][0]["kid"]
    return {
        "missing": None,
        "no token": "not-a-token",
        "expired": line.caller("example-clinic-north", seconds=-60).token,
        "of another audience": signed(line, aud="another-service"),
        "of another issuer": signed(line, iss="http://issuer.invalid"),
        "of another kind": signed(line, header={"typ": "JWT"}),
        "signed with the public key": signed(line, OctKey.import_key(public), {"alg": "HS256"}),
        "not signed": unsigned(line),
        "of another key": signed(line, ECKey.generate_key("P-256"), {"kid": kid}),
        "of a key that nobody has": signed(line, ECKey.generate_key("P-256"), {"kid": "unknown"}),
    }


def test_a_token_that_is_not_good_in_every_way_is_401(line: Line) -> None:
    assert Caller(line.url, signed(line), line.http).get("/v1/me").status_code == 200
    for why, token in bad_tokens(line).items():
        caller = Caller(line.url, token, line.http)
        for answer in (caller.get("/v1/me"), caller.post("/v1/clients", somebody())):
            assert answer.status_code == 401, why
            when(answer).then_problem(401, "not-signed-in")
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.fixture
def clinic(line: Line) -> Caller:
    return line.caller("example-clinic-north")


def in_pieces(size: int) -> Iterator[bytes]:
    yield b'{"names": [{"given": "'
    for _ in range(size // 10_000):
        yield b"x" * 10_000
    yield b'"}]}'


@pytest.mark.parametrize("declared", [True, False], ids=["of a length that is said", "in pieces"])
def test_a_body_of_two_megabytes_is_413(clinic: Caller, declared: bool) -> None:
    content: Any = in_pieces(2 * MEGABYTE)
    content = b"".join(content) if declared else content
    answer = clinic.ask("POST", "/v1/clients", content=content, headers={"Content-Type": "application/json"})
    when(answer).then_problem(413, "too-large")


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b'{"names": [', 422, "malformed"),
        (b"", 422, "malformed"),
        (b"[]", 422, "malformed"),
        (b'{"names": [{"given": "Mara"}], "names\\u0000": 1}', 422, "malformed"),
        (b'{"names": [{"given": "Ma\\u0000ra"}]}', 422, "malformed"),
        (b'{"names": [{"given": "Ma\x00ra"}]}', 422, "malformed"),
        (b'{"names": [{"given": "Ma\xff\xfera"}]}', 422, "malformed"),
        (b'{"names": [{"given": "\\ud83d"}]}', 422, "malformed"),
        (b'{"names": [{"given": "Mara"}], "secret-word": 1}', 422, "malformed"),
        (b'{"names": [{"given": 7}]}', 422, "malformed"),
        (b'{"names": [{"given": "Mara"}], "birth_date": "2999-01-01"}', 422, "malformed"),
        (b'{"names": [{"given": "Mara"}], "birth_date": "secret-word"}', 422, "malformed"),
        (b'{"names": [' + b"[" * 20_000 + b"]" * 20_000 + b"]}", 422, "malformed"),
    ],
    ids=lambda given: given[:40].decode("latin-1") if isinstance(given, bytes) else "",
)
def test_a_body_that_is_not_what_is_described_is_422_and_not_said_back(
    clinic: Caller, content: bytes, status: int, slug: str
) -> None:
    answer = clinic.ask("POST", "/v1/clients", content=content, headers={"Content-Type": "application/json"})
    when(answer).then_problem(status, slug)
    assert not {"Mara", "Ma", "secret-word", "7"} & set(answer.text.replace('"', " ").split())


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/v1/nowhere", 404, "not-found"),
        ("DELETE", "/v1/clients", 405, "method-not-allowed"),
        ("GET", "/v1/work?nobody=asked", 422, "malformed"),
        ("GET", "/v1/work?limit=201", 422, "malformed"),
        ("GET", "/v1/work?limit=10&limit=20", 422, "malformed"),
        ("GET", "/v1/work?cursor=%00", 422, "malformed"),
        ("GET", "/v1/referrals/not-an-id", 404, "not-found"),
        ("GET", "/v1/referrals/..%2f..%2fhealth", 404, "not-found"),
        ("GET", "/v1/clients/%00", 404, "not-found"),
    ],
)
def test_an_address_that_leads_nowhere(clinic: Caller, method: str, path: str, status: int, slug: str) -> None:
    when(clinic.ask(method, path)).then_problem(status, slug)


def test_another_media_type_is_415(clinic: Caller) -> None:
    answer = clinic.ask("POST", "/v1/clients", content=b"given=Mara", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize("name", ["Mára 🌸👩‍👧", "မာရာ", "O’Fictiva-Ñandú", "مارا", "𝔐𝔞𝔯𝔞"])
def test_a_name_in_any_script_is_kept_and_shown_as_it_was_typed(clinic: Caller, name: str) -> None:
    family = f"Sample-{uuid4().hex[:12]}"
    client = clinic.done("/v1/clients", {"names": [{"given": name, "family": family}]})["client"]
    assert clinic.seen(f"/v1/clients/{client}/identity")["names"] == [{"given": name, "family": family}]
    assert clinic.seen(f"/v1/clients/{client}")["name"] == f"{name} {family}"
    assert clinic.done("/v1/clients/search", {"text": family})["items"] == [
        {"client": client, "name": f"{name} {family}"}
    ]


def test_another_agencys_referral_is_404_and_the_wrong_side_403_or_409(line: Line) -> None:
    walk = Walk.begun(line)
    path = f"/v1/referrals/{walk.sent()}"
    stranger = line.caller("sample-wic-office-east")
    for answer in (stranger.get(path), stranger.post(f"{path}/accept"), stranger.get(f"{path}/given")):
        when(answer).then_problem(404, "not-found")
    when(walk.clinic.post(f"{path}/accept")).then_problem(403, "wrong-side")
    when(walk.helper.post(f"{path}/acknowledge")).then_problem(403, "wrong-side")
    when(walk.clinic.post(f"{path}/acknowledge")).then_problem(409, "wrong-state")


@pytest.mark.parametrize(
    ("to", "pointer", "code"),
    [
        ({"agency": "nobody-at-all", "service": "doula-network-birth-support"}, "/to/agency", "unknown_agency"),
        ({"agency": "example-doula-network", "service": "nothing-at-all"}, "/to/service", "unknown_service"),
    ],
)
def test_an_unknown_agency_or_service_is_422(line: Line, to: dict[str, str], pointer: str, code: str) -> None:
    walk = Walk.begun(line)
    body = {"client": walk.client, "to": to, "category": "doula", "consent": SPOKEN | {"fields": ["name"]}}
    when(walk.clinic.post("/v1/referrals", body)).then_malformed(pointer, code)


def test_what_a_caller_adds_to_the_headers_does_not_reach_the_services(line: Line, clinic: Caller) -> None:
    odd = {"X-Forwarded-Host": "elsewhere.invalid", "Connection": "close, authorization", "X-Agency": "another"}
    answer = clinic.get("/v1/me", headers=odd)
    assert answer.status_code == 200
    assert answer.json()["agency"]["agency"] == "example-clinic-north"
    when(httpx.get(f"{line.url}/v1/me", headers={"Authorization": "Basic dGVzdGE6"})).then_problem(401, "not-signed-in")
