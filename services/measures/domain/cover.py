"""On which days of a pregnancy somebody who leads it had been in touch with her lately."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo
from typing import Final, NamedTuple

from services.measures.domain.episode import EpisodePath

DAY: Final = timedelta(days=1)
COORDINATION: Final = "primary_care_coordination"


class Spell(NamedTuple):
    """Local dates, both in it, on which an agency led; None while it goes on."""

    agency: str
    first: date
    last: date | None


def spells(path: EpisodePath, zone: tzinfo) -> Iterator[Spell]:
    """Who led the coordination of one entry of a pregnancy, by when it happened; nobody once the entry was over.

    Each spell has the day on which it began and the one on which another took over, it was left, or the entry was over.
    """
    over = path.over.at.astimezone(zone).date() if path.over else None
    leader: tuple[str, date] | None = None
    for lead in sorted(path.leads):
        if lead.domain != COORDINATION or (leader is None and not lead.leads):
            continue
        day = lead.moment.at.astimezone(zone).date()
        if leader is not None and (lead.leads or lead.agency == leader[0]):
            yield Spell(*leader, last=min(day, over or day))
            leader = None
        if lead.leads:
            leader = lead.agency, day
    if leader is not None:
        yield Spell(*leader, last=over)


def covered(led: Iterable[Spell], met: Sequence[tuple[str, date]], within: timedelta) -> list[tuple[date, date]]:
    """Runs of days on which some agency led that had met her on the day or less than `within` before it.

    `met` are agencies with the local dates on which they did. Both ends are in a run; they are in order and do not
    touch.
    """
    found = []
    for spell in led:
        for agency, day in met:
            first, last = max(spell.first, day), min(spell.last or date.max, day + within - DAY)
            if agency == spell.agency and first <= last:
                found.append((first, last))
    merged: list[tuple[date, date]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + DAY:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def days_in(runs: Iterable[tuple[date, date]], first: date, last: date) -> int:
    """How many days of these runs lie between two dates, both counted."""
    return sum(max(0, (min(last, end) - max(first, start)).days + 1) for start, end in runs)
