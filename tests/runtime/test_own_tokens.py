"""Tokens that a service of ours issues are believed beside the provider's, each issuer for its own roles alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.runtime.auth import AuthProblem, BothIssuers, IssuerKeys, OwnIssuer
from tests.runtime.test_auth import CLAIMS, ISSUER, KEY, Issuer, signed

OURS = OwnIssuer(bytes(range(32)))
WHO = BothIssuers(ISSUER, IssuerKeys(Issuer(KEY).fetch), IssuerKeys(OURS.fetched), "client")


def ours(**claims: Any) -> str:
    now = datetime.now(UTC)
    return OURS.issue({**CLAIMS, **claims}, now, now + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("given", "left"),
    [(["client"], set()), (["client", "staff"], {"staff"}), (["staff"], {"staff"}), ([], set())],
    ids=["hers", "hers and another", "another", "none"],
)
async def test_her_role_is_nothing_in_a_token_of_the_providers(given: list[str], left: set[str]) -> None:
    token = signed(roles=given)
    assert (await WHO.verify(token)).roles == left
    known = WHO.known(token)
    assert known is not None
    assert known.roles == left, "and stays so"


async def test_our_own_key_signs_her_in() -> None:
    assert (await WHO.verify(ours(roles=["client"]))).roles == {"client"}


@pytest.mark.parametrize("roles", [["client", "staff"], ["staff"], []])
async def test_our_own_key_signs_in_nobody_else(roles: list[str]) -> None:
    with pytest.raises(AuthProblem) as problem:
        await WHO.verify(ours(roles=roles))
    assert problem.value.slug == "not-signed-in"


async def test_a_token_of_the_providers_that_names_our_key_is_nobodys() -> None:
    with pytest.raises(AuthProblem):
        await WHO.verify(signed(header={"kid": "closeknit-own"}, roles=["client"]))
