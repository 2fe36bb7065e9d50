"""Owns asking the sign-in provider: what it says of itself, once in a process, and single requests."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from services.runtime.auth import AuthProblem

ANSWER_SECONDS = 5.0
OK = 200


class Provider:
    """The one OpenID provider that the settings name."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._said: Mapping[str, Any] | None = None

    async def says(self) -> Mapping[str, Any]:
        """Its own description (OpenID Connect Discovery 1.0). Raises AuthProblem 503."""
        if self._said is None:
            status, found = await ask("GET", f"{self.issuer}/.well-known/openid-configuration")
            if status != OK or found.get("issuer") != self.issuer:
                raise _silent()
            self._said = found
        return self._said


async def ask(method: str, url: str, form: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, Any]]:
    """One request to the provider, which is asked so rarely that a connection of its own costs nothing.

    Raises AuthProblem 503.
    """
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, url, data=form, allow_redirects=False) as answer,
        ):
            found = json.loads(await answer.read())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise _silent() from error
    return answer.status, found if isinstance(found, dict) else {}


def _silent() -> AuthProblem:
    return AuthProblem(503, "unavailable", "The sign-in service does not answer.", retry_after=5)
