"""What a figure is: units of a definition, counted over a period by the standing that each had at a cutoff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeAlias, assert_never

from contracts.initiative import MeasurementConsent
from services.measures.domain.journey import Journey
from services.measures.domain.period import Period, Quarter


class Standing(StrEnum):
    """What one unit (a referral, a handoff, a pair of contacts, a client) is to a measure at a cutoff."""

    MET = "met"  # in numerator and denominator
    UNMET = "unmet"  # in the denominator alone: the complement
    PENDING = "pending"  # too recent: its window had not run out
    MISSING = "missing"  # something that decides is not known
    EXCLUDED = "excluded"  # left out by definition


class By(StrEnum):
    """What a table of figures is broken down by."""

    NONE = "none"
    QUARTER = "quarter"
    CATEGORY = "category"
    CHANNEL = "channel"  # on the system, or by letter for want of a login


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a measure counts. `at` (aware) places it in a period.

    `category` is the need and `channel` how the receiver was asked (`system`, `letter`), where it has them.
    """

    at: datetime
    standing: Standing
    category: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure as one file states it. `text` is the plain-language definition; a new meaning is a new version.

    `assess` gives the units of one journey as they stand at a cutoff. `of` names the units; where `counts_clients`
    every client counts once in a cell whatever she has of them, and there is no denominator.
    """

    id: str
    version: int
    title: str
    of: str
    text: str
    note: str
    assess: Callable[[Journey, datetime], Iterable[Unit]]
    by: frozenset[By] = frozenset({By.NONE, By.QUARTER})
    counts_clients: bool = False

    @property
    def name(self) -> str:
        """Id and version, as figures name it: `response_rate_v1`."""
        return f"{self.id}_v{self.version}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's result (catalogue C0). `denominator` is None where the measure is a count of clients."""

    numerator: int
    denominator: int | None
    missing: int
    pending: int
    excluded: int
    definition: str
    cutoff: datetime
    population_note: str


@dataclass(slots=True)
class Tally:
    """Counts units into one cell, and the distinct clients behind its numerator and its complement."""

    met: int = 0
    unmet: int = 0
    pending: int = 0
    missing: int = 0
    excluded: int = 0
    clients_met: set[str] = field(default_factory=set)
    clients_unmet: set[str] = field(default_factory=set)

    def add(self, client: str, standing: Standing) -> None:
        """Counts one unit of a client."""
        match standing:
            case Standing.MET:
                self.met += 1
                self.clients_met.add(client)
            case Standing.UNMET:
                self.unmet += 1
                self.clients_unmet.add(client)
            case Standing.PENDING:
                self.pending += 1
            case Standing.MISSING:
                self.missing += 1
            case Standing.EXCLUDED:
                self.excluded += 1
            case never:
                assert_never(never)

    def figure(self, definition: Definition, cutoff: datetime) -> Figure:
        """The cell as a figure, with nothing hidden."""
        counted = definition.counts_clients
        return Figure(
            numerator=len(self.clients_met) if counted else self.met,
            denominator=None if counted else self.met + self.unmet,
            missing=self.missing,
            pending=self.pending,
            excluded=self.excluded,
            definition=definition.name,
            cutoff=cutoff,
            population_note=definition.note,
        )


Journeys: TypeAlias = Iterable[tuple[str, Journey]]
"""Clients by their pseudonym, each with what is known of her at the cutoff."""


def units_of(definition: Definition, journey: Journey, cutoff: datetime, rule: MeasurementConsent) -> Iterable[Unit]:
    """The units of one journey; all of them are left out, and counted as such, where she is not counted (R7)."""
    units = definition.assess(journey, cutoff)
    if journey.is_counted(rule):
        return units
    return (replace(unit, standing=Standing.EXCLUDED) for unit in units)


def compute(
    definition: Definition,
    journeys: Journeys,
    period: Period,
    cutoff: datetime,
    rule: MeasurementConsent = "not_required",
) -> Figure:
    """One figure over a period."""
    tally = Tally()
    for client, journey in journeys:
        for unit in units_of(definition, journey, cutoff, rule):
            if unit.at in period:
                tally.add(client, unit.standing)
    return tally.figure(definition, cutoff)


def matures(at: datetime, window: timedelta, cutoff: datetime) -> bool:
    """Whether the window that began at `at` had run out by the cutoff; what has not is pending, never unmet."""
    return at <= cutoff - window


def labels(unit: Unit, by: By, zone: tzinfo) -> Iterator[str]:
    """The rows of a table to which a unit belongs: one, or none where it has no such group."""
    match by:
        case By.NONE:
            return
        case By.QUARTER:
            yield str(Quarter.of(unit.at, zone))
        case By.CATEGORY:
            if unit.category is not None:
                yield unit.category
        case By.CHANNEL:
            if unit.channel is not None:
                yield unit.channel
        case never:
            assert_never(never)
