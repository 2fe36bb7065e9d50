"""Owns what a timeline says beside its entries: months with a restricted service, agencies that are not named."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from services.gateway.pages.api import Json
from services.gateway.pages.views.history import Entry
from services.gateway.pages.visit import Visit

RESTRICTED = "restricted"


def with_months(visit: Visit, lines: Sequence[Entry], timeline: Json) -> list[Entry]:
    """The lines, newest first, and one that stands last in each month with a restricted service: of no day."""
    hidden = [
        Entry(datetime(*_of(month), 1, tzinfo=visit.words.zone), RESTRICTED, "", "", "", "", month_alone=True)
        for month in timeline.get("restricted", ())
    ]
    return sorted([*lines, *hidden], key=lambda entry: entry.at, reverse=True) if hidden else list(lines)


def _of(month: str) -> tuple[int, int]:
    year, _, number = month.partition("-")
    return int(year), int(number)


def named(visit: Visit, found: Json) -> Json:
    """A timeline in which agencies that are not named are called so in the reader's language."""
    hidden = set(found.get("unnamed", ()))
    if not hidden:
        return found
    another = visit.words.say("Another agency")
    return {name: _renamed(each, hidden, another) for name, each in found.items()}


def _renamed(value: Any, hidden: Collection[str], another: str) -> Any:
    match value:
        case dict():
            inner = {name: _renamed(each, hidden, another) for name, each in value.items()}
            agency = value.get("agency")
            return inner | {"name": another} if isinstance(agency, str) and agency in hidden else inner
        case list():
            return [_renamed(each, hidden, another) for each in value]
        case _:
            return value


def agreed_until(found: Json) -> tuple[date, date | None] | None:
    """Since when she has agreed that others' writing is seen here, and the last day on which any of it is; None: not.

    The last day is None where one of them holds until she takes it back.
    """
    said = found.get("agreed") or []
    if not said:
        return None
    ends = [each["until"] for each in said]
    last = None if None in ends else date.fromisoformat(max(ends))
    return date.fromisoformat(min(each["on"] for each in said)), last
