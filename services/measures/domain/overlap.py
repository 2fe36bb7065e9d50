"""What may be shown where the rows of a table overlap: a client who is in several rows, or in none (rule R24).

Such rows add up to no total, so the sums of `suppression` do not hold for them. Three things do. Every row and all who
are not in it are two rows that add up to the total: each is looked at as such a pair. Where everybody happens to be in
one row alone, the rows do add up: so nothing hidden is alone among them, and what is hidden is not small together. And
rows of several tables are made of the same kinds of clients (one race alone, within the same alone or in combination),
so that something small can follow from them (`kinds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from services.measures.domain.kinds import Kinds, Made
from services.measures.domain.row import Part, Row, Shown, together
from services.measures.domain.suppression import REST, TOTAL, Cell, Grid


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a measure under one breakdown.

    `members` says of which kinds of clients each row is made, for rows of clients; a kind is what is alike of some.
    """

    rows: Mapping[str, Row]
    overlaps: bool = False
    members: Mapping[str, Set[object]] | None = None


Tables: TypeAlias = tuple[Shown, dict[str, dict[str, Shown]]]
"""The total and the rows of every table as they may be shown."""


class Place(NamedTuple):
    """A row of a table."""

    table: str
    label: str


class Hiding:
    """The rows of a measure, and what may be shown of them while more and more cells are closed."""

    def __init__(self, total: Row, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        plain = {name: table.rows for name, table in tables.items() if not table.overlaps}
        pairs = {
            _pair(name, label): {label: row, REST: total - row}
            for name, table in tables.items()
            if table.overlaps
            for label, row in table.rows.items()
        }
        self._made = {
            Place(name, label): Made(table.rows[label], members, table.overlaps)
            for name, table in sorted(tables.items())
            for label, members in sorted((table.members or {}).items())
            if label in table.rows
        }
        everybody = set[object]().union(*(each.kinds for each in self._made.values()))
        if not any(table.members for table in tables.values() if not table.overlaps):
            everybody.add(None)  # who is in no row
        self._kinds = Kinds(Made(total, everybody, overlaps=False), list(self._made.values()))
        self._grid = Grid(total, plain | pairs)
        self._hidden = self._grid.small_cells()

    def copy(self) -> Hiding:
        """The same, to go on with: what is closed there is not closed here."""
        made = copy(self)
        made._hidden = set(self._hidden)
        return made

    def close(self, cells: Iterable[Cell]) -> None:
        """Hides these, for another reason than what they tell by themselves."""
        pairs = {name for name, table in self._tables.items() if table.overlaps}
        self._hidden |= {
            cell._replace(table=_pair(cell.table, cell.label)) if cell.table in pairs else cell for cell in cells
        }

    def shown(self) -> Tables:
        """The total and the tables with every cell hidden that must be, and those that were closed."""
        while True:
            total, shown = self._grid.hide_more(set(self._hidden))
            found = {name: _rows(name, table, shown) for name, table in self._tables.items()}
            more = {*self._told(found, total), *_alone(self._tables, found, total)} - self._hidden
            if not more:
                return total, found
            self._hidden |= more

    def _told(self, found: Mapping[str, Mapping[str, Shown]], total: Shown) -> Iterator[Cell]:
        """What had better be hidden, too, lest something small follows from several tables."""
        rows = [total, *(found[place.table][place.label] for place in self._made)]
        cells = [Cell(TOTAL, TOTAL, Part.RATE), *(self._cell(place) for place in self._made)]
        for part in Part:
            shown = frozenset(number for number, row in enumerate(rows) if not is_hidden(row, part))
            yield from (cells[number]._replace(part=part) for number in self._kinds.told(part, shown))

    def _cell(self, place: Place) -> Cell:
        table = _pair(*place) if self._tables[place.table].overlaps else place.table
        return Cell(table, place.label, Part.RATE)


def hide(total: Row, tables: Mapping[str, Table]) -> Tables:
    """The total and the tables with every cell hidden that must be."""
    return Hiding(total, tables).shown()


def places(found: Tables) -> Iterator[tuple[Place, Shown]]:
    """Every row with where it stands, the total too."""
    total, tables = found
    yield Place(TOTAL, TOTAL), total
    yield from ((Place(name, label), row) for name, rows in tables.items() for label, row in rows.items())


def _pair(name: str, label: str) -> str:
    return f"{name}\0{label}"


def _rows(name: str, table: Table, shown: Mapping[str, Mapping[str, Shown]]) -> dict[str, Shown]:
    if not table.overlaps:
        return dict(shown[name])
    return {label: shown[_pair(name, label)][label] for label in table.rows}


def _alone(tables: Mapping[str, Table], found: Mapping[str, Mapping[str, Shown]], total: Shown) -> Iterator[Cell]:
    """Where rows overlap: one more to hide, while one is hidden alone or what is hidden is small together."""
    for name, table in tables.items():
        if not table.overlaps:
            continue
        for part in Part:
            closed = [label for label, row in found[name].items() if is_hidden(row, part)]
            if not closed or is_hidden(total, part):
                continue
            if len(closed) == 1 or together((table.rows[label] for label in closed), part).is_small(part):
                still_open = [label for label in table.rows if label not in closed]
                if still_open:
                    label = min(still_open, key=lambda each: (not any(table.rows[each].values(part)),
                                                              sum(table.rows[each].values(part)), each))  # fmt: skip
                    yield Cell(_pair(name, label), label, part)
                else:
                    yield Cell(TOTAL, TOTAL, part)


def is_hidden(row: Shown, part: Part) -> bool:
    """Whether a part of a row is hidden."""
    if part is Part.DETAIL:
        return not row.tells
    return (row.numerator if part is Part.RATE else getattr(row, part)) is None
