"""Owns the proof that who sends a bound token holds what it is bound to: a key (DPoP, RFC 9449), a client certificate
(RFC 8705), or both."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.types import Scope

from services.runtime.auth.principal import AuthProblem, Confirmation, Principal
from services.runtime.settings import CallerSettings

ALGORITHMS = ("ES256", "RS256")
PROOF_TYPE: Final = "dpop+jwt"
PROOF_SECONDS: Final = 60
"""How old a proof may be. One that is used twice within that time is refused."""
AHEAD_SECONDS: Final = 5
"""How far a caller's clock may be ahead of ours."""
LONGEST_PROOF: Final = 8192
LONGEST_HEADER: Final = 2048
MOST_PROOFS: Final = 200_000
UNIX: Final = "unix"
"""Among named proxies: whoever may open the Unix socket on which we listen."""
IN_COLONS: Final = re.compile(rb":([A-Za-z0-9+/]+=*):")
"""A byte sequence of RFC 9651."""
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_USUAL_PORTS = {"https": 443, "http": 80}


class _Proof(BaseModel):
    """The claims of a proof (RFC 9449 section 4.2)."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    jti: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    htm: str
    htu: str
    iat: int
    ath: str


class UsedProofs:
    """Which proofs were used lately, in memory that is bounded: two halves, of which the older goes as time passes."""

    def __init__(self, seconds: float, most: int = MOST_PROOFS) -> None:
        self._seconds = seconds
        self._most = most
        self._turned = float("-inf")
        self._now: set[bytes] = set()
        self._before: set[bytes] = set()

    def first(self, mark: bytes, now: float) -> bool:
        """Whether a proof is used for the first time; it counts as used then. Raises AuthProblem 503 where too many
        are remembered to remember one more."""
        if (since := now - self._turned) >= self._seconds:
            self._before = self._now if since < 2 * self._seconds else set()
            self._now, self._turned = set(), now
        if mark in self._now or mark in self._before:
            return False
        if len(self._now) >= self._most:
            raise AuthProblem.unavailable("Too many proofs of possession are used at once.")
        self._now.add(mark)
        return True


class Possession:
    """Checks the proof that comes with a request. `address` is where callers send requests: theirs must name it.

    The certificate of a connection is known by who ends TLS: it comes in Client-Cert (RFC 9440) and is believed from
    the addresses in `proxies` alone. Those of a role in `bound` have tokens that are bound, or none.
    """

    def __init__(
        self,
        address: str = "",
        *,
        proxies: Collection[str] = (),
        bound: Collection[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without an address no proof by key is believed."""
        self._origin = _origin(address)
        self._proxies = frozenset(proxies)
        self._bound = frozenset(bound)
        self._clock = clock
        self._used = UsedProofs(PROOF_SECONDS + AHEAD_SECONDS)
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        self._registry.max_header_length = LONGEST_HEADER  # it holds a key

    def admits(self, principal: Principal) -> bool:
        """Whether such a token may be had at all: not an unbound one for a role whose tokens are bound."""
        return principal.bound_to is not None or self._bound.isdisjoint(principal.roles)

    def check(self, bound_to: Confirmation | None, scheme: str, token: str, scope: Scope) -> None:
        """Raises AuthProblem 401 where what the token is bound to was not shown with this request."""
        by_key = bound_to is not None and bound_to.key is not None
        if scheme != ("dpop" if by_key else "bearer"):
            raise _unproven()
        if bound_to is not None and bound_to.certificate is not None:
            shown = self._certificate(scope)
            if shown is None or not hmac.compare_digest(shown, bound_to.certificate):
                raise _unproven()
        if bound_to is not None and bound_to.key is not None:
            self._check_proof(bound_to.key, token, scope)

    def _certificate(self, scope: Scope) -> str | None:
        """The thumbprint of the client certificate of this connection, where somebody said it who may."""
        other_end = scope.get("other_end") or scope.get("client")
        if (other_end[0] if other_end else UNIX) not in self._proxies:
            return None
        values = [value for name, value in scope["headers"] if name == b"client-cert"]
        found = IN_COLONS.fullmatch(values[0]) if len(values) == 1 else None
        try:
            return thumbprint(base64.b64decode(found[1], validate=True)) if found else None
        except binascii.Error:
            return None

    def _check_proof(self, key: str, token: str, scope: Scope) -> None:
        values = [value for name, value in scope["headers"] if name == b"dpop"]
        if len(values) != 1 or len(values[0]) > LONGEST_PROOF:
            raise _unproven()
        now = self._clock()
        try:
            with_key, claims = self._read(values[0])
            fits = (
                hmac.compare_digest(with_key, key)
                and hmac.compare_digest(claims.ath.encode(), thumbprint(token.encode()).encode())
                and claims.htm == (scope.get("asked") or scope["method"])
                and self._is_for(claims.htu, scope["path"])
                and now - PROOF_SECONDS <= claims.iat <= now + AHEAD_SECONDS
            )
        except (JoseError, ValidationError, ValueError, KeyError, TypeError) as error:
            raise _unproven() from error
        if not fits or not self._used.first(hashlib.sha256(f"{key}|{claims.jti}".encode()).digest(), now):
            raise _unproven()

    def _read(self, value: bytes) -> tuple[str, _Proof]:
        """The thumbprint (RFC 7638) of the key that signed a proof, and what it says. Raises what joserfc raises."""
        header = jws.extract_compact(value, registry=self._registry).headers()
        if header.get("typ") != PROOF_TYPE or not isinstance(given := header.get("jwk"), dict):
            raise ValueError("no proof")
        key = _public(given)
        claims = jwt.decode(value.decode("ascii"), key, registry=self._registry).claims
        return key.thumbprint(), _Proof.model_validate(claims)

    def _is_for(self, address: str, path: str) -> bool:
        """Whether a proof names this address, whatever the query (RFC 9449 section 4.3, RFC 3986 section 6.2)."""
        return bool(self._origin) and _origin(address) == self._origin and unquote(urlsplit(address).path) == path


def possession_for(settings: CallerSettings, *, behind_socket: bool = False) -> Possession:
    """What a process asks of its callers; `behind_socket`: on a Unix socket that none but the gateway can open."""
    proxies = settings.proxies | ({UNIX} if behind_socket else set())
    return Possession(settings.public_url, proxies=proxies, bound=settings.bound)


def thumbprint(of: bytes) -> str:
    """SHA-256 in base64url without padding, as in `ath` and `x5t#S256`."""
    return base64.urlsafe_b64encode(hashlib.sha256(of).digest()).decode().rstrip("=")


def _public(given: Mapping[str, Any]) -> Key:
    if given.get("kty") not in {"EC", "RSA"} or not _SECRET_MEMBERS.isdisjoint(given):
        raise ValueError("a public key is expected")
    return import_key(dict(given))


def _origin(address: str) -> tuple[str, str, int | None] | None:
    parts = urlsplit(address)
    if not parts.hostname:
        return None
    return parts.scheme, parts.hostname, parts.port or _USUAL_PORTS.get(parts.scheme)


def _unproven() -> AuthProblem:
    return AuthProblem.not_signed_in("The access token came without the proof that it is yours, or with a wrong one.")
