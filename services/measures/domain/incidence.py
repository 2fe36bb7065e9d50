"""How soon something is reached, where it may end otherwise or be still open: cumulative incidence (Aalen-Johansen).

What ends otherwise (a referral declined, cancelled, expired) competes: it is never reached any more, and stays in the
denominator. What is still open at the cutoff counts for as long as it was watched and no longer.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

from services.measures.domain.interval import Estimate, estimated

_ROUNDING: Final = 1e-9


class End(StrEnum):
    """How one wait ended."""

    REACHED = "reached"
    OTHERWISE = "otherwise"  # by what competes: it cannot be reached any more
    WATCHED = "watched"  # still open at the cutoff


class Wait(NamedTuple):
    """One unit: how long from its beginning to its end or, while it is open, to the cutoff; never negative."""

    lasted: timedelta
    end: End


class Step(NamedTuple):
    """A moment at which units ended or were watched no longer: `at_risk` had been open and watched until then.

    `free` is the share of all that was still open just before it, `share` what of all had been reached by it.
    """

    at: timedelta
    at_risk: int
    reached: int
    otherwise: int
    watched: int
    free: float
    share: float


@dataclass(frozen=True, slots=True)
class Incidence:
    """The curve over some units. `reached`, `otherwise` and `watched` add up to all of them."""

    steps: tuple[Step, ...]
    reached: int
    otherwise: int
    watched: int

    @classmethod
    def of(cls, waits: Iterable[Wait]) -> Incidence:
        """The curve of these waits; their order says nothing. Raises ValueError for one that ended before it began."""
        counted = Counter(waits)
        times = sorted({wait.lasted for wait in counted})
        if times and times[0] < timedelta(0):
            raise ValueError("a wait cannot end before it begins")
        steps, at_risk, free, share = list[Step](), counted.total(), 1.0, 0.0
        for at in times:
            reached, otherwise, watched = (counted[Wait(at, end)] for end in End)
            share = min(1.0, share + free * reached / at_risk)
            steps.append(Step(at, at_risk, reached, otherwise, watched, free, share))
            free *= (at_risk - reached - otherwise) / at_risk
            at_risk -= reached + otherwise + watched
        sums = (sum(count for wait, count in counted.items() if wait.end is end) for end in End)
        return cls(tuple(steps), *sums)

    @property
    def units(self) -> int:
        """All of them."""
        return self.reached + self.otherwise + self.watched

    @property
    def unresolved(self) -> float | None:
        """The share that was still open at the cutoff; None where there is no one to count."""
        return self.watched / self.units if self.units else None

    def by(self, within: timedelta) -> Estimate | None:
        """The share of all that was reached within a time, with its interval.

        None where there is no one to count, or where some are open and none was watched for so long. The interval is
        Wilson's for the effective sample size of Dorey and Korn (1987): without censoring, Wilson's own.
        """
        past = self.steps[: bisect_right(self.steps, within, key=lambda step: step.at)]
        if not self.units or (self.watched and within > self.steps[-1].at):
            return None
        share = past[-1].share if past else 0.0
        reached = sum(step.reached for step in past)
        known = self.units - sum(step.watched for step in past if step.at < within)
        return estimated(share, _effective(past, share) or known, min(reached, known - reached))

    def quantile(self, share: float) -> timedelta | None:
        """The time within which that share of all was reached; None if it never was, as far as is known."""
        return next((step.at for step in self.steps if step.share >= share - _ROUNDING), None)

    def of_reached(self, share: float) -> timedelta | None:
        """The time within which that share of those that were reached had been (nearest rank); None if none was.

        Kinder than `quantile`, since it forgets whoever waits in vain: it is never shown without `unresolved`.
        """
        rank = max(1, math.ceil(share * self.reached - _ROUNDING))
        so_far = accumulate(step.reached for step in self.steps)
        return next((step.at for step, count in zip(self.steps, so_far, strict=True) if count >= rank), None)


def _effective(past: tuple[Step, ...], share: float) -> float | None:
    """The size of a sample without censoring that would say the share as surely; None for 0, 1 and no variance."""
    variance = variance_of(past, share)
    return share * (1 - share) / variance if variance > 0 and 0 < share < 1 else None


def variance_of(past: tuple[Step, ...], share: float) -> float:
    """Of the share after the last step, by the delta method (Dinse and Larson 1986)."""
    total = 0.0
    for step in past:
        ahead, at_risk, ended = share - step.share, step.at_risk, step.reached + step.otherwise
        if at_risk > ended:
            total += ahead**2 * ended / (at_risk * (at_risk - ended))
        total += step.free**2 * step.reached * (at_risk - step.reached) / at_risk**3
        total -= 2 * ahead * step.free * step.reached / at_risk**2
    return total
