"""Intervals, ratios and curves against statsmodels, on many random tables: small in every run, large when proved."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.measures.domain.counted import Bounded, Share
from services.measures.domain.equity import overlay
from services.measures.domain.incidence import End, Incidence, Wait, variance_of
from services.measures.domain.interval import clustered, estimated, poisson, wilson
from tests.prove.tally import Tally

pytestmark = [pytest.mark.proof, pytest.mark.slow]

Sized = Callable[[int, int], int]

EDGES = [(0, 1), (1, 1), (0, 30), (30, 30), (1, 30), (999_999, 1_000_000)]
MANY = [0, 1, 2, 19, 20, 1_000, 1_000_000]


def same(ours: float | None, theirs: float) -> bool:
    return ours is not None and math.isclose(ours, theirs, rel_tol=1e-8, abs_tol=1e-12)


def table(chance: random.Random) -> tuple[int, int]:
    """A numerator and its denominator, of any size, rare or common."""
    denominator = int(10 ** chance.uniform(0, 6))
    return min(denominator, int(denominator * chance.random() ** chance.choice([1, 4]))), denominator


def test_wilson_and_poisson(sized: Sized) -> None:
    from statsmodels.stats.proportion import proportion_confint
    from statsmodels.stats.rates import confint_poisson

    chance, tally = random.Random(5), Tally("prove-intervals")
    tables = EDGES + [table(chance) for _ in range(sized(100, 20_000))]
    low, high = proportion_confint(*map(list, zip(*tables, strict=True)), method="wilson")
    for (numerator, denominator), *ends in zip(tables, low, high, strict=True):
        share = wilson(numerator, denominator)
        right = share is not None and same(share.low, max(0.0, ends[0])) and same(share.high, min(1.0, ends[1]))
        tally.check(right, f"{numerator} of {denominator}: {share}, not {ends}")
    for events in MANY + [numerator for numerator, _ in tables[:: sized(5, 10)]]:
        rate, (lower, upper) = poisson(events, 7.5), confint_poisson(events, 7.5, method="exact-c")
        right = rate is not None and same(rate.low, lower if events else 0.0) and same(rate.high, upper)
        tally.check(right, f"{events} in 7.5: {rate}, not {lower, upper}")
    tally.close()


def test_days_of_clients(sized: Sized) -> None:
    """The effective size, by the robust error of a weighted regression through nothing, which is the same ratio."""
    from statsmodels.regression.linear_model import WLS

    chance, tally = random.Random(8), Tally("prove-clustered")
    for _ in range(sized(10, 1_000)):
        wholes = [chance.randint(1, 280) for _ in range(chance.choice([3, 40, 300]))]
        parts = [chance.choice([0, chance.randint(0, whole)]) for whole in wholes]
        parts[0], parts[1] = 0, wholes[1]
        fitted = WLS(parts, wholes, weights=[1 / whole for whole in wholes]).fit(cov_type="HC1")
        share, error = float(fitted.params[0]), float(fitted.bse[0])
        theirs = estimated(share, share * (1 - share) / error**2, 0)
        ours = clustered(zip(parts, wholes, strict=True))
        right = ours is not None and same(ours.value, share) and same(ours.low, theirs.low)
        tally.check(right and ours is not None and same(ours.high, theirs.high), f"{ours}, not {theirs}")
    tally.close()


def test_difference_and_ratio(sized: Sized) -> None:
    """Newcombe's interval of a difference of shares, and the logarithm's of a ratio."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    chance, tally = random.Random(6), Tally("prove-differences")
    for _ in range(sized(20, 2_000)):
        (met, size), (base_met, base_size) = table(chance), table(chance)
        if not met or not base_met:
            continue
        [found] = overlay({"a": Share(met, size), "b": Share(base_met, base_size)}, "b", None).groups
        counts = (met, size, base_met, base_size)
        newcombe = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
        logarithm = confint_proportions_2indep(*counts, method="log", compare="ratio")
        for ours, theirs in ((found.difference, newcombe), (found.ratio, logarithm)):
            right = isinstance(ours, Bounded) and same(ours.low, theirs[0]) and same(ours.high, theirs[1])
            tally.check(right, f"{counts}: {ours}, not {theirs}")
    tally.close()


def test_cumulative_incidence(sized: Sized) -> None:
    """Curve and standard error at every time, with ties and censoring.

    Somebody is watched longer than all, for at a last time at which all ends the library divides by zero.
    """
    from statsmodels.duration.survfunc import CumIncidenceRight

    chance, tally = random.Random(7), Tally("prove-incidence")
    code = {End.WATCHED: 0, End.REACHED: 1, End.OTHERWISE: 2}
    for _ in range(sized(8, 500)):
        ends = chance.choice([list(End), [End.REACHED, End.OTHERWISE], [*End, End.WATCHED, End.WATCHED]])
        waits = [(chance.randrange(30), chance.choice(ends)) for _ in range(chance.choice([5, 25, 400]))]
        waits += [(0, End.OTHERWISE), (1, End.REACHED), (40, End.WATCHED)]
        theirs = CumIncidenceRight([float(days) for days, _ in waits], [code[end] for _, end in waits])
        ours = Incidence.of(Wait(timedelta(days=days), end) for days, end in waits)
        for place, (days, share, error) in enumerate(zip(theirs.times, theirs.cinc[0], theirs.cinc_se[0], strict=True)):
            found = ours.by(timedelta(days=float(days)))
            variance = variance_of(ours.steps[: place + 1], float(share))
            right = (
                found is not None
                and same(found.value, share)
                and math.isclose(math.sqrt(max(0.0, variance)), error, rel_tol=1e-6, abs_tol=1e-9)
            )
            tally.check(right, f"{len(waits)} waits at {days}: {found}, {variance}, not {share}, {error}")
    tally.close()


def test_a_wrong_interval_is_seen() -> None:
    """The proofs can fail: what is off by a millionth is not the same, and neither is what is none."""
    assert same(0.5, 0.5 + 1e-12)
    assert not same(0.5, 0.5 * (1 + 1e-6))
    assert not same(None, 0.5)
