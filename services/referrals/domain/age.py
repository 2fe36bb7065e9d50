"""A woman's age on a day: the band that measures ask for (R7), and the ages at which there is no pregnancy."""

from datetime import date

from services.referrals.domain.refusal import Unfit
from services.referrals.domain.vocabulary import AgeBand

YOUNGEST, OLDEST = 8, 75
"""Who seems to be younger or older has a date that was mistyped, hers or the pregnancy's.

Women of 74 have given birth."""

_BANDS = (
    (20, AgeBand.UNDER_20),
    (25, AgeBand.FROM_20_TO_24),
    (30, AgeBand.FROM_25_TO_29),
    (35, AgeBand.FROM_30_TO_34),
    (40, AgeBand.FROM_35_TO_39),
)


def band_in_pregnancy(born: date | None, on: date) -> AgeBand | None:
    """Her age band on a day of a pregnancy (R7), None where nobody knows. Raises Unfit for an age of no pregnancy."""
    if born is None:
        return None
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        raise Unfit("age-not-possible")
    return next((band for below, band in _BANDS if age < below), AgeBand.FROM_40)
