"""What may be shown of a measure's tables (rule R24): small cells are hidden, and others so that none follows.

A measure has one total and several tables of rows, each of which adds up to that total. A part of a row is the rate
(numerator and denominator, hidden together, so that no percentage remains), missing, pending or excluded. Along a row
the parts add up to all units of the row, which another measure of the same units may show; down a column the rows add
up to the total. In each of these sums nothing or at least two parts are hidden, and what is hidden is no small number
together. Sums over several releases are looked at in `earlier`.

Behind what is shown stand three agencies or more, none of them behind more than 80 % of it: otherwise it is the figure
of one agency. Of a sensitive measure none and all are hidden as well: "none of them was screened" is about everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from services.measures.domain.behind import AGENCIES, CLIENTS, MOST_OF_ONE, SMALL
from services.measures.domain.row import NUMBERS, Part, Row, Shown, together

__all__ = ["CLIENTS", "SMALL", "TOTAL", "Cell", "Part", "Row", "Shown", "Tables", "suppress"]

HIDES: Final = (
    f"a count from 1 to {SMALL}, or one of which as few are left out of the whole",
    f"a share with fewer than {CLIENTS} clients on either side of it",
    f"what fewer than {AGENCIES} agencies stand behind, or one of them for more than {MOST_OF_ONE} of every 100",
    "of a sensitive measure none and all, too",
    "a second cell beside a hidden one, so that it cannot be worked out",
    "whatever follows from a hidden cell: its percentage, its gap, its total",
)
"""Why a cell may be hidden, in words; which of them hid one is never said."""

TOTAL: Final = ""
"""The label of the total, which is the same row in every table."""

REST: Final = "\0rest"
"""The label of all who are not in the other row of a table: no measure shows that row."""


class Cell(NamedTuple):
    """One part of one row of a table; the total's table is empty."""

    table: str
    label: str
    part: Part


Tables = Mapping[str, Mapping[str, Row]]


def suppress(total: Row, tables: Tables, closed: Collection[Cell] = ()) -> tuple[Shown, dict[str, dict[str, Shown]]]:
    """The total and the tables with every cell hidden that R24 hides, and those that are `closed` for another reason.

    The same input gives the same output.
    """
    grid = Grid(total, tables)
    return grid.hide_more(grid.small_cells() | set(closed))


class Grid:
    """The rows of a measure; what was put together of some of them is kept, as it is asked for again and again."""

    def __init__(self, total: Row, tables: Tables) -> None:
        self._total, self._tables = total, tables
        self._sums: dict[tuple[str, Part], dict[frozenset[str], Row]] = {}
        self._last: dict[tuple[str, Part], frozenset[str]] = {}

    def small_cells(self) -> set[Cell]:
        """Those that are hidden for what they tell by themselves."""
        rows = [(TOTAL, TOTAL, self._total)]
        rows += [(table, label, row) for table, rows in self._tables.items() for label, row in rows.items()]
        return {Cell(table, label, part) for table, label, row in rows for part in Part if row.is_small(part)}

    def hide_more(self, hidden: set[Cell]) -> tuple[Shown, dict[str, dict[str, Shown]]]:
        """As `suppress`, where it is known which cells are `hidden` for what they tell; more are added to them."""
        while more := {*self._beside(hidden), *self._companions(hidden)} - hidden:
            hidden |= more
        shown = {
            table: {label: _show(row, table, label, hidden) for label, row in rows.items()}
            for table, rows in self._tables.items()
        }
        return _show(self._total, TOTAL, TOTAL, hidden), shown

    def _beside(self, hidden: set[Cell]) -> Iterator[Cell]:
        """Along a row: with one part hidden, a second one is."""
        closed = [(cell, row) for cell in hidden if (row := self._row(cell)) is not None]
        few = {cell.table for cell, row in closed if cell.part is Part.RATE and _is_of_few(row)}
        for (table, label, part), row in closed:
            if part is Part.DETAIL:
                continue
            if part is Part.RATE and row.pieces:
                yield Cell(table, label, Part.DETAIL)
            alone = hidden.isdisjoint(Cell(table, label, other) for other in NUMBERS if other is not part)
            told_by_all = _is_of_few(row) if label == REST else table in few or (table == TOTAL and bool(few))
            if alone and (second := _second(row, part, told_by_all)):
                yield Cell(table, label, second)

    def _row(self, cell: Cell) -> Row | None:
        return self._total if cell.table == TOTAL else self._tables.get(cell.table, {}).get(cell.label)

    def _companions(self, hidden: set[Cell]) -> Iterator[Cell]:
        """Down a column: nothing hidden is alone, and what is hidden under an open total is not small together."""
        columns, touched = defaultdict[tuple[str, Part], set[str]](set), defaultdict[str, set[str]](set)
        for cell in hidden:
            columns[cell.table, cell.part].add(cell.label)
            touched[cell.table].add(cell.label)
        for (table, rows), part in product(self._tables.items(), Part):
            closed = frozenset(columns.get((table, part), set()) & rows.keys())
            total_is_open = (TOTAL, part) not in columns
            alone = len(closed) + (not total_is_open) == 1
            if not alone and not (closed and total_is_open):
                continue
            as_one = self._together(table, part, closed) if closed else self._total
            if alone or as_one.is_small(part):
                still_open = {label: row for label, row in rows.items() if label not in closed}
                label = _next(still_open, touched[table], as_one, part)
                yield Cell(TOTAL if label == TOTAL else table, label, part)

    def _together(self, table: str, part: Part, labels: frozenset[str]) -> Row:
        """Those rows as one: what was asked last goes on where it is a part of them."""
        rows, known = self._tables[table], self._sums.setdefault((table, part), {})
        if labels not in known:
            last = self._last.get((table, part), labels)
            more = (rows[label] for label in sorted(labels - last))
            begun = [known[last]] if last < labels else []
            known[labels] = together([*begun, *(more if begun else (rows[label] for label in sorted(labels)))], part)
        self._last[table, part] = labels
        return known[labels]


def _is_of_few(row: Row) -> bool:
    return 1 <= (row.denominator or 0) <= SMALL


def _second(row: Row, part: Part, few: bool) -> Part | None:
    """The part to hide with another, so that it does not follow from all units of the row.

    The rate is two numbers already; it needs company only where a small denominator would follow (`few`): one of the
    table, and for `REST`, all of whose units are known only where those of the other row are, its own. Where
    `excluded` is hidden, all units of the row are known from no measure; it takes what costs least.
    """
    if part is Part.EXCLUDED:
        return Part.MISSING
    filled = [other for other in (Part.MISSING, Part.PENDING) if other is not part and any(row.values(other))]
    if part is Part.RATE:
        return min(filled, key=row.values) if filled and few else None
    return min(filled, key=row.values) if filled else Part.RATE


def _next(still_open: Mapping[str, Row], touched: set[str], as_one: Row, part: Part) -> str:
    """The row to hide next: one that hides something already, then the smallest; the total when no row would help."""
    counted = any(as_one.values(part))
    helping = [
        (label not in touched, sum(row.values(part)), label)
        for label, row in still_open.items()
        if any(row.values(part)) or not counted
    ]
    return min(helping)[-1] if helping else TOTAL


def _show(row: Row, table: str, label: str, hidden: set[Cell]) -> Shown:
    closed = {part for part in Part if Cell(table, label, part) in hidden}
    return Shown(
        numerator=None if Part.RATE in closed else row.numerator,
        denominator=None if Part.RATE in closed else row.denominator,
        missing=None if Part.MISSING in closed else row.missing,
        pending=None if Part.PENDING in closed else row.pending,
        excluded=None if Part.EXCLUDED in closed else row.excluded,
        tells=Part.DETAIL not in closed,
    )
