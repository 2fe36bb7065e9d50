"""Periods and quarters follow local dates of the initiative, over both clock changes and a leap day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.domain.period import Period, Quarter, quarters

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("at", "quarter"),
    [
        (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), "2025-Q4"),  # 23:59 on New Year's Eve in Fresno
        (datetime(2026, 1, 1, 8, 0, tzinfo=UTC), "2026-Q1"),
        (datetime(2026, 4, 1, 6, 59, tzinfo=UTC), "2026-Q1"),  # summer time: one hour earlier
        (datetime(2026, 4, 1, 7, 0, tzinfo=UTC), "2026-Q2"),
    ],
)
def test_a_quarter_begins_at_local_midnight(at: datetime, quarter: str) -> None:
    assert str(Quarter.of(at, ZONE)) == quarter


def test_a_period_is_half_open() -> None:
    period = Period.of_dates(date(2028, 2, 29), date(2028, 3, 1), ZONE)
    first = datetime(2028, 2, 29, tzinfo=ZONE)
    assert first in period
    assert first - timedelta(microseconds=1) not in period
    assert datetime(2028, 2, 29, 23, 59, tzinfo=ZONE) in period
    assert datetime(2028, 3, 1, tzinfo=ZONE) not in period


def test_a_period_without_ends_holds_everything() -> None:
    assert datetime(1999, 1, 1, tzinfo=UTC) in Period()


@given(st.integers(1, 4), st.integers(1990, 2090), st.integers(-40, 40))
def test_going_back_and_forth(number: int, year: int, count: int) -> None:
    quarter = Quarter(year, number)
    assert quarter.before(count).before(-count) == quarter
    assert Quarter.of(datetime.combine(quarter.first_day(), datetime.min.time(), ZONE), ZONE) == quarter


def test_quarters_from_one_to_another() -> None:
    found = [str(each) for each in quarters(Quarter(2025, 3), Quarter(2026, 2))]
    assert found == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
