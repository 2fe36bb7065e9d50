"""Who signs out here is led on to the provider's own sign-out and back, and nobody else's is (RP-Initiated Logout)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.gateway.access.provider import Provider
from services.gateway.access.session import Session
from services.gateway.access.signing_out import LONGEST_IDENTITY, SigningOut
from services.gateway.settings import GatewaySettings
from tests.gateway.house import House, hidden, signs_out

KEPT = "closeknit_identity"
SETTINGS = GatewaySettings.from_env(
    {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_ISSUER": "https://issuer.example",
        "CLOSEKNIT_SESSION_KEY": "ab" * 32,
    }
)


class Says(Provider):
    """A provider that says this of itself."""

    def __init__(self, **said: Any) -> None:
        super().__init__("https://issuer.example")
        self._said = said


def pressed(visitor: httpx.Client) -> httpx.Response:
    """The page on which who pressed "Sign out" is, for a moment."""
    return visitor.post("/sign-out", data={"csrf": hidden(visitor.get("/work"), "/sign-out")["csrf"]})


def asked(page: httpx.Response) -> Mapping[str, str]:
    address = page.headers["refresh"].partition("0; url=")[2]
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_provider_is_told_whose_sign_in_ends_and_where_to_send_her_back(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = pressed(visitor)
        said = asked(page)
    identity = house.issuer.identified(said["id_token_hint"])
    assert identity is not None
    assert (identity["sub"], identity["aud"]) == ("sam-specimen", "closeknit-pages")
    assert (said["post_logout_redirect_uri"], said["client_id"]) == (f"{house.url}/sign-in/out", "closeknit-pages")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "You are signed out of Closeknit" in page.text
    assert f'href="{house.issuer.url}/end-session?' in page.text, "for whose browser does not go on by itself"


def test_the_identity_is_sealed_and_comes_to_the_sign_out_alone(house: House) -> None:
    with house.visitor() as visitor:
        issuer = visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi"})
        back = visitor.post(str(issuer.url), data={"person": "sam-specimen"}, follow_redirects=False)
        (cookie,) = [
            each
            for each in visitor.get(back.headers["location"], follow_redirects=False).headers.get_list("set-cookie")
            if each.startswith(f"{KEPT}=")
        ]
        assert {"path=/sign-out", "httponly", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "." not in cookie.partition(";")[0], "a token has dots, what is sealed has none"
        assert KEPT not in visitor.get("/work").request.headers["cookie"]


@pytest.mark.parametrize("state", ["", "made-up", None])
def test_who_comes_back_from_a_sign_out_that_did_not_begin_here_is_told_no_more(
    house: House, state: str | None
) -> None:
    with house.visitor("sam-specimen") as visitor:
        pressed(visitor)
        page = visitor.get("/sign-in/out", params={} if state is None else {"state": state})
        assert "may still know you" in page.text
        assert "here and at your agency" not in page.text


def test_a_link_to_it_signs_nobody_out(house: House, visitor: httpx.Client) -> None:
    assert visitor.get("/sign-in/out", params={"state": "made-up"}).url.path == "/work"


def test_another_sign_ins_identity_is_no_hint(house: House) -> None:
    with house.visitor("sam-specimen") as sam, house.visitor("rosa-muestra") as rosa:
        cookie = next(each.value for each in rosa.cookies.jar if each.name == KEPT)
        sam.cookies.delete(KEPT)
        sam.cookies.set(KEPT, str(cookie), domain="127.0.0.1", path="/sign-out")
        assert "id_token_hint" not in asked(pressed(sam))


def test_the_words_are_spanish_too(house: House) -> None:
    with house.visitor("rosa-muestra") as visitor:
        page = pressed(visitor)
        assert (asked(page)["ui_locales"], "Cerró la sesión en Closeknit" in page.text) == ("es", True)


def test_where_there_is_no_such_place_the_page_says_what_is_left(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(*_: Any) -> None:
        return None

    monkeypatch.setattr(SigningOut, "address", nowhere)
    with house.visitor("sam-specimen") as visitor:
        page = signs_out(visitor, visitor.get("/work"))
        assert (page.url.path, "may still know you" in page.text) == ("/sign-in", True)
        assert visitor.get("/work", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("said", [{}, {"end_session_endpoint": None}, {"end_session_endpoint": 7}])
async def test_a_provider_that_has_no_sign_out_is_not_asked(said: Mapping[str, Any]) -> None:
    out = SigningOut(SETTINGS, Says(**said))
    assert await out.address("", Session.begin("t"), "state", "en") is None


async def test_one_that_does_not_answer_is_not_waited_for() -> None:
    out = SigningOut(SETTINGS, Provider("http://127.0.0.1:1"))
    assert await out.address("", Session.begin("t"), "state", "en") is None


async def test_its_address_may_have_a_query_of_its_own() -> None:
    out = SigningOut(SETTINGS, Says(end_session_endpoint="https://issuer.example/out?realm=x"))
    address = await out.address("", Session.begin("t"), "state", "en")
    assert address is not None
    assert parse_qs(urlsplit(address).query) | {"post_logout_redirect_uri": []} == {
        "realm": ["x"], "client_id": ["closeknit-pages"], "state": ["state"], "ui_locales": ["en"],
        "post_logout_redirect_uri": [],
    }  # fmt: skip


def test_an_identity_that_no_cookie_holds_is_not_kept() -> None:
    out, session = SigningOut(SETTINGS, Says()), Session.begin("t")
    assert 0 < len(out.kept("x" * 2_000, session)) <= LONGEST_IDENTITY
    assert out.kept("x" * 4_000, session) == ""
