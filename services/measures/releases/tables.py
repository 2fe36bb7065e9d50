"""Counts every view of a release in one pass over the journeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.measures.domain.breakdown import labels
from services.measures.domain.figure import Journeys, counted, units_of
from services.measures.domain.groups import Groups, groups_of
from services.measures.domain.measure import RACE, By, Definition, Unit
from services.measures.domain.overlap import Place
from services.measures.domain.pieces import has_pieces, piece_of
from services.measures.domain.suppression import TOTAL
from services.measures.domain.tally import Hers
from services.measures.domain.timeline import THE_TOTAL
from services.measures.releases.cells import (
    OF_UNITS,
    WITHOUT,
    Cell,
    Counted,
    Kind,
    Standing,
    Stands,
    named,
)
from services.measures.releases.views import View


class Counting:
    """The cells of one measure: its total, and a table for each breakdown with every row that there can be."""

    def __init__(self, view: View, on: Counted) -> None:
        self._definition = view.definition
        self.on: Final = on
        self._bys = [by for by in view.by if by is not By.NONE]
        self._in_pieces = has_pieces(view.definition)
        self._total = Cell()
        self._alike: dict[Stands, Cell] = {}
        self.tables: Final[dict[By, dict[str, Cell]]] = {
            by: {label: Cell() for label in on.frame.of(by)} for by in self._bys
        }
        self.kinds: Final[dict[By, dict[str, set[Kind]]]] = {by: {} for by in self._bys if by in RACE}
        of_a_quarter = View(view.definition, tuple(by for by in view.by if by is not By.QUARTER))
        self.apart: Final[Mapping[str, Counting]] = {
            name: Counting(of_a_quarter, Counted(period, on.frame, on.as_of)) for name, period in on.apart.items()
        }

    @property
    def definition(self) -> Definition:
        """What is counted."""
        return self._definition

    @property
    def exact(self) -> Mapping[tuple[By, str], Cell]:
        """Every cell as it was counted, with nothing hidden: for a comparison, and never to be shown."""
        of_tables = {(by, label): cell for by, table in self.tables.items() for label, cell in table.items()}
        return {(By.NONE, TOTAL): self._total} | of_tables

    def at(self, place: Place) -> Cell:
        """What was counted in a row; nothing in one that is not there."""
        if place == THE_TOTAL:
            return self._total
        return self.tables.get(By(place.table), {}).get(place.label) or Cell()

    def take(self, client: str, units: Sequence[Unit], groups: Groups, stands: Stands) -> None:
        """Counts of one client's units those of the period, and those of each quarter that is counted apart."""
        for counting in (self, *self.apart.values()):
            if of_it := [unit for unit in units if unit.at in counting.on.period] if self.apart else units:
                counting.add(client, of_it, groups, stands)

    def add(self, client: str, units: Sequence[Unit], groups: Groups, stands: Stands) -> None:
        """Counts one client's units, all of the period."""
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
                        self.kinds[by].setdefault(label, set()).add(stands.kind)
        self._alike.clear()
        for counting in self.apart.values():
            counting.settle()

    def _cell(self, by: By, label: str) -> Cell:
        table = self.tables[by]
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
        for by, table in other.tables.items():
            for label, cell in table.items():
                self.tables[by].setdefault(label, Cell()).merge(cell)
        for by, kinds in other.kinds.items():
            for label, found in kinds.items():
                self.kinds[by].setdefault(label, set()).update(found)
        for name, counting in other.apart.items():
            self.apart[name].merge(counting)

    def _labels(self, unit: Unit, groups: Groups, by: By) -> Iterable[str]:
        found = labels(unit, groups, by, self.on.zone)
        if by in OF_UNITS and not found:
            return (WITHOUT,)
        return named(found, self.on.frame.of(by)) if self._definition.sensitive and by is not By.QUARTER else found


def tallied(views: Iterable[View], journeys: Journeys, on: Counted) -> Sequence[Counting]:
    """Every view over some journeys, before anything is hidden: to be merged with what others count."""
    countings, standing = [Counting(view, on) for view in views], Standing(on.frame)
    asked = on.asked
    since, until = asked.since, asked.until
    as_of = replace(on.as_of, asked=asked)
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
                counting.take(client, units, groups, standing.of(groups))
    return settled(countings)


def settled(countings: Sequence[Counting]) -> Sequence[Counting]:
    """When all clients are counted: every count in its rows."""
    for counting in countings:
        counting.settle()
    return countings
