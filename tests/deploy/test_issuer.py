"""The development issuer: sign-in with PKCE as a stranger's client does it, and what it must refuse."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from contracts.initiative import load_initiatives
from deploy.local.issuer import Claims, DevelopmentIssuer, NotInProduction
from deploy.local.sign_ins import SignIns
from services.runtime.auth import AuthProblem, IssuerKeys, Verifier

URL = "http://127.0.0.1:8090"
DEVELOPMENT = {"CLOSEKNIT_ENVIRONMENT": "development"}
INITIATIVES = load_initiatives(Path(__file__).parents[2] / "deploy" / "initiatives")
PROOF = "v" * 43
ASKED = {
    "response_type": "code",
    "client_id": "closeknit-pages",
    "redirect_uri": "http://127.0.0.1:8080/sign-in/back",
    "state": "s-1",
    "nonce": "n-1",
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(PROOF.encode()).digest()).decode().rstrip("="),
    "code_challenge_method": "S256",
}
PERSON = {"person": "sam-specimen"}


@pytest.fixture
def issuer(tmp_path: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer(URL, tmp_path / "keys", DEVELOPMENT)


@pytest.fixture
async def browser(issuer: DevelopmentIssuer) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(SignIns(issuer, INITIATIVES).app())
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


def verifier(issuer: DevelopmentIssuer) -> Verifier:
    async def fetch() -> dict[str, object]:
        return dict(issuer.keys())

    return Verifier(URL, IssuerKeys(fetch))


async def code(browser: httpx.AsyncClient) -> str:
    answer = await browser.post("/authorize", params=ASKED, data=PERSON)
    assert answer.status_code == 303
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["s-1"]
    return back["code"][0]


def exchange(code: str, **other: str) -> dict[str, str]:
    same = {name: ASKED[name] for name in ("client_id", "redirect_uri")}
    return {"grant_type": "authorization_code", "code": code, "code_verifier": PROOF, **same, **other}


async def test_a_press_signs_in(issuer: DevelopmentIssuer, browser: httpx.AsyncClient) -> None:
    page = await browser.get("/authorize", params={**ASKED, "initiative": "fresno-ptbi"})
    assert "Sam Specimen" in page.text
    assert "Expecting Justice" not in page.text
    answer = await browser.post("/token", data=exchange(await code(browser)))
    principal = await verifier(issuer).verify(answer.json()["access_token"])
    assert (principal.initiative, principal.agency) == ("fresno-ptbi", "sample-county-chw-hub")
    assert principal.roles == {"staff", "case_manager"}
    assert principal.name == "Sam Specimen"


async def test_an_identity_token_is_no_access_token(issuer: DevelopmentIssuer, browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/token", data=exchange(await code(browser)))
    with pytest.raises(AuthProblem):
        await verifier(issuer).verify(answer.json()["id_token"])


async def test_a_code_counts_once(browser: httpx.AsyncClient) -> None:
    once = await code(browser)
    assert (await browser.post("/token", data=exchange(once))).status_code == 200
    assert (await browser.post("/token", data=exchange(once))).status_code == 400


@pytest.mark.parametrize(
    "other", [{"code_verifier": "w" * 43}, {"client_id": "another"}, {"redirect_uri": URL}, {"grant_type": "password"}]
)
async def test_a_code_counts_for_whom_it_was_made(browser: httpx.AsyncClient, other: dict[str, str]) -> None:
    assert (await browser.post("/token", data=exchange(await code(browser), **other))).status_code == 400


@pytest.mark.parametrize(
    "other",
    [
        {"redirect_uri": "https://elsewhere.example/back"},
        {"redirect_uri": "http://127.0.0.1.elsewhere.example/back"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
)
async def test_it_sends_nobody_elsewhere(browser: httpx.AsyncClient, other: dict[str, str]) -> None:
    answer = await browser.post("/authorize", params={**ASKED, **other}, data=PERSON)
    assert answer.status_code == 400


async def test_nobody_else_can_sign_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/authorize", params=ASKED, data={"person": "nobody"})
    assert answer.status_code == 400


def test_the_key_is_kept_for_us_alone(tmp_path: Path) -> None:
    first, second = (DevelopmentIssuer(URL, tmp_path, DEVELOPMENT) for _ in range(2))
    assert first.keys() == second.keys()
    assert "d" not in first.keys()["keys"][0]
    assert (tmp_path / "issuer.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.json"]


async def test_a_token_can_be_made_that_has_expired(issuer: DevelopmentIssuer) -> None:
    claims = Claims(subject="s", initiative="fresno-ptbi", roles=("staff",), agency="example-clinic-north")
    assert await verifier(issuer).verify(issuer.issue(claims))
    with pytest.raises(AuthProblem):
        await verifier(issuer).verify(issuer.issue(claims, seconds=-1))


@pytest.mark.parametrize("environ", [{}, {"CLOSEKNIT_ENVIRONMENT": "production"}])
def test_it_does_not_exist_in_production(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(NotInProduction):
        DevelopmentIssuer(URL, tmp_path, environ)
    assert list(tmp_path.iterdir()) == []


LEAVES = {
    "client_id": "closeknit-pages",
    "state": "s-2",
    "post_logout_redirect_uri": "http://127.0.0.1:8080/sign-in/out",
}


async def test_who_signs_out_is_sent_back(issuer: DevelopmentIssuer, browser: httpx.AsyncClient) -> None:
    token = (await browser.post("/token", data=exchange(await code(browser)))).json()["id_token"]
    answer = await browser.get("/end-session", params={**LEAVES, "id_token_hint": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:8080/sign-in/out?state=s-2")


@pytest.mark.parametrize(
    "wrong",
    [{"post_logout_redirect_uri": "https://evil.example/"}, {"client_id": "another"}, {"id_token_hint": "a.b.c"},
     {"id_token_hint": ""}],
)  # fmt: skip
async def test_nobody_else_is_sent_anywhere(
    issuer: DevelopmentIssuer, browser: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    token = (await browser.post("/token", data=exchange(await code(browser)))).json()["id_token"]
    answer = await browser.get("/end-session", params={**LEAVES, "id_token_hint": token, **wrong})
    assert answer.status_code == 400
