"""Counts every view of a release in one pass over the journeys, and hides what may not be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Final

from services.measures.domain.breakdown import labels
from services.measures.domain.figure import Journeys, Tally, counted, units_of
from services.measures.domain.groups import Groups, groups_of
from services.measures.domain.measure import GROUPS, AsOf, By, Definition, Unit
from services.measures.domain.overlap import Table, hide
from services.measures.domain.period import Period
from services.measures.domain.pieces import Cut, Pieces, cut, detail, has_pieces, piece_of
from services.measures.domain.row import Row
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.releases.document import Atoms, Measured
from services.measures.releases.views import OTHER, Frame, View

SEVERAL: Final = frozenset({By.SPD15, By.DETAILED})
"""A client is in several rows of these, or in none."""
RACE: Final = frozenset({By.SPD15, By.CDPH8, By.DETAILED})
"""These look at the same statement: what one row tells, another can tell more of."""
OF_UNITS: Final = frozenset({By.CATEGORY, By.CHANNEL, By.OWNER, By.STAGE})
"""Not every unit has a row here."""
WITHOUT: Final = "without"
"""The row for those that have none: without it, it would follow from the total."""

Kind = tuple[tuple[str, ...], str, tuple[str, ...]]
"""What she said of race and ethnicity, as the three breakdowns of it have it."""


@dataclass(frozen=True)
class Counted:
    """Over which time a release counts, its rows, and as of when."""

    period: Period
    frame: Frame
    as_of: AsOf

    @property
    def zone(self) -> tzinfo:
        """The initiative's zone."""
        return self.as_of.zone


@dataclass(slots=True)
class Cell:
    """What is counted in one row."""

    tally: Tally = field(default_factory=Tally)
    pieces: Pieces = field(default_factory=Pieces)

    def merge(self, other: Cell) -> None:
        """Takes what was counted elsewhere of other clients."""
        _merge(self.tally, other.tally)
        self.pieces.merge(other.pieces)


class Counting:
    """The cells of one measure: its total, and a table for each breakdown with every row that there can be."""

    def __init__(self, view: View, on: Counted) -> None:
        self._definition = view.definition
        self._on = on
        self._bys = [by for by in view.by if by is not By.NONE]
        self._in_pieces = has_pieces(view.definition)
        self._total = Cell()
        self._tables: dict[By, dict[str, Cell]] = {by: {label: Cell() for label in on.frame.of(by)} for by in self._bys}
        self._kinds: dict[By, dict[str, set[Kind]]] = {by: {} for by in self._bys if by in RACE}

    @property
    def definition(self) -> Definition:
        """What is counted."""
        return self._definition

    def add(self, client: str, units: Sequence[Unit], groups: Groups) -> None:
        """Counts one client's units of the period."""
        self._count(self._total, client, units)
        for by in self._bys:
            table = self._tables[by]
            rows = self._rows(units, groups, by)
            for label, of_it in rows.items():
                cell = table.get(label)
                if cell is None:
                    cell = table[label] = Cell()
                self._count(cell, client, of_it)
            if by in RACE:
                kinds, kind = self._kinds[by], (groups.spd15, groups.cdph8, groups.detailed)
                for label in rows:
                    kinds.setdefault(label, set()).add(kind)

    def _rows(self, units: Sequence[Unit], groups: Groups, by: By) -> Mapping[str, Sequence[Unit]]:
        """The units by the label of their row; who she is, is the same for all of them but for her age."""
        if by in GROUPS and by is not By.AGE:
            return dict.fromkeys(self._labels(units[0], groups, by), units)
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

    def _labels_of(self, by: By) -> Iterable[str]:
        """Rows that are there whatever was counted: for a sensitive measure all that there can be."""
        more = (OTHER, *((WITHOUT,) if by in OF_UNITS else ())) if self._definition.sensitive else ()
        return (*self._on.frame.of(by), *(() if by is By.QUARTER else more))

    def _count(self, cell: Cell, client: str, units: Sequence[Unit]) -> None:
        for unit in counted(self._definition, units):
            cell.tally.add(client, unit)
            if self._in_pieces and (name := piece_of(self._definition, unit)) is not None:
                cell.pieces.add(client, name, unit)

    def _labels(self, unit: Unit, groups: Groups, by: By) -> Iterable[str]:
        found = labels(unit, groups, by, self._on.zone)
        if by in OF_UNITS and not found:
            return (WITHOUT,)
        if self._definition.sensitive and by is not By.QUARTER:
            known = self._on.frame.of(by)
            return dict.fromkeys(label if label in known else OTHER for label in found)
        return found

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
        figure = cell.tally.figure(made.definition, self._on.as_of)
        pieces = cell.pieces.put_together(made.names)
        return Row.of(cell.tally, figure, sensitive=self._definition.sensitive, pieces=pieces)

    def _of_all(self, total: Shown) -> Shown:
        """The total with how many agencies had a part in it, where it is shown."""
        if total.numerator is None:
            return total
        tally = self._total.tally
        agencies = len(tally.agencies_met.keys() | tally.agencies_unmet.keys())
        return replace(total, detail={**(total.detail or {}), "quality": {"agencies": agencies}})

    def _told(self, row: Shown, cell: Cell, made: Cut) -> Shown:
        """The row with what stands beside its numbers, where that may be shown."""
        if row.numerator is None or not row.tells:
            return replace(row, tells=False)
        return replace(row, detail=detail(cell.tally.figure(made.definition, self._on.as_of), made))

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
    countings = [Counting(view, on) for view in views]
    since, until = on.period.since, on.period.until
    for client, journey in journeys:
        groups: Groups | None = None
        for counting in countings:
            units = [
                unit
                for unit in units_of(counting.definition, journey, on.as_of)
                if (since is None or since <= unit.at) and (until is None or unit.at < until)
            ]
            if units:
                groups = groups or groups_of(journey)
                counting.add(client, units, groups)
    return countings


def _empty(row: Shown) -> bool:
    return not any((row.numerator, row.denominator, row.missing, row.pending, row.excluded)) and None not in (
        row.numerator,
        row.missing,
        row.pending,
        row.excluded,
    )


def _merge(tally: Tally, other: Tally) -> None:
    for name in ("met", "unmet", "pending", "missing", "excluded", "by_letter"):
        setattr(tally, name, getattr(tally, name) + getattr(other, name))
    for name in ("clients_met", "clients_unmet", "agencies_met", "agencies_unmet", "rules", "exposed"):
        getattr(tally, name).update(getattr(other, name))
    for standing, agencies in other.agencies_beside.items():
        tally.agencies_beside[standing].update(agencies)
    tally.exposed = dict(sorted(tally.exposed.items()))  # one order, whoever counted whom
    tally.sizes.extend(other.sizes)
