"""The HTTP app of measures in this process; a token says who somebody is: `role@initiative/person+agency`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.types import Scope

from services.measures import serving
from services.measures.settings import MeasuresSettings
from services.runtime.auth import AuthProblem, Principal, credentials
from services.runtime.telemetry import Telemetry


class KnownTokens:
    """A verifier whose tokens say role and initiative."""

    def known(self, token: str) -> Principal | None:
        role, _, there = token.partition("@")
        where, _, who = there.partition("/")
        person, _, agency = who.partition("+")
        return Principal(person or "someone", where, agency or None, frozenset({role})) if where else None

    def known_by(self, headers: Mapping[bytes, bytes], raw: Sequence[object]) -> Principal | None:
        return None

    async def caller(self, scope: Scope) -> Principal:
        principal = self.known(credentials(scope["headers"])[1])
        if principal is None:
            raise AuthProblem.not_signed_in()
        return principal


@asynccontextmanager
async def answering(settings: MeasuresSettings, **parts: object) -> AsyncIterator[httpx.AsyncClient]:
    """The app over a database, with other `parts` in the place of its own."""
    app = serving.build(settings, telemetry=Telemetry.off())
    for name, part in {"verifier": KnownTokens(), **parts}.items():
        setattr(app.state, name, part)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://m") as client:
        yield client
