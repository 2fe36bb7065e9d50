"""March of Dimes' disparity ratio from the yearly figures of a population, and whether it has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.measures.domain.counted import Share
from services.measures.domain.disparity import CHOSEN_OVER, RATED_OVER, DisparityRatio, TooSmall, disparity_ratio
from services.measures.domain.groups import DECLINED, NOT_KNOWN, UNKNOWN_8
from services.measures.domain.measure import By
from services.measures.domain.population import Counting, PopulationFigure

_NO_GROUPS = frozenset({DECLINED, NOT_KNOWN, UNKNOWN_8})


@dataclass(frozen=True, slots=True)
class Disparity:
    """The ratio of the last three of six years that every group has, and of the three before.

    The comparison group is chosen over all six and is the same for both.
    """

    counting: Counting
    by: str
    years: range
    now: DisparityRatio | TooSmall
    before: DisparityRatio | TooSmall
    practice: bool

    @property
    def rated(self) -> range:
        """The last three years."""
        return self.years[-RATED_OVER:]

    @property
    def has_changed(self) -> bool | None:
        """Whether the change is more than chance at the 0.05 level; None where one of the two is not computed."""
        if isinstance(self.now, TooSmall) or isinstance(self.before, TooSmall):
            return None
        return self.before.has_changed_to(self.now)


def disparities(figures: Iterable[PopulationFigure], measure: str) -> Sequence[Disparity]:
    """One for each way of counting and breakdown that has six years in a row of every group."""
    found: dict[tuple[Counting, str], list[PopulationFigure]] = {}
    for each in figures:
        known = each.by != By.NONE and each.group not in _NO_GROUPS and each.since == each.until
        if each.counting.measure == measure and known and each.rate is not None:
            found.setdefault((each.counting, each.by), []).append(each)
    made = (_disparity(counting, by, of) for (counting, by), of in found.items())
    return [each for each in made if each is not None]


def _disparity(counting: Counting, by: str, figures: Sequence[PopulationFigure]) -> Disparity | None:
    yearly: dict[str, dict[int, Share]] = {}
    for each in figures:
        yearly.setdefault(each.group, {})[each.until or 0] = Share(each.numerator or 0, each.denominator or 0)
    common = set.intersection(*(set(years) for years in yearly.values()))
    until = max(common, default=0)
    six = range(until - CHOSEN_OVER + 1, until + 1)
    if not common.issuperset(six):
        return None
    now, before = (disparity_ratio(yearly, six, years) for years in (six[-RATED_OVER:], six[:RATED_OVER]))
    return Disparity(counting, by, six, now, before, any(each.practice for each in figures))
