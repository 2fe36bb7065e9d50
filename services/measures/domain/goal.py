"""How far a target is: from each baseline that was printed, none dropped, to what remains, with intervals (G28).

Rates are shares (0.111 is 11.1 per cent) but for what was printed. They are those of a population: what a programme
does for its own clients says nothing of a county's target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.initiative import Baseline, Target
from services.measures.domain.counted import Absent, Bounded
from services.measures.domain.population import Window

_PERCENT: Final = 100


class AimAs(StrEnum):
    """How a target says what it wants."""

    LEVEL = "level"  # a rate: 7 per cent
    REDUCTION = "reduction"  # a part of the baseline less: 37 per cent
    EVERY = "every"  # every birth: nothing remains to be reduced


@dataclass(frozen=True, slots=True)
class Aim:
    """One way to read a target against one baseline: the rate to be reached, and the reduction that this is."""

    said_as: AimAs
    rate: float
    reduction: float


@dataclass(frozen=True, slots=True)
class Remains:
    """What remains to one aim: `points` is r - aim (below 0: passed), `births` how many of the window that is.

    `way` is the part of the way gone, (b - r) / (b - aim): 1 is reached.
    """

    aim: Aim
    points: Bounded
    births: Bounded
    way: Bounded | Absent


@dataclass(frozen=True, slots=True)
class Progress:
    """One window against one rate of a baseline, `start_percent` as it was printed.

    `reduced` is (b - r) / b, to be read beside each aim's reduction; nothing remains of what was printed to compare.
    """

    baseline: str
    start_percent: float
    window: Window
    reduced: Bounded
    remains: tuple[Remains, ...]


def starts(baseline: Baseline) -> tuple[float, ...]:
    """What a baseline printed, in per cent: one rate, or both ends of a range."""
    return tuple(end for end in (baseline.percent, baseline.percent_to) if end is not None)


def aims(target: Target, start: float) -> Iterator[Aim]:
    """Every way in which the target can be read from a starting rate; they differ where its own figures do."""
    if target.percent is not None:
        level = target.percent / _PERCENT
        yield Aim(AimAs.LEVEL, level, (start - level) / start)
    if target.reduction_percent is not None:
        reduction = target.reduction_percent / _PERCENT
        yield Aim(AimAs.REDUCTION, start * (1 - reduction), reduction)
    if target.percent is None and target.reduction_percent is None:
        yield Aim(AimAs.EVERY, 0.0, 1.0)


def progress(target: Target, baseline: Baseline, window: Window) -> Iterator[Progress]:
    """The window against every rate that the baseline printed. Raises ValueError for the figures of another group."""
    if (window.by, window.group) != (baseline.by, baseline.group):
        raise ValueError("a baseline is compared with figures of its own group")
    rate = window.rate
    now = Bounded(rate.value, rate.low, rate.high)
    for percent in starts(baseline):
        start = percent / _PERCENT
        wanted = () if baseline.beside else aims(target, start)
        remains = tuple(_remains(aim, start, now, window.denominator) for aim in wanted)
        yield Progress(baseline.name, percent, window, _gone(start, now, start), remains)


def _remains(aim: Aim, start: float, now: Bounded, births: int) -> Remains:
    points = now.less(aim.rate)
    way = _gone(start, now, start - aim.rate) if start != aim.rate else Absent.NOT_DEFINED
    return Remains(aim, points, points.times(births), way)


def _gone(start: float, now: Bounded, of: float) -> Bounded:
    """(b - r) over something."""
    return now.less(start).times(-1 / of)
