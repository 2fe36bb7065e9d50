"""Counts every view of a release in one pass over the journeys, and hides what may not be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.measures.domain.breakdown import labels
from services.measures.domain.figure import Journeys, counted, figure_of, units_of
from services.measures.domain.groups import Groups, groups_of
from services.measures.domain.measure import RACE, By, Definition, Unit
from services.measures.domain.overlap import Table, hide
from services.measures.domain.pieces import Cut, cut, detail, has_pieces, piece_of
from services.measures.domain.row import Row
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.domain.tally import Hers
from services.measures.releases.cells import (
    OF_UNITS,
    SEVERAL,
    WITHOUT,
    Cell,
    Counted,
    Kind,
    Standing,
    Stands,
    named,
)
from services.measures.releases.document import Atoms, Measured
from services.measures.releases.views import View


class Counting:
    """The cells of one measure: its total, and a table for each breakdown with every row that there can be."""

    def __init__(self, view: View, on: Counted) -> None:
        self._definition = view.definition
        self._on = on
        self._bys = [by for by in view.by if by is not By.NONE]
        self._in_pieces = has_pieces(view.definition)
        self._total = Cell()
        self._alike: dict[Stands, Cell] = {}
        self._tables: dict[By, dict[str, Cell]] = {by: {label: Cell() for label in on.frame.of(by)} for by in self._bys}
        self._kinds: dict[By, dict[str, set[Kind]]] = {by: {} for by in self._bys if by in RACE}

    @property
    def definition(self) -> Definition:
        """What is counted."""
        return self._definition

    @property
    def exact(self) -> Mapping[tuple[By, str], Cell]:
        """Every cell as it was counted, with nothing hidden: for a comparison, and never to be shown."""
        of_tables = {(by, label): cell for by, table in self._tables.items() for label, cell in table.items()}
        return {(By.NONE, TOTAL): self._total} | of_tables

    def add(self, client: str, units: Sequence[Unit], groups: Groups, stands: Stands) -> None:
        """Counts one client's units of the period."""
        whole = self._put_together(units)
        alike = self._alike.get(stands)
        if alike is None:
            alike = self._alike[stands] = Cell()
        alike.take(client, *whole)
        for by in self._bys:
            if by not in stands.rows:
                for label, of_it in self._rows(units, groups, by).items():
                    hers = whole if len(of_it) == len(units) else self._put_together(of_it)
                    self._cell(by, label).take(client, *hers)

    def settle(self) -> None:
        """Puts what clients have who are alike into the rows in which they stand."""
        for stands, cell in self._alike.items():
            self._total.merge(cell)
            rows = stands.alone if self._definition.sensitive else stands.rows
            for by in self._bys:
                for label in rows.get(by, ()):
                    self._cell(by, label).merge(cell)
                    if by in RACE:
                        self._kinds[by].setdefault(label, set()).add(stands.kind)
        self._alike.clear()

    def _cell(self, by: By, label: str) -> Cell:
        table = self._tables[by]
        cell = table.get(label)
        if cell is None:
            cell = table[label] = Cell()
        return cell

    def _put_together(self, units: Sequence[Unit]) -> tuple[Hers, Sequence[tuple[str, Unit]]]:
        definition, found = self._definition, counted(self._definition, units)
        if not self._in_pieces:
            return Hers.of(found), ()
        pieces = ((piece_of(definition, unit), unit) for unit in found)
        return Hers.of(found), [(name, unit) for name, unit in pieces if name is not None]

    def _rows(self, units: Sequence[Unit], groups: Groups, by: By) -> Mapping[str, Sequence[Unit]]:
        """The units by the label of their row."""
        rows: dict[str, list[Unit]] = {}
        for unit in units:
            for label in self._labels(unit, groups, by):
                rows.setdefault(label, []).append(unit)
        return rows

    def merge(self, other: Counting) -> None:
        """Takes what was counted elsewhere of other clients, in the same rows."""
        self._total.merge(other._total)
        for by, table in other._tables.items():
            for label, cell in table.items():
                self._tables[by].setdefault(label, Cell()).merge(cell)
        for by, kinds in other._kinds.items():
            for label, found in kinds.items():
                self._kinds[by].setdefault(label, set()).update(found)

    def _labels(self, unit: Unit, groups: Groups, by: By) -> Iterable[str]:
        found = labels(unit, groups, by, self._on.zone)
        if by in OF_UNITS and not found:
            return (WITHOUT,)
        return named(found, self._on.frame.of(by)) if self._definition.sensitive and by is not By.QUARTER else found

    def measured(self) -> Measured:
        """The cells as they may be shown. A row in which nothing was counted and nothing is hidden is left out."""
        definition = self._definition
        made = (
            cut(definition, self._total.pieces, sensitive=definition.sensitive) if self._in_pieces else Cut(definition)
        )
        total, shown = hide(
            self._row(self._total, made),
            {
                str(by): Table(
                    {label: self._row(cell, made) for label, cell in rows.items()}, by in SEVERAL, self._kinds.get(by)
                )
                for by, rows in self._tables.items()
            },
        )
        cells: dict[By, Mapping[str, Shown]] = {By.NONE: {TOTAL: self._of_all(self._told(total, self._total, made))}}
        for by in self._bys:
            kept = {label: row for label, row in shown[str(by)].items() if by is By.QUARTER or not _empty(row)}
            cells[by] = {label: self._told(row, self._tables[by][label], made) for label, row in sorted(kept.items())}
        return Measured(definition, cells, {by: self._atoms(by, rows) for by, rows in cells.items()})

    def _row(self, cell: Cell, made: Cut) -> Row:
        figure = figure_of(cell.tally, made.definition, self._on.as_of)
        pieces = cell.pieces.put_together(made.names)
        return Row.of(cell.tally, figure, sensitive=self._definition.sensitive, pieces=pieces)

    def _of_all(self, total: Shown) -> Shown:
        """The total with how many agencies had a part in it, where it is shown."""
        if total.numerator is None:
            return total
        agencies = len(self._total.tally.sums().behind_all)
        return replace(total, detail={**(total.detail or {}), "quality": {"agencies": agencies}})

    def _told(self, row: Shown, cell: Cell, made: Cut) -> Shown:
        """The row with what stands beside its numbers, where that may be shown."""
        if row.numerator is None or not row.tells:
            return replace(row, tells=False)
        return replace(row, detail=detail(figure_of(cell.tally, made.definition, self._on.as_of), made))

    def _atoms(self, by: By, rows: Mapping[str, Shown]) -> Atoms:
        """Of which cells of one quarter each row is the sum."""
        quarters = self._on.frame.of(By.QUARTER)
        if by is By.NONE:
            return {label: tuple(quarters) for label in rows}
        if by is By.QUARTER:
            return {label: (label,) for label in rows}
        if by not in RACE:
            return {label: tuple(f"{quarter} {by}={label}" for quarter in quarters) for label in rows}
        kinds = self._kinds[by]
        return {
            label: tuple(
                f"{quarter} race={'+'.join(stated)}/{alone}/{'+'.join(detailed)}"
                for quarter in quarters
                for stated, alone, detailed in sorted(kinds.get(label, ()))
            )
            for label in rows
        }


def count(views: Iterable[View], journeys: Journeys, on: Counted) -> tuple[Measured, ...]:
    """Every view over the same journeys."""
    return tuple(counting.measured() for counting in tallied(views, journeys, on))


def tallied(views: Iterable[View], journeys: Journeys, on: Counted) -> Sequence[Counting]:
    """Every view over some journeys, before anything is hidden: to be merged with what others count."""
    countings, standing = [Counting(view, on) for view in views], Standing(on.frame)
    since, until = on.period.since, on.period.until
    as_of = replace(on.as_of, asked=on.period)
    for client, journey in journeys:
        groups: Groups | None = None
        for counting in countings:
            units = [
                unit
                for unit in units_of(counting.definition, journey, as_of)
                if (since is None or since <= unit.at) and (until is None or unit.at < until)
            ]
            if units:
                groups = groups or groups_of(journey)
                counting.add(client, units, groups, standing.of(groups))
    return settled(countings)


def settled(countings: Sequence[Counting]) -> Sequence[Counting]:
    """When all clients are counted: every count in its rows."""
    for counting in countings:
        counting.settle()
    return countings


def _empty(row: Shown) -> bool:
    return not any((row.numerator, row.denominator, row.missing, row.pending, row.excluded)) and None not in (
        row.numerator,
        row.missing,
        row.pending,
        row.excluded,
    )
