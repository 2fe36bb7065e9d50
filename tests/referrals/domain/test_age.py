"""Ages: each band from its first birthday to the day before the next (R7), and the ages of no pregnancy."""

from datetime import date

import pytest

from services.referrals.domain.age import band_in_pregnancy
from services.referrals.domain.refusal import Unfit

BORN = date(2000, 2, 29)


@pytest.mark.parametrize(
    ("on", "band"),
    [
        (date(2008, 2, 29), "<20"),
        (date(2020, 2, 28), "<20"),
        (date(2020, 2, 29), "20-24"),
        (date(2025, 2, 28), "20-24"),
        (date(2025, 3, 1), "25-29"),
        (date(2039, 12, 31), "35-39"),
        (date(2076, 2, 28), "40+"),
    ],
)
def test_r7_the_band_is_that_of_the_day(on: date, band: str) -> None:
    assert band_in_pregnancy(BORN, on) == band


def test_where_nobody_knows_there_is_none() -> None:
    assert band_in_pregnancy(None, BORN) is None


@pytest.mark.parametrize("on", [date(1999, 1, 1), date(2002, 3, 1), date(2008, 2, 28), date(2076, 3, 1)])
def test_an_age_of_no_pregnancy_is_refused_without_saying_it(on: date) -> None:
    with pytest.raises(Unfit) as refused:
        band_in_pregnancy(BORN, on)
    assert str(refused.value) == "age-not-possible"
