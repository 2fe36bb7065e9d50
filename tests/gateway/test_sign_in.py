"""Signing in and out, and everything that comes back from an issuer and must not become a session."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.local.issuer import Claims
from tests.gateway.house import House, running, signs_out

INITIATIVE = {"initiative": "fresno-ptbi"}


def code(house: House, visitor: httpx.Client) -> dict[str, str]:
    """Goes as far as the issuer's way back, and gives what it says without going there."""
    page = visitor.get("/sign-in/go", params=INITIATIVE)
    answer = visitor.post(str(page.url), data={"person": "sam-specimen"}, follow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_a_press_leads_to_the_work(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.get("/")
        assert page.url.path == "/work"
        assert "Sample County CHW Hub" in page.text
        assert "Sam Specimen, case manager" in page.text


def test_a_working_group_comes_to_its_scorecard(house: House) -> None:
    with house.visitor("greta-example") as visitor:
        assert visitor.get("/").url.path == "/scorecard"


def test_the_cookie_is_closed_to_scripts_and_strangers(house: House) -> None:
    with house.visitor() as visitor:
        answer = visitor.get("/sign-in/back", params=code(house, visitor), follow_redirects=False)
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("closeknit="))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith(("expires", "max-age", "domain")) for part in parts)
    assert "." not in cookie.partition(";")[0], "a token has dots, what is sealed has none"


def test_who_signs_out_is_out(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = signs_out(visitor, visitor.get("/work"))
        assert page.url.path == "/sign-in"
        assert "You are signed out, here and at your agency&#39;s sign-in." in page.text
        assert set(visitor.cookies) == set()
        assert visitor.get("/work", follow_redirects=False).status_code == 303


def test_a_code_without_the_flow_is_no_session(house: House) -> None:
    with house.visitor() as visitor:
        answer = code(house, visitor)
        visitor.cookies.clear()
        page = visitor.get("/sign-in/back", params=answer)
    assert page.status_code == 400
    assert "was not begun in this browser, or it took too long. Begin again from here." in page.text
    assert "closeknit" not in page.cookies


@pytest.mark.parametrize(
    "change",
    [{"state": "other"}, {"iss": "https://elsewhere.example"}, {"iss": None}, {"code": "made-up"}, {"code": None}],
)
def test_an_answer_that_is_not_ours_is_no_session(house: House, change: dict[str, str | None]) -> None:
    with house.visitor() as visitor:
        answer = {name: value for name, value in {**code(house, visitor), **change}.items() if value is not None}
        page = visitor.get("/sign-in/back", params=answer)
        assert page.status_code == 400
        assert "You are not signed in" in page.text
        assert visitor.get("/work", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"nonce": "other"}, {"nonce": None}, {"aud": "another"}, {"aud": ["closeknit-pages"], "azp": "another"},
     {"iss": "https://elsewhere.example"}, {"exp": 1}, {"exp": None}],
)  # fmt: skip
def test_an_identity_that_is_not_for_this_sign_in_is_no_session(
    house: House, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    def identify(claims: Claims, *, client: str, nonce: str | None) -> str:
        body = {"aud": client, "nonce": nonce, "sub": claims.subject, "auth_time": int(time.time())}
        return house.issuer.sign("JWT", {**body, **wrong}, 60)

    monkeypatch.setattr(house.issuer, "identify", identify)
    with house.visitor() as visitor:
        page = visitor.get("/sign-in/back", params=code(house, visitor))
        assert page.status_code == 400
        assert "was not for this page" in page.text
        assert visitor.get("/work", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("ago", "let_in"), [(0, True), (1_799, True), (1_812, False), (-3_600, True), (None, False), ("now", False)]
)
def test_who_typed_the_password_before_she_was_away_is_asked_again(
    house: House, monkeypatch: pytest.MonkeyPatch, ago: int | str | None, let_in: bool
) -> None:
    """A sign-in that nobody uses ends: the provider's own, which knows her still, does not begin another."""
    sign = house.issuer.sign

    def typed(kind: str, body: Mapping[str, Any], seconds: int) -> str:
        when = int(time.time()) - ago if isinstance(ago, int) else ago
        return sign(kind, {**body, "auth_time": when} if kind == "JWT" else body, seconds)

    monkeypatch.setattr(house.issuer, "sign", typed)
    with house.visitor() as visitor:
        asked = visitor.get("/sign-in/go", params=INITIATIVE).url.params
        assert asked["max_age"] == "1800"
        page = visitor.get("/sign-in/back", params=code(house, visitor))
        assert (page.status_code, page.url.path) == ((200, "/work") if let_in else (400, "/sign-in/back"))
        assert let_in or "did not ask who you are again" in page.text


def test_a_new_sign_in_ends_the_one_before(house: House) -> None:
    with house.visitor("sam-specimen") as visitor, house.visitor() as thief:
        thief.cookies.set("closeknit", visitor.cookies["closeknit"], domain="127.0.0.1")
        assert thief.get("/work", follow_redirects=False).status_code == 200
        assert visitor.get("/sign-in/back", params=code(house, visitor)).url.path == "/work"
        assert thief.get("/work", follow_redirects=False).status_code == 303


def test_an_access_token_in_the_place_of_an_identity_is_no_session(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.issuer, "identify", lambda claims, **_: house.issuer.issue(claims))
    with house.visitor() as visitor:
        assert visitor.get("/sign-in/back", params=code(house, visitor)).status_code == 400


def test_a_provider_that_calls_itself_otherwise_is_not_asked() -> None:
    with running() as other, other.visitor() as visitor:
        other.issuer.url = "https://elsewhere.example"
        assert visitor.get("/sign-in/go", params=INITIATIVE).status_code == 503


def test_the_issuer_refuses_and_the_page_says_so(house: House) -> None:
    with house.visitor() as visitor:
        answer = code(house, visitor)
        del answer["code"]
        page = visitor.get("/sign-in/back", params={**answer, "error": "access_denied"})
    assert page.status_code == 400
    assert "sent you back" in page.text


@pytest.mark.parametrize("asked", [{"initiative": "//evil.example"}, {}, {"then": "x"}])
def test_an_unknown_initiative_stays_here(house: House, asked: dict[str, str]) -> None:
    with house.visitor() as visitor:
        page = visitor.get("/sign-in/go", params=asked)
        assert (page.url.path, "Say where you work" in page.text) == ("/sign-in", True)
        assert page.url.params.get("then") == asked.get("then")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["I have my way in", ">leave now</a>", "I need to open a record in an emergency"]),
        ("es", ["Ya tengo mi acceso", ">salir ya</a>", "Necesito abrir un expediente en una emergencia"]),
    ],
)
def test_a_client_finds_her_way_in(house: House, language: str, words: list[str]) -> None:
    with house.visitor(**{"accept-language": language}) as visitor:
        page = visitor.get("/sign-in")
        assert [each for each in (*words, 'href="/my"') if each not in page.text] == []


@pytest.mark.parametrize(
    ("person", "accepted", "language"),
    [
        ("rosa-muestra", "en-US", "es"),
        ("sam-specimen", "es-MX,en;q=0.5", "es"),
        ("sam-specimen", "en-US", "en"),
    ],
)
def test_pages_begin_in_the_persons_own_language(house: House, person: str, accepted: str, language: str) -> None:
    with house.visitor(person, **{"accept-language": accepted}) as visitor:
        page = visitor.get("/")
        assert f'<html lang="{language}">' in page.text
        other = "en" if language == "es" else "es"
        page = visitor.get(f"/language/{other}", headers={"referer": str(page.url)})
        assert f'<html lang="{other}">' in page.text
        assert f'<html lang="{other}">' in visitor.get("/about").text


def test_a_language_is_kept_and_leads_back(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.get("/language/es", headers={"referer": f"{house.url}/work?show=all"})
        assert (page.url.path, page.url.query) == ("/work", b"show=all")
        assert '<html lang="es">' in page.text
        assert "Con retraso" in visitor.get("/work").text


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example", ""])
def test_a_language_leads_nowhere_else(house: House, referer: str) -> None:
    with house.visitor() as visitor:
        answer = visitor.get("/language/es", headers={"referer": referer}, follow_redirects=False)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,es;q=0.5", "en"),
        ("hmn,es;q=0.5", "es"),
        ("xx;q=oops", "en"),
        ("", "en"),
    ],
)
def test_the_browser_says_which_language(house: House, accepted: str, language: str) -> None:
    with house.visitor() as visitor:
        page = visitor.get("/sign-in", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language
