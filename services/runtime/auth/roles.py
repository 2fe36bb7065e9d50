"""Owns which roles an endpoint is for."""

from fastapi import Request
from fastapi.params import Depends

from services.runtime.auth.principal import AuthProblem, Principal
from services.runtime.auth.verifier import Verifier


class Roles(Depends):
    """The mark of an endpoint's principal: `Staff = Annotated[Principal, Roles("staff", "case_manager", "system")]`.

    A FastAPI dependency; a leaner route may read `names` and call `admit` itself. No name: anybody who is signed in.
    """

    names: frozenset[str]

    def __init__(self, *names: str) -> None:
        async def admitted(request: Request) -> Principal:
            verifier: Verifier = request.app.state.verifier
            return self.admit(await verifier.caller(request.scope))

        super().__init__(dependency=admitted)
        object.__setattr__(self, "names", frozenset(names))

    def admit(self, principal: Principal) -> Principal:
        """The same principal. Raises AuthProblem 403 where it holds none of the roles."""
        if self.names and self.names.isdisjoint(principal.roles):
            raise AuthProblem.role_forbids()
        return principal
