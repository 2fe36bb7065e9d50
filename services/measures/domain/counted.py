"""What a rate is counted from, and what stands in its place where it is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from services.measures.domain.interval import Estimate, Z, estimated, poisson


class Absent(StrEnum):
    """Why a figure is none. No figure is ever 0 for one of these reasons."""

    NO_ONE = "no_one"  # no one to count
    TOO_FEW = "too_few"  # it follows from a cell that is hidden
    NOT_DEFINED = "not_defined"  # nothing is a multiple or a part of 0


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of` units; both may be effective sizes, as of a cumulative incidence."""

    met: float
    of: float

    @property
    def size(self) -> float:
        """What the excess is a part of."""
        return self.of

    @property
    def estimate(self) -> Estimate | None:
        """With Wilson's interval."""
        return estimated(self.met / self.of, self.of, min(self.met, self.of - self.met)) if self.of else None

    @property
    def log_variance(self) -> float | None:
        """Of its logarithm; None for a share of 0."""
        return 1 / self.met - 1 / self.of if self.met else None


@dataclass(frozen=True, slots=True)
class Rate:
    """`events` over an exposure in the rate's own units."""

    events: int
    exposure: float

    @property
    def size(self) -> float:
        """What the excess is a part of."""
        return self.exposure

    @property
    def estimate(self) -> Estimate | None:
        """With the exact Poisson interval."""
        return poisson(self.events, self.exposure)

    @property
    def log_variance(self) -> float | None:
        """Of its logarithm; None for no events."""
        return 1 / self.events if self.events else None


@dataclass(frozen=True, slots=True)
class Said:
    """An estimate that rests on `size` in its own units, whose counts are not at hand: an incidence, or days that hang
    together."""

    estimate: Estimate
    size: float

    @property
    def log_variance(self) -> float | None:
        """Of its logarithm, by the width of its interval; None where that reaches 0."""
        if self.estimate.low <= 0:
            return None
        return ((math.log(self.estimate.high) - math.log(self.estimate.low)) / (2 * Z)) ** 2


Counted: TypeAlias = Share | Rate | Said
Value: TypeAlias = float | Absent


@dataclass(frozen=True, slots=True)
class Bounded:
    """A difference, a ratio or a part with its 95 % interval; no interval where none can be said."""

    value: float
    low: float | None
    high: float | None

    def could_be_chance(self, none: float) -> bool:
        """Whether the interval holds what no disparity would be: 0 for a difference, 1 for a ratio."""
        return self.low is None or self.high is None or self.low <= none <= self.high

    def less(self, known: float) -> Bounded:
        """Without a number that is known for sure."""
        low, high = (None if end is None else end - known for end in (self.low, self.high))
        return Bounded(self.value - known, low, high)

    def times(self, known: float) -> Bounded:
        """So many times; a negative number turns the interval round."""
        low, high = (None if end is None else end * known for end in (self.low, self.high))
        return Bounded(self.value * known, low, high) if known >= 0 else Bounded(self.value * known, high, low)


def minus(value: Value, other: Value) -> Value:
    """A difference, absent where a side of it is."""
    if isinstance(value, Absent):
        return value
    return other if isinstance(other, Absent) else value - other


def over(value: Value, base: Value) -> Value:
    """A ratio, absent where a side of it is or where the base is 0."""
    if isinstance(value, Absent):
        return value
    if isinstance(base, Absent):
        return base
    return value / base if base else Absent.NOT_DEFINED
