"""What two measures on one page, of which one has a part of the other, tell by a difference (rule R24).

Clients reached less those reached while pregnant are clients who were never reached while pregnant: one is hidden, as
any one is. What is beyond is looked at as a measure of its own, with tables of its own; where it must be hidden, the
pieces of a mix are, else the part, and not the whole, of which more is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from services.measures.domain.earlier import Beside, Sheet
from services.measures.domain.measure import Side
from services.measures.domain.overlap import Place, Table, Tables, is_hidden, places
from services.measures.domain.row import Part, Row, Shown
from services.measures.domain.side import behind, number, part_of
from services.measures.domain.suppression import Cell
from services.measures.domain.timeline import Earlier, Time


class Nested(NamedTuple):
    """Two measures by name: all units on a side of the one are among those on a side of the other."""

    part: str
    here: Side
    outer: str
    there: Side

    @property
    def ends(self) -> tuple[tuple[str, Side], tuple[str, Side]]:
        """Both, the one first that is rather hidden."""
        found = (self.part, self.here), (self.outer, self.there)
        return found if part_of(self.there) is Part.RATE else (found[1], found[0])


Before: TypeAlias = Sequence[Mapping[str, Earlier]]
"""Releases that were published over times that overlap: what each shows, by the names of measures."""


def hide_together(sheets: Mapping[str, Sheet], nested: Sequence[Nested], before: Before) -> dict[str, Tables]:
    """What may be shown of measures that stand on one page, beside what was published.

    A part that was put together with others is not told, nor what is beyond it.
    """
    beside = {name: Beside(sheet, [each[name] for each in before if name in each]) for name, sheet in sheets.items()}
    told = [_Beyond(sheets, pair, before) for pair in nested if _is_told(sheets, pair)]
    closed: dict[str, set[Cell]] = {name: set() for name in sheets}
    found, changed = dict[str, Tables](), set(sheets)
    while changed:
        found |= {name: beside[name].hide(closed[name]) for name in changed}
        asked = [each for each in told if not changed.isdisjoint(name for name, _ in each.ends)]
        more = [cell for each in asked for cell in each.few(beside, found)]
        changed = {name for name, _ in more}
        for name, cell in more:
            closed[name].add(cell)
    return found


def _is_told(sheets: Mapping[str, Sheet], pair: Nested) -> bool:
    return all(number(sheets[name].total, side) is not None for name, side in pair.ends)


class _Beyond:
    """What is beyond the part, as a measure of its own."""

    def __init__(self, sheets: Mapping[str, Sheet], pair: Nested, before: Before) -> None:
        self.ends = pair.ends
        names = {name for name, _ in pair.ends}
        sheet = _beyond(sheets, pair)
        self._tables = {"", *sheet.tables}
        self._beside = Beside(sheet, [_published(each, pair) for each in before if names <= each.keys()])

    def few(self, beside: Mapping[str, Beside], found: Mapping[str, Tables]) -> Iterator[tuple[str, Cell]]:
        """Cells without which nothing is told of few beyond the part, or of what is hidden there."""
        hidden = {name: _hidden(found[name], part_of(side)) for name, side in self.ends}
        known = {name: beside[name].known(found[name], part_of(side)) for name, side in self.ends}
        secret = set().union(*(hidden[name] - known[name] for name in hidden))
        there = {Cell(*place, Part.RATE) for place in secret if place.table in self._tables}
        for place in _hidden(self._beside.hide(there), Part.RATE) - secret:
            if end := next(((name, side) for name, side in self.ends if place not in hidden[name]), None):
                yield end[0], Cell(*place, part_of(end[1]))


def _hidden(found: Tables, part: Part) -> set[Place]:
    return {place for place, row in places(found) if is_hidden(row, part)}


def _published(release: Mapping[str, Earlier], pair: Nested) -> Earlier:
    """What a release shows beyond the part."""
    whole, part = release[pair.outer], release[pair.part]
    tables = {
        name: {label: _shown(row, rows.get(label), pair) for label, row in whole.tables[name].items()}
        for name, rows in part.tables.items()
        if name in whole.tables
    }
    return Earlier(part.time, tables)


def _shown(whole: Shown, part: Shown | None, pair: Nested) -> Shown:
    numbers = number(whole, pair.there), number(part, pair.here) if part else 0
    beyond = None if None in numbers else (numbers[0] or 0) - (numbers[1] or 0)
    return Shown(beyond, None, 0, 0, 0)


def _beyond(sheets: Mapping[str, Sheet], pair: Nested) -> Sheet:
    whole, part = sheets[pair.outer], sheets[pair.part]
    tables = {
        name: _table(whole.tables[name], table, pair) for name, table in part.tables.items() if name in whole.tables
    }

    def left(place: Place, time: Time) -> Row:
        return _less(whole.left(place, time), part.left(place, time), pair)

    return Sheet(_less(whole.total, part.total, pair), tables, part.time, left)


def _table(whole: Table, part: Table, pair: Nested) -> Table:
    nothing = Row(0, 0, 0, 0, 0, 0, 0)
    rows = {label: _less(row, part.rows.get(label, nothing), pair) for label, row in whole.rows.items()}
    return replace(whole, rows=rows)


def _less(whole: Row, part: Row, pair: Nested) -> Row:
    """A count. Who can be on both sides by several things is counted as often: who is beyond is not known by name."""
    beyond = (number(whole, pair.there) or 0) - (number(part, pair.here) or 0)
    counts = whole.denominator is None
    met = {} if counts else {"met": behind(whole, pair.there) - behind(part, pair.here)}
    return Row(beyond, None, 0, 0, 0, beyond, 0, met, sensitive=whole.sensitive or part.sensitive)
