"""What is said of many times or numbers together: a course, and a spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from services.measures.domain.exposure import Exposure
from services.measures.domain.incidence import Incidence, Wait
from services.measures.domain.interval import Estimate, clustered, poisson

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """How soon something was reached, of all, ends of other kinds competing (Aalen-Johansen); times in days.

    `within` has the share of all by each mark (days), None where nobody was watched for so long; `median` and `p90` are
    None where not so many of all were ever reached. `of_reached_…` forget who waits in vain: `unresolved`, the share
    that was still open, stands beside them.
    """

    reached: int
    otherwise: int
    watched: int
    within: Mapping[float, Estimate | None]
    median: float | None
    p90: float | None
    of_reached_median: float | None
    of_reached_p90: float | None
    unresolved: float | None


def course(waits: Iterable[Wait], marks: Sequence[float]) -> Course:
    """The course of these waits, read at marks in days."""
    curve = Incidence.of(waits)
    return Course(
        reached=curve.reached,
        otherwise=curve.otherwise,
        watched=curve.watched,
        within={mark: curve.by(mark * DAY) for mark in marks},
        median=_days(curve.quantile(0.5)),
        p90=_days(curve.quantile(0.9)),
        of_reached_median=_days(curve.of_reached(0.5)),
        of_reached_p90=_days(curve.of_reached(0.9)),
        unresolved=curve.unresolved,
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers of the units that have one: mean, median and ninth decile (nearest rank), and how many lie in each band.

    A band is named by its bounds, both in it: `up to 1`, `2-3`, `4+`. All None where there is none.
    """

    counted: int
    mean: float | None
    median: float | None
    p90: float | None
    bands: Mapping[str, int]


def spread(numbers: Iterable[float], bounds: Sequence[float]) -> Spread:
    """The spread of these numbers, in bands of whole numbers up to each bound, the last one open."""
    ordered = sorted(numbers)
    bands = dict.fromkeys(band_names(bounds), 0)
    for number in ordered:
        bands[band_of(number, bounds)] += 1
    if not ordered:
        return Spread(0, None, None, None, bands)
    return Spread(len(ordered), math.fsum(ordered) / len(ordered), _rank(ordered, 0.5), _rank(ordered, 0.9), bands)


def band_of(number: float, bounds: Sequence[float]) -> str:
    """The name of the band into which a number falls."""
    place = next((place for place, bound in enumerate(bounds) if number <= bound), len(bounds))
    return band_names(bounds)[place]


@cache
def band_names(bounds: tuple[float, ...]) -> Sequence[str]:
    """The names of the bands that these upper bounds make, from the lowest; the first is open downwards."""
    names: list[str] = []
    for place, bound in enumerate(bounds):
        low = bounds[place - 1] + 1 if place else None
        names.append(f"{bound:g}" if low == bound else f"{low:g}-{bound:g}" if low is not None else f"up to {bound:g}")
    return [*names, f"{bounds[-1] + 1:g}+"] if bounds else ["all"]


def rate(exposures: Iterable[Exposure], per: float, *, hang_together: bool) -> Estimate | None:
    """Events in `per` days over the exposures of clients, one each; None where nobody was exposed.

    The interval is exact Poisson's for independent events; for days that hang together it is that of a share of days.
    """
    kept = list(exposures)
    if not hang_together:
        return poisson(sum(each.events for each in kept), sum(each.days for each in kept) / per)
    share = clustered((each.events, each.days) for each in kept)
    return share and Estimate(share.value * per, share.low * per, share.high * per, share.unstable)


def rank(counted: int, share: float) -> int:
    """Which of so many in their order, the first being 1, is the nearest rank of a share."""
    return max(1, math.ceil(share * counted - 1e-9))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[rank(len(ordered), share) - 1]


def _days(lasted: timedelta | None) -> float | None:
    return None if lasted is None else lasted / DAY
