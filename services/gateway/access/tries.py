"""Owns the count of wrong codes by address: whoever guesses is turned away for an hour, whichever letter they try."""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(hours=1)
MOST_WRONG: Final = 5
ADDRESSES: Final = 10_000
"""So many addresses are remembered: the one that tried longest ago is forgotten first."""


class Tries:
    """Wrong codes of the last hour, kept in memory alone. `own` is how this gateway's pages say that they counted."""

    def __init__(self) -> None:
        self.own = secrets.token_urlsafe(24)
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()

    def is_closed(self, address: str, now: datetime) -> bool:
        """Whether this address has tried too often."""
        recent = [at for at in self._wrong.get(address, ()) if at > now - WITHIN]
        return len(recent) >= MOST_WRONG

    def wrong(self, address: str, now: datetime) -> None:
        """Count one wrong code."""
        recent = [at for at in self._wrong.pop(address, ()) if at > now - WITHIN]
        self._wrong[address] = [*recent, now]
        while len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)
