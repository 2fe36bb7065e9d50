"""What is said of many numbers and rates together."""

from __future__ import annotations

import math

import pytest

from services.measures.domain.exposure import Exposure
from services.measures.domain.interval import clustered, poisson
from services.measures.domain.summary import band_names, rate, spread


@pytest.mark.parametrize(
    ("bounds", "names"),
    [((), ["all"]), ((1.0,), ["up to 1", "2+"]), ((1.0, 2.0, 3.0), ["up to 1", "2", "3", "4+"]),
     ((7.0, 14.0), ["up to 7", "8-14", "15+"])],
)  # fmt: skip
def test_bands_are_named_by_both_their_bounds(bounds: tuple[float, ...], names: list[str]) -> None:
    assert list(band_names(bounds)) == names


def test_a_spread_counts_everything_once() -> None:
    found = spread([4, 1, 1, 9, 2], (1.0, 2.0, 3.0))
    assert found.bands == {"up to 1": 2, "2": 1, "3": 0, "4+": 2}
    assert (found.counted, found.mean, found.median, found.p90) == (5, 3.4, 2, 9)


def test_no_one_to_count_has_no_middle() -> None:
    found = spread([], (1.0,))
    assert (found.counted, found.mean, found.median, found.p90) == (0, None, None, None)
    assert found.bands == {"up to 1": 0, "2+": 0}


def test_a_rate_is_said_of_so_many_days() -> None:
    hers = [Exposure(3, 30), Exposure(0, 60)]
    alone, together = rate(hers, 30, hang_together=False), rate(hers, 100, hang_together=True)
    assert alone == poisson(3, 3.0)
    share = clustered([(3, 30), (0, 60)])
    assert together
    assert share
    assert math.isclose(together.value, 100 * share.value)
    assert math.isclose(together.high, 100 * share.high)
    assert [rate([], 30, hang_together=each) for each in (False, True)] == [None, None]
