"""What measures of pregnancies share: local dates as moments, first contacts, deliveries (R5, R6, R18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final
from uuid import UUID

from services.measures.domain.episode import Birth
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf
from services.measures.domain.path import Contact
from services.measures.domain.pregnancy import Pregnancy, deliveries, of_contact

DAY: Final = timedelta(days=1)
HEDIS_SHIFT: Final = timedelta(days=85)
"""From a delivery on 8 October to 1 January: PPC's year of deliveries begins there."""


@cache
def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a local date, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The local date of a moment."""
    return at.astimezone(zone).date()


def is_over(last: date, as_of: AsOf) -> bool:
    """Whether a whole local date, the last of a window, lay before the cutoff."""
    return start_of(last + DAY, as_of.zone) <= as_of.cutoff


def met_by_day(journey: Journey, zone: tzinfo) -> Sequence[tuple[date, Contact, Pregnancy | None]]:
    """Contacts in which she was met, in that order, with their local dates and the pregnancies to which they belong."""
    key = ("met_by_day", zone)
    found: Sequence[tuple[date, Contact, Pregnancy | None]] | None = journey.found.get(key)
    if found is None:
        of = journey.pregnancies
        found = [(day_of(each.moment.at, zone), each, of_contact(each, of, zone)) for each in journey.in_order()]
        journey.found[key] = found
    return found


def first_contacts(journey: Journey, as_of: AsOf) -> Iterator[tuple[Pregnancy, Contact]]:
    """The first completed contact of each pregnancy that has one."""
    seen: set[int] = set()
    for _, contact, pregnancy in met_by_day(journey, as_of.zone):
        if pregnancy is not None and id(pregnancy) not in seen:
            seen.add(id(pregnancy))
            yield pregnancy, contact


def delivered(journey: Journey) -> Iterator[tuple[Pregnancy, Birth]]:
    """Each delivery with a living child once, with its pregnancy; only the whole journey knows of any (R6)."""
    return deliveries(journey.pregnancies)


def first_day(pregnancy: Pregnancy, birth: Birth) -> date | None:
    """The first day of a pregnancy that ended in a birth: by the gestation recorded with it, else by the due date."""
    if birth.gestational_days is not None:
        return birth.delivered_on - birth.gestational_days * DAY
    return pregnancy.begins if pregnancy.edd else None


def met_in(journey: Journey, as_of: AsOf) -> Mapping[frozenset[UUID], Sequence[tuple[date, Contact]]]:
    """By the entries of each pregnancy, the contacts that belong to it in which she was met, with their local dates."""
    met: dict[frozenset[UUID], list[tuple[date, Contact]]] = {each.ids: [] for each in journey.pregnancies}
    for day, contact, pregnancy in met_by_day(journey, as_of.zone):
        if pregnancy is not None:
            met[pregnancy.ids].append((day, contact))
    return met


def prenatal(pregnancy: Pregnancy, zone: tzinfo) -> tuple[date, date]:
    """The first and last day on which a pregnancy was open to others before its due date, this day too (R5).

    It ends earlier where the last agency closed it; where it became known after its due date, there is no such day.
    """
    closed = day_of(pregnancy.closed.at, zone) if pregnancy.closed else pregnancy.due
    return pregnancy.known_on, min(pregnancy.due, closed)


def open_days(pregnancy: Pregnancy, zone: tzinfo) -> tuple[date, date]:
    """The first and last day on which a pregnancy, or the year after its due date, was open to others (R5)."""
    last = pregnancy.ends - DAY
    return pregnancy.known_on, min(last, day_of(pregnancy.closed.at, zone)) if pregnancy.closed else last


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from the first to the last, cut at the ends of calendar months."""
    while first <= last:
        end, following = _end_of_month(first.year, first.month)
        yield first, min(last, end)
        first = following


@cache
def _end_of_month(year: int, month: int) -> tuple[date, date]:
    """The last day of a month, and the first day of the next."""
    following = (date(year, month, 1) + 32 * DAY).replace(day=1)
    return following - DAY, following


def asked(first: date, last: date, as_of: AsOf) -> tuple[date, date]:
    """Of these days those of the calendar months that are asked for."""
    since, until = as_of.asked.since, as_of.asked.until
    if since is not None:
        first = max(first, day_of(since, as_of.zone).replace(day=1))
    if until is not None:
        day = day_of(until, as_of.zone)
        last = min(last, _end_of_month(day.year, day.month)[0])
    return first, last
