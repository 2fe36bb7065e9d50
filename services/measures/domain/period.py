"""Spans of time by local dates of an initiative: half-open periods, and calendar quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of time [since, until), aware; None is without end on that side."""

    since: datetime | None = None
    until: datetime | None = None

    def __contains__(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    @classmethod
    def of_dates(cls, since: date | None, until: date | None, zone: tzinfo) -> Period:
        """From the start of a local date up to, and without, the start of another."""
        return cls(*(None if day is None else datetime.combine(day, time(), tzinfo=zone) for day in (since, until)))


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year, by local dates."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @classmethod
    def of(cls, at: datetime, zone: tzinfo) -> Quarter:
        """The quarter of a moment's local date."""
        local = at.astimezone(zone)
        return cls(local.year, (local.month + 2) // 3)

    def before(self, count: int = 1) -> Quarter:
        """The quarter that many quarters earlier (later, if negative)."""
        index = self.year * 4 + self.number - 1 - count
        return Quarter(index // 4, index % 4 + 1)

    def first_day(self) -> date:
        """Its first local date."""
        return date(self.year, self.number * 3 - 2, 1)


def quarters(first: Quarter, last: Quarter) -> Sequence[Quarter]:
    """Every quarter from the first to the last."""
    found = [first]
    while found[-1] < last:
        found.append(found[-1].before(-1))
    return found


def whole_day(at: datetime, zone: tzinfo) -> date:
    """The first local date that lies wholly after a moment (aware): on the one before, it is too early for a while."""
    return (at.astimezone(zone) + timedelta(days=1, microseconds=-1)).date()
