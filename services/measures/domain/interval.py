"""How sure a figure is: 95 % intervals of shares (Wilson) and of rates (exact Poisson), and which are unsteady."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %."""
FEW: Final = 20
WIDEST: Final = 1.6
_TAIL: Final = 0.025
_HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (0 to 1) or a rate (events a unit of exposure) with its 95 % interval [low, high].

    `unstable` where it rests on few (domain.md C5, default policy 6).
    """

    value: float
    low: float
    high: float
    unstable: bool


def wilson(numerator: int, denominator: int) -> Estimate | None:
    """A share with Wilson's score interval (1927), without continuity correction; None where there is no one to count.

    Raises ValueError where the numerator is no part of the denominator.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError("a numerator is a part of its denominator")
    if denominator == 0:
        return None
    return estimated(numerator / denominator, denominator, min(numerator, denominator - numerator))


def estimated(share: float, size: float, fewer: float) -> Estimate:
    """A share with Wilson's interval for a sample of that (effective) size; `fewer` counts its rarer outcome."""
    squared = Z * Z
    middle = (share * size + squared / 2) / (size + squared)
    half = Z * math.sqrt(share * (1 - share) * size + squared / 4) / (size + squared)
    low = 0.0 if share == 0 else middle - half
    high = 1.0 if share == 1 else middle + half
    return Estimate(share, low, high, fewer < FEW or is_wide(share, low, high))


def clustered(parts: Iterable[tuple[float, float]]) -> Estimate | None:
    """A share of sums, as of days, of which each client brings her part and her whole; None without anything whole.

    Days of one client hang together: the size that counts is how much clients differ (linearised variance of a ratio,
    Cochran 1977), for which Wilson's interval is taken; where they do not differ at all, it is the number of clients.
    Raises ValueError for a part that is none of its whole.
    """
    pairs = [(part, whole) for part, whole in parts if whole or part]
    if any(not 0 <= part <= whole for part, whole in pairs):
        raise ValueError("a part is a part of its whole")
    if not pairs:
        return None
    clients, sum_of_wholes = len(pairs), math.fsum(whole for _, whole in pairs)
    share = math.fsum(part for part, _ in pairs) / sum_of_wholes
    spread = math.fsum((part - share * whole) ** 2 for part, whole in pairs)
    variance = spread / sum_of_wholes**2 * clients / (clients - 1) if clients > 1 else 0.0
    size = share * (1 - share) / variance if variance > 0 else clients
    some, others = sum(part > 0 for part, _ in pairs), sum(part < whole for part, whole in pairs)
    return estimated(share, size, min(some, others))


def poisson(events: int, exposure: float) -> Estimate | None:
    """Events a unit of exposure, with Garwood's exact interval (1936); None where nobody was exposed.

    `exposure` is in the units of the rate: 250 for 25,000 client-days where it is said of every 100.
    Raises ValueError for what cannot have been counted.
    """
    if events < 0 or exposure < 0 or (events and not exposure):
        raise ValueError("events happen to somebody who is exposed")
    if exposure == 0:
        return None
    furthest = 4 + 4 * math.sqrt(events + 1)
    low = 0.0 if events == 0 else _crossing(lambda mean: _at_least(events, mean) > _TAIL, 0.0, float(events))
    high = _crossing(lambda mean: _at_most(events, mean) < _TAIL, float(events), events + furthest)
    rate, lowest, highest = events / exposure, low / exposure, high / exposure
    return Estimate(rate, lowest, highest, events < FEW or is_wide(rate, lowest, highest))


def is_wide(value: float, low: float, high: float) -> bool:
    """Whether an interval is wider than 160 % of what it is of (NCHS, domain.md C5); it is, around 0."""
    return high - low > WIDEST * value


def _at_most(events: int, mean: float) -> float:
    """P(X <= events) for a Poisson mean that is no smaller, from the largest term down."""
    term = total = _mass(events, mean)
    for below in range(events, 0, -1):
        term *= below / mean
        total += term
        if term < total * 1e-17:
            break
    return total


def _at_least(events: int, mean: float) -> float:
    """P(X >= events) for a Poisson mean that is no larger, from the largest term up."""
    term = total = _mass(events, mean)
    above = events
    while term > total * 1e-17:
        above += 1
        term *= mean / above
        total += term
    return total


def _mass(events: int, mean: float) -> float:
    if mean == 0:
        return 1.0 if events == 0 else 0.0
    return math.exp(events * math.log(mean) - mean - math.lgamma(events + 1))


def _crossing(is_beyond: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that grows true with its argument begins to hold, within [low, high]."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return (low + high) / 2
