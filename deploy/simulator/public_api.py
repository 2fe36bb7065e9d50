"""Owns calling the public API as agencies do: a token for each, one call at a time, patience when it is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from deploy.local.issuer import Claims, DevelopmentIssuer
from deploy.simulator.county import County
from deploy.simulator.requests import Request

LONGEST_PAUSE_S = 60.0
TOKEN_S = 3600
TRIES = 10
UNAUTHORISED = 401
OK = range(200, 300)
LATER = frozenset({429, 502, 503, 504})

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Refused:
    """The API said no; `slug` is the problem's page. Nothing of what was sent is kept."""

    status: int
    slug: str


class Away(Exception):
    """The API did not answer, however often it was asked."""


class PublicApi:
    """Calls by agencies of one county. A call that gets no answer is repeated under the same key, so never doubled."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        issuer: DevelopmentIssuer,
        county: County,
        *,
        chance: Random,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._issuer = issuer
        self._county = county
        self._chance = chance
        self._sleep = sleep
        self._tokens: dict[str, tuple[float, str]] = {}

    async def call(self, request: Request, key: str) -> Mapping[str, Any] | Refused:
        """The answer's body, or the refusal. Raises Away."""
        pause = 1.0
        for _ in range(TRIES):
            try:
                status, headers, body = await self._once(request, key)
            except (aiohttp.ClientError, TimeoutError):
                status, headers, body = 0, {}, {}
            if status in OK:
                return body
            if status == UNAUTHORISED:
                self._tokens.pop(request.agency, None)
            elif status and status not in LATER:
                return Refused(status, str(body.get("type", "")).rsplit("/", 1)[-1])
            pause = min(pause * 2, LONGEST_PAUSE_S)
            wanted = headers.get("Retry-After", "")
            await self._sleep((float(wanted) if wanted.isdecimal() else 0.0) + pause * self._chance.uniform(0.5, 1.0))
        raise Away

    async def _once(self, request: Request, key: str) -> tuple[int, Mapping[str, str], Mapping[str, Any]]:
        method = "GET" if request.body is None else "POST"
        headers = {"Authorization": f"Bearer {self._token(request.agency)}"}
        if request.body is not None:
            headers["Idempotency-Key"] = key
        url, body = self._url + request.path, request.body
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            found = await answer.json(content_type=None)
            return answer.status, answer.headers, found if isinstance(found, dict) else {}

    def _token(self, agency: str) -> str:
        now = time.monotonic()
        until, token = self._tokens.get(agency, (0.0, ""))
        if until <= now:
            claims = Claims(
                subject=self._county.actor(agency),
                initiative=self._county.initiative.slug,
                agency=agency,
                roles=("staff", "case_manager"),
            )
            token = self._issuer.issue(claims, seconds=TOKEN_S)
            self._tokens[agency] = (now + TOKEN_S / 2, token)
        return token
