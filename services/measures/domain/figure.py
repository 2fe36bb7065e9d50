"""What a figure is: the units of one cell counted by their rules, with everything that the catalogue puts beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias, assert_never

from services.measures.domain.breakdown import labels
from services.measures.domain.groups import groups_of
from services.measures.domain.incidence import Wait
from services.measures.domain.interval import Estimate, wilson
from services.measures.domain.journey import Journey
from services.measures.domain.measure import NOT_COUNTED, AsOf, By, Definition, Exposure, Kind, Standing, Unit
from services.measures.domain.period import Period
from services.measures.domain.summary import Course, Spread, course, rate, spread


@dataclass(frozen=True, slots=True)
class Quality:
    """What says how much a figure can bear: agencies that had a part in it, and units whose receiver has no login."""

    agencies: int
    by_letter: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's result (catalogue C0). `denominator` is None where the measure is a count of clients.

    `rules` says how many units each rule put where it did, by the rule's code. A mix has `shares` (units by the code of
    each rule that counts, adding up to the denominator), a time a `course`, a distribution a `spread`. The
    numerator of a `rate` are events, its denominator is in days.
    """

    numerator: int
    denominator: int | None
    missing: int
    pending: int
    excluded: int
    definition: str
    cutoff: datetime
    population_note: str
    kind: Kind
    rules: Mapping[str, int]
    quality: Quality
    shares: Mapping[str, int] | None = None
    course: Course | None = None
    spread: Spread | None = None
    rate: Estimate | None = None

    @property
    def estimate(self) -> Estimate | None:
        """The share that was met, or the rate, with its interval; None for a count, and with no one to count."""
        if self.kind is Kind.RATE:
            return self.rate
        return None if self.denominator is None else wilson(self.numerator, self.denominator)


@dataclass(slots=True)
class Tally:
    """Counts units into one cell, and the distinct clients and agencies behind its numerator and its complement."""

    met: int = 0
    unmet: int = 0
    pending: int = 0
    missing: int = 0
    excluded: int = 0
    clients_met: set[str] = field(default_factory=set)
    clients_unmet: set[str] = field(default_factory=set)
    agencies_met: Counter[str] = field(default_factory=Counter)
    agencies_unmet: Counter[str] = field(default_factory=Counter)
    agencies_beside: defaultdict[Standing, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    rules: Counter[str] = field(default_factory=Counter)
    sizes: list[float | Wait] = field(default_factory=list)
    exposed: dict[str, Exposure] = field(default_factory=dict)
    by_letter: int = 0

    def add(self, client: str, unit: Unit) -> None:
        """Counts one unit of a client."""
        self.rules[unit.rule.code] += 1
        match unit.rule.standing:
            case Standing.MET:
                self.met += 1
                self.clients_met.add(client)
                self._beside(client, unit, self.agencies_met)
            case Standing.UNMET:
                self.unmet += 1
                self.clients_unmet.add(client)
                self._beside(client, unit, self.agencies_unmet)
            case Standing.PENDING:
                self.pending += 1
                self.agencies_beside[unit.standing].update(set(unit.agencies))
            case Standing.MISSING:
                self.missing += 1
                self.agencies_beside[unit.standing].update(set(unit.agencies))
            case Standing.EXCLUDED:
                self.excluded += 1
                self.agencies_beside[unit.standing].update(set(unit.agencies))
            case never:
                assert_never(never)

    def figure(self, definition: Definition, as_of: AsOf) -> Figure:
        """The cell as a figure, with nothing hidden."""
        counted, kind = definition.counts_clients, definition.kind
        mix = [rule.code for rule in definition.rules if rule.standing is Standing.MET] if kind is Kind.MIX else None
        whole = sum(self.exposed.values(), Exposure(0, 0)) if kind is Kind.RATE else None
        return Figure(
            numerator=len(self.clients_met) if counted else whole.events if whole else self.met,
            denominator=None if counted else whole.days if whole else self.met + self.unmet,
            missing=self.missing,
            pending=self.pending,
            excluded=self.excluded,
            definition=definition.name,
            cutoff=as_of.cutoff,
            population_note=definition.note,
            kind=definition.kind,
            rules=dict(self.rules),
            quality=Quality(len(self.agencies_met.keys() | self.agencies_unmet.keys()), self.by_letter),
            shares=None if mix is None else {code: self.rules[code] for code in mix},
            course=course(self._waits(), definition.marks) if kind is Kind.TIME else None,
            spread=spread(self._numbers(), definition.bands) if kind is Kind.DISTRIBUTION else None,
            rate=rate(self.exposed.values(), definition.per, hang_together=definition.hangs_together)
            if whole
            else None,
        )

    def _waits(self) -> list[Wait]:
        return [size for size in self.sizes if isinstance(size, Wait)]

    def _numbers(self) -> list[float]:
        return [size for size in self.sizes if not isinstance(size, Wait)]

    def _beside(self, client: str, unit: Unit, agencies: Counter[str]) -> None:
        agencies.update(set(unit.agencies))
        if isinstance(unit.size, Exposure):
            self.exposed[client] = self.exposed.get(client, Exposure(0, 0)) + unit.size
        elif unit.size is not None:
            self.sizes.append(unit.size)
        if unit.channel == "letter":
            self.by_letter += 1


Journeys: TypeAlias = Iterable[tuple[str, Journey]]
"""Clients by their pseudonym, each with what is known of her at the cutoff."""


def seen_by(definition: Definition, journey: Journey) -> Journey:
    """What a measure may see of a journey: restricted facts only where it is sensitive (R6)."""
    return journey.whole if definition.sensitive else journey


def units_of(definition: Definition, journey: Journey, as_of: AsOf) -> Iterable[Unit]:
    """The units of one journey; all of them are left out, and counted as such, where she is not counted (R7)."""
    units = definition.assess(seen_by(definition, journey), as_of)
    if journey.is_counted(as_of.consent):
        return units
    return (replace(unit, rule=NOT_COUNTED) for unit in units)


def counted(definition: Definition, units: Sequence[Unit]) -> Sequence[Unit]:
    """What counts of the units that one client has in a cell: all, or the one that they make together."""
    return [definition.together(units)] if definition.together and units else units


def cells(
    definition: Definition, journey: Journey, period: Period, as_of: AsOf, bys: Iterable[By]
) -> Iterator[tuple[By, str, Sequence[Unit]]]:
    """One client's units as they count in each cell to which they belong; the total's label is empty."""
    units = [unit for unit in units_of(definition, journey, as_of) if unit.at in period]
    if not units:
        return
    groups = groups_of(journey)
    for by in bys:
        rows: dict[str, list[Unit]] = {}
        for unit in units:
            for label in labels(unit, groups, by, as_of.zone):
                rows.setdefault(label, []).append(unit)
        for label, of_it in rows.items():
            yield by, label, counted(definition, of_it)


def compute(definition: Definition, journeys: Journeys, period: Period, as_of: AsOf) -> Figure:
    """One figure over a period."""
    return tabulate(definition, journeys, period, as_of, By.NONE).get("") or Tally().figure(definition, as_of)


def tabulate(definition: Definition, journeys: Journeys, period: Period, as_of: AsOf, by: By) -> Mapping[str, Figure]:
    """A figure over a period for each row of a breakdown, by its label."""
    tallies: dict[str, Tally] = {}
    for client, journey in journeys:
        for _, label, units in cells(definition, journey, period, as_of, (by,)):
            tally = tallies.setdefault(label, Tally())
            for unit in units:
                tally.add(client, unit)
    return {label: tallies[label].figure(definition, as_of) for label in sorted(tallies)}
