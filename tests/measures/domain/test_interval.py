"""How sure a figure is: against tables in print, and where there is no one to count."""

from __future__ import annotations

import pytest

from services.measures.domain.interval import Estimate, clustered, is_wide, poisson, wilson


def found(estimate: Estimate | None) -> Estimate:
    assert estimate is not None
    return estimate


def test_wilson_by_hand() -> None:
    """8 of 20, with z = 1.96 and z² = 3.8416.

    Middle: (8 + 3.8416 / 2) / (20 + 3.8416) = 9.9208 / 23.8416 = 0.4161
    Half:   1.96 / 23.8416 * sqrt(0.4 * 0.6 * 20 + 3.8416 / 4) = 0.082209 * sqrt(5.7604) = 0.1973
    """
    share = found(wilson(8, 20))
    assert share.value == 0.4
    assert (round(share.low, 4), round(share.high, 4)) == (0.2188, 0.6134)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_poisson_as_in_print(events: int, low: float, high: float) -> None:
    """The exact limits of a count, as tables of vital statistics print them."""
    count = found(poisson(events, 1))
    assert (round(count.low, 3), round(count.high, 3)) == (low, high)


def test_a_rate_is_a_count_over_its_exposure() -> None:
    """10 in 2,500 client-days, said of every 100: 10 / 25 = 0.4, from 4.795 / 25 to 18.390 / 25."""
    rate = found(poisson(10, 25))
    assert (rate.value, round(rate.low, 4), round(rate.high, 4)) == (0.4, 0.1918, 0.7356)


def test_days_of_clients_by_hand() -> None:
    """Four clients: 10, 0, 30 and 0 of 50 days each. Share 40 / 200 = 0.2; over or under it: 0, -10, 20, -10.

    variance (0 + 100 + 400 + 100) / 200² * 4 / 3 = 0.02; effective size 0.2 * 0.8 / 0.02 = 8, far from 200 days:
    Wilson (0.2 * 8 + 1.92073) / (8 + 3.84146) = 0.297322,
    half 1.95996 * sqrt(0.2 * 0.8 * 8 + 0.960365) / 11.84146 = 0.247743.
    """
    share = found(clustered([(10, 50), (0, 50), (30, 50), (0, 50)]))
    assert (share.value, share.unstable) == (0.2, True)
    assert ((share.low + share.high) / 2, (share.high - share.low) / 2) == pytest.approx((0.297322, 0.247743), abs=1e-5)


def test_clients_who_do_not_differ_count_once_each() -> None:
    alike = wilson(10, 40)
    assert alike
    assert found(clustered([(0, 30)] * 40)) == wilson(0, 40)
    assert found(clustered([(30, 30)] * 40)) == wilson(40, 40)
    quarter = found(clustered([(10, 40)] * 40))
    assert (quarter.low, quarter.high) == pytest.approx((alike.low, alike.high))
    assert found(clustered([(1, 4)])).unstable


def test_nobody_of_whom_there_is_a_whole() -> None:
    assert clustered([]) is None
    assert clustered([(0, 0)]) is None
    assert clustered([(0, 0), (1, 2)]) == clustered([(1, 2)])
    for pair in ((3, 2), (-1, 2), (1, 0)):
        with pytest.raises(ValueError, match="part of its whole"):
            clustered([pair])


def test_no_one_to_count_is_no_share_and_no_rate() -> None:
    assert (wilson(0, 0), poisson(0, 0)) == (None, None)


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (6, 5), (0, -1)])
def test_what_is_no_part_is_no_share(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="part"):
        wilson(numerator, denominator)


@pytest.mark.parametrize(("events", "exposure"), [(-1, 5.0), (1, 0.0), (1, -1.0)])
def test_what_cannot_have_happened_is_no_rate(events: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="exposed"):
        poisson(events, exposure)


@pytest.mark.parametrize(
    ("numerator", "denominator", "unstable"),
    [(19, 100, True), (20, 100, False), (80, 100, False), (81, 100, True), (0, 0, None), (0, 5_000, True)],
)
def test_unsteady_on_few_of_either_side(numerator: int, denominator: int, unstable: bool | None) -> None:
    share = wilson(numerator, denominator)
    assert (share.unstable if share else None) is unstable


@pytest.mark.parametrize(("events", "unstable"), [(19, True), (20, False)])
def test_unsteady_on_few_events(events: int, unstable: bool) -> None:
    assert found(poisson(events, 1_000)).unstable is unstable


def test_too_wide_is_more_than_160_per_cent_of_it() -> None:
    assert not is_wide(1.0, 0.5, 2.1)
    assert is_wide(1.0, 0.5, 2.11)
    assert is_wide(0.0, 0.0, 0.001)
