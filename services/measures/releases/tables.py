"""Counts every measure of a release in one pass over the journeys, and hides what may not be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from contracts.initiative import MeasurementConsent
from contracts.vocabulary import Category, Channel
from services.measures.domain.figure import Journeys, Tally, cells
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, By, Definition
from services.measures.domain.period import Period
from services.measures.domain.suppression import TOTAL, Row, Shown, suppress
from services.measures.releases.document import Measured


class Counting:
    """The tallies of one measure: its total, and a table for each breakdown with every row that there can be."""

    def __init__(self, definition: Definition, quarters: Sequence[str]) -> None:
        rows: dict[By, list[str]] = {
            By.QUARTER: list(quarters),
            By.CATEGORY: sorted(map(str, Category)),
            By.CHANNEL: sorted(map(str, Channel)),
        }
        self._definition = definition
        self._total = Tally()
        self._tables = {by: {label: Tally() for label in rows[by]} for by in rows if by in definition.by}

    def add(self, client: str, journey: Journey, counted: Counted) -> None:
        """Counts one client's units."""
        bys = (By.NONE, *self._tables)
        for by, label, units in cells(self._definition, journey, counted.period, counted.as_of, bys):
            tally = self._total if by is By.NONE else self._tables[by].setdefault(label, Tally())
            for unit in units:
                tally.add(client, unit)

    def measured(self) -> Measured:
        """The cells as they may be shown. A row in which nothing was counted and nothing is hidden is left out."""
        counts = self._definition.counts_clients
        total, tables = suppress(
            Row.of(self._total, counts),
            {by: {label: Row.of(tally, counts) for label, tally in rows.items()} for by, rows in self._tables.items()},
        )
        cells: dict[By, dict[str, Shown]] = {By.NONE: {TOTAL: total}}
        for by in self._tables:
            kept = {label: row for label, row in tables[by].items() if by is By.QUARTER or not _empty(row)}
            cells[by] = dict(sorted(kept.items()))
        return Measured(self._definition, cells)


@dataclass(frozen=True)
class Counted:
    """Over which time a release counts: its period, the quarters in it by local dates of a zone, and its cutoff.

    `consent`: whether it counts who said nothing of being counted (R7).
    """

    period: Period
    zone: tzinfo
    quarters: Sequence[str]
    cutoff: datetime
    consent: MeasurementConsent

    @property
    def as_of(self) -> AsOf:
        """As what journeys are looked at."""
        return AsOf(self.cutoff, self.zone, self.consent)


def count(definitions: Iterable[Definition], journeys: Journeys, counted: Counted) -> tuple[Measured, ...]:
    """Every measure over the same journeys."""
    countings = [Counting(definition, counted.quarters) for definition in definitions]
    for client, journey in journeys:
        for counting in countings:
            counting.add(client, journey, counted)
    return tuple(counting.measured() for counting in countings)


def _empty(row: Shown) -> bool:
    return not any((row.numerator, row.denominator, row.missing, row.pending, row.excluded)) and None not in (
        row.numerator,
        row.missing,
        row.pending,
        row.excluded,
    )
