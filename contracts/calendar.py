"""Owns when agencies work and how long a stage may take: week, holidays, service levels of an initiative."""

from calendar import monthrange
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

DAYS_OF_A_WEEK = 7
DECEMBER = 12
LEAP_YEAR = 2024


class Holiday(BaseModel):
    """One of: a day of every year (month, day), the nth weekday of a month (nth -1 is the last), or one date (on).

    `plus_days` counts on from there (the Friday after Thanksgiving). A day of the year that falls on a Sunday is kept
    on the Monday after, and, where `saturday_on_friday` is set, one on a Saturday on the Friday before (California
    Government Code 6701 does both, the second for 11 November alone).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    weekday: Weekday | None = None
    nth: int | None = Field(default=None, ge=-1, le=4)
    plus_days: int = Field(default=0, ge=0, le=7)
    saturday_on_friday: bool = False
    on: date | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        fixed = self.month is not None and self.day is not None
        floating = self.month is not None and self.weekday is not None and self.nth not in (None, 0)
        if [fixed, floating, self.on is not None].count(True) != 1:
            raise ValueError("a holiday is month and day, or month, weekday and nth, or one date")
        if self.month and self.day and self.day > monthrange(LEAP_YEAR, self.month)[1]:
            raise ValueError(f"month {self.month} has no day {self.day}")
        return self

    def kept_in(self, year: int) -> date | None:
        """The local date on which the holiday of `year` is kept; New Year's Day may lie in the year before.

        None where there is none: 29 February, or the one date of another year.
        """
        if self.on is not None:
            return self.on if self.on.year == year else None
        month = self.month or 1
        if self.weekday is not None and self.nth is not None:
            return _nth_weekday(year, month, WEEKDAYS.index(self.weekday), self.nth) + timedelta(self.plus_days)
        try:
            return self._observed(date(year, month, self.day or 1))
        except ValueError:
            return None

    def _observed(self, day: date) -> date:
        if day.weekday() == WEEKDAYS.index("sunday"):
            return day + timedelta(1)
        if self.saturday_on_friday and day.weekday() == WEEKDAYS.index("saturday"):
            return day - timedelta(1)
        return day


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % DAYS_OF_A_WEEK + DAYS_OF_A_WEEK * (nth - 1))
    last = date(year + month // DECEMBER, month % DECEMBER + 1, 1) - timedelta(1)
    return last - timedelta((last.weekday() - weekday) % DAYS_OF_A_WEEK)


class Level(BaseModel):
    """How long a stage may take, in local days (working days where `working`); `urgent_hours` where hours count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: PositiveInt
    working: bool = False
    urgent_hours: PositiveInt | None = None


class ServiceLevels(BaseModel):
    """The stages of rule R15 with its defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Level = Level(days=7, urgent_hours=24)
    expiry: Level = Level(days=14)
    acknowledge: Level = Level(days=7)
    handoff_offer: Level = Level(days=3, working=True)
    handoff_contact: Level = Level(days=14)
    confirm_cancellation: Level = Level(days=7)
    waitlist_review: Level = Level(days=30)
    visit: Level = Level(days=1, working=True)
    claim: Level = Level(days=1, working=True)
    silence: Level = Level(days=21)
    room_known: Level = Level(days=30)


class CategoryLevels(BaseModel):
    """Stages of a referral that take another time in one category; what is not said is as for all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Level | None = None
    expiry: Level | None = None
    acknowledge: Level | None = None
    confirm_cancellation: Level | None = None
    waitlist_review: Level | None = None


class WorkingWeek(BaseModel):
    """The days on which agencies answer, when such a day ends (local time), and the days on which nobody does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    ends: time = time(17)
    holidays: tuple[Holiday, ...] = ()

    def is_holiday(self, day: date) -> bool:
        """Whether a holiday is kept on a local date; New Year's Day may be in the year before."""
        return any(each.kept_in(year) == day for each in self.holidays for year in (day.year, day.year + 1))

    def working_days(self, year: int) -> frozenset[date]:
        """The local dates of `year` on which agencies answer."""
        closed = {holiday.kept_in(each) for holiday in self.holidays for each in (year, year + 1)}
        week = {WEEKDAYS.index(day) for day in self.days}
        first = date(year, 1, 1)
        days = (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))
        return frozenset(day for day in days if day.weekday() in week and day not in closed)
