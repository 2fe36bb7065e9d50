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

from collections.abc import Collection, Iterator, Mapping
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
    return hide_more(total, tables, small_cells(total, tables) | set(closed))


def small_cells(total: Row, tables: Tables) -> set[Cell]:
    """Those that are hidden for what they tell by themselves."""
    return {cell for cell, row in _cells(total, tables) if row.is_small(cell.part)}


def hide_more(total: Row, tables: Tables, hidden: set[Cell]) -> tuple[Shown, dict[str, dict[str, Shown]]]:
    """As `suppress`, where it is known which cells are `hidden` for what they tell; more are added to them."""
    while more := {*_beside(total, tables, hidden), *_companions(total, tables, hidden)} - hidden:
        hidden |= more
    shown = {
        table: {label: _show(row, table, label, hidden) for label, row in rows.items()}
        for table, rows in tables.items()
    }
    return _show(total, TOTAL, TOTAL, hidden), shown


def _cells(total: Row, tables: Tables) -> Iterator[tuple[Cell, Row]]:
    for part in Part:
        yield Cell(TOTAL, TOTAL, part), total
        for table, rows in tables.items():
            for label, row in rows.items():
                yield Cell(table, label, part), row


def _beside(total: Row, tables: Tables, hidden: set[Cell]) -> Iterator[Cell]:
    """Along a row: with one part hidden, a second one is."""
    closed = [(cell, row) for cell, row in _cells(total, tables) if cell in hidden]
    few = {cell.table for cell, row in closed if cell.part is Part.RATE and 1 <= (row.denominator or 0) <= SMALL}
    for cell, row in closed:
        if cell.part is Part.DETAIL:
            continue
        if cell.part is Part.RATE and row.pieces:
            yield cell._replace(part=Part.DETAIL)
        alone = hidden.isdisjoint(cell._replace(part=part) for part in NUMBERS if part is not cell.part)
        if alone and (second := _second(row, cell.part, cell.table in few or (cell.table == TOTAL and bool(few)))):
            yield cell._replace(part=second)


def _second(row: Row, part: Part, few: bool) -> Part | None:
    """The part to hide with another, so that it does not follow from all units of the row.

    The rate is two numbers already; it needs company only where a denominator of the table is small (`few`). Where
    `excluded` is hidden, all units of the row are known from no measure; it takes what costs least.
    """
    if part is Part.EXCLUDED:
        return Part.MISSING
    filled = [other for other in (Part.MISSING, Part.PENDING) if other is not part and any(row.values(other))]
    if part is Part.RATE:
        return min(filled, key=row.values) if filled and few else None
    return min(filled, key=row.values) if filled else Part.RATE


def _companions(total: Row, tables: Tables, hidden: set[Cell]) -> Iterator[Cell]:
    """Down a column: nothing hidden is alone, and what is hidden under an open total is not small together."""
    for table, rows in tables.items():
        touched = {cell.label for cell in hidden if cell.table == table}
        for part in Part:
            closed = {label for label in rows if Cell(table, label, part) in hidden}
            total_is_open = Cell(TOTAL, TOTAL, part) not in hidden
            if not closed and total_is_open:
                continue
            alone = len(closed) + (not total_is_open) == 1
            if not (alone or total_is_open):
                continue
            as_one = together((rows[label] for label in closed), part) if closed else total
            if alone or (total_is_open and as_one.is_small(part)):
                still_open = {label: rows[label] for label in rows if label not in closed}
                label = _next(still_open, touched, as_one, part)
                yield Cell(TOTAL if label == TOTAL else table, label, part)


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
