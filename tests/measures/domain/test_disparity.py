"""March of Dimes' disparity ratio: by hand, whom it compares with, and when it is not computed."""

from __future__ import annotations

import math

import pytest

from services.measures.domain.counted import Share
from services.measures.domain.disparity import DisparityRatio, TooSmall, Yearly, disparity_ratio

SIX, THREE = range(2010, 2016), range(2014, 2017)


def years(preterm: float, births: float, **other: Share) -> dict[int, Share]:
    """The same counts in each year of 2010 to 2016, but for those named `y2016=`."""
    return {year: other.get(f"y{year}", Share(preterm, births)) for year in range(2010, 2017)}


COUNTY: Yearly = {
    "black": years(30, 200),
    "hispanic": years(180, 2_000),
    "white": years(56, 800),
}


def ratio(of: Yearly) -> DisparityRatio:
    found = disparity_ratio(of, SIX, THREE)
    assert isinstance(found, DisparityRatio)
    return found


def test_by_hand() -> None:
    """Rates of 15, 9 and 7 of 100 in invented groups: mean(0.15, 0.09) / 0.07 = 0.12 / 0.07 = 1.714286.

    Variance of its logarithm, three years together:
    mean      (0.15 * 0.85 / 600 + 0.09 * 0.91 / 6,000) / 4 = (0.0002125 + 0.00001365) / 4 = 0.0000565375
              over 0.12² = 0.0144: 0.003926215
    compared  0.07 * 0.93 / 2,400 = 0.000027125, over 0.07² = 0.0049: 0.005535714; together 0.009461930
    """
    found = ratio(COUNTY)
    assert found.compared_with == "white"
    assert found.ratio == pytest.approx(0.12 / 0.07)
    assert found.log_variance == pytest.approx(0.009461930, rel=1e-6)


def test_it_compares_with_the_lowest_of_six_years_not_of_three() -> None:
    """White births of 2016 alone are worse than all: the comparison was chosen before, and stays.

    White over 2014 to 2016: (56 + 56 + 336) / 2,400 = 0.186667; ratio 0.12 / 0.186667 = 0.642857.
    """
    found = ratio({**COUNTY, "white": years(56, 800, y2016=Share(336, 800))})
    assert found.compared_with == "white"
    assert found.ratio == pytest.approx(0.12 / (448 / 2_400))


def test_a_group_with_a_thin_year_is_compared_but_not_compared_with() -> None:
    """10 of 200 is the lowest rate, but only 10 in a year: it stands among the others: mean(.15, .09, .05) / .07."""
    found = ratio({**COUNTY, "small": years(10, 200)})
    assert found.compared_with == "white"
    assert found.ratio == pytest.approx((0.15 + 0.09 + 0.05) / 3 / 0.07)


def test_twenty_in_each_year_and_not_nineteen_in_one() -> None:
    assert ratio({**COUNTY, "low": years(20, 400)}).compared_with == "low"
    assert ratio({**COUNTY, "low": years(20, 400, y2012=Share(19, 400))}).compared_with == "white"
    assert ratio({**COUNTY, "low": years(20, 400, y2016=Share(19, 400))}).compared_with == "low"


@pytest.mark.parametrize(
    ("county", "small"),
    [
        ({**COUNTY, "tongan": years(2, 30)}, ("tongan",)),
        ({**COUNTY, "tongan": years(0, 0)}, ("tongan",)),
        ({"a": years(10, 100), "b": years(9, 100)}, ("a", "b")),
        ({"white": years(56, 800)}, ()),
        ({}, ()),
    ],
)
def test_it_is_not_computed_where_groups_are_too_small(county: Yearly, small: tuple[str, ...]) -> None:
    assert disparity_ratio(county, SIX, THREE) == TooSmall(small)


def test_change_is_more_than_chance_or_it_is_not() -> None:
    """From 2 to 1.5: |ln 0.75| = 0.287682; with variances of 0.01 each 0.277184 is chance, with 0.012 0.303641."""
    before, now = DisparityRatio(2.0, "white", 0.010), DisparityRatio(1.5, "white", 0.010)
    assert before.has_changed_to(now)
    assert now.has_changed_to(before)
    assert not DisparityRatio(2.0, "white", 0.012).has_changed_to(DisparityRatio(1.5, "white", 0.012))
    assert math.isclose(abs(math.log(0.75)), 0.287682, abs_tol=1e-6)


@pytest.mark.parametrize(("chosen", "rated"), [(range(2010, 2015), THREE), (SIX, (2016,)), (SIX, range(2015, 2018))])
def test_other_than_six_and_three_whole_years_is_refused(chosen: range, rated: range | tuple[int]) -> None:
    with pytest.raises(ValueError, match="years"):
        disparity_ratio(COUNTY, chosen, rated)
