"""Sessions: what is sealed stays closed, handles lead nowhere after signing out, forms come from our own pages."""

import secrets

import pytest

from services.gateway.access.session import Handles, Sealer, Session, same_origin
from services.gateway.settings import GatewaySettings
from services.runtime.settings import SettingsProblem

KEY = secrets.token_hex(32)
REFERENCE = "mfrggzdfmztwq2lknnwg23tpoa"
PUBLIC = "https://closeknit.example"
SETTINGS = {
    "CLOSEKNIT_ENVIRONMENT": "production",
    "CLOSEKNIT_ISSUER": "https://issuer.example",
    "CLOSEKNIT_PUBLIC_URL": PUBLIC,
    "CLOSEKNIT_ENDED_SIGN_INS": "/var/lib/closeknit/sign-ins",
}


def test_a_seal_opens_for_what_it_was_made_for() -> None:
    sealed = Sealer(KEY, "session").seal({"token": "t"})
    assert "t" not in sealed.split(".")
    assert Sealer(KEY, "session").open(sealed) == {"token": "t"}
    assert Sealer(KEY, "sign-in").open(sealed) is None
    assert Sealer(secrets.token_hex(32), "session").open(sealed) is None


@pytest.mark.parametrize("text", ["", "x", "ñ", "A" * 9000, "====", "AAAA" * 10])
def test_what_was_not_sealed_here_is_nothing(text: str) -> None:
    assert Sealer(KEY, "session").open(text) is None


def test_one_turned_bit_closes_it() -> None:
    sealed = Sealer(KEY, "session").seal({"token": "t"})
    turned = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    assert Sealer(KEY, "session").open(turned) is None


def test_a_handle_is_good_for_one_sign_in() -> None:
    first, second = (Handles(Session.begin("token")) for _ in range(2))
    assert first.back(first.of(REFERENCE)) == REFERENCE
    assert first.of(REFERENCE) not in {REFERENCE, second.of(REFERENCE)}
    assert second.back(first.of(REFERENCE)) != REFERENCE


@pytest.mark.parametrize("year", ["a", "b", "c", "d"])
def test_a_handle_says_of_which_year_a_reference_is(year: str) -> None:
    session, reference = Handles(Session.begin("token")), REFERENCE[:-1] + year
    assert session.back(session.of(reference)) == reference
    assert len({session.of(REFERENCE[:-1] + each) for each in "abcd"}) == 4


@pytest.mark.parametrize("handle", ["", "short", "A" * 26, "1" * 26, "ñ" * 26, "a" * 27])
def test_what_is_no_handle_leads_nowhere(handle: str) -> None:
    assert Handles(Session.begin("token")).back(handle) is None


def test_a_session_vouches_for_its_own_forms() -> None:
    session = Session.begin("token")
    assert session.vouches_for(session.csrf)
    assert not session.vouches_for(Session.begin("token").csrf)
    assert not session.vouches_for("")
    assert "token" not in repr(session).replace("Session", "")


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": PUBLIC, "host": "closeknit.example"}, True),
        ({"origin": "https://other.closeknit.example:8443", "host": "other.closeknit.example:8443"}, True),
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://evil.example", "host": "closeknit.example"}, False),
        ({"origin": "http://closeknit.example", "host": "closeknit.example"}, False),
        ({"origin": "null", "host": "closeknit.example"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": PUBLIC}, False),
    ],
)
def test_only_our_own_pages_post(headers: dict[str, str], ours: bool) -> None:
    assert same_origin(headers, PUBLIC) is ours


def test_production_needs_its_session_key() -> None:
    with pytest.raises(SettingsProblem, match="CLOSEKNIT_SESSION_KEY"):
        GatewaySettings.from_env(SETTINGS)
    assert GatewaySettings.from_env({**SETTINGS, "CLOSEKNIT_SESSION_KEY": KEY}).in_production


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSION_KEY", "short"), ("SESSION_KEY", "Z" * 64), ("ISSUER", "issuer"), ("PUBLIC_URL", "ftp://x"),
     ("GATEWAY_PORT", "99999")],
)  # fmt: skip
def test_settings_that_cannot_be_are_named(name: str, value: str) -> None:
    good = {**SETTINGS, "CLOSEKNIT_SESSION_KEY": KEY}
    with pytest.raises(SettingsProblem, match=name) as problem:
        GatewaySettings.from_env({**good, f"CLOSEKNIT_{name}": value})
    assert value not in str(problem.value)
