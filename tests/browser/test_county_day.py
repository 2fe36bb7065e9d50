"""A day in a county at a real browser: a referral passed on, a visit missed and kept, a warm handoff, a closed loop."""

import pytest
from playwright.sync_api import Browser

from tests.browser.county_day import Day, the_day
from tests.fix_line import Line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_a_day_in_a_county(line: Line, browser: Browser) -> None:
    day = Day(line.url, browser)
    try:
        the_day(day)
    finally:
        day.end()
    assert day.scenes[0] == "send"
    assert day.scenes[-1] == "she said how it was"
