"""What follows of a measure from all that is shown of it, in several releases, by adding and taking away.

Rows of a table add up to the total in every quarter, and quarters to what is shown of a longer time. A sum that can be
put together from shown ones is known. Facts that came late between two releases make it wrong by a few: it is looked at
as if there were none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import chain, combinations

from services.measures.domain.measure import By
from services.measures.domain.overlap import Place, Table, is_hidden
from services.measures.domain.row import Part, Row, together
from services.measures.domain.sums import TAGS, Known, Sum
from services.measures.domain.timeline import THE_TOTAL, Read, Time, in_time, widest

_FEW_TIMES = 4
"""Of so many parts of a time every choice is looked at: the quarters of a year, the years of three."""


class Followed:
    """What is published of a measure, and what would follow with more."""

    def __init__(
        self,
        total: Row,
        tables: Mapping[str, Table],
        published: Sequence[Read],
        time: Time,
        left: Callable[[Place, Time], Row],
    ) -> None:
        self._total, self._tables, self._published, self._time, self._left = total, tables, published, time, cache(left)
        self._columns = [(name, [Place(name, each) for each in table.rows])
                         for name, table in tables.items() if name != By.QUARTER]  # fmt: skip
        places = [*(place for _, column in self._columns for place in column), THE_TOTAL]
        whole = time.union(*(read.time for read in published))
        self._quarters = {quarter: number for number, quarter in enumerate(sorted(whole))}
        self._first = {place: number * len(whole) for number, place in enumerate(places)}
        self._times = list(dict.fromkeys(_choices({time, *(read.time for read in published)})))
        self._known: dict[Part, Known] = {}
        self._small: dict[Part, Mapping[Place, Time]] = {}

    def told(self, part: Part, shown: Sequence[Place], hidden: Iterable[Read]) -> Iterator[Place]:
        """Rows of those shown that had better be hidden, too, lest something follows."""
        closed = dict.fromkeys((read.place, read.time) for read in (*self._published, *hidden)
                               if is_hidden(read.row, part))  # fmt: skip
        if not closed and not self._few_in(part):
            return
        known = self._of_published(part).copy()
        for number, place in enumerate(shown):
            known.add({**self._sum(*in_time(place, self._time)), TAGS + number: 1})
        chosen = set[Place]()
        for tags, at in chain(
            ((known.tells(self._sum(*line)), line[0]) for line in closed),
            self._of_few(part, known),
            self._of_few_together(part, known, {place.table for place, _ in closed}),
        ):
            by = [shown[tag - TAGS] for tag in tags or ()]
            if by and chosen.isdisjoint(by):
                chosen.add(min(by, key=lambda place: self._cost(place, at, part)))
        yield from sorted(chosen)

    def is_known(self, part: Part, place: Place, time: Time) -> bool:
        """Whether a row over a time follows from what is published alone."""
        return self._of_published(part).tells(self._sum(place, time)) is not None

    def _of_few(self, part: Part, known: Known) -> Iterator[tuple[Sequence[int], Place]]:
        """What tells of a row in some quarters, where it has few there."""
        for place, few in self._few_in(part).items():
            for time in self._times:
                if time & few:
                    tags = known.tells(self._sum(place, time))
                    if tags and self._left(place, time).is_small(part):
                        yield tags, place

    def _of_few_together(
        self, part: Part, known: Known, touched: Set[str]
    ) -> Iterator[tuple[Sequence[int] | None, Place]]:
        """What tells of those rows of a table together that do not follow by themselves, where they have few."""
        for name, column in self._columns:
            for time in self._times if name in touched and self._adds_up(self._tables[name], part) else ():
                open_ = self._few_open(column, time, part, known)
                if open_ and together((self._left(place, time) for place in open_), part).is_small(part):
                    yield known.tells(_together(self._sum(place, time) for place in open_)), THE_TOTAL

    def _few_open(self, column: Sequence[Place], time: Time, part: Part, known: Known) -> Sequence[Place]:
        """The rows that do not follow; none where the total does not, or where one of them has many of all."""
        if known.tells(self._sum(THE_TOTAL, time)) is None:
            return ()
        found = []
        few = self._few_in(part)
        for place in sorted(column, key=few.__contains__):
            if known.tells(self._sum(place, time)) is None:
                if not (time & few.get(place, frozenset())) and self._has_all(place, time, part):
                    return ()
                found.append(place)
        return found

    def _has_all(self, place: Place, time: Time, part: Part) -> bool:
        """Whether no number of a row over these quarters is 0."""
        quarters = (self._left(place, frozenset({quarter})).told(part) for quarter in time)
        return all(map(any, zip(*quarters, strict=True)))

    def _few_in(self, part: Part) -> Mapping[Place, Time]:
        """In which quarters a row has few; several that have no few have none together."""
        if part not in self._small:
            each = {place: frozenset(quarter for quarter in self._quarters
                                     if self._left(place, frozenset({quarter})).is_small(part))
                    for place in self._first}  # fmt: skip
            self._small[part] = {place: quarters for place, quarters in each.items() if quarters}
        return self._small[part]

    def _cost(self, place: Place, at: Place, part: Part) -> tuple[bool, bool, int, Place]:
        """The row itself that is hidden elsewhere before others, and no total before a row of it."""
        row = self._total if place == THE_TOTAL else self._tables[place.table].rows[place.label]
        return in_time(place, self._time)[0] != at, place == THE_TOTAL, sum(row.values(part)), place

    def _of_published(self, part: Part) -> Known:
        if part not in self._known:
            known = self._known[part] = Known()
            for name, column in self._columns:
                if self._adds_up(self._tables[name], part):
                    for quarter in self._quarters:
                        at = frozenset({quarter})
                        rows = _together(self._sum(place, at) for place in column)
                        known.add({**rows, **dict.fromkeys(self._sum(THE_TOTAL, at), -1)})
            for place, time, row in self._published:
                if not is_hidden(row, part):
                    known.add(self._sum(place, time))
        return self._known[part]

    def _adds_up(self, table: Table, part: Part) -> bool:
        """Whether everybody is in one row alone, be it only as it happens."""
        if not table.overlaps:
            return True
        sums = [sum(values) for values in zip(*(row.values(part) for row in table.rows.values()), strict=True)]
        return tuple(sums) == self._total.values(part)

    def _sum(self, place: Place, time: Time) -> Sum:
        return {self._first[place] + self._quarters[quarter]: 1 for quarter in time}


def _together(sums: Iterable[Sum]) -> dict[int, int]:
    return {unknown: count for each in sums for unknown, count in each.items()}


def _choices(times: Set[Time]) -> Iterator[Time]:
    """The times, their quarters, and what is left of them without others: of one part at a time by its own parts."""
    for time in sorted(times, key=lambda each: (len(each), sorted(each))):
        yield from _of_parts(time, times, within=True)


def _of_parts(time: Time, times: Set[Time], *, within: bool) -> Iterator[Time]:
    """Every choice of the parts into which a time falls, where those are few."""
    parts = _parts(time, times)
    few = parts if len(parts) <= _FEW_TIMES else []
    for count in range(1, len(few)):
        yield from (frozenset().union(*some) for some in combinations(few, count))
    for part in parts:
        others = [each for each in few if each != part]
        for some in _of_parts(part, times, within=False) if within and len(part) > 1 else ():
            for count in range(len(others) + 1):
                yield from (some.union(*beside) for beside in combinations(others, count))
    yield time


def _parts(time: Time, times: Set[Time]) -> list[Time]:
    """The longest times in it and what these leave of it, or its quarters."""
    parts = widest(each for each in times if each < time)
    rest = time.difference(*parts)
    return sorted((*parts, *((rest,) if parts and rest else (frozenset({each}) for each in rest))), key=sorted)
