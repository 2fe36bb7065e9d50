"""What was counted of each measure as it may be shown: beside the other measures, and what was published before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from services.measures.domain.derived import derived
from services.measures.domain.earlier import Sheet
from services.measures.domain.figure import Journeys, figure_of
from services.measures.domain.measure import RACE, By, Definition, Kind
from services.measures.domain.overlap import Place, Table, Tables
from services.measures.domain.pieces import Cut, cut, detail, has_pieces
from services.measures.domain.row import Row
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.domain.timeline import THE_TOTAL, Time
from services.measures.domain.within import Before, Nested, hide_together
from services.measures.releases.cells import SEVERAL, Cell, Counted
from services.measures.releases.document import Atoms, Measured
from services.measures.releases.tables import Counting, tallied
from services.measures.releases.views import View


def shown(found: Iterable[Counting], before: Before) -> tuple[Measured, ...]:
    """Every measure as it may be shown."""
    counted = {each.definition.name: _Counted(each) for each in found}
    sheets = {name: each.sheet() for name, each in counted.items()}
    tables = hide_together(sheets, list(_nested([each.definition for each in counted.values()])), before)
    return tuple(each.measured(tables[name]) for name, each in counted.items())


def _nested(found: Sequence[Definition]) -> Iterator[Nested]:
    """Measures of which some units are a part of another that is there."""
    names = {each.id: each.name for each in found}
    for each in found:
        yield from (Nested(each.name, here, names[of], there) for here, of, there in each.within if of in names)


def count(views: Iterable[View], journeys: Journeys, on: Counted) -> tuple[Measured, ...]:
    """Every view over the same journeys, as it may be shown beside nothing else."""
    return shown(tallied(views, journeys, on), ())


class _Counted:
    """One measure as it was counted, and how its pieces are put together."""

    def __init__(self, counting: Counting) -> None:
        definition = self.definition = counting.definition
        self._counting = counting
        self._made = Cut(definition)
        if has_pieces(definition):
            self._made = cut(definition, counting.at(THE_TOTAL).pieces, sensitive=definition.sensitive)

        self._plain = replace(definition, kind=Kind.PROPORTION) if has_pieces(definition) else definition
        """What is counted alone, which takes no curve."""

    def sheet(self) -> Sheet:
        counting = self._counting
        tables = {
            str(by): Table(
                {label: self._row(cell) for label, cell in rows.items()}, by in SEVERAL, counting.kinds.get(by)
            )
            for by, rows in counting.tables.items()
        }
        return Sheet(
            self._row(counting.at(THE_TOTAL)),
            tables,
            frozenset(counting.on.frame.of(By.QUARTER)),
            self._left,
            pieces=has_pieces(self.definition),
            detail=self._detail,
        )

    def measured(self, found: Tables) -> Measured:
        """A row in which nothing was counted and nothing is hidden is left out."""
        total, tables = found
        cells: dict[By, Mapping[str, Shown]] = {By.NONE: {TOTAL: self._of_all(self._told(total, THE_TOTAL))}}
        for by in self._counting.tables:
            kept = {label: row for label, row in tables[by].items() if by is By.QUARTER or not _empty(row)}
            cells[by] = {label: self._told(row, Place(by, label)) for label, row in sorted(kept.items())}
        return Measured(self.definition, cells, {by: self._atoms(by, rows) for by, rows in cells.items()})

    def _left(self, place: Place, time: Time) -> Row:
        whole = Cell()
        for quarter in sorted(time):
            whole.merge(self._counting.apart[quarter].at(place))
        return self._row(whole)

    @cached_property
    def _nothing(self) -> Row:
        """A row in which nothing was counted, as most are of one quarter."""
        return self._counted(Cell())

    def _row(self, cell: Cell) -> Row:
        return self._counted(cell) if cell.tally.shapes else self._nothing

    def _counted(self, cell: Cell) -> Row:
        figure = figure_of(cell.tally, self._plain, self._counting.on.as_of)
        pieces = cell.pieces.put_together(self._made.names)
        return Row.of(cell.tally, figure, sensitive=self.definition.sensitive, pieces=pieces)

    def _of_all(self, total: Shown) -> Shown:
        """The total with how many agencies had a part in it, where it is shown."""
        if total.numerator is None:
            return total
        agencies = len(self._counting.at(THE_TOTAL).tally.sums().behind_all)
        return replace(total, detail={**(total.detail or {}), "quality": {"agencies": agencies}})

    def _told(self, row: Shown, place: Place) -> Shown:
        """The row with what stands beside its numbers, where that may be shown."""
        if row.numerator is None or not row.tells:
            return replace(row, tells=False)
        return replace(row, detail=self._detail(place))

    def _detail(self, place: Place) -> Mapping[str, Any] | None:
        tally = self._counting.at(place).tally
        found = detail(figure_of(tally, self._made.definition, self._counting.on.as_of), self._made)
        if found and "spread" in found:
            return {"spread": derived(found["spread"], self.definition)}
        return found

    def _atoms(self, by: By, rows: Mapping[str, Shown]) -> Atoms:
        """Of which cells of one quarter each row is the sum."""
        quarters = self._counting.on.frame.of(By.QUARTER)
        if by is By.NONE:
            return {label: tuple(quarters) for label in rows}
        if by is By.QUARTER:
            return {label: (label,) for label in rows}
        if by not in RACE:
            return {label: tuple(f"{quarter} {by}={label}" for quarter in quarters) for label in rows}
        kinds = self._counting.kinds[by]
        return {
            label: tuple(
                f"{quarter} race={'+'.join(stated)}/{alone}/{'+'.join(detailed)}"
                for quarter in quarters
                for stated, alone, detailed in sorted(kinds.get(label, ()))
            )
            for label in rows
        }


def _empty(row: Shown) -> bool:
    return not any((row.numerator, row.denominator, row.missing, row.pending, row.excluded)) and None not in (
        row.numerator,
        row.missing,
        row.pending,
        row.excluded,
    )
