"""Owns how much one agency, and one address, may ask: so many requests a second in the long run, more in a burst."""

import math
import time
from collections.abc import Callable, Hashable
from typing import Final

BURST_SECONDS: Final = 10.0
"""What was not asked for so long may be asked at once."""
REMEMBERED: Final = 10_000


class Limit:
    """One number for each key: when all that it asked would have been due, had it kept to its rate (ITU-T I.371)."""

    def __init__(self, per_second: float | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_second` None: nothing is limited."""
        self._interval = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._due: dict[Hashable, float] = {}

    def wait(self, key: Hashable) -> int:
        """0 where one more request is within the limit, and counts; else in how many seconds it would be."""
        if not self._interval:
            return 0
        now = self._clock()
        due = max(self._due.get(key, now), now)
        ahead = due - now + self._interval - BURST_SECONDS
        if ahead > 0:
            return math.ceil(ahead)
        self._due[key] = due + self._interval
        if len(self._due) > REMEMBERED:
            self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        """Who has asked nothing for a while is as one who never did; where all are busy, the calmest half goes."""
        kept = sorted(((due, key) for key, due in self._due.items() if due > now), key=lambda each: each[0])
        self._due = {key: due for due, key in kept[-REMEMBERED // 2 :]}
