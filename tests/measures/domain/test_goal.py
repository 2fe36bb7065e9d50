"""How far a target is: Fresno's two baselines and San Francisco's ranges, worked by hand; none is dropped."""

from __future__ import annotations

import pytest

from contracts.initiative import Baseline, Initiative, Target, load_initiatives
from services.measures.domain.counted import Absent, Bounded
from services.measures.domain.goal import AimAs, Progress, Remains, progress, starts
from services.measures.domain.interval import wilson
from services.measures.domain.population import Basis, Counting, Window
from tests.measures.conftest import INITIATIVES, LARGE, SMALL

CDPH = Counting("preterm_birth", "cdph", Basis.OBSTETRIC_ESTIMATE, (17, 47), 100)


@pytest.fixture(scope="module")
def both() -> dict[str, Initiative]:
    return load_initiatives(INITIATIVES)


def window(numerator: int, denominator: int, by: str = "none", group: str = "all") -> Window:
    rate = wilson(numerator, denominator)
    assert rate is not None
    return Window(CDPH, by, group, 2023, 2025, numerator, denominator, rate, ("Table 9 (invented)",), practice=False)


def of(target: Target, of: Window) -> dict[tuple[str, float], Progress]:
    """By baseline and the rate in per cent that it starts from."""
    return {
        (each.baseline, each.start_percent): each
        for baseline in target.baselines
        if (baseline.by, baseline.group) == (of.by, of.group)
        for each in progress(target, baseline, of)
    }


def aim(found: Progress, said_as: AimAs) -> Remains:
    return next(each for each in found.remains if each.aim.said_as is said_as)


def test_fresno_against_both_baselines_by_hand(both: dict[str, Initiative]) -> None:
    """9 of 100 in three years (2,700 of 30,000, invented): Wilson (0.086814, 0.093290).

    from 11.1: (0.111 - 0.09) / 0.111 = 18.92 % less, where 37 % was wanted (and 7 of 100 is 36.94 % less)
        to 7:    0.09 - 0.07 = 2.00 points, 600 of the 30,000 births; 0.021 / 0.041 = 51.22 % of the way
        to 37 %: 0.111 * 0.63 = 6.993; 0.09 - 0.06993 = 2.007 points, 602.1 births
    from 10.3: (0.103 - 0.09) / 0.103 = 12.62 % less, where 37 % was wanted (and 7 of 100 is 32.04 % less)
        to 7:    the same 2.00 points; 0.013 / 0.033 = 39.39 % of the way
        to 37 %: 0.103 * 0.63 = 6.489; 2.511 points, 753.3 births
    """
    [target] = both[LARGE].targets
    found = of(target, window(2_700, 30_000))
    first, second = found["announced-2016", 11.1], found["looking-back-2019", 10.3]
    assert (first.reduced.value, second.reduced.value) == pytest.approx((0.189189, 0.126214), abs=1e-6)
    assert {each.aim.said_as for each in first.remains} == {AimAs.LEVEL, AimAs.REDUCTION}
    assert [
        (each.aim.rate, each.aim.reduction, each.points.value, each.births.value)
        for progress in (first, second)
        for each in progress.remains
    ] == [
        pytest.approx((0.07, 0.369369, 0.02, 600), rel=1e-5),
        pytest.approx((0.06993, 0.37, 0.02007, 602.1), rel=1e-5),
        pytest.approx((0.07, 0.320388, 0.02, 600), rel=1e-5),
        pytest.approx((0.06489, 0.37, 0.02511, 753.3), rel=1e-5),
    ]
    way = [aim(each, AimAs.LEVEL).way for each in (first, second)]
    assert [each.value for each in way if isinstance(each, Bounded)] == pytest.approx([0.512195, 0.393939], abs=1e-6)


def test_what_remains_has_an_interval(both: dict[str, Initiative]) -> None:
    """Of the rate's (0.086814, 0.093290): to 7 remain from 1.68 to 2.33 points, 504 to 699 births.

    The reduction from 11.1 is from (0.111 - 0.093290) / 0.111 = 15.95 % to (0.111 - 0.086814) / 0.111 = 21.79 %.
    """
    [target] = both[LARGE].targets
    found = of(target, window(2_700, 30_000))["announced-2016", 11.1]
    level = aim(found, AimAs.LEVEL)
    assert (level.points.low, level.points.high) == pytest.approx((0.016814, 0.023290), abs=2e-6)
    assert (level.births.low, level.births.high) == pytest.approx((504.4, 698.7), abs=0.1)
    assert (found.reduced.low, found.reduced.high) == pytest.approx((0.159550, 0.217892), abs=2e-5)


def test_a_target_that_is_passed_remains_below_nothing(both: dict[str, Initiative]) -> None:
    [target] = both[LARGE].targets
    level = aim(of(target, window(1_800, 30_000))["announced-2016", 11.1], AimAs.LEVEL)
    assert (level.points.value, level.births.value) == pytest.approx((-0.01, -300))
    assert isinstance(level.way, Bounded)
    assert level.way.value == pytest.approx(0.051 / 0.041)


def test_san_francisco_wants_every_birth_by_hand(both: dict[str, Initiative]) -> None:
    """120 of 1,000 Black births (invented). From 14: (0.14 - 0.12) / 0.14 = 14.29 % of the way; from 16: 25 %.

    Every one of the 120 remains, and the aim is a reduction of all.
    """
    [target] = both[SMALL].targets
    found = of(target, window(120, 1_000, "cdph8_exclusive", "african_american"))
    assert set(found) == {("black-families", 14.0), ("black-families", 16.0)}
    assert [each.reduced.value for each in found.values()] == pytest.approx([0.142857, 0.25], abs=1e-6)
    for each in found.values():
        [remains] = each.remains
        assert (remains.aim.said_as, remains.aim.rate, remains.aim.reduction) == (AimAs.EVERY, 0.0, 1.0)
        assert (remains.points.value, remains.births.value) == pytest.approx((0.12, 120))
        assert remains.way == each.reduced


def test_no_baseline_of_a_target_is_dropped(both: dict[str, Initiative]) -> None:
    """Whatever was printed starts a reckoning: both of Fresno's, and both ends of San Francisco's ranges."""
    rates = {slug: [start for base in both[slug].targets[0].baselines for start in starts(base)] for slug in both}
    assert rates == {LARGE: [11.1, 10.3], SMALL: [14.0, 16.0, 10.0, 11.0, 7.3]}


def test_nothing_remains_of_what_was_printed_to_compare_with(both: dict[str, Initiative]) -> None:
    [target] = both[SMALL].targets
    found = of(target, window(730, 10_000, "cdph8_exclusive", "white"))["white-families", 7.3]
    assert found.reduced.value == pytest.approx(0)
    assert found.remains == ()


def test_another_groups_figures_are_refused(both: dict[str, Initiative]) -> None:
    [target] = both[SMALL].targets
    with pytest.raises(ValueError, match="its own group"):
        list(progress(target, target.baselines[0], window(120, 1_000)))


def test_a_baseline_at_the_target_has_no_way_to_go(both: dict[str, Initiative]) -> None:
    [target] = both[LARGE].targets
    reached = Baseline(**{**target.baselines[0].model_dump(), "percent": 7.0})
    [found] = progress(target, reached, window(2_700, 30_000))
    assert aim(found, AimAs.LEVEL).way is Absent.NOT_DEFINED
