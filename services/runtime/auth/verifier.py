"""Owns who is calling: an access token becomes a Principal, or an AuthProblem says why not."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.types import Scope

from services.runtime.auth.issuer_keys import IssuerKeys
from services.runtime.auth.possession import ALGORITHMS, Possession
from services.runtime.auth.principal import AuthProblem, Confirmation, Principal

AUDIENCE = "closeknit"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of an access token (RFC 9068), not a secret
LONGEST_TOKEN = 8192
LEEWAY_SECONDS = 5  # for nbf and iat alone; an expired token is expired
KEPT_SECONDS: Final = 600.0
"""How long what was checked is believed unchecked: so long may a key that its issuer took back go on."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Thumbprint = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class _BoundTo(BaseModel):
    """The claim `cnf`. A member that is not known here binds the token to what we cannot check: it is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    key: Thumbprint | None = Field(None, alias="jkt")
    certificate: Thumbprint | None = Field(None, alias="x5t#S256")


class _Claims(BaseModel):
    """The claims of RFC 9068 that are read here; whatever else a provider adds is ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    sub: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    initiative: Slug
    agency: Slug | None = None
    roles: list[Slug]
    working_groups: list[Slug] = []
    name: Annotated[str, StringConstraints(max_length=200)] | None = None
    locale: Annotated[str, StringConstraints(max_length=200)] | None = None
    exp: int
    cnf: _BoundTo | None = None


class Verifier:
    """Checks access tokens of one issuer: signature, algorithm, type, issuer, audience and times (RFC 9068).

    Claims are kept by their token for a while, bounded, because checking a signature takes 0.1 ms or more. What a token
    is bound to is looked at each time, by `possession`; without one, a bound token is nobody's.
    """

    def __init__(
        self,
        issuer: str,
        keys: IssuerKeys,
        *,
        possession: Possession | None = None,
        clock: Callable[[], float] = time.time,
        bound: int = 10_000,
    ) -> None:
        self._keys = keys
        self._possession = possession or Possession()
        self._clock = clock
        self._bound = bound
        self._known: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )

    def known(self, token: str) -> Principal | None:
        """The principal of an unbound token that was checked before and has not expired; it waits for nothing."""
        return _unbound(self._fresh(token.encode()))

    def known_by(self, headers: Mapping[bytes, bytes], raw: Sequence[object]) -> Principal | None:
        """The same by the headers of a request, `raw` as they came: where none came twice, and in the usual form."""
        value = headers.get(b"authorization", b"")
        return _unbound(self._fresh(value[7:])) if value[:7] == b"Bearer " and len(headers) == len(raw) else None

    def knows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether the token of a request was checked before; whose it is may still have to be shown."""
        try:
            return self._fresh(credentials(headers)[1].encode("latin-1")) is not None
        except AuthProblem:
            return False

    async def verify(self, token: str) -> Principal:
        """The principal of an access token that comes by itself: a bound one is refused, as nothing shows whose it is.

        Raises AuthProblem (401; 503 while the issuer's keys cannot be had).
        """
        principal = await self._principal(token)
        if principal.bound_to is not None:
            raise AuthProblem.not_signed_in()
        return principal

    async def caller(self, scope: Scope) -> Principal:
        """Who sends a request, with whatever its token is bound to. Raises AuthProblem as `verify`."""
        scheme, token = credentials(scope["headers"])
        principal = await self._principal(token)
        self._possession.check(principal.bound_to, scheme, token, scope)
        return principal

    def _fresh(self, token: bytes) -> Principal | None:
        principal, until = self._known.get(token, (None, 0.0))
        return principal if until > self._clock() else None

    async def _principal(self, token: str) -> Principal:
        if len(token) > LONGEST_TOKEN:
            raise AuthProblem.not_signed_in()
        if (principal := self._fresh(token.encode())) is not None:
            return principal
        principal = await self._check(token)
        if not self._possession.admits(principal):
            raise AuthProblem.not_signed_in("This token has to be bound to a key or a certificate.")
        self._known[token.encode()] = principal, min(principal.expires, self._clock() + KEPT_SECONDS)
        while len(self._known) > self._bound:
            self._known.popitem(last=False)
        return principal

    async def _check(self, token: str) -> Principal:
        try:
            header = jws.extract_compact(token.encode()).headers()
            if str(header.get("typ", "")).lower().removeprefix("application/") != TOKEN_TYPE:
                raise AuthProblem.not_signed_in()
            keys = await self._keys.having(str(header.get("kid", "")))
            checked = jwt.decode(token, keys, registry=self._registry)
            self._claims.validate(checked.claims)
            claims = _Claims.model_validate(checked.claims)
            if claims.exp <= self._clock():
                raise AuthProblem.not_signed_in()
        except (JoseError, ValidationError, ValueError) as error:
            raise AuthProblem.not_signed_in() from error
        return Principal(
            subject=claims.sub,
            initiative=claims.initiative,
            agency=claims.agency,
            roles=frozenset(claims.roles),
            working_groups=frozenset(claims.working_groups),
            name=claims.name,
            language=claims.locale,
            token=token,
            expires=claims.exp,
            bound_to=_confirmation(claims.cnf),
        )


def _confirmation(bound_to: _BoundTo | None) -> Confirmation | None:
    if bound_to is None:
        return None
    if bound_to.key is None and bound_to.certificate is None:
        raise AuthProblem.not_signed_in()
    return Confirmation(bound_to.key, bound_to.certificate)


def _unbound(principal: Principal | None) -> Principal | None:
    return principal if principal is not None and principal.bound_to is None else None


def credentials(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
    """Scheme, in lower case, and token of raw ASGI headers: `bearer` (RFC 6750, the header alone) or `dpop` (RFC 9449).

    Raises AuthProblem 401 without exactly one.
    """
    values = [value for name, value in headers if name == b"authorization"]
    scheme, _, token = values[0].decode("latin-1").partition(" ") if len(values) == 1 else ("", "", "")
    if scheme.lower() not in {"bearer", "dpop"} or not (token := token.strip()):
        raise AuthProblem.not_signed_in("An Authorization header with a bearer token is needed.")
    return scheme.lower(), token
