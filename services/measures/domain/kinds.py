"""What follows of rows that are made of kinds of clients, however the shown ones are added up and taken away (R24).

Tables by race and ethnicity have rows of the same kinds of clients, so that a row can follow from rows of several
tables, of which no column has them together. Nothing small may: no row, not all who are not in one, and not the few by
whom one row is wider than another. Where nothing is counted in a row that is shown, nothing is of each of its kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import permutations
from typing import NamedTuple

from services.measures.domain.row import Part, Row
from services.measures.domain.sums import TAGS, Known, Sum


class Made(NamedTuple):
    """A row and the kinds of clients of which it is made; one that `overlaps` with others can be hidden by itself."""

    row: Row
    kinds: Set[object]
    overlaps: bool


class Kinds:
    """The total and the rows of which the kinds are known, and what is small of them.

    Kinds that are in the same rows are one unknown: the same rows give the same answers, whatever the kinds are.
    """

    def __init__(self, total: Made, rows: Sequence[Made]) -> None:
        self._rows = [total, *rows]
        alike = {kind: tuple(n for n, each in enumerate(self._rows) if kind in each.kinds) for kind in total.kinds}
        unknowns = {rows: number for number, rows in enumerate(sorted(set(alike.values())))}

        def sum_of(kinds: Set[object]) -> Sum:
            return dict.fromkeys((unknowns[alike[kind]] for kind in kinds), 1)

        found = list(_others(total, rows))
        self._sums = [sum_of(each.kinds) for each in self._rows]
        self._small = {part: [sum_of(kinds) for row, kinds in found if row.is_small(part)] for part in Part}
        self._told: dict[tuple[Part, frozenset[int]], Sequence[int]] = {}

    def told(self, part: Part, shown: frozenset[int]) -> Sequence[int]:
        """Of the rows whose part is shown those that had better be hidden, too; 0 is the total, 1 the first row."""
        if (found := self._told.get((part, shown))) is None:
            found = self._told[part, shown] = list(self._found(part, shown)) if self._small[part] else []
        return found

    def _found(self, part: Part, shown: Iterable[int]) -> Iterator[int]:
        known, chosen = Known(), set[int]()
        for number in sorted(shown):
            known.add({**self._sums[number], TAGS + number: 1})
            if not any(self._rows[number].row.values(part)):
                for kind in self._sums[number]:
                    known.add({kind: 1, TAGS + number: 1})
        for small in self._small[part]:
            by = [tag - TAGS for tag in known.tells(small) or ()]
            if by and chosen.isdisjoint(by):
                yield (found := min(by, key=lambda number: self._cost(number, part)))
                chosen.add(found)

    def _cost(self, number: int, part: Part) -> tuple[bool, bool, int, int, int]:
        """No total before a row, none that does not overlap before one that does, the wider row before the other."""
        of = self._rows[number]
        return number == 0, not of.overlaps, -len(of.kinds), sum(of.row.values(part)), number


def _others(total: Made, rows: Sequence[Made]) -> Iterator[tuple[Row, Set[object]]]:
    """What follows of one or two rows: they themselves, their rests, and what one has beyond another."""
    yield from ((each.row, each.kinds) for each in rows)
    for wide, narrow in permutations((total, *rows), 2):
        if narrow.kinds < wide.kinds:
            yield wide.row - narrow.row, wide.kinds - narrow.kinds
