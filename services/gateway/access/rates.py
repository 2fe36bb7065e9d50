"""Owns who is told to come back later (429): an agency that asks too much, and an address of whom nobody is known."""

from services.gateway.access.limits import Limit
from services.runtime.auth import Principal
from services.runtime.http.problem import Problem


class Rates:
    """The limits of this gateway, one for its pages and the API together; each process counts for itself."""

    def __init__(self, *, agency: float | None, address: float | None) -> None:
        """Requests a second; None: not limited."""
        self._agencies = Limit(agency)
        self._addresses = Limit(address)

    def caller(self, principal: Principal) -> None:
        """One request of somebody who is signed in. Raises Problem 429."""
        self._taken(self._agencies.wait((principal.initiative, principal.agency or principal.subject)))

    def address(self, address: str) -> None:
        """One request of which nobody is known but where it came from. Raises Problem 429."""
        self._taken(self._addresses.wait(address))

    @staticmethod
    def _taken(seconds: int) -> None:
        if seconds:
            raise Problem(
                429,
                "too-many-requests",
                "That was too often.",
                "Nothing was saved. Ask again when the time in Retry-After has passed.",
                headers={"Retry-After": str(seconds)},
            )
