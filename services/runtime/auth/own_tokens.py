"""Owns access tokens that a service of ours issues by itself, and how the others believe them beside the provider's."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from services.runtime.auth.issuer_keys import IssuerKeys
from services.runtime.auth.possession import Possession
from services.runtime.auth.principal import AuthProblem, Principal
from services.runtime.auth.verifier import AUDIENCE, TOKEN_TYPE, Verifier

OWN_ISSUER: Final = "closeknit"
KEY_ID: Final = "closeknit-own"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class OwnIssuer:
    """Signs tokens (ES256) with a key made of 32 secret bytes. Whoever holds the public key alone can sign none."""

    def __init__(self, secret: bytes) -> None:
        number = int.from_bytes(secret) % (_ORDER - 1) + 1
        private = ec.derive_private_key(number, ec.SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._key = ECKey.import_key(pem, {"kid": KEY_ID, "use": "sig", "alg": "ES256"})

    def keys(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        return {"keys": [self._key.as_dict(private=False)]}

    async def fetched(self) -> Mapping[str, Any]:
        """The same for who fetches keys, and is this very process."""
        return self.keys()

    def issue(self, claims: Mapping[str, Any], now: datetime, until: datetime) -> str:
        """A token with these claims. Both times are aware."""
        whole = {
            **claims,
            "iss": OWN_ISSUER,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int(until.timestamp()),
        }
        return jwt.encode({"alg": "ES256", "typ": TOKEN_TYPE, "kid": KEY_ID}, whole, self._key, algorithms=["ES256"])


class BothIssuers(Verifier):
    """Believes the sign-in provider, and our own issuer for one role: which of the two a token names decides.

    That role is nothing in a token of the provider's, as one that nobody knows would be.
    """

    def __init__(  # noqa: PLR0913 - two issuers, and what either needs
        self,
        issuer: str,
        keys: IssuerKeys,
        own: IssuerKeys,
        role: str,
        *,
        possession: Possession | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(issuer, keys, possession=possession, clock=clock)
        self._own = Verifier(OWN_ISSUER, own, clock=clock)
        self._role = role

    async def _check(self, token: str) -> Principal:
        if _key_id(token) != KEY_ID:
            principal = await super()._check(token)
            return replace(principal, roles=principal.roles - {self._role})
        principal = await self._own.verify(token)
        if principal.roles != {self._role}:
            raise AuthProblem.not_signed_in()
        return principal


def _key_id(token: str) -> str | None:
    try:
        return str(jws.extract_compact(token.encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return None
