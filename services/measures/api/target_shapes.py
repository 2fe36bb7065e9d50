"""Shapes of targets on the wire: what was printed, what remains by figures of the population, and for whom not."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.initiative import Baseline
from services.measures.api.population_shapes import PERCENT, Counted, RateShown
from services.measures.api.said import Answer, Gaps, gaps_of
from services.measures.application.disparities import Disparity
from services.measures.application.population_gaps import WindowGaps
from services.measures.application.targets import Followed
from services.measures.domain.counted import Absent, Bounded
from services.measures.domain.disparity import DisparityRatio
from services.measures.domain.goal import AimAs, Progress, Remains
from services.measures.domain.measure import Direction
from services.measures.domain.population import Window


class NumberShown(Answer):
    """A number with its 95 % interval."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, bounded: Bounded, times: int, places: int) -> NumberShown:
        """So many times, rounded."""
        low, high = (None if end is None else round(times * end, places) for end in (bounded.low, bounded.high))
        return cls(value=round(times * bounded.value, places), low=low, high=high)


class BaselineShown(Answer):
    """A starting rate as it was printed; `population` is words by language, `whom` those of a heading.

    `beside`: printed to compare with, nothing is to be reduced.
    """

    name: str
    percent: float
    percent_to: float | None
    population: Mapping[str, str]
    whom: Mapping[str, str] | None
    by: str
    group: str
    beside: bool
    source: str

    @classmethod
    def of(cls, baseline: Baseline) -> BaselineShown:
        """As the initiative has it."""
        return cls(**baseline.model_dump())


class WindowShown(Answer):
    """Whole years together, both included, with the sources of their parts."""

    counted: Counted
    by: str
    group: str
    since: int
    until: int
    numerator: int
    denominator: int
    rate: RateShown
    sources: list[str]
    practice: bool

    @classmethod
    def of(cls, window: Window) -> WindowShown:
        """The same on the wire."""
        return cls(
            counted=Counted.of(window.counting),
            by=window.by,
            group=window.group,
            since=window.since,
            until=window.until,
            numerator=window.numerator,
            denominator=window.denominator,
            rate=RateShown.of(window.rate),
            sources=list(window.sources),
            practice=window.practice,
        )


class RemainsShown(Answer):
    """What remains to one reading of the target: `percent` is to be reached, which reduces the baseline by
    `reduction_percent`; `points` of a hundred and `births` of the window remain (below 0: passed); `way_percent` of
    the way is gone, null where the baseline is there already."""

    said_as: AimAs
    percent: float
    reduction_percent: float
    points: NumberShown
    births: NumberShown
    way_percent: NumberShown | None

    @classmethod
    def of(cls, remains: Remains) -> RemainsShown:
        """Rounded."""
        return cls(
            said_as=remains.aim.said_as,
            percent=round(PERCENT * remains.aim.rate, 2),
            reduction_percent=round(PERCENT * remains.aim.reduction, 1),
            points=NumberShown.of(remains.points, PERCENT, 2),
            births=NumberShown.of(remains.births, 1, 0),
            way_percent=None if isinstance(remains.way, Absent) else NumberShown.of(remains.way, PERCENT, 1),
        )


class ProgressShown(Answer):
    """One window against one printed rate of a baseline: by how much of it the rate is lower, and what remains."""

    baseline: str
    start_percent: float
    window: WindowShown
    reduced_percent: NumberShown
    remains: list[RemainsShown]

    @classmethod
    def of(cls, progress: Progress) -> ProgressShown:
        """Rounded."""
        return cls(
            baseline=progress.baseline,
            start_percent=progress.start_percent,
            window=WindowShown.of(progress.window),
            reduced_percent=NumberShown.of(progress.reduced, PERCENT, 1),
            remains=[RemainsShown.of(each) for each in progress.remains],
        )


class DisparityRatioShown(Answer):
    """March of Dimes' disparity ratio of the three years `since` to `until`, 1 being no disparity.

    Of the groups of one breakdown: the mean of all others' rates over that of `compared_with`, which has the lowest
    rate of the six years from `chosen_since` on among those with 20 or more preterm births in each. Null where it is
    not computed because `too_small` groups have too few. `before` is the ratio of the three years before, `changed`
    whether the change is more than chance.
    """

    counted: Counted
    by: str
    chosen_since: int
    since: int
    until: int
    ratio: float | None
    compared_with: str | None
    before: float | None
    changed: bool | None
    too_small: list[str]
    practice: bool

    @classmethod
    def of(cls, found: Disparity) -> DisparityRatioShown:
        """To two decimals."""
        both = (found.now, found.before)
        now, before = (round(each.ratio, 2) if isinstance(each, DisparityRatio) else None for each in both)
        return cls(
            counted=Counted.of(found.counting),
            by=found.by,
            chosen_since=found.years[0],
            since=found.rated[0],
            until=found.rated[-1],
            ratio=now,
            compared_with=found.now.compared_with if isinstance(found.now, DisparityRatio) else None,
            before=before,
            changed=found.has_changed,
            too_small=[] if isinstance(found.now, DisparityRatio) else list(found.now.groups),
            practice=found.practice,
        )


class GapsShown(Answer):
    """Who is how far from the reference group in one window; `closed_percent` of each gap has closed since the first.

    100 is all of it, below 0 it is wider; null where the first window had none.
    """

    counted: Counted
    by: str
    since: int
    until: int
    gaps: Gaps
    closed_percent: dict[str, float | None]
    practice: bool

    @classmethod
    def of(cls, found: WindowGaps) -> GapsShown | None:
        """To one decimal; None where nobody is compared with."""
        gaps = gaps_of(found.groups, found.reference, found.everyone, Direction.FEWER)
        if gaps is None:
            return None
        return cls(
            counted=Counted.of(found.counting),
            by=found.by,
            since=found.since,
            until=found.until,
            gaps=gaps,
            closed_percent={
                group: None if isinstance(part, Absent) else round(PERCENT * part, 1)
                for group, part in found.closed.items()
            },
            practice=found.practice,
        )


class TargetShown(Answer):
    """A target with every baseline that was printed, and the progress from each; texts are words by language.

    `gaps` are those between groups of the population, against the reference group that the initiative chose. There is
    no progress where no figures with counts were imported for a whole window of these groups, and no disparity ratio
    where none were for six years in a row.
    """

    statement: Mapping[str, str]
    by_year: int
    percent: float | None
    reduction_percent: float | None
    source: str
    note: Mapping[str, str] | None
    measure: str
    window_years: int
    baselines: list[BaselineShown]
    progress: list[ProgressShown]
    gaps: list[GapsShown]
    disparity_ratios: list[DisparityRatioShown]

    @classmethod
    def of(cls, followed: Followed) -> TargetShown:
        """As the initiative has it, with its progress."""
        said = followed.target.model_dump(exclude={"baselines"})
        return cls(
            **said,
            baselines=[BaselineShown.of(each) for each in followed.target.baselines],
            progress=[ProgressShown.of(each) for each in followed.progress],
            gaps=[shown for each in followed.gaps if (shown := GapsShown.of(each))],
            disparity_ratios=[DisparityRatioShown.of(each) for each in followed.disparities],
        )


class Targets(Answer):
    """A part of the initiative's targets, in its order."""

    items: list[TargetShown]
    next: str | None
