"""Owns who is calling: an access token becomes a Principal, or an AuthProblem says why not."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import aiohttp
from fastapi import Request
from fastapi.params import Depends
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

AUDIENCE = "closeknit"
ALGORITHMS = ("ES256", "RS256")
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of an access token (RFC 9068), not a secret
LONGEST_TOKEN = 8192
LEEWAY_SECONDS = 5  # for nbf and iat alone; an expired token is expired

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a person or a system of one agency, or somebody of one initiative without an agency.

    `name` is what the sign-in provider calls a member of staff; it never leaves a page. `language` is the one that it
    says the person reads (a tag of BCP 47). `expires` is in epoch seconds.
    """

    subject: str
    initiative: str
    agency: str | None
    roles: frozenset[str]
    working_groups: frozenset[str] = frozenset()
    name: str | None = field(default=None, repr=False)
    language: str | None = None
    token: str = field(default="", repr=False, compare=False)
    expires: int = 0


class AuthProblem(Exception):  # noqa: N818 - a problem of RFC 9457, not a programming error
    """The caller is not let in. `slug` names the problem page; `detail` holds nothing that the caller sent."""

    def __init__(self, status: int, slug: str, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.retry_after = retry_after

    @classmethod
    def not_signed_in(
        cls, detail: str = "The access token is missing, out of date or not for this service."
    ) -> "AuthProblem":
        return cls(401, "not-signed-in", detail)

    @classmethod
    def role_forbids(cls) -> "AuthProblem":
        return cls(403, "role-forbids", "None of your roles may do this.")


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


FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]


def keys_over_http(url: str, *, seconds: float = 3.0) -> FetchKeys:
    """A fetcher of the issuer's JSON Web Key Set (RFC 7517); a fresh connection each time, as it is rarely called."""

    async def fetch() -> Mapping[str, Any]:
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            answer.raise_for_status()
            body: Mapping[str, Any] = json.loads(await answer.read())
            return body

    return fetch


class IssuerKeys:
    """The issuer's public keys: fetched when first needed, again after ten minutes, and for a key id that is not
    known at most once a minute, so that forged tokens cannot make us hammer the issuer."""

    stale_after = 600.0
    unknown_wait = 60.0

    def __init__(self, fetch: FetchKeys, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def having(self, kid: str) -> KeySet:
        """The key set, with the key id in it.

        Raises AuthProblem 401 where the issuer has no such key, 503 where the issuer has never answered.
        """
        # Who comes while the keys are being fetched waits for them, instead of being turned away without need.
        if self._wants_fetch(kid) or (self._lock.locked() and not self._knows(kid)):
            async with self._lock:
                if self._wants_fetch(kid):
                    await self._refetch()
        if self._keys is None:
            raise AuthProblem(503, "unavailable", "The sign-in service does not answer.", retry_after=5)
        if not self._knows(kid):
            raise AuthProblem.not_signed_in()
        return self._keys

    def _knows(self, kid: str) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys)

    def _wants_fetch(self, kid: str) -> bool:
        now = self._clock()
        if self._keys is None:
            return now - self._tried >= 1.0
        wait = self.stale_after if self._knows(kid) else self.unknown_wait
        return now - self._fetched >= wait and now - self._tried >= self.unknown_wait

    async def _refetch(self) -> None:
        self._tried = self._clock()
        try:
            self._keys = KeySet.import_key_set(dict(await self._fetch()))  # type: ignore[arg-type]
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, JoseError):
            return
        self._fetched = self._tried


class Verifier:
    """Checks access tokens of one issuer: signature, algorithm, type, issuer, audience and times (RFC 9068).

    Claims are kept by their token until it expires, bounded, because checking a signature takes 0.1 ms or more.
    """

    def __init__(
        self, issuer: str, keys: IssuerKeys, *, clock: Callable[[], float] = time.time, bound: int = 10_000
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._bound = bound
        self._known: OrderedDict[bytes, Principal] = OrderedDict()
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )

    def known(self, token: str) -> Principal | None:
        """The principal of a token that was checked before and has not expired; it waits for nothing."""
        return self._unexpired(token.encode())

    def known_by(self, headers: Mapping[bytes, bytes], raw: Sequence[object]) -> Principal | None:
        """The same by the headers of a request, `raw` as they came: where none came twice, and in the usual form."""
        value = headers.get(b"authorization", b"")
        return self._unexpired(value[7:]) if value[:7] == b"Bearer " and len(headers) == len(raw) else None

    def _unexpired(self, token: bytes) -> Principal | None:
        principal = self._known.get(token)
        return principal if principal is not None and principal.expires > self._clock() else None

    async def verify(self, token: str) -> Principal:
        """The principal of an access token. Raises AuthProblem (401; 503 while the issuer's keys cannot be had)."""
        if len(token) > LONGEST_TOKEN:
            raise AuthProblem.not_signed_in()
        if (principal := self.known(token)) is not None:
            return principal
        principal = await self._check(token)
        self._known[token.encode()] = principal
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
        )


def bearer(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The bearer token of raw ASGI headers (RFC 6750, the header alone). Raises AuthProblem 401 without exactly one."""
    values = [value for name, value in headers if name == b"authorization"]
    scheme, _, token = values[0].decode("latin-1").partition(" ") if len(values) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not (token := token.strip()):
        raise AuthProblem.not_signed_in("An Authorization header with a bearer token is needed.")
    return token


class Roles(Depends):
    """The mark of an endpoint's principal: `Staff = Annotated[Principal, Roles("staff", "case_manager", "system")]`.

    A FastAPI dependency; a leaner route may read `names` and call `admit` itself. No name: anybody who is signed in.
    """

    names: frozenset[str]

    def __init__(self, *names: str) -> None:
        async def admitted(request: Request) -> Principal:
            verifier: Verifier = request.app.state.verifier
            return self.admit(await verifier.verify(bearer(request.scope["headers"])))

        super().__init__(dependency=admitted)
        object.__setattr__(self, "names", frozenset(names))

    def admit(self, principal: Principal) -> Principal:
        """The same principal. Raises AuthProblem 403 where it holds none of the roles."""
        if self.names and self.names.isdisjoint(principal.roles):
            raise AuthProblem.role_forbids()
        return principal
