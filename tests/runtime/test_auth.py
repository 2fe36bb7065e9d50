"""Access tokens: what makes a principal, and everything that must not."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from joserfc.registry import HeaderParameter

from services.runtime.auth import AuthProblem, IssuerKeys, Verifier, credentials, keys_over_http
from tests.serving import served

ISSUER = "https://sign-in.example"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "two"})
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "closeknit",
    "sub": "staff-1",
    "initiative": "example-county",
    "agency": "example-clinic-north",
    "roles": ["staff"],
}


class Issuer:
    """An issuer's key set that can be turned, counted and broken."""

    def __init__(self, *keys: ECKey | RSAKey) -> None:
        self.keys = list(keys)
        self.fetched = 0
        self.broken = False

    async def fetch(self) -> Mapping[str, Any]:
        self.fetched += 1
        if self.broken:
            raise OSError
        return dict(KeySet(list(self.keys)).as_dict(private=False))


def plain(answer: Callable[..., Any]) -> Callable[..., Any]:
    """An app without a lifespan of its own."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await answer(scope, receive, send)

    return app


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def signed(key: Any = KEY, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    body = {**CLAIMS, "iat": now, "exp": now + 600, **claims}
    head = {"alg": "ES256", "typ": "at+jwt", "kid": "one", **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    body = {name: value for name, value in body.items() if value is not None}
    anything = jws.JWSRegistry({"x-odd": HeaderParameter("odd", "str")}, [head["alg"]])
    return jwt.encode(head, body, key, registry=anything, default_type=None)


def verifier(issuer: Issuer | None = None, *, clock: Clock | None = None, bound: int = 100) -> Verifier:
    clock = clock or Clock()
    keys = IssuerKeys((issuer or Issuer(KEY)).fetch, clock=clock)
    return Verifier(ISSUER, keys, clock=clock, bound=bound)


async def test_a_good_token_is_a_principal() -> None:
    token = signed(
        roles=["staff", "case_manager"],
        working_groups=["shared-measures"],
        name="Ana Ejemplo",
        locale="es-MX",
        aud=["other", "closeknit"],
    )
    principal = await verifier().verify(token)
    assert principal.subject == "staff-1"
    assert (principal.initiative, principal.agency) == ("example-county", "example-clinic-north")
    assert principal.roles == {"staff", "case_manager"}
    assert principal.working_groups == {"shared-measures"}
    assert principal.language == "es-MX"
    assert principal.token == token
    assert "Ana" not in repr(principal)
    assert token not in repr(principal)


async def test_another_issuers_rsa_key_is_taken_too() -> None:
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    token = signed(key, {"alg": "RS256", "kid": "rsa", "typ": "application/at+jwt"})
    assert (await verifier(Issuer(key)).verify(token)).subject == "staff-1"


SHARED = OctKey.import_key("a" * 40)
BAD: dict[str, Callable[[], str]] = {
    "expired": lambda: signed(exp=int(time.time()) - 1),
    "not yet": lambda: signed(nbf=int(time.time()) + 60),
    "no expiry": lambda: signed(exp=None),
    "another audience": lambda: signed(aud="another"),
    "no audience": lambda: signed(aud=None),
    "another issuer": lambda: signed(iss="https://elsewhere.example"),
    "an identity token": lambda: signed(header={"typ": "JWT"}),
    "no type": lambda: signed(header={"typ": None}),
    "no key id": lambda: signed(header={"kid": None}),
    "a key of somebody else": lambda: signed(OTHER_KEY, {"kid": "one"}),
    "an unknown key": lambda: signed(OTHER_KEY, {"kid": "two"}),
    "a symmetric algorithm": lambda: signed(SHARED, {"alg": "HS256"}),
    "no signature": lambda: signed().rsplit(".", 1)[0] + ".",
    "no initiative": lambda: signed(initiative=None),
    "an initiative that is no slug": lambda: signed(initiative="../x"),
    "roles as text": lambda: signed(roles="staff"),
    "an unknown critical header": lambda: signed(header={"crit": ["x-odd"], "x-odd": "y"}),
    "no token at all": lambda: "a.b.c",
    "empty": lambda: "",
    "too long": lambda: signed(name="x" * 9000),
    "not ASCII": lambda: "ñ.ñ.ñ",
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_token_is_nobody(case: str) -> None:
    with pytest.raises(AuthProblem) as problem:
        await verifier().verify(BAD[case]())
    assert (problem.value.status, problem.value.slug) == (401, "not-signed-in")


def at_second(clock: Clock, **claims: int) -> str:
    now = int(clock.now)
    times: dict[str, Any] = {name: now + seconds for name, seconds in claims.items()}
    return signed(**{"iat": now, "exp": now + 600, **times})


@pytest.mark.parametrize(
    ("claims", "believed"),
    [
        ({"nbf": 5}, True),
        ({"nbf": 6}, False),
        ({"iat": 5}, True),
        ({"iat": 6}, False),
        ({"exp": 1}, True),
        ({"exp": 0}, False),
        ({"exp": -1}, False),
    ],
)
async def test_clocks_may_differ_by_five_seconds_and_what_has_expired_has(
    claims: dict[str, int], believed: bool
) -> None:
    clock = Clock()
    clock.now = float(int(clock.now))
    who, token = verifier(clock=clock), at_second(clock, **claims)
    if believed:
        assert await who.verify(token)
    else:
        with pytest.raises(AuthProblem):
            await who.verify(token)


def unsecured() -> str:
    header, body, _ = signed().split(".")
    return f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0Iiwia2lkIjoib25lIn0.{body}."


async def test_a_token_without_an_algorithm_is_nobody() -> None:
    with pytest.raises(AuthProblem):
        await verifier().verify(unsecured())


async def test_claims_are_kept_until_they_expire() -> None:
    issuer, clock = Issuer(KEY), Clock()
    who = verifier(issuer, clock=clock)
    token = signed()
    assert who.known(token) is None
    principal = await who.verify(token)
    assert who.known(token) is principal
    assert issuer.fetched == 1
    clock.now += 601
    assert who.known(token) is None
    with pytest.raises(AuthProblem):
        await who.verify(token)


async def test_kept_claims_are_bounded() -> None:
    who = verifier(bound=3)
    tokens = [signed(sub=f"staff-{number}") for number in range(5)]
    for token in tokens:
        await who.verify(token)
    assert [who.known(token) is not None for token in tokens] == [False, False, True, True, True]


async def test_an_unknown_key_is_asked_for_once_a_minute() -> None:
    issuer, clock = Issuer(KEY), Clock()
    who = verifier(issuer, clock=clock)
    await who.verify(signed())
    for _ in range(20):
        with pytest.raises(AuthProblem):
            await who.verify(signed(OTHER_KEY, {"kid": "two"}))
    assert issuer.fetched == 1
    issuer.keys.append(OTHER_KEY)
    clock.now += 61
    assert (await who.verify(signed(OTHER_KEY, {"kid": "two"}))).subject == "staff-1"
    assert issuer.fetched == 2


async def test_keys_outlive_an_issuer_that_is_down() -> None:
    issuer, clock = Issuer(KEY), Clock()
    who = verifier(issuer, clock=clock)
    await who.verify(signed())
    issuer.broken = True
    clock.now += 605
    assert await who.verify(signed(exp=int(clock.now) + 600))
    assert await who.verify(signed(exp=int(clock.now) + 601))
    assert issuer.fetched == 2


async def test_a_key_that_was_taken_back_is_believed_no_longer_than_what_is_kept() -> None:
    issuer, clock = Issuer(KEY), Clock()
    who = verifier(issuer, clock=clock)
    token = signed(exp=int(clock.now) + 3600)
    await who.verify(token)
    issuer.keys = [OTHER_KEY]
    clock.now += 601
    with pytest.raises(AuthProblem):
        await who.verify(token)


async def test_a_key_of_a_new_kind_hides_no_other_and_a_shared_one_is_none() -> None:
    shared = {**SHARED.as_dict(), "kid": "shared", "alg": "HS256"}
    found = [{"kty": "AKP", "kid": "new", "alg": "ML-DSA-44"}, shared, "no key", KEY.as_dict(private=False)]

    async def fetch() -> Mapping[str, Any]:
        return {"keys": found}

    keys = IssuerKeys(fetch)
    assert {key.kid for key in await keys.having("one")} == {"one"}
    for kid in ("new", "shared"):
        with pytest.raises(AuthProblem):
            await keys.having(kid)


@pytest.mark.parametrize("found", [[], {"keys": "none"}, {"keys": None}, {}])
async def test_what_is_no_set_of_keys_is_as_no_answer(found: Any) -> None:
    async def fetch() -> Mapping[str, Any]:
        return found  # type: ignore[no-any-return]

    with pytest.raises(AuthProblem) as problem:
        await IssuerKeys(fetch).having("one")
    assert problem.value.status in {401, 503}


async def test_keys_come_from_the_address_alone_and_are_not_endless() -> None:
    async def answer(scope: Any, _: Any, send: Any) -> None:
        moved = scope["path"] == "/moved"
        headers = [(b"location", b"/keys")] if moved else []
        await send({"type": "http.response.start", "status": 302 if moved else 200, "headers": headers})
        body = b'{"keys": []}' if scope["path"] == "/keys" else b" " * (300 * 1024) + b"{}"
        await send({"type": "http.response.body", "body": b"" if moved else body})

    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with served([(plain(answer), listener)]):
            assert await keys_over_http(f"{url}/keys")() == {"keys": []}
            for path in ("/moved", "/endless"):
                with pytest.raises(ValueError, match="so long|Expecting value"):
                    await keys_over_http(f"{url}{path}")()


async def test_an_issuer_that_never_answered_is_503() -> None:
    issuer, clock = Issuer(KEY), Clock()
    issuer.broken = True
    who = verifier(issuer, clock=clock)
    with pytest.raises(AuthProblem) as problem:
        await who.verify(signed())
    assert (problem.value.status, problem.value.retry_after) == (503, 5)
    issuer.broken = False
    clock.now += 1
    assert await who.verify(signed())


async def test_whoever_comes_while_the_keys_are_fetched_waits_for_them() -> None:
    issuer, clock = Issuer(KEY), Clock()
    answered = asyncio.Event()

    async def fetch() -> Mapping[str, Any]:
        await answered.wait()
        return await issuer.fetch()

    who = Verifier(ISSUER, IssuerKeys(fetch, clock=clock), clock=clock)

    async def at_once(token: str) -> None:
        async def last() -> None:
            answered.set()  # tasks begin in the order in which they were made: all eight ask by now

        asked = asyncio.gather(*(who.verify(token) for _ in range(8)))
        await asyncio.create_task(last())
        assert {principal.subject for principal in await asked} == {"staff-1"}
        answered.clear()

    await at_once(signed())
    issuer.keys.append(OTHER_KEY)
    clock.now += 61
    await at_once(signed(OTHER_KEY, {"kid": "two"}))
    assert issuer.fetched == 2


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Basic eA==")],
        [(b"authorization", b"Bearer ")],
        [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
    ],
)
def test_only_one_bearer_header_is_taken(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(AuthProblem):
        credentials(headers)
    assert credentials([(b"authorization", b"bearer abc")]) == ("bearer", "abc")


async def test_who_was_checked_before_is_known_by_the_headers_alone() -> None:
    clock = Clock()
    who, token = verifier(clock=clock), signed()
    principal = await who.verify(token)
    header = (b"authorization", f"Bearer {token}".encode())
    assert who.known_by(dict([header]), [header]) is principal
    lowered = (b"authorization", f"bearer {token}".encode())
    for others in ([], [header, header], [header, lowered], [lowered], [(b"authorization", token.encode())]):
        assert who.known_by(dict(others), others) is None
    clock.now += 601
    assert who.known_by(dict([header]), [header]) is None
