"""Bound tokens: who shows what they are bound to is believed, and nobody else."""

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from pydantic import BaseModel

from services.runtime.auth import UNIX, AuthProblem, IssuerKeys, Possession, Principal, Roles, Verifier
from services.runtime.auth.possession import UsedProofs
from services.runtime.http import create_app, lean_router
from tests.holding import Holder
from tests.runtime.test_auth import ISSUER, KEY, Clock, Issuer, signed
from tests.serving import served

HERE = "https://closeknit.example"
ADDRESS = f"{HERE}/v1/referrals"
PROXY = "10.0.0.7"
HOLDER, OTHER = Holder(), Holder()
UNTIL = int(time.time()) + 86_400  # tests of a long run may come an hour after they were read
BY_KEY = signed(roles=["system"], exp=UNTIL, cnf=HOLDER.by_key)
BY_CERTIFICATE = signed(roles=["system"], exp=UNTIL, cnf=HOLDER.by_certificate)
BY_BOTH = signed(roles=["system"], exp=UNTIL, cnf={**HOLDER.by_key, **HOLDER.by_certificate})
UNBOUND = signed(roles=["system"], exp=UNTIL)


class Who(BaseModel):
    """What the service behind answers."""

    agency: str | None


router = lean_router()


@router.get("/v1/who")
async def who(principal: Annotated[Principal, Roles("system")]) -> Who:
    """Says who asks."""
    return Who(agency=principal.agency)


def verifier(clock: Clock | None = None, **possession: Any) -> Verifier:
    clock = clock or Clock()
    held = Possession(HERE, **{"proxies": {PROXY}, "bound": {"system"}, **possession}, clock=clock)
    return Verifier(ISSUER, IssuerKeys(Issuer(KEY).fetch, clock=clock), possession=held, clock=clock)


def asked(*headers: tuple[str, str], sender: str | None = "10.0.0.9", **more: Any) -> dict[str, Any]:
    """The scope of a request for the referrals, from somewhere."""
    return {
        "type": "http",
        "method": "POST",
        "path": "/v1/referrals",
        "client": (sender, 4711) if sender is not None else None,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        **more,
    }


def with_proof(proof: str, token: str = BY_KEY, scheme: str = "DPoP") -> dict[str, Any]:
    return asked(("authorization", f"{scheme} {token}"), ("dpop", proof))


async def refused(who: Verifier, scope: Mapping[str, Any]) -> None:
    with pytest.raises(AuthProblem) as problem:
        await who.caller(dict(scope))
    assert (problem.value.status, problem.value.slug) == (401, "not-signed-in")


def proof(**claims: Any) -> str:
    return HOLDER.proof("POST", ADDRESS, BY_KEY, **claims)


async def test_who_holds_the_key_is_believed_each_time() -> None:
    who = verifier()
    for _ in range(3):
        principal = await who.caller(with_proof(proof()))
        assert (principal.agency, principal.bound_to is not None) == ("example-clinic-north", True)


async def test_an_rsa_key_is_taken_too() -> None:
    holder = Holder(RSAKey.generate_key(2048))
    token = signed(roles=["system"], cnf=holder.by_key)
    assert await verifier().caller(with_proof(holder.proof("POST", ADDRESS, token), token))


PRIVATE = HOLDER.key.as_dict(private=True)
WRONG: dict[str, Callable[[], Mapping[str, Any]]] = {
    "no proof": lambda: asked(("authorization", f"DPoP {BY_KEY}")),
    "as a bearer, with its proof": lambda: with_proof(proof(), scheme="Bearer"),
    "as a bearer, alone": lambda: asked(("authorization", f"Bearer {BY_KEY}")),
    "two proofs": lambda: asked(("authorization", f"DPoP {BY_KEY}"), ("dpop", proof()), ("dpop", proof())),
    "another's key": lambda: with_proof(OTHER.proof("POST", ADDRESS, BY_KEY)),
    "its key named, another's signature": lambda: with_proof(
        OTHER.proof("POST", ADDRESS, BY_KEY, header={"jwk": HOLDER.key.as_dict(private=False)})
    ),
    "another method": lambda: with_proof(proof(htm="GET")),
    "another host": lambda: with_proof(proof(htu="https://elsewhere.example/v1/referrals")),
    "another path": lambda: with_proof(proof(htu=f"{HERE}/v1/clients")),
    "another scheme": lambda: with_proof(proof(htu=ADDRESS.replace("https", "http"))),
    "another port": lambda: with_proof(proof(htu=f"{HERE}:8443/v1/referrals")),
    "no address": lambda: with_proof(proof(htu="")),
    "an address that is none": lambda: with_proof(proof(htu="https://[")),
    "another token's proof": lambda: with_proof(proof(ath=HOLDER.by_certificate["x5t#S256"])),
    "a proof of no token": lambda: with_proof(proof(ath=None)),
    "no id": lambda: with_proof(proof(jti=None)),
    "an endless id": lambda: with_proof(proof(jti="x" * 256)),
    "no time": lambda: with_proof(proof(iat=None)),
    "a time that is text": lambda: with_proof(proof(iat="now")),
    "an access token in its place": lambda: with_proof(proof(header={"typ": "at+jwt"})),
    "no type": lambda: with_proof(proof(header={"typ": None})),
    "no key": lambda: with_proof(proof(header={"jwk": None})),
    "the private key": lambda: with_proof(proof(header={"jwk": PRIVATE})),
    "a shared key": lambda: with_proof(proof(header={"jwk": OctKey.import_key("a" * 40).as_dict()})),
    "a key id in the place of the key": lambda: with_proof(proof(header={"jwk": None, "kid": "one"})),
    "no signature": lambda: with_proof(proof().rsplit(".", 1)[0] + "."),
    "no proof at all": lambda: with_proof("a.b.c"),
    "a proof too long": lambda: with_proof(proof(more="x" * 9000)),
    "a proof for an unbound token": lambda: with_proof(
        HOLDER.proof("POST", ADDRESS, signed(roles=["staff"])), signed(roles=["staff"])
    ),
    "an unbound token of a system": lambda: asked(("authorization", f"Bearer {UNBOUND}")),
    "bound to nothing": lambda: asked(("authorization", f"Bearer {signed(cnf={})}")),
    "bound to what is not known here": lambda: asked(("authorization", f"Bearer {signed(cnf={'kid': 'one'})}")),
    "bound to that besides": lambda: with_proof(
        HOLDER.proof("POST", ADDRESS, (token := signed(cnf={**HOLDER.by_key, "kid": "one"}))), token
    ),
    "bound to what is no thumbprint": lambda: asked(("authorization", f"Bearer {signed(cnf={'jkt': 'x'})}")),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_bound_token_without_its_proof_is_nobodys(case: str) -> None:
    who = verifier()
    await refused(who, WRONG[case]())
    await refused(who, WRONG[case]())  # nor when it was seen before


async def test_a_proof_counts_once() -> None:
    who, once = verifier(), proof()
    assert await who.caller(with_proof(once))
    await refused(who, with_proof(once))
    await refused(who, with_proof(once))


@pytest.mark.parametrize(("seconds", "believed"), [(-60, True), (-61, False), (5, True), (6, False)])
async def test_a_proof_is_good_for_a_minute_by_clocks_that_differ_a_little(seconds: int, believed: bool) -> None:
    clock = Clock()
    clock.now = float(int(clock.now))
    who, scope = verifier(clock), with_proof(proof(iat=int(clock.now) + seconds))
    if believed:
        assert await who.caller(scope)
    else:
        await refused(who, scope)


async def test_a_proof_that_was_used_is_refused_as_long_as_it_is_good() -> None:
    clock = Clock()
    clock.now = float(int(clock.now))
    who, ahead = verifier(clock), proof(iat=int(clock.now) + 5)
    assert await who.caller(with_proof(ahead))
    for _ in range(13):
        clock.now += 5
        await refused(who, with_proof(ahead))


def test_used_proofs_are_bounded() -> None:
    used = UsedProofs(65, most=3)
    assert [used.first(str(number).encode(), 0.0) for number in (1, 2, 3, 3)] == [True, True, True, False]
    with pytest.raises(AuthProblem) as problem:
        used.first(b"4", 1.0)
    assert problem.value.status == 503
    assert used.first(b"4", 65.0)
    assert not used.first(b"3", 66.0)
    assert used.first(b"3", 131.0)


async def test_the_address_is_compared_as_addresses_are() -> None:
    who = verifier()
    for same in (
        "https://CLOSEKNIT.example:443/v1/referrals",
        f"{ADDRESS}?limit=3",
        "https://closeknit.example/v1/%72eferrals",
    ):
        assert await who.caller(with_proof(proof(htu=same)))


async def test_a_process_without_an_address_believes_no_proof() -> None:
    await refused(Verifier(ISSUER, IssuerKeys(Issuer(KEY).fetch)), with_proof(proof()))


async def test_a_bound_token_is_not_believed_by_itself() -> None:
    who = verifier()
    await who.caller(with_proof(proof()))
    for token in (BY_KEY, BY_CERTIFICATE):
        with pytest.raises(AuthProblem):
            await who.verify(token)
        assert who.known(token) is None
        header = (b"authorization", f"Bearer {token}".encode())
        assert who.known_by(dict([header]), [header]) is None


def certified(token: str = BY_CERTIFICATE, value: str = HOLDER.client_cert, **more: Any) -> dict[str, Any]:
    return asked(("authorization", f"Bearer {token}"), ("client-cert", value), **{"sender": PROXY, **more})


async def test_a_named_proxy_says_which_certificate_it_was() -> None:
    who = verifier()
    assert (await who.caller(certified())).agency == "example-clinic-north"
    behind = ("10.9.9.9", 1)  # whom the proxy names as its caller: the other end is the proxy all the same
    assert await who.caller(certified(client=behind, other_end=(PROXY, 1)))
    await refused(who, certified(other_end=("10.0.0.9", 1)))
    assert await verifier(proxies={UNIX}).caller(certified(sender=None))


@pytest.mark.parametrize(
    "scope",
    [
        certified(sender="10.0.0.9"),
        certified(sender=None),
        certified(value=OTHER.client_cert),
        certified(value=HOLDER.client_cert.strip(":")),
        certified(value="::"),
        certified(value=":!:"),
        certified(value=f"{HOLDER.client_cert}, {HOLDER.client_cert}"),
        asked(("authorization", f"Bearer {BY_CERTIFICATE}"), sender=PROXY),
        asked(("authorization", f"DPoP {BY_CERTIFICATE}"), ("client-cert", HOLDER.client_cert), sender=PROXY),
        asked(("authorization", f"Bearer {BY_CERTIFICATE}"), *[("client-cert", HOLDER.client_cert)] * 2, sender=PROXY),
    ],
)  # fmt: skip
async def test_a_certificate_that_nobody_vouches_for_is_none(scope: Mapping[str, Any]) -> None:
    await refused(verifier(), scope)


def test_the_gateway_says_it_over_the_socket_of_the_service_and_nobody_by_another_way(tmp_path: Path) -> None:
    app = create_app("behind", routers=[router], parts={"verifier": verifier(proxies={UNIX})})
    shown = {"authorization": f"Bearer {BY_CERTIFICATE}", "client-cert": HOLDER.client_cert}
    path = str(tmp_path / "behind.sock")
    with closing(socket.socket(socket.AF_UNIX)) as unix, closing(socket.socket()) as tcp:
        unix.bind(path)
        tcp.bind(("127.0.0.1", 0))
        with served([(app, unix), (app, tcp)]):
            with httpx.Client(transport=httpx.HTTPTransport(uds=path), headers=shown) as gateway:
                assert gateway.get("http://behind/v1/who").json() == {"agency": "example-clinic-north"}
            assert httpx.get(f"http://127.0.0.1:{tcp.getsockname()[1]}/v1/who", headers=shown).status_code == 401


async def test_a_token_that_is_bound_to_both_asks_for_both() -> None:
    who = verifier()

    def sent(*headers: tuple[str, str]) -> dict[str, Any]:
        return asked(("authorization", f"DPoP {BY_BOTH}"), *headers, sender=PROXY)

    by_key = ("dpop", HOLDER.proof("POST", ADDRESS, BY_BOTH))
    await refused(who, sent(by_key))
    await refused(who, sent(("client-cert", HOLDER.client_cert)))
    assert await who.caller(sent(by_key, ("client-cert", HOLDER.client_cert)))


async def test_where_nothing_is_demanded_a_system_may_come_without() -> None:
    principal: Principal = await verifier(bound=()).caller(asked(("authorization", f"Bearer {UNBOUND}")))
    assert principal.roles == {"system"}
    assert await verifier().caller(asked(("authorization", f"Bearer {signed()}"))), "people's tokens are not bound"


async def test_the_method_is_the_one_that_was_asked_for() -> None:
    scope = with_proof(proof(htm="HEAD"))
    assert await verifier().caller({**scope, "method": "GET", "asked": "HEAD"})
