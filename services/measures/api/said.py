"""What follows from the counts of a table that are shown, and from nothing else: intervals, and gaps between groups.

Shares are of 100 and rounded to one decimal, rates of so many days to two. A hidden cell says nothing here either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from pydantic import BaseModel, ConfigDict

from services.measures.domain.counted import Absent, Bounded, Counted, Value
from services.measures.domain.equity import Compared, Summary, overlay
from services.measures.domain.groups import DECLINED, NOT_KNOWN, UNKNOWN_8
from services.measures.domain.interval import Estimate, wilson
from services.measures.domain.measure import Direction

NO_GROUPS: Final = frozenset({DECLINED, NOT_KNOWN, UNKNOWN_8})
"""Rows of clients of whom it is not known in which group they are: compared with nobody."""


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a difference is of: points of 100, of those who had been reached `within_days` where it is a time; or events
    in `per` days."""

    per: float | None = None
    within_days: float | None = None

    @property
    def scale(self) -> tuple[float, int]:
        """How many times an estimate is said, and with how many decimals."""
        return (100.0, 1) if self.per is None else (1.0, 2)


POINTS: Final = Unit()


class Between(Answer):
    """A difference or a ratio with its 95 % interval; `chance`: the interval holds no disparity."""

    value: float
    low: float | None
    high: float | None
    chance: bool


class Gap(Answer):
    """One group against the reference. `excess`: so many fewer (or more) would count at the reference's rate.

    `behind` says whether the group does worse, None where the measure has no better side. `absent` says why nothing is
    said: too few to show, no one to count, or nothing that is a multiple of 0.
    """

    label: str
    difference: Between | None
    ratio: Between | None
    excess: float | None
    behind: bool | None
    absent: Absent | None


class Gaps(Answer):
    """The disparities of a table: each other group against the reference, the widest gap first, and all together.

    `mean_ratio` (SRR) is the mean of the other groups' rates over the reference's, `highest_less_lowest` (MRD) and
    `highest_to_lowest` (MRR) compare the two ends, `attributable` (PAR, of 100) is the part of everyone's rate that is
    not the reference's. Each is null where a group of the table is hidden. Differences are points of 100; where
    `per_days` is said, events in so many days; where `within_days`, points of 100 of what had been reached by then.
    """

    reference: str
    per_days: float | None
    within_days: float | None
    groups: list[Gap]
    mean_ratio: float | None
    highest_less_lowest: float | None
    highest_to_lowest: float | None
    attributable: float | None


def estimate_of(numerator: int | None, denominator: int | None) -> Estimate | None:
    """A shown share with Wilson's interval; None for a hidden one and where there is no one to count."""
    return None if numerator is None or denominator is None else wilson(numerator, denominator)


def gaps_of(
    rows: Mapping[str, Counted | None],
    reference: str | None,
    everyone: Counted | None,
    direction: Direction,
    unit: Unit = POINTS,
) -> Gaps | None:
    """The gaps between the shown rows (None: hidden); None where nobody chose a reference, or the table lacks it."""
    groups = {label: row for label, row in rows.items() if label not in NO_GROUPS}
    if reference is None or reference not in groups:
        return None
    found = overlay(groups, reference, everyone)
    return _together(reference, [_gap(each, direction, unit) for each in found.groups], found.summary, unit)


def of_100(share: float) -> float:
    """A share as pages say it: of every 100, to one decimal."""
    return round(100 * share, 1)


def _together(reference: str, groups: list[Gap], summary: Summary, unit: Unit) -> Gaps:
    times, places = unit.scale
    difference, attributable = number(summary.difference), number(summary.attributable)
    mean_ratio, ratio = number(summary.mean_ratio), number(summary.ratio)
    return Gaps(
        reference=reference,
        per_days=unit.per,
        within_days=unit.within_days,
        groups=groups,
        mean_ratio=None if mean_ratio is None else round(mean_ratio, 2),
        highest_less_lowest=None if difference is None else round(times * difference, places),
        highest_to_lowest=None if ratio is None else round(ratio, 2),
        attributable=None if attributable is None else of_100(attributable),
    )


def _gap(compared: Compared, direction: Direction, unit: Unit) -> Gap:
    times, places = unit.scale
    difference, ratio, excess = compared.difference, compared.ratio, compared.excess
    if isinstance(difference, Absent) or isinstance(excess, Absent):
        absent = difference if isinstance(difference, Absent) else None
        return Gap(label=compared.group, difference=None, ratio=None, excess=None, behind=None, absent=absent)
    return Gap(
        label=compared.group,
        difference=between(difference.times(times), 0, places),
        ratio=None if isinstance(ratio, Absent) else between(ratio, 1, 2),
        excess=round(excess, 1),
        behind=_behind(difference.value, direction),
        absent=None,
    )


def _behind(difference: float, direction: Direction) -> bool | None:
    match direction:
        case Direction.MORE:
            return difference < 0
        case Direction.FEWER:
            return difference > 0
        case Direction.NEUTRAL:
            return None
        case never:
            assert_never(never)


def between(found: Bounded, none: float, places: int) -> Between:
    """On the wire, rounded; `none` is what no disparity would be."""
    low, high = (None if end is None else round(end, places) for end in (found.low, found.high))
    return Between(value=round(found.value, places), low=low, high=high, chance=found.could_be_chance(none))


def number(value: Value) -> float | None:
    """None where it is absent."""
    return None if isinstance(value, Absent) else value
