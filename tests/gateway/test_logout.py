"""A sign-in that ended at the provider has ended here, and nothing but a logout token of that provider ends one."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local import keycloak
from deploy.local.issuer import Claims, DevelopmentIssuer
from services.gateway.access.endings import SWEEP_S, Endings
from services.gateway.access.session import LONGEST_SESSION_S, Sealer, Session
from tests.condition import until
from tests.gateway.house import House, hidden, running

PAGES = "closeknit-pages"
SAM = Claims(subject="sam-specimen", initiative="fresno-ptbi", roles=("staff",), agency="sample-county-chw-hub")


def post(house: House, token: str | None, **more: Any) -> httpx.Response:
    form = {} if token is None else {"logout_token": token}
    return httpx.post(f"{house.url}/sign-in/ended", data={**form, **more})


def sign_in_of(house: House, visitor: httpx.Client) -> str:
    document = Sealer(house.session_key, "session").open(visitor.cookies["closeknit"])
    assert document is not None
    return str(document["sign_in"])


def is_in(visitor: httpx.Client) -> bool:
    return visitor.get("/work", follow_redirects=False).status_code == 200


def test_the_providers_session_ends_ours_and_no_other(house: House) -> None:
    with house.visitor("sam-specimen") as here, house.visitor("sam-specimen") as there:
        answer = post(house, house.issuer.end(client=PAGES, sid=sign_in_of(house, here), sub="sam-specimen"))
        assert (answer.status_code, answer.headers["cache-control"], answer.content) == (200, "no-store", b"")
        assert (is_in(here), is_in(there)) == (False, True)
        page = here.get("/work")
        assert page.url.path == "/sign-in"


def test_a_provider_may_say_more(house: House) -> None:
    """Keycloak puts a word of its own beside the event."""
    with house.visitor("sam-specimen") as visitor:
        events = {"http://schemas.openid.net/event/backchannel-logout": {}, "revoke_offline_access": True}
        assert (
            post(house, house.issuer.end(client=PAGES, sid=sign_in_of(house, visitor), events=events)).status_code
            == 200
        )
        assert not is_in(visitor)


def test_a_person_is_out_everywhere_and_may_come_again(house: House) -> None:
    with house.visitor("sam-specimen") as here, house.visitor("rosa-muestra") as other:
        token = house.issuer.end(client=PAGES, sub="sam-specimen")
        assert post(house, token).status_code == 200
        assert (is_in(here), is_in(other)) == (False, True)
        with house.visitor("sam-specimen") as again:
            assert is_in(again)
            assert post(house, token).status_code == 400, "a logout token counts once"
            assert is_in(again)


def test_what_was_typed_is_kept_for_her_who_comes_again(house: House) -> None:
    """An ended session is as one that ran out: a form is sealed into the answer, and nothing is done."""
    with house.visitor("sam-specimen") as visitor:
        csrf = hidden(visitor.get("/work"), "/sign-out")["csrf"]
        post(house, house.issuer.end(client=PAGES, sid=sign_in_of(house, visitor)))
        house.twin.heard.clear()
        answer = visitor.post("/clients/new", data={"csrf": csrf, "key": "k", "given": "Testa"})
        assert answer.status_code in {401, 403, 404}
        assert [action for action, *_ in house.twin.heard if action == "register_client"] == []


def test_a_copied_cookie_is_nothing_after_signing_out(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        copied = visitor.cookies["closeknit"]
        visitor.post("/sign-out", data={"csrf": hidden(visitor.get("/work"), "/sign-out")["csrf"]})
    with house.visitor() as thief:
        thief.cookies.set("closeknit", copied, domain="127.0.0.1")
        assert not is_in(thief)


Make = Callable[[DevelopmentIssuer], str | None]
WRONG: dict[str, Make] = {
    "nothing": lambda _: None,
    "no token": lambda _: "a.b.c",
    "not ASCII": lambda _: "ñ",
    "an access token": lambda issuer: issuer.issue(SAM),
    "an identity token": lambda issuer: issuer.identify(SAM, client=PAGES, nonce=None),
    "another client's": lambda issuer: issuer.end(client="another", sub="sam-specimen"),
    "another issuer's": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", iss="https://elsewhere.example"),
    "for nobody": lambda issuer: issuer.end(client=PAGES),
    "with a nonce": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", nonce="n"),
    "without events": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", events=None),
    "another event": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", events={"http://other.example": {}}),
    "an event that is no object": lambda issuer: issuer.end(
        client=PAGES, sub="sam-specimen", events={"http://schemas.openid.net/event/backchannel-logout": True}
    ),
    "without an id": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", jti=None),
    "without a time": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", iat=None),
    "old": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", iat=int(time.time()) - 301),
    "from tomorrow": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", iat=int(time.time()) + 86_400),
    "without an end": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", exp=None),
    "expired": lambda issuer: issuer.end(client=PAGES, sub="sam-specimen", exp=int(time.time()) - 6),
    "a subject that is a number": lambda issuer: issuer.end(client=PAGES, sub=7),
    "an empty one": lambda issuer: issuer.end(client=PAGES, sub=""),
    "endless": lambda _: "x" * 20_000,
}


@pytest.mark.parametrize("case", WRONG)
def test_nothing_else_ends_a_session(house: House, case: str) -> None:
    with house.visitor("sam-specimen") as visitor:
        answer = post(house, WRONG[case](house.issuer))
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
        assert is_in(visitor)


def test_a_token_of_somebody_elses_key_ends_nothing(house: House, tmp_path: Path) -> None:
    forger = DevelopmentIssuer(house.issuer.url, tmp_path, {"CLOSEKNIT_ENVIRONMENT": "development"})
    with house.visitor("sam-specimen") as visitor:
        token = forger.end(client=PAGES, sub="sam-specimen")
        assert post(house, token).status_code == 400
        head, body, _ = house.issuer.end(client=PAGES, sub="sam-specimen").split(".")
        for signature in ("", token.rsplit(".", 1)[1]):
            assert post(house, f"{head}.{body}.{signature}").status_code == 400
        unsigned = f"eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.{body}."
        assert post(house, unsigned).status_code == 400
        assert is_in(visitor)


def test_it_is_a_form_that_is_posted(house: House) -> None:
    token = house.issuer.end(client=PAGES, sub="nobody")
    url = f"{house.url}/sign-in/ended"
    assert httpx.get(url, params={"logout_token": token}).status_code == 405
    assert httpx.post(url, json={"logout_token": token}).status_code == 400
    assert httpx.post(url, params={"logout_token": token}).status_code == 400
    assert httpx.post(url, data={"logout_token": [token, token]}).status_code == 400
    assert post(house, token).status_code == 200


def test_who_guesses_is_told_to_wait_and_the_provider_is_not() -> None:
    with running(CLOSEKNIT_ADDRESS_RATE="0.2") as house:
        assert post(house, "a.b.c").status_code == 400
        until(lambda: post(house, "a.b.c").status_code == 429)
        ends = [post(house, house.issuer.end(client=PAGES, sub=f"s-{number}")).status_code for number in range(7)]
        assert ends == [200] * 7


def test_it_is_known_to_every_process_and_after_a_restart(tmp_path: Path) -> None:
    one, other = Endings(tmp_path / "ended"), Endings(tmp_path / "ended")
    session = Session.begin("token", "sam-specimen", "sid-1")
    assert not one.has_ended(session)
    one.end_sign_in("sid-1")
    assert other.has_ended(session)
    assert other.has_ended(Session.begin("token", "sam-specimen", "sid-1")), "that session of the provider is over"
    assert not other.has_ended(Session.begin("token", "sam-specimen", "sid-2"))
    assert (one.first("jti-1"), other.first("jti-1"), other.first("jti-2")) == (True, False, True)
    assert (tmp_path / "ended").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "ended").iterdir())
    assert "sam" not in "".join(path.name for path in (tmp_path / "ended").iterdir())


@pytest.mark.parametrize("kept", [True, False])
def test_what_ends_nothing_any_more_goes(tmp_path: Path, kept: bool) -> None:
    now = [time.time()]
    endings = Endings(tmp_path if kept else None, clock=lambda: now[0])
    session = Session.begin("token", "sam-specimen", "sid-1")
    endings.end_all_of("sam-specimen")
    for path in tmp_path.iterdir():
        os.utime(path, (now[0], now[0]))
    now[0] += LONGEST_SESSION_S + SWEEP_S + 1
    endings.end_all_of("rosa-muestra")
    assert endings.has_ended(session), "it is too old by itself"
    assert len(list(tmp_path.iterdir())) == (1 if kept else 0)
    assert not Endings(None).has_ended(Session.begin("token"))


@pytest.mark.parametrize(
    ("seconds", "ended"),
    [(0, False), (LONGEST_SESSION_S - 1, False), (LONGEST_SESSION_S, True), (-5, False), (-6, True)],
)
def test_no_session_lasts_longer_than_a_day(seconds: int, ended: bool) -> None:
    session = replace(Session.begin("token"), began=1_000_000.0)
    assert Endings(None, clock=lambda: session.began + seconds).has_ended(session) is ended


def test_the_shipped_realm_knows_a_session_as_long_as_ours_lasts() -> None:
    """Else nobody could end it there: it would have ended there by itself, which is told to no one."""
    realm = keycloak.shipped()
    (pages,) = [client for client in realm["clients"] if client["clientId"] == PAGES]
    lasts = int(pages["attributes"]["access.token.lifespan"])
    assert min(realm["ssoSessionIdleTimeout"], realm["ssoSessionMaxLifespan"]) >= lasts
