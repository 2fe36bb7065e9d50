"""What follows of rows that are made of kinds of clients, however the shown ones are added up and taken away (R24).

Tables by race and ethnicity have rows of the same kinds of clients, so that a row can follow from rows of several
tables, of which no column has them together. Nothing small may: no row, not all who are not in one, and not the few by
whom one row is wider than another. Where a row that is shown has none, each of its kinds has none; where two have as
many and one holds the other, nobody is between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
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
        self._small = {
            part: [
                (number, small)
                for number in _numbers(part, total.row)
                if (small := [sum_of(kinds) for row, kinds in found if number.is_small(row)])
            ]
            for part in Part
        }
        self._told: dict[tuple[Part, frozenset[int]], Sequence[int]] = {}

    def told(self, part: Part, shown: frozenset[int]) -> Sequence[int]:
        """Of the rows whose part is shown those that had better be hidden, too; 0 is the total, 1 the first row."""
        if (found := self._told.get((part, shown))) is None:
            found = self._told[part, shown] = list(self._found(part, sorted(shown)))
        return found

    def _found(self, part: Part, shown: Sequence[int]) -> Iterator[int]:
        chosen = set[int]()
        for number, secrets in self._small[part]:
            known = self._known(number, shown)
            for small in secrets:
                by = [tag - TAGS for tag in known.tells(small) or ()]
                if by and chosen.isdisjoint(by):
                    chosen.add(min(by, key=lambda each: self._cost(each, part)))
        yield from sorted(chosen)

    def _known(self, number: _Number, shown: Sequence[int]) -> Known:
        """What a reader knows who knows that none is negative."""
        known, counts = Known(), {each: number.of(self._rows[each].row) for each in shown}
        for each in shown:
            known.add({**self._sums[each], TAGS + each: 1})
        for wide in shown:
            if not any(counts[wide]):
                known.add_all({kind: 1, TAGS + wide: 1} for kind in self._sums[wide])
            for narrow in (each for each in shown if self._rows[each].kinds < self._rows[wide].kinds):
                if counts[wide] == counts[narrow]:
                    beyond = self._sums[wide].keys() - self._sums[narrow].keys()
                    known.add_all({kind: 1, TAGS + wide: 1, TAGS + narrow: -1} for kind in beyond)
        return known

    def _cost(self, number: int, part: Part) -> tuple[bool, bool, int, int, int]:
        """No total before a row, none that does not overlap before one that does, the wider row before the other."""
        of = self._rows[number]
        return number == 0, not of.overlaps, -len(of.kinds), sum(of.row.values(part)), number


class _Number(NamedTuple):
    """What adds up by itself of a part, and whether it must be hidden by itself."""

    of: Callable[[Row], tuple[int, ...]]
    is_small: Callable[[Row], bool]


def _numbers(part: Part, total: Row) -> Iterator[_Number]:
    """All of a part together; of a share its two sides, too."""
    yield _Number(lambda row: row.values(part), lambda row: row.is_small(part))
    if part is Part.RATE and total.denominator is not None and total.exposed is None:
        yield _Number(lambda row: (row.numerator,), lambda row: row.is_few("met"))
        yield _Number(lambda row: (row.complement,), lambda row: row.is_few("unmet"))


def _others(total: Made, rows: Sequence[Made]) -> Iterator[tuple[Row, Set[object]]]:
    """What follows of one or two rows: they themselves, their rests, and what one has beyond another."""
    yield from ((each.row, each.kinds) for each in rows)
    for wide, narrow in permutations((total, *rows), 2):
        if narrow.kinds < wide.kinds:
            yield wide.row - narrow.row, wide.kinds - narrow.kinds
