"""The same row of a measure in releases of several times: what is left of one without others, and whether that is few.

A release's time is a set of quarters; of two that overlap one holds the other. What is shown of a row over a year and
over three of its quarters tells of the fourth, and two releases of one time tell what was written down late between.
Quarters of clients who count once do not add up to a year: for them a difference says less than it does here, and what
is hidden for it is hidden for safety.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final, NamedTuple, TypeAlias

from services.measures.domain.behind import SMALL
from services.measures.domain.measure import By
from services.measures.domain.overlap import Place, is_hidden
from services.measures.domain.row import Part, Shown
from services.measures.domain.suppression import TOTAL

Time: TypeAlias = frozenset[str]
"""Quarters by their names."""
Numbers: TypeAlias = tuple[int, ...]
THE_TOTAL: Final = Place(TOTAL, TOTAL)
_MOST: Final = 64
"""So many ways to take what is left are looked at; releases of one time are few, and differ by nothing or much."""


class Line(NamedTuple):
    """A row and a part of it, whose numbers over several times are looked at together."""

    place: Place
    part: Part


class Read(NamedTuple):
    """A row over a time as it was published; a quarter's own row is the total over that quarter."""

    place: Place
    time: Time
    row: Shown


def in_time(place: Place, time: Time) -> tuple[Place, Time]:
    """A row as one over a time of its own: a quarter's row is the total of that quarter."""
    return (THE_TOTAL, frozenset({place.label})) if place.table == By.QUARTER else (place, time)


@dataclass(frozen=True)
class Earlier:
    """A measure in a release that was published: its time and tables, with the total's under the empty name.

    A row that a table lacks is one in which nothing was counted and nothing is hidden.
    """

    time: Time
    tables: Mapping[str, Mapping[str, Shown]]

    def read(self, places: Iterable[Place], *, counts: bool) -> Iterator[Read]:
        """Of these rows and of its quarters what is shown, of those tables that it has."""
        nothing = Shown(0, None if counts else 0, 0, 0, 0)
        quarters = (Place(By.QUARTER, label) for label in self.tables.get(By.QUARTER, ()))
        for place in (*(place for place in places if place.table != By.QUARTER), *quarters):
            if (table := self.tables.get(place.table)) is not None:
                yield Read(*in_time(place, self.time), table.get(place.label) or nothing)


@dataclass
class Timeline:
    """What is shown of each line over which time, by all releases that were published.

    `rates`: the numerator is no part of the denominator.
    """

    rates: bool
    sensitive: bool
    nodes: dict[Line, dict[Time, set[Numbers]]] = field(default_factory=dict)

    def copy(self) -> Timeline:
        """The same, to be added to."""
        nodes = {line: {time: set(numbers) for time, numbers in of.items()} for line, of in self.nodes.items()}
        return replace(self, nodes=nodes)

    def add(self, place: Place, time: Time, row: Shown) -> None:
        """Takes what is shown of a row."""
        at, over = in_time(place, time)
        for part in Part:
            if part is not Part.DETAIL and not is_hidden(row, part):
                self.nodes.setdefault(Line(at, part), {}).setdefault(over, set()).add(self.numbers(row, part))

    def numbers(self, row: Shown, part: Part) -> Numbers:
        """The numbers that a part of it shows."""
        if part is not Part.RATE:
            return (getattr(row, part),)
        numerator, denominator = row.numerator or 0, row.denominator
        if denominator is None or self.rates:
            return (numerator,)
        return numerator, denominator, denominator - numerator

    def tells_of_few(self, place: Place, part: Part, over: Time, own: Numbers) -> bool:
        """Whether a row and what else is shown leave a few, in time that one of them is about or of late facts."""
        at, time = in_time(place, over)
        return any(
            self._are_few(left, numbers) for left, numbers in _rests(time, own, self.nodes.get(Line(at, part), {}))
        )

    def _are_few(self, left: Time, numbers: Numbers) -> bool:
        least = 0 if left and self.sensitive else 1
        return any(least <= abs(number) <= SMALL for number in numbers)


def _rests(time: Time, own: Numbers, nodes: Mapping[Time, Set[Numbers]]) -> Iterator[tuple[Time, Numbers]]:
    """What a number over a time leaves of those over others, or they of it."""
    for other, numbers in nodes.items():
        if other <= time:
            yield from ((time - other, _less(own, each)) for each in numbers)
        elif other > time:
            yield from ((other - time, _less(each, own)) for each in numbers)
    inside = widest(other for other in nodes if other < time)
    if len(inside) > 1:
        yield from _without(time, (own,), [(each, nodes[each]) for each in inside])
    for outer in (other for other in nodes if other > time):
        beside = widest(other for other in nodes if other < outer and not other & time)
        if beside:
            yield from _without(outer, nodes[outer], [(time, {own}), *((each, nodes[each]) for each in beside)])


def _without(
    time: Time, whole: Iterable[Numbers], parts: Collection[tuple[Time, Set[Numbers]]]
) -> Iterator[tuple[Time, Numbers]]:
    left = time.difference(*(each for each, _ in parts))
    sums = set(whole)
    for _, numbers in parts:
        sums = set(sorted(_less(each, other) for each, other in product(sums, numbers))[:_MOST])
    yield from ((left, each) for each in sums)


def widest(times: Iterable[Time]) -> list[Time]:
    """Those that are in no other of them."""
    found: list[Time] = []
    for time in sorted(times, key=lambda each: (-len(each), sorted(each))):
        if not any(time & other for other in found):
            found.append(time)
    return found


def _less(one: Numbers, other: Numbers) -> Numbers:
    return tuple(mine - others for mine, others in zip(one, other, strict=True))


def said(detail: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What stands beside the numbers of a row and follows from its pieces."""
    return {name: value for name, value in (detail or {}).items() if name != "quality"}
