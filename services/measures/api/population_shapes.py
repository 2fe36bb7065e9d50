"""Shapes of a population's figures on the wire: never of our clients, and each says so (G26)."""

from __future__ import annotations

from typing import Literal

from services.measures.api.said import Answer
from services.measures.domain.interval import Estimate
from services.measures.domain.population import Basis, Counting, PopulationFigure

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
