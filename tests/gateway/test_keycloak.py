"""A real Keycloak with the realm that we ship: people sign in by its own page, systems with proofs, and out again."""

import html
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local import child, keycloak, ports
from services.gateway.access.session import Sealer
from services.runtime.auth import AuthProblem, IssuerKeys, Principal, Verifier, keys_over_http
from tests.condition import until
from tests.gateway.house import House, listening, running, signs_out
from tests.holding import Holder

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]
PASS_PHRASE = "a pass phrase for tests"
PATIENCE_S = 30.0
SYSTEM = "example-clinic-north-system"
SAM: Mapping[str, Any] = {
    "username": "sam-specimen",
    "enabled": True,
    "firstName": "Sam",
    "lastName": "Specimen",
    "email": "sam@specimen.example",
    "emailVerified": True,
    "credentials": [{"type": "password", "value": PASS_PHRASE}],
    "attributes": {
        "initiative": ["fresno-ptbi"],
        "agency": ["sample-county-chw-hub"],
        "working_groups": ["shared-measures"],
        "locale": ["es"],
    },
    "clientRoles": {"closeknit": ["staff", "case_manager"]},
}
NOWHERE: Mapping[str, Any] = {
    **SAM,
    "username": "greta-example",
    "email": "greta@example.example",
    "attributes": {},
    "clientRoles": {},
}


@dataclass
class Provider:
    """A running Keycloak, and what who operates it knows."""

    url: str
    known: Mapping[str, str]
    holder: Holder = field(default_factory=Holder)

    def issuer(self, realm: str = "closeknit") -> str:
        return f"{self.url}/realms/{realm}"

    def endpoint(self, name: str, realm: str = "closeknit") -> str:
        return f"{self.issuer(realm)}/protocol/openid-connect/{name}"

    def for_system(self, realm: str = "closeknit", *, proven: bool = True) -> httpx.Response:
        """What an agency's system is answered that asks for a token by client credentials."""
        url = self.endpoint("token", realm)
        form = {"grant_type": "client_credentials", "client_id": SYSTEM}
        form["client_secret"] = self.known["CLOSEKNIT_SYSTEM_SECRET"]
        headers = {"dpop": self.holder.proof("POST", url, "", ath=None)} if proven else {}
        return httpx.post(url, data=form, headers=headers, timeout=PATIENCE_S)

    def operator(self) -> httpx.Client:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": "operator", "password": PASS_PHRASE}
        answer = httpx.post(self.endpoint("token", "master"), data=form, timeout=PATIENCE_S).json()
        headers = {"authorization": f"Bearer {answer['access_token']}"}
        return httpx.Client(base_url=f"{self.url}/admin/realms/closeknit", headers=headers, timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def both(server_folder: Path) -> Iterator[tuple[Provider, House]]:
    """The provider, and a house that knows no other."""
    try:
        keycloak.distribution()
    except child.PartMissing as missing:
        pytest.skip(str(missing))
    folder = server_folder / "keycloak"
    folder.mkdir()
    port = ports.any_free()
    with listening() as at:
        environ = {
            "CLOSEKNIT_PUBLIC_URL": f"http://127.0.0.1:{at.getsockname()[1]}",
            "CLOSEKNIT_CLIENT_SECRET": secrets.token_urlsafe(24),
            "CLOSEKNIT_SYSTEM_SECRET": secrets.token_urlsafe(24),
            "KC_BOOTSTRAP_ADMIN_USERNAME": "operator",
            "KC_BOOTSTRAP_ADMIN_PASSWORD": PASS_PHRASE,
        }
        shipped = keycloak.shipped()
        realms = {"closeknit": {**shipped, "users": [SAM, NOWHERE]}, "elsewhere": {**shipped, "realm": "elsewhere"}}
        spec = keycloak.spec(folder, port, environ, realms)
        server = child.start(spec, folder / "keycloak.log")
        try:
            provider = Provider(f"http://127.0.0.1:{port}", environ)
            with running(behind_it=True, at=at, **settings(provider)) as house:
                yield provider, house
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


def settings(provider: Provider) -> dict[str, str]:
    """What docs/sign-in.md says that a gateway needs to know of it."""
    return {
        "CLOSEKNIT_ISSUER": provider.issuer(),
        "CLOSEKNIT_JWKS_URL": provider.endpoint("certs"),
        "CLOSEKNIT_CLIENT_SECRET": provider.known["CLOSEKNIT_CLIENT_SECRET"],
        "CLOSEKNIT_BOUND_ROLES": "system",
    }


def a_browser() -> httpx.Client:
    """As browsers do, it takes the loopback address for a safe place for cookies."""

    def keep(_: httpx.Response) -> None:
        for cookie in browser.cookies.jar:
            cookie.secure = False

    browser = httpx.Client(follow_redirects=True, timeout=PATIENCE_S, event_hooks={"response": [keep]})
    return browser


def signed_in(house: House, browser: httpx.Client, person: str) -> httpx.Response:
    """The page on which somebody ends who filled in Keycloak's own form."""
    page = browser.get(f"{house.url}/sign-in/go", params={"initiative": "fresno-ptbi"})
    form = re.search(r'<form id="kc-form-login"[^>]* action="([^"]+)"', page.text)
    assert form, page.text
    return browser.post(html.unescape(form[1]), data={"username": person, "password": PASS_PHRASE})


def is_asked_for_the_password(house: House, browser: httpx.Client) -> bool:
    """Whether Keycloak shows its form to who comes to sign in, and does not send her back at once."""
    page = browser.get(f"{house.url}/sign-in/go", params={"initiative": "fresno-ptbi"})
    return 'id="kc-form-login"' in page.text


def session_of(house: House, browser: httpx.Client) -> dict[str, Any]:
    found = Sealer(house.session_key, "session").open(browser.cookies["closeknit"])
    assert found is not None
    return found


async def test_a_person_signs_in_and_the_api_knows_who_it_is(both: tuple[Provider, House]) -> None:
    provider, house = both
    with a_browser() as browser:
        page = signed_in(house, browser, "sam-specimen")
        assert (page.url.path, page.status_code) == ("/work", 200)
        assert '<html lang="es">' in page.text
        assert "Sam Specimen" in page.text
        token = session_of(house, browser)["token"]
    assert httpx.get(f"{house.url}/v1/work", headers={"authorization": f"Bearer {token}"}).status_code == 200
    who = await Verifier(provider.issuer(), IssuerKeys(keys_over_http(provider.endpoint("certs")))).verify(token)
    assert who == Principal(
        subject=who.subject,
        initiative="fresno-ptbi",
        agency="sample-county-chw-hub",
        roles=frozenset({"staff", "case_manager"}),
        working_groups=frozenset({"shared-measures"}),
        name="Sam Specimen",
        language="es",
        expires=who.expires,
    )


def test_who_has_an_account_and_no_place_is_told(both: tuple[Provider, House]) -> None:
    _, house = both
    with a_browser() as browser:
        page = signed_in(house, browser, "greta-example")
        assert (page.status_code, "does not say where you work" in page.text) == (400, True)
        assert "closeknit" not in browser.cookies


def test_a_session_that_ends_there_has_ended_here(both: tuple[Provider, House]) -> None:
    provider, house = both
    with a_browser() as here, a_browser() as there:
        for browser in (here, there):
            assert signed_in(house, browser, "sam-specimen").url.path == "/work"
        with provider.operator() as operator:
            until(lambda: is_out(house, here, operator.delete(f"/sessions/{session_of(house, here)['sign_in']}")))
            assert there.get(f"{house.url}/work", follow_redirects=False).status_code == 200
            until(lambda: is_out(house, there, operator.delete(f"/sessions/{session_of(house, there)['sign_in']}")))
    told = [json.loads(line) for line in house.told.getvalue().splitlines()]
    assert {line["status"] for line in told if line.get("route") == "/sign-in/ended"} == {200}


def test_who_signs_out_here_is_out_there(both: tuple[Provider, House]) -> None:
    _, house = both
    with a_browser() as browser:
        assert signed_in(house, browser, "sam-specimen").url.path == "/work"
        assert not is_asked_for_the_password(house, browser), "there she is known"
        back = signs_out(browser, browser.get(f"{house.url}/work"))
        assert str(back.url) == f"{house.url}/sign-in?now=out", back.text
        assert is_asked_for_the_password(house, browser)


def test_who_typed_the_password_too_long_ago_is_asked_again(both: tuple[Provider, House]) -> None:
    _, house = both
    with a_browser() as browser:
        assert signed_in(house, browser, "sam-specimen").url.path == "/work"
        asked = {"initiative": "fresno-ptbi"}
        address = browser.get(f"{house.url}/sign-in/go", params=asked, follow_redirects=False).headers["location"]
        assert "max_age=1800" in address
        assert "kc-form-login" not in browser.get(address).text, "half an hour is not over"
        until(lambda: "kc-form-login" in browser.get(address.replace("max_age=1800", "max_age=0")).text)


def is_out(house: House, browser: httpx.Client, _: httpx.Response) -> bool:
    """Whether a browser is signed out; the operator may have to ask again, as Keycloak writes sessions down later."""
    return browser.get(f"{house.url}/work", follow_redirects=False).status_code == 303


def test_a_system_comes_with_its_proof(both: tuple[Provider, House]) -> None:
    provider, house = both
    url = f"{house.url}/v1/referrals"
    assert provider.for_system(proven=False).status_code == 400
    answer = provider.for_system()
    assert (answer.status_code, answer.json().get("token_type")) == (200, "DPoP"), answer.text
    token = answer.json()["access_token"]
    asked = {"box": "inbox"}
    assert httpx.get(url, params=asked, headers=provider.holder.shown("GET", url, token)).status_code == 200
    for headers in ({"authorization": f"Bearer {token}"}, Holder().shown("GET", url, token)):
        assert httpx.get(url, params=asked, headers=headers).status_code == 401


async def test_another_realms_token_is_nobodys(both: tuple[Provider, House]) -> None:
    provider, house = both
    url = f"{house.url}/v1/referrals"
    token = provider.for_system("elsewhere").json()["access_token"]
    answer = httpx.get(url, params={"box": "inbox"}, headers=provider.holder.shown("GET", url, token))
    assert answer.status_code == 401
    ours = Verifier(provider.issuer(), IssuerKeys(keys_over_http(provider.endpoint("certs", "elsewhere"))))
    with pytest.raises(AuthProblem):
        await ours.verify(token)
