"""March of Dimes' disparity ratio of preterm birth, under its own name because it is not our overlay.

After the technical notes of its report card of 2017: the comparison group is the one with the lowest rate over six
years among those with 20 or more preterm births in each of them; the ratio is the mean of the three-year rates of all
other groups over the comparison group's. 1 is no disparity. Where groups are too small it is not computed: where no
group has 20 in each year, there is no other group, or any has fewer than 20 in the three years.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Final, TypeAlias

from services.measures.domain.counted import Share
from services.measures.domain.interval import Z

ENOUGH: Final = 20
CHOSEN_OVER: Final = 6
RATED_OVER: Final = 3

Yearly: TypeAlias = Mapping[str, Mapping[int, Share]]
"""Preterm of live births of each group in each calendar year."""


@dataclass(frozen=True, slots=True)
class DisparityRatio:
    """The ratio, whom all others are compared with, and the variance of the ratio's logarithm (delta method)."""

    ratio: float
    compared_with: str
    log_variance: float

    def has_changed_to(self, later: DisparityRatio) -> bool:
        """Whether the change to another period's ratio is more than chance at the 0.05 level, the two independent."""
        change = math.log(later.ratio) - math.log(self.ratio)
        return abs(change) > Z * math.sqrt(self.log_variance + later.log_variance)


@dataclass(frozen=True, slots=True)
class TooSmall:
    """It is not computed; `groups` are those with too few, sorted."""

    groups: tuple[str, ...]


def disparity_ratio(yearly: Yearly, chosen_over: Iterable[int], rated_over: Iterable[int]) -> DisparityRatio | TooSmall:
    """The ratio of the years `rated_over`, its comparison group chosen over the years `chosen_over`.

    Raises ValueError for other than three and six years, or a year that a group lacks.
    """
    chosen, rated = _years(yearly, chosen_over, CHOSEN_OVER), _years(yearly, rated_over, RATED_OVER)
    steady = [group for group, years in yearly.items() if all(years[year].met >= ENOUGH for year in chosen)]
    over = {group: _sum(years, rated) for group, years in yearly.items()}
    small = [group for group, share in over.items() if share.met < ENOUGH]
    if not steady or small or over.keys() == set(steady[:1]):
        return TooSmall(tuple(sorted(small or over.keys() - set(steady))))
    compared_with = min(steady, key=lambda group: (_rate(_sum(yearly[group], chosen)), group))
    base, others = over.pop(compared_with), over
    mean = fmean(map(_rate, others.values()))
    of_mean = math.fsum(map(_variance, others.values())) / len(others) ** 2
    return DisparityRatio(mean / _rate(base), compared_with, of_mean / mean**2 + _variance(base) / _rate(base) ** 2)


def _years(yearly: Yearly, years: Iterable[int], count: int) -> tuple[int, ...]:
    found = tuple(sorted(set(years)))
    if len(found) != count or any(year not in of for of in yearly.values() for year in found):
        raise ValueError(f"every group needs the same {count} years")
    return found


def _sum(years: Mapping[int, Share], over: Iterable[int]) -> Share:
    found = [years[year] for year in over]
    return Share(math.fsum(share.met for share in found), math.fsum(share.of for share in found))


def _rate(share: Share) -> float:
    return share.met / share.of


def _variance(share: Share) -> float:
    return _rate(share) * (1 - _rate(share)) / share.of
