"""Shapes of targets and of a population's figures on the wire: never of our clients, and each says so (G26)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from contracts.initiative import Baseline
from services.measures.api.said import Answer
from services.measures.application.targets import Followed
from services.measures.domain.counted import Absent, Bounded
from services.measures.domain.goal import AimAs, Progress, Remains
from services.measures.domain.interval import Estimate
from services.measures.domain.population import Basis, Counting, PopulationFigure, Window

PERCENT = 100
Population = Literal["population"]


class RateShown(Answer):
    """A share in per cent with its 95 % interval; `unstable` where it rests on few."""

    percent: float
    low: float
    high: float
    unstable: bool

    @classmethod
    def of(cls, rate: Estimate) -> RateShown:
        """To two decimals."""
        percent, low, high = (round(PERCENT * each, 2) for each in (rate.value, rate.low, rate.high))
        return cls(percent=percent, low=low, high=high, unstable=rate.unstable)


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


class Counted(Answer):
    """How figures came to be: those that differ in any of it never stand on one axis.

    `weeks` are the first and last completed weeks of gestation that count; `per` is 100 for per cent, 0 for a count.
    """

    origin: Population = "population"
    measure: str
    publisher: str
    basis: Basis
    weeks: tuple[int, int] | None
    per: int

    @classmethod
    def of(cls, counting: Counting) -> Counted:
        """The same on the wire."""
        return cls(**counting._asdict())


class PopulationFigureShown(Answer):
    """A figure as it was printed, and as its own counts give it; years are both included, null where none was printed.

    `difference` is recomputed less printed, null where they agree as rounded: where it is not null, both are shown.
    `practice` says that it was invented for a practice system. `rate` is null without counts and for a plain count.
    """

    counted: Counted
    by: str
    group: str
    since: int | None
    until: int | None
    numerator: int | None
    denominator: int | None
    printed: str | None
    recomputed: str | None
    difference: str | None
    rate: RateShown | None
    source: str
    version: int
    practice: bool

    @classmethod
    def of(cls, figure: PopulationFigure) -> PopulationFigureShown:
        """A figure with what follows from it."""
        return cls(
            counted=Counted.of(figure.counting),
            by=figure.by,
            group=figure.group,
            since=figure.since,
            until=figure.until,
            numerator=figure.numerator,
            denominator=figure.denominator,
            printed=figure.printed,
            recomputed=None if figure.recomputed is None else str(figure.recomputed),
            difference=None if figure.difference is None else f"{figure.difference:+}",
            rate=RateShown.of(figure.rate) if figure.rate else None,
            source=figure.source,
            version=figure.version,
            practice=figure.practice,
        )


class PopulationFigures(Answer):
    """A part of the figures of the initiative's population, in the order in which they were imported."""

    items: list[PopulationFigureShown]
    next: str | None


class BaselineShown(Answer):
    """A starting rate as it was printed; `population` is words by language."""

    name: str
    percent: float
    percent_to: float | None
    population: Mapping[str, str]
    by: str
    group: str
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


class TargetShown(Answer):
    """A target with every baseline that was printed, and the progress from each; texts are words by language.

    No progress means that no figures of these groups with counts were imported for a whole window.
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

    @classmethod
    def of(cls, followed: Followed) -> TargetShown:
        """As the initiative has it, with its progress."""
        said = followed.target.model_dump(exclude={"baselines"})
        return cls(
            **said,
            baselines=[BaselineShown.of(each) for each in followed.target.baselines],
            progress=[ProgressShown.of(each) for each in followed.progress],
        )


class Targets(Answer):
    """A part of the initiative's targets, in its order."""

    items: list[TargetShown]
    next: str | None
