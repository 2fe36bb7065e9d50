"""Owns back-channel logout: the provider says that a sign-in has ended, and ours ends at once (OpenID Connect
Back-Channel Logout 1.0)."""

import time
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from joserfc import jws, jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.gateway.access.endings import Endings
from services.gateway.access.rates import Rates
from services.gateway.settings import GatewaySettings
from services.runtime.auth import ALGORITHMS, AuthProblem, IssuerKeys
from services.runtime.http.problem import Problem
from services.runtime.telemetry import Telemetry

ROUTE: Final = "/sign-in/ended"
"""Where the provider posts (the client's back-channel logout address there)."""
EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
TYPES: Final = frozenset({"", "jwt", "logout+jwt"})
FORM: Final = "application/x-www-form-urlencoded"
LONGEST_FORM: Final = 16_384
OLDEST_S: Final = 300
LEEWAY_S: Final = 5
UNCACHED: Final = {"Cache-Control": "no-store"}

Name = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class _LogoutToken(BaseModel):
    """The claims that section 2.4 asks for; which of `sub` and `sid` is there is looked at later."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    iat: int
    jti: Name
    events: dict[str, Any]
    sub: Name | None = None
    sid: Name | None = None


class NotALogout(Exception):
    """What came is no logout token for us."""


class BackChannel:
    """Where the provider posts logout tokens. They come without a cookie: the signature says who speaks."""

    def __init__(
        self,
        settings: GatewaySettings,
        keys: IssuerKeys,
        endings: Endings,
        rates: Rates,
        telemetry: Telemetry,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._endings = endings
        self._rates = rates
        self._telemetry = telemetry
        self._clock = clock
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.client_id},
            exp={"essential": True},
        )

    async def answer(self, request: Request) -> Response:
        """200 once the sessions are over, 400 for what is no logout token, 503 while nobody can tell."""
        started = time.perf_counter()
        answer = await self._answer(request)
        took = round((time.perf_counter() - started) * 1000, 3)
        said = {"method": request.method, "route": ROUTE, "status": answer.status_code, "duration_ms": took}
        self._telemetry.log.info("page", **said)
        return answer

    async def _answer(self, request: Request) -> Response:
        try:
            await self.end(await _posted(request))
        except NotALogout:
            return self._refused(request)
        except AuthProblem as problem:  # its keys cannot be had
            return JSONResponse({"error": "temporarily_unavailable"}, problem.status, UNCACHED)
        return Response(status_code=200, headers=UNCACHED)

    async def end(self, token: str) -> None:
        """Ends what a logout token names. Raises NotALogout; AuthProblem 503, OSError where it cannot be ended now."""
        found = await self._checked(token)
        if not self._endings.first(found.jti):
            raise NotALogout
        if found.sid is not None:
            self._endings.end_sign_in(found.sid)
        elif found.sub is not None:
            self._endings.end_all_of(found.sub)

    async def _checked(self, token: str) -> _LogoutToken:
        try:
            header = jws.extract_compact(token.encode()).headers()
            if str(header.get("typ", "")).lower().removeprefix("application/") not in TYPES:
                raise NotALogout
            keys = await self._keys.having(str(header.get("kid", "")))
            claims = jwt.decode(token, keys, registry=self._registry).claims
            self._claims.validate(claims)
            found = _LogoutToken.model_validate(claims)
        except AuthProblem as problem:
            if problem.slug != "not-signed-in":
                raise
            raise NotALogout from problem
        except (JoseError, ValidationError, ValueError) as error:
            raise NotALogout from error
        named = isinstance(found.events.get(EVENT), dict)
        old = found.iat < self._clock() - OLDEST_S
        if "nonce" in claims or not named or old or (found.sub is None and found.sid is None):
            raise NotALogout
        return found

    def _refused(self, request: Request) -> Response:
        try:
            self._rates.address(request.client.host if request.client else "")
        except Problem as problem:
            return JSONResponse({"error": "slow_down"}, problem.status, {**UNCACHED, **problem.headers})
        return JSONResponse({"error": "invalid_request"}, 400, UNCACHED)


async def _posted(request: Request) -> str:
    """The one logout token of a form. Raises NotALogout."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise NotALogout
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            raise NotALogout
    try:
        tokens = parse_qs(body.decode("ascii"), strict_parsing=True).get("logout_token", [])
    except ValueError as error:
        raise NotALogout from error
    if len(tokens) != 1:
        raise NotALogout
    return tokens[0]
