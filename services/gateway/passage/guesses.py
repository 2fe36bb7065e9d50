"""Owns who may try codes over the API: an address that guessed too often is answered 429 (interface, section 3)."""

from typing import Final

from services.gateway.access.tries import WITHIN, Tries
from services.gateway.passage.request import Request
from services.runtime.clock import Clock
from services.runtime.http.problem import Problem

ACTIONS: Final = frozenset({"answer_letter", "open_access"})
NOT_FOUND: Final = 404
_OWN: Final = b"x-closeknit-pages"


class Guesses:
    """Looks at requests that bring a code, but for those of our own pages, which count their visitors themselves."""

    def __init__(self, tries: Tries, clock: Clock) -> None:
        self._tries = tries
        self._clock = clock

    def check(self, action: str, request: Request) -> None:
        """Raises 429 for an address that tried too often."""
        if action in ACTIONS and not self.is_own(request) and self._tries.is_closed(request.address, self._clock.now()):
            raise Problem(
                429,
                "too-many-wrong-codes",
                "Too many wrong codes came from here.",
                "Nothing was saved. Try again in an hour.",
                headers={"Retry-After": str(int(WITHIN.total_seconds()))},
            )

    def told(self, action: str, request: Request, status: int) -> None:
        """Count what opened nothing."""
        if action in ACTIONS and status == NOT_FOUND and not self.is_own(request):
            self._tries.wrong(request.address, self._clock.now())

    def is_own(self, request: Request) -> bool:
        """Whether our own pages ask, who count their visitors themselves."""
        return request.headers.get(_OWN) == self._tries.own.encode()
