"""Owns how a timeline is told: by pregnancy, the open one first, earlier ones folded, each by month."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from services.gateway.pages.api import Json
from services.gateway.pages.views.history import Entry
from services.gateway.pages.visit import Visit

Months = list[tuple[str, list[Entry]]]


@dataclass(frozen=True)
class Chapter:
    """What belongs to one pregnancy; `known_since` is None for what belongs to none. `folded`: it is over."""

    known_since: date | None
    folded: bool
    months: Months
    number: int


def chapters(visit: Visit, found: Sequence[Entry], episodes: Sequence[Json]) -> list[Chapter]:
    """The entries by pregnancy, the latest first: as the agency said it, else the one that had begun by then."""
    ordered = sorted(episodes, key=lambda each: _began(visit, each), reverse=True)
    groups: dict[str | None, list[Entry]] = {None: []}
    groups.update((str(each["episode"]), []) for each in ordered)
    for entry in found:
        groups[_of(visit, entry, ordered)].append(entry)
    return [
        Chapter(
            known_since=_began(visit, about) if about else None,
            folded=about is not None and about["state"] in {"closed", "superseded"},
            months=list(months(visit, groups[about["episode"] if about else None])),
            number=len(groups[about["episode"] if about else None]),
        )
        for about in (*ordered, None)
        if groups[about["episode"] if about else None]
    ]


def months(visit: Visit, found: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Entries month by month, as they come."""

    def month(entry: Entry) -> tuple[int, int]:
        at = visit.words.local(entry.at)
        return at.year, at.month

    for _, members in groupby(found, key=month):
        lines = list(members)
        yield visit.words.day(lines[0].at, visit.today, "month"), lines


def _of(visit: Visit, entry: Entry, ordered: Sequence[Json]) -> str | None:
    if any(each["episode"] == entry.episode for each in ordered):
        return entry.episode
    day = visit.words.local(entry.at).date()
    if entry.month_alone:
        day = day.replace(day=monthrange(day.year, day.month)[1])
    return next((str(each["episode"]) for each in ordered if _began(visit, each) <= day), None)


def _began(visit: Visit, episode: Json) -> date:
    if episode.get("identified_on"):
        return date.fromisoformat(episode["identified_on"])
    return visit.words.local(datetime.fromisoformat(episode["opened_at"])).date()
