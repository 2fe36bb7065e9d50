"""How much a figure hangs on due dates that were said otherwise later: units that count otherwise by the first of them.

Figures take the due date in force at the cutoff. How many cases changed their class by that is said beside them
(catalogue C1): a rule, the stage of a pregnancy, or the band into which a number falls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from msgspec import structs

from contracts.events.episode import EpisodeDatedV1
from services.measures.domain.difference import moved
from services.measures.domain.episode import Dating
from services.measures.domain.figure import Journeys
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Rule, Unit
from services.measures.domain.observed import stands
from services.measures.domain.period import Period
from services.measures.domain.summary import band_of

_NO_BAND: Final = ""


def is_redated(journey: Journey) -> bool:
    """Whether the due date in force of some pregnancy of hers is not the one that was said first."""
    return first_dated(journey) is not journey


def first_dated(journey: Journey) -> Journey:
    """The journey as it were if of each pregnancy the due date that was said first still stood."""
    first = _first_datings(journey)
    episodes = dict(journey.episodes)
    for pregnancy in journey.pregnancies:
        said = [first[id] for id in pregnancy.ids if id in first]
        earliest = min(said, key=lambda dating: dating.said.position, default=None)
        if earliest is not None and earliest.edd != pregnancy.edd:
            episodes |= {id: path._replace(dating=earliest) for id, path in pregnancy.entries}
    return journey if episodes == journey.episodes else replace(journey, episodes=episodes)


def redated(definition: Definition, journeys: Journeys, period: Period, as_of: AsOf) -> int:
    """How many units of a figure count otherwise by the due date in force than by the first."""
    before = replace(definition, assess=lambda journey, on: _classed(definition, first_dated(journey), on))
    now = replace(definition, assess=lambda journey, on: _classed(definition, journey, on))
    return sum(1 for _ in moved(before, now, journeys, period, as_of))


def _classed(definition: Definition, journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """Its units, each under a rule of its own class: the rule, the stage, and the band of its number."""
    units: Iterable[Unit] = definition.assess(journey, as_of)
    for unit in units:
        band = band_of(unit.size, definition.bands) if isinstance(unit.size, float | int) else _NO_BAND
        if band or unit.stage:
            code = " ".join((unit.rule.code, unit.stage or "", band))
            yield structs.replace(unit, rule=Rule(code, unit.rule.standing, unit.rule.words))
        else:
            yield unit


def _first_datings(journey: Journey) -> dict[UUID, Dating]:
    """Of each entry the due date that was said first and stands."""
    first: dict[UUID, Dating] = {}
    for each in journey.known.values():
        event = each.event
        if isinstance(event, EpisodeDatedV1) and stands(each, journey.taken_back, journey.in_error):
            known = first.get(event.episode)
            if known is None or each.moment.position < known.said.position:
                first[event.episode] = Dating(each.moment, event.edd)
    return first
