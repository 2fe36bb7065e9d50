"""What moves the difference between two definitions: which unit had which standing, by which rule, in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.measures.domain.figure import Journeys, counted, seen_by, units_of
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Rule, Unit
from services.measures.domain.observed import Observed
from services.measures.domain.period import Period


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that the two count otherwise; None where one of them does not look at it. `events` are those about it."""

    id: UUID | None
    at: datetime
    before: Rule | None
    after: Rule | None
    events: tuple[Observed, ...]


def moved(before: Definition, after: Definition, journeys: Journeys, period: Period, as_of: AsOf) -> Iterator[Moved]:
    """Every unit to which the two give another standing, or another rule of one standing."""
    for _, journey in journeys:
        old, new = (_keyed(definition, journey, period, as_of) for definition in (before, after))
        for key in dict.fromkeys((*old, *new)):
            was, now = old.get(key), new.get(key)
            if not _alike(was, now):
                unit = now or was
                if unit is not None:
                    before_, after_ = (each.rule if each else None for each in (was, now))
                    yield Moved(
                        unit.id,
                        unit.at,
                        before_,
                        after_,
                        tuple(_about(seen_by(after if now else before, journey), unit)),
                    )


def _alike(was: Unit | None, now: Unit | None) -> bool:
    if was is None or now is None:
        return was is now
    return (was.rule.code, was.standing) == (now.rule.code, now.standing)


def _keyed(definition: Definition, journey: Journey, period: Period, as_of: AsOf) -> Mapping[object, Unit]:
    """Her units by their thing, else by their time and place among those of it; one where she counts once."""
    units = [unit for unit in units_of(definition, journey, as_of) if unit.at in period]
    if definition.together:
        return dict.fromkeys(("client",), *counted(definition, units)) if units else {}
    keyed: dict[object, Unit] = {}
    for unit in units:
        key: object = unit.id or (unit.at, sum(each.at == unit.at and each.id is None for each in keyed.values()))
        keyed[key] = unit
    return keyed


def _about(journey: Journey, unit: Unit) -> Iterable[Observed]:
    """The events about a unit's thing, by when they happened; those at its time where it has none."""
    found: Sequence[Observed] = [
        each
        for each in journey.known.values()
        if unit.id in _named(each) or (unit.id is None and each.moment.at == unit.at)
    ]
    return sorted(found, key=lambda each: each.moment)


def _named(observed: Observed) -> set[object]:
    return {value for _, value in observed.event if isinstance(value, UUID)}
