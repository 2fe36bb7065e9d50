"""What a figure is: the units of one cell counted by their rules, with everything that the catalogue puts beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from msgspec import structs

from services.measures.domain.breakdown import labels
from services.measures.domain.groups import groups_of
from services.measures.domain.incidence import Wait
from services.measures.domain.interval import Estimate, wilson
from services.measures.domain.journey import Journey
from services.measures.domain.measure import NOT_COUNTED, AsOf, By, Definition, Kind, Standing, Unit
from services.measures.domain.period import Period
from services.measures.domain.summary import Course, Spread, course, rate, spread
from services.measures.domain.tally import NOTHING, Hers, Tally


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


def figure_of(tally: Tally, definition: Definition, as_of: AsOf) -> Figure:
    """The cell as a figure, with nothing hidden."""
    clients, kind = definition.counts_clients, definition.kind
    mix = [rule.code for rule in definition.rules if rule.standing is Standing.MET] if kind is Kind.MIX else None
    sums = tally.sums()
    met, unmet = sums.standings[Standing.MET], sums.standings[Standing.UNMET]
    whole = sum(tally.exposed.values(), NOTHING) if kind is Kind.RATE else None
    return Figure(
        numerator=len(tally.clients_met) if clients else whole.events if whole else met,
        denominator=None if clients else whole.days if whole else met + unmet,
        missing=sums.standings[Standing.MISSING],
        pending=sums.standings[Standing.PENDING],
        excluded=sums.standings[Standing.EXCLUDED],
        definition=definition.name,
        cutoff=as_of.cutoff,
        population_note=definition.note,
        kind=kind,
        rules=dict(sums.rules),
        quality=Quality(len(sums.behind_all), sums.by_letter),
        shares=None if mix is None else {code: sums.rules[code] for code in mix},
        course=course((each for each in tally.sizes if isinstance(each, Wait)), definition.marks)
        if kind is Kind.TIME
        else None,
        spread=spread((each for each in tally.sizes if not isinstance(each, Wait)), definition.bands)
        if kind is Kind.DISTRIBUTION
        else None,
        rate=rate(tally.exposed.values(), definition.per, hang_together=definition.hangs_together) if whole else None,
    )


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
    return (structs.replace(unit, rule=NOT_COUNTED) for unit in units)


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
    return tabulate(definition, journeys, period, as_of, By.NONE).get("") or figure_of(Tally(), definition, as_of)


def tabulate(definition: Definition, journeys: Journeys, period: Period, as_of: AsOf, by: By) -> Mapping[str, Figure]:
    """A figure over a period for each row of a breakdown, by its label."""
    tallies: dict[str, Tally] = {}
    for client, journey in journeys:
        for _, label, units in cells(definition, journey, period, as_of, (by,)):
            tallies.setdefault(label, Tally()).take(client, Hers.of(units))
    return {label: figure_of(tallies[label], definition, as_of) for label in sorted(tallies)}
