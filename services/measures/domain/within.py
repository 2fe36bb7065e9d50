"""What one measure counts beyond another that is a part of it, which two on one page tell by a difference (rule R24).

Clients reached less those reached while pregnant are clients who were never reached while pregnant: one is hidden, as
any one is. What is beyond is looked at as a measure of its own, with tables of its own; where it must be hidden, the
part is, and not the whole, of which more is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from services.measures.domain.behind import NOBODY
from services.measures.domain.earlier import Sheet, hide_beside, known_before
from services.measures.domain.measure import Standing
from services.measures.domain.overlap import Place, Table, Tables, is_hidden, places
from services.measures.domain.row import Part, Row, Shown
from services.measures.domain.suppression import Cell
from services.measures.domain.timeline import Earlier, Time


class Nested(NamedTuple):
    """Two measures by name, of which one is a part of those who are met, or of those who are not, in the other."""

    part: str
    outer: str
    of: Standing


Before: TypeAlias = Sequence[Mapping[str, Earlier]]
"""Releases that were published over times that overlap: what each shows, by the names of measures."""


def hide_together(sheets: Mapping[str, Sheet], nested: Sequence[Nested], before: Before) -> dict[str, Tables]:
    """What may be shown of measures that stand on one page, beside what was published."""
    earlier = {name: [each[name] for each in before if name in each] for name in sheets}
    closed: dict[str, set[Cell]] = {name: set() for name in sheets}
    found, changed = dict[str, Tables](), set(sheets)
    while changed:
        found |= {name: hide_beside(sheets[name], earlier[name], closed[name]) for name in changed}
        changed = set()
        for pair in nested:
            both = (pair.part, pair.outer)
            hidden = {name: _hidden(found[name]) for name in both}
            known = {name: known_before(sheets[name], earlier[name], found[name]) for name in both}
            there = [each for each in before if {*both} <= each.keys()]
            beyond = [_published(each[pair.outer], each[pair.part], pair.of) for each in there]
            secret = set().union(*(hidden[name] - known[name] for name in both))
            for cell in _told(sheets, pair, beyond, secret):
                if name := next((name for name in both if cell not in hidden[name]), None):
                    closed[name].add(cell)
                    changed.add(name)
    return found


def _hidden(found: Tables) -> set[Cell]:
    return {Cell(*place, Part.RATE) for place, row in places(found) if is_hidden(row, Part.RATE)}


def _told(sheets: Mapping[str, Sheet], pair: Nested, earlier: Sequence[Earlier], hidden: set[Cell]) -> set[Cell]:
    """Cells that tell of few beyond the part, or of what is hidden there: they are hidden on neither side."""
    beyond = _beyond(sheets[pair.outer], sheets[pair.part], pair.of)
    there = {cell for cell in hidden if cell.table in {"", *beyond.tables}}
    return _hidden(hide_beside(beyond, earlier, there)) - hidden


def _published(whole: Earlier, part: Earlier, of: Standing) -> Earlier:
    """What a release shows beyond the part."""
    tables = {
        name: {label: _shown(row, rows.get(label), of) for label, row in whole.tables[name].items()}
        for name, rows in part.tables.items()
        if name in whole.tables
    }
    return Earlier(part.time, tables)


def _shown(whole: Shown, part: Shown | None, of: Standing) -> Shown:
    numbers = _number(whole, of), part.numerator if part else 0
    beyond = None if None in numbers else (numbers[0] or 0) - (numbers[1] or 0)
    return Shown(beyond, None, 0, 0, 0)


def _number(row: Shown | Row, of: Standing) -> int | None:
    if of is Standing.MET or row.numerator is None:
        return row.numerator
    return (row.denominator or 0) - row.numerator


def _beyond(whole: Sheet, part: Sheet, of: Standing) -> Sheet:
    tables = {
        name: _table(whole.tables[name], table, of) for name, table in part.tables.items() if name in whole.tables
    }

    def left(place: Place, time: Time) -> Row:
        return _less(whole.left(place, time), part.left(place, time), of)

    return Sheet(_less(whole.total, part.total, of), tables, part.time, left)


def _table(whole: Table, part: Table, of: Standing) -> Table:
    nothing = Row(0, 0, 0, 0, 0, 0, 0)
    rows = {label: _less(row, part.rows.get(label, nothing), of) for label, row in whole.rows.items()}
    return replace(whole, rows=rows)


def _less(whole: Row, part: Row, of: Standing) -> Row:
    """A count. Who can be on both sides by several things is counted as often: who is beyond is not known by name."""
    beyond = (_number(whole, of) or 0) - part.numerator
    met = str(of)
    counts = whole.denominator is None
    behind = {} if counts else {"met": whole.behind.get(met, NOBODY) - part.behind.get("met", NOBODY)}
    return Row(beyond, None, 0, 0, 0, beyond, 0, behind, sensitive=whole.sensitive or part.sensitive)
