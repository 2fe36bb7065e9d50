"""Owns when a service is open, in HSDS 3.0 words: a recurrence rule of RFC 5545 in parts, and hours of the day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal, Self

from dateutil.rrule import rrule, rruleset, rrulestr
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

_LOOK_AHEAD: Final = timedelta(days=400)
_LONG_AGO: Final = date(2000, 1, 3)
_DAY: Final = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_OF_MONTH: Final = r"-?(?:[1-9]|[12][0-9]|3[01])"


def _local(at: time) -> time:
    if at.tzinfo is not None or at.microsecond:
        raise ValueError("an hour of the day is a local one, to the second at most")
    return at


TimeOfDay = Annotated[
    time,
    AfterValidator(_local),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}),
]
"""Local: the format "time" of JSON Schema asks for an offset (RFC 3339, full-time)."""

Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


class Schedule(BaseModel):
    """One HSDS 3.0 `schedule`. Dates and hours are local ones of the initiative; `closes_at` lies after `opens_at`.

    `byday` and `bymonthday` are lists with commas, as HSDS and RFC 5545 write them. Without `freq` the days are not
    told, and the description says what there is to say. HSDS has no words for days off: `exdate` is RFC 5545's, and
    `closed_on_holidays` means those of the initiative. Raises ValueError for a rule that cannot be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    byday: Annotated[str, StringConstraints(pattern=rf"^{_DAY}(?:,{_DAY})*$", max_length=60)] | None = None
    bymonthday: Annotated[str, StringConstraints(pattern=rf"^{_OF_MONTH}(?:,{_OF_MONTH})*$", max_length=120)] | None = (
        None
    )
    closed_on_holidays: bool = False
    closes_at: TimeOfDay | None = None
    count: Annotated[int, Field(ge=1, le=1000)] | None = None
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    dtstart: Day | None = None
    exdate: Annotated[tuple[Day, ...], Field(max_length=100)] = ()
    freq: Literal["DAILY", "WEEKLY", "MONTHLY"] | None = None
    interval: Annotated[int, Field(ge=1, le=52)] | None = None
    opens_at: TimeOfDay | None = None
    until: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    wkst: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"] | None = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.count is not None and self.until is not None:
            raise ValueError("count or until, not both (RFC 5545 section 3.3.10)")
        if self.freq is None and any((self.byday, self.bymonthday, self.count, self.interval, self.until, self.exdate)):
            raise ValueError("days are given without a frequency")
        if self.freq != "MONTHLY" and self.byday and any(part[0] in "+-12345" for part in self.byday.split(",")):
            raise ValueError("a numbered weekday is one of a month")
        if self.freq == "WEEKLY" and self.bymonthday:
            raise ValueError("a day of the month does not come weekly (RFC 5545 section 3.3.10)")
        if (self.opens_at is None) != (self.closes_at is None):
            raise ValueError("an opening hour and a closing hour come together")
        if self.opens_at is not None and self.closes_at is not None and self.closes_at <= self.opens_at:
            raise ValueError("it closes before it opens")
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("it ends before it begins")
        return self

    def rule_text(self) -> str | None:
        """The RFC 5545 RRULE value, None where no days are told."""
        if self.freq is None:
            return None
        parts = [f"FREQ={self.freq}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval else []
        parts += [f"WKST={self.wkst}"] if self.wkst else []
        parts += [f"BYDAY={self.byday}"] if self.byday else []
        parts += [f"BYMONTHDAY={self.bymonthday}"] if self.bymonthday else []
        parts += [f"COUNT={self.count}"] if self.count else []
        parts += [f"UNTIL={self.until:%Y%m%d}"] if self.until else []
        return ";".join(parts)

    def next_open(self, since: date, is_holiday: Callable[[date], bool]) -> date | None:
        """The first local date from `since` on (400 days at most) on which it is open; None for none, or not told."""
        opens = self.days(since)
        return next((each for each in opens if not (self.closed_on_holidays and is_holiday(each))), None)

    def hours_meet(self, other: "Schedule") -> bool:
        """Whether both are open at some hour of a day that both have; without hours it is open at all of them."""
        if self.opens_at is None or self.closes_at is None or other.opens_at is None or other.closes_at is None:
            return True
        return self.opens_at < other.closes_at and other.opens_at < self.closes_at

    def days(self, since: date) -> list[date]:
        """The local dates from `since` on (400 days at most) on which it is open but for holidays; none, not told."""
        text = self.rule_text()
        if text is None:
            return []
        first = max(since, self.valid_from or since)
        begins = datetime.combine(self.dtstart or self.valid_from or _LONG_AGO, time())
        rule = rrulestr(text, dtstart=begins)
        if not isinstance(rule, rrule):
            raise TypeError("one rule is one rule")
        days = rruleset()
        days.rrule(rule)
        for off in self.exdate:
            days.exdate(datetime.combine(off, time()))
        found = days.between(datetime.combine(first, time()), datetime.combine(first + _LOOK_AHEAD, time()), inc=True)
        return [each.date() for each in found if self.valid_to is None or each.date() <= self.valid_to]
