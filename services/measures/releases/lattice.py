"""The periods over which figures are released: quarters, years and windows of three years, none of one length overlaps.

They are local dates of an initiative. A figure over any other span is never released; of two of these that overlap one
holds the other, and what would follow from both is hidden (`overlapping`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from contracts.initiative import Initiative, ReleasePeriod
from services.measures.domain.period import Period, Quarter, quarters

_NAMES: Final = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<last>20\d\d)))?\Z")
_YEARS: Final = 3
_BACK: Final[Mapping[ReleasePeriod, timedelta]] = {
    "quarter": timedelta(days=2 * 365),
    "year": timedelta(days=2 * 365),
    "three_years": timedelta(days=3 * 365),
}


class UnknownPeriod(Exception):
    """No period of the initiative's lattice has that name."""


@dataclass(frozen=True, slots=True)
class Span:
    """One period of the lattice: `2026-Q3`, `2026` or `2025-2027`; `first` to, and without, `end`, by local dates."""

    length: ReleasePeriod
    name: str
    first: date
    end: date
    zone: str

    @property
    def period(self) -> Period:
        """As moments."""
        return Period(self.since, self.until)

    @property
    def since(self) -> datetime:
        """When it begins; aware."""
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """When it is over; aware."""
        return _midnight(self.end, self.zone)

    @property
    def quarters(self) -> Sequence[str]:
        """The quarters in it, by name, in their order."""
        local = ZoneInfo(self.zone)
        return [str(each) for each in quarters(Quarter.of(self.since, local), Quarter.of(self.until, local).before())]

    @property
    def each_quarter(self) -> Mapping[str, Period]:
        """The quarters in it as moments, by name."""
        local = ZoneInfo(self.zone)
        found = {name: Quarter(int(name[:4]), int(name[-1])) for name in self.quarters}
        return {
            name: Period.of_dates(each.first_day(), each.before(-1).first_day(), local) for name, each in found.items()
        }

    def after(self) -> Span:
        """The next one of its length."""
        match self.length:
            case "quarter":
                return _quarter(Quarter(self.end.year, (self.end.month + 2) // 3), self.zone)
            case "year":
                return _years(self.length, self.end.year, 1, self.zone)
            case "three_years":
                return _years(self.length, self.end.year, _YEARS, self.zone)
            case never:
                assert_never(never)


def named(initiative: Initiative, name: str) -> Span:
    """The period of that name; raises UnknownPeriod for one that is not of the initiative's lattice."""
    found = _NAMES.match(name)
    if found is None:
        raise UnknownPeriod
    year, quarter, last = int(found["year"]), found["quarter"], found["last"]
    if quarter:
        span = _quarter(Quarter(year, int(quarter)), initiative.zone)
    elif last is None:
        span = _years("year", year, 1, initiative.zone)
    else:
        span = _years("three_years", year, _YEARS, initiative.zone)
        if (year - initiative.releases.three_years_from) % _YEARS or span.name != name:
            raise UnknownPeriod
    if span.length not in initiative.releases.periods or not _begun(initiative, span):
        raise UnknownPeriod
    return span


def newest(initiative: Initiative, length: ReleasePeriod, at: datetime) -> Span:
    """The newest period of a length that is over at a moment (aware); the first of all before one is."""
    return next(from_then_on(initiative, length, at))


def from_then_on(initiative: Initiative, length: ReleasePeriod, at: datetime) -> Iterator[Span]:
    """The periods of a length, beginning with the newest that is over at a moment (aware); there is no last."""
    span = _last_closed(initiative, length, at)
    while True:
        if _begun(initiative, span):
            yield span
        span = span.after()


def recent(initiative: Initiative, at: datetime) -> list[Span]:
    """The periods to look back at: of each length the one that is running at a moment (aware), and some before it."""
    found = list[Span]()
    for length in initiative.releases.periods:
        spans = takewhile(lambda span: span.since <= at, from_then_on(initiative, length, at - _BACK[length]))
        found += list(spans)[::-1]
    return found


def over(initiative: Initiative, at: datetime, begins_on: date | None = None) -> list[Span]:
    """The periods that are over at a moment (aware), of each length the newest first.

    Back to the one in which the data begin, by a local date; without it as far as `recent` looks.
    """
    found = list[Span]()
    for length in initiative.releases.periods:
        first = _midnight(begins_on, initiative.zone) if begins_on else at - _BACK[length]
        spans = takewhile(lambda span: span.until <= at, from_then_on(initiative, length, first))
        found += [span for span in spans if begins_on is None or span.end > begins_on][::-1]
    return found


def _begun(initiative: Initiative, span: Span) -> bool:
    """Whether the lattice had begun: there is no window of three years before the first."""
    return span.length != "three_years" or span.first.year >= initiative.releases.three_years_from


def _last_closed(initiative: Initiative, length: ReleasePeriod, at: datetime) -> Span:
    zone = initiative.zone
    local = at.astimezone(ZoneInfo(zone))
    match length:
        case "quarter":
            return _quarter(Quarter.of(local, ZoneInfo(zone)).before(), zone)
        case "year":
            return _years(length, local.year - 1, 1, zone)
        case "three_years":
            first = initiative.releases.three_years_from
            return _years(length, first + _YEARS * ((local.year - first) // _YEARS - 1), _YEARS, zone)
        case never:
            assert_never(never)


def matures_on(span: Span, window: timedelta) -> datetime:
    """From when a measure of that window leaves nothing of the period pending; aware."""
    return span.until + window


def _quarter(quarter: Quarter, zone: str) -> Span:
    return Span("quarter", str(quarter), quarter.first_day(), quarter.before(-1).first_day(), zone)


def _years(length: ReleasePeriod, year: int, count: int, zone: str) -> Span:
    name = str(year) if count == 1 else f"{year}-{year + count - 1}"
    return Span(length, name, date(year, 1, 1), date(year + count, 1, 1), zone)


@cache
def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
