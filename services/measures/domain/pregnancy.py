"""A client's pregnancies, each once however many entries it has: known since when, due when, how far along on a day.

No pregnancy ends here (R5): it is prenatal up to its due date and postpartum for the 365 days after it, whatever was
recorded. Birth and visits after it are there for sensitive measures alone (R6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cached_property
from typing import Final
from uuid import UUID

from services.measures.domain.episode import Birth, EpisodePath, Episodes
from services.measures.domain.path import Contact, Moment

PREGNANCY: Final = timedelta(days=280)
POSTPARTUM: Final = timedelta(days=365)
_SAME: Final = timedelta(days=28)
_APART: Final = timedelta(days=180)


@dataclass(frozen=True)
class Pregnancy:
    """Entries that are one pregnancy, the first that was opened first. Dates are local dates of the initiative."""

    entries: tuple[tuple[UUID, EpisodePath], ...]

    @cached_property
    def ids(self) -> frozenset[UUID]:
        """The entries' ids."""
        return frozenset(id for id, _ in self.entries)

    @cached_property
    def paths(self) -> tuple[EpisodePath, ...]:
        """The entries as they read."""
        return tuple(path for _, path in self.entries)

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """Those that opened it or wrote down its birth."""
        had = {*(path.agency for path in self.paths), *(path.birth.agency for path in self.paths if path.birth)}
        return tuple(sorted(agency for agency in had if agency is not None))

    @cached_property
    def opened(self) -> Moment:
        """When the first of them was opened."""
        return min(path.opened for path in self.paths if path.opened)

    @cached_property
    def known_on(self) -> date:
        """Since when it is known."""
        return min(path.identified_on for path in self.paths if path.identified_on)

    @cached_property
    def edd(self) -> date | None:
        """The due date in force: the one that was said last; None where nobody said one."""
        said = [path.dating for path in self.paths if path.dating]
        return max(said, key=lambda dating: dating.said.position).edd if said else None

    @cached_property
    def due(self) -> date:
        """The due date in force; undated, 280 days after it became known (R5)."""
        return self.edd or self.known_on + PREGNANCY

    @cached_property
    def begins(self) -> date:
        """Its first day, by which gestational age is counted; undated, the day on which it became known."""
        return self.due - PREGNANCY

    @cached_property
    def ends(self) -> date:
        """The first day on which it is neither prenatal nor postpartum."""
        return self.due + POSTPARTUM + timedelta(days=1)

    @cached_property
    def closed(self) -> Moment | None:
        """When the last agency closed it, or another pregnancy stood in its place; None while it is open."""
        overs = [path.over for path in self.paths if path.over]
        return max(overs) if len(overs) == len(self.paths) else None

    @cached_property
    def prenatal_care_on(self) -> date | None:
        """Her first prenatal visit."""
        return min((path.prenatal_care_on for path in self.paths if path.prenatal_care_on), default=None)

    @cached_property
    def birth(self) -> Birth | None:
        """The delivery as it was said last; None where none is known, or the journey has no restricted facts."""
        births = (path.birth for path in self.paths if path.birth)
        return max(births, key=lambda birth: birth.said.position, default=None)

    @cached_property
    def visits(self) -> frozenset[date]:
        """Days on which she was seen after the birth."""
        return frozenset().union(*(path.visits for path in self.paths))

    def gestation(self, day: date) -> int | None:
        """Whole days of gestation on a day: 280 less those to the due date; None where it is undated."""
        return None if self.edd is None else (day - self.begins).days

    def is_prenatal(self, day: date) -> bool:
        """Whether the day lies before the due date in force, or is that day."""
        return day <= self.due


def pregnancies(episodes: Episodes) -> Sequence[Pregnancy]:
    """Her pregnancies by the moment at which each was opened.

    Two entries are one pregnancy where their due dates lie at most 28 days apart; where one has none, where it became
    known within the 280 days of the other; where none has, where they became known less than 280 days apart.
    """
    groups: list[list[tuple[UUID, EpisodePath]]] = []
    for _, id, path in sorted(_opened(episodes), key=lambda each: each[0]):
        same = [group for group in groups if any(_is_same(path, other) for _, other in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(each for group in same for each in group), (id, path)])
    return sorted((Pregnancy(tuple(group)) for group in groups), key=lambda each: each.opened)


def deliveries(found: Iterable[Pregnancy]) -> Iterator[tuple[Pregnancy, Birth]]:
    """Each delivery once (R18), by its day; of two within 180 days the first stands (HEDIS)."""
    born = [(each, each.birth) for each in found if each.birth]
    last: date | None = None
    for pregnancy, birth in sorted(born, key=lambda each: each[1].delivered_on):
        if last is None or birth.delivered_on - last > _APART:
            last = birth.delivered_on
            yield pregnancy, birth


def of_contact(contact: Contact, found: Sequence[Pregnancy], zone: tzinfo) -> Pregnancy | None:
    """The pregnancy to which a contact belongs: the one that it names, else that of its day."""
    if contact.episode is not None:
        return next((each for each in found if contact.episode in each.ids), None)
    return of_day(contact.moment.at.astimezone(zone).date(), found)


def of_day(day: date, found: Sequence[Pregnancy]) -> Pregnancy | None:
    """The pregnancy that was known last by a day; where none was known yet, the first of which it turned out a day."""
    known = [each for each in found if each.known_on <= day < each.ends]
    if known:
        return max(known, key=lambda each: each.known_on)
    later = [each for each in found if each.begins <= day < each.known_on]
    return min(later, key=lambda each: each.known_on, default=None)


def _opened(episodes: Episodes) -> Iterator[tuple[Moment, UUID, EpisodePath]]:
    return ((path.opened, id, path) for id, path in episodes.items() if path.opened and path.identified_on)


def _is_same(one: EpisodePath, other: EpisodePath) -> bool:
    if one.edd and other.edd:
        return abs(one.edd - other.edd) <= _SAME
    known = [path.identified_on for path in (one, other) if path.identified_on]
    dated = one.edd or other.edd
    if dated is None:
        return abs(known[0] - known[1]) < PREGNANCY
    undated = known[1] if one.edd else known[0]
    return dated - PREGNANCY <= undated <= dated
