"""Shapes of what stands beside a row's numbers: a course, a spread, a rate, and how good the data are."""

from __future__ import annotations

from dataclasses import asdict

from services.measures.api.said import Answer
from services.measures.domain.data_quality import DataQuality


class Estimated(Answer):
    """A share (of 1) or a rate with its 95 % interval; `unstable` where it rests on few."""

    value: float
    low: float
    high: float
    unstable: bool


class RateShown(Estimated):
    """Events in so many days: the numerator over the denominator, said of `per` days."""

    per: float


class CourseShown(Answer):
    """How soon something was reached, of all, ends of other kinds competing (Aalen-Johansen); times in days.

    `within` has the share of all by each mark (days) that can be shown, null where nobody was watched for so long.
    `median` and `p90` are null where not so many of all were ever reached; `of_reached_…` forget who waits in vain,
    `unresolved` is the share that was still open.
    """

    reached: int
    otherwise: int
    watched: int
    within: dict[str, Estimated | None]
    median: float | None
    p90: float | None
    of_reached_median: float | None
    of_reached_p90: float | None
    unresolved: float | None


class SpreadShown(Answer):
    """Numbers of the units of the numerator: mean, median, ninth decile, and how many lie in each band.

    Of a release, null where there are units is "too few to show": a mean is shown where it follows from the bands
    alone, a median and a ninth decile amid many of a band.
    """

    mean: float | None
    median: float | None
    p90: float | None
    bands: dict[str, int]


class DataQualityShown(Answer):
    """How good the data of a release's period are: agencies on the system, those of them that wrote down anything of
    it, those that are not on the system, and records of the whole system that are set aside as they cannot be read."""

    agencies_on_system: int
    agencies_reporting: int
    agencies_not_on_system: int
    parked: int

    @classmethod
    def of(cls, quality: DataQuality) -> DataQualityShown:
        """As it was when the release was built."""
        return cls(**asdict(quality))


class Quality(DataQualityShown):
    """How much a figure can bear: also the agencies that had a part in what it counts, null where that is hidden."""

    agencies: int | None
