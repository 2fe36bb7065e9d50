"""A difference beside two numbers: whether who subtracts them as they are shown gets the one that is said."""

import pytest

from services.gateway.pages.figures.rounding import differs


@pytest.mark.parametrize(
    ("ends", "by", "tenths", "other"),
    [
        ((52.03, 67.97), 15.9, False, False),
        ((59.4, 67.5), 8.1, False, True),
        ((59.4, 68.0), -8.6, False, False),
        ((60.4, 60.1), 0.3, False, False),
        ((59.6, 60.1), 0.5, False, False),
        ((2.44, 3.05), 0.6, True, False),
        ((2.44, 3.06), 0.62, True, True),
        ((None, 68.0), 8.0, False, False),
        ((59.0, None), 8.0, False, False),
    ],
)
def test_whether_the_numbers_shown_are_another_number_apart(
    *, ends: tuple[float | None, float | None], by: float, tenths: bool, other: bool
) -> None:
    assert differs(ends, by, tenths=tenths) is other
