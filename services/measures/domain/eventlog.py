"""What one agency may see of its clients' journeys, as rows and as an object-centric event log (OCEL 2.0, JSON).

That are the events that it recorded itself, and those of referrals and handoffs that it is a side of, with their visits
(R8): no other agency's contacts, needs, pregnancies or questions. Restricted facts (R6), what was taken back or entered
in error (R14) and clients whom figures leave out (R7) are not in it. A referral, handoff or visit has the id by which
both its sides know it; all else is a number of the export, so that two agencies' exports cannot be laid together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from services.measures.domain.figure import Journeys
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf
from services.measures.domain.observed import Observed, stands
from services.measures.domain.period import Period

OBJECTS: Final = ("appointment", "contact", "episode", "feedback", "handoff", "need", "referral", "screening")
"""Kinds of things that an event can name, besides its client and its agency."""
SHARED: Final = frozenset({"referral", "handoff", "appointment"})
"""Entities of which both sides see every event, under the same id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of an export. `objects` are the things that it names, by kind; `said` its other coded fields."""

    id: str
    activity: str
    at: datetime
    client: str
    agency: str
    objects: Mapping[str, str]
    said: Mapping[str, Any]


def of_agency(journeys: Journeys, agency: str, period: Period, as_of: AsOf) -> Iterator[Entry]:
    """The events in a period that an agency may see, client by client, each in the order in which they happened."""
    names = _Names()
    for client, journey in journeys:
        seen = [each for each in _seen(journey, agency) if each.moment.at in period]
        if seen and journey.is_counted(as_of.consent):
            for each in sorted(seen, key=lambda observed: observed.moment):
                yield _entry(each, client, names)


class _Names:
    """What things are called in one export: numbered by kind, in the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[str, dict[object, str]] = {}

    def of(self, kind: str, thing: object) -> str:
        if kind in SHARED:
            return str(thing)
        known = self._known.setdefault(kind, {})
        return known.setdefault(thing, f"{kind}-{len(known) + 1}")


def _seen(journey: Journey, agency: str) -> Iterator[Observed]:
    sides = {id for id, path in journey.referrals.items() if agency in {path.from_agency, path.to_agency}}
    sides |= {id for id, path in journey.handoffs.items() if agency in {path.from_agency, path.to_agency}}
    sides |= {id for id, path in journey.appointments.items() if path.referral in sides}
    for each in journey.known.values():
        kind = each.event.TYPE.partition(".")[0]
        shared = kind in SHARED and sides.intersection(_objects(each).values())
        if (each.agency == agency or shared) and stands(each, journey.taken_back, journey.in_error):
            yield each


def _objects(observed: Observed) -> dict[str, UUID]:
    named = ((kind, getattr(observed.event, kind, None)) for kind in OBJECTS)
    return {kind: id for kind, id in named if isinstance(id, UUID)}


def _entry(observed: Observed, client: str, names: _Names) -> Entry:
    said = {name: _plain(value) for name, value in observed.event if isinstance(value, str | bool | int | date)}
    activity = observed.event.TYPE.rpartition(".")[0]
    return Entry(
        id=names.of("event", observed.id),
        activity=activity,
        at=observed.moment.at,
        client=names.of("client", client),
        agency=observed.agency,
        objects={kind: names.of(kind, thing) for kind, thing in _objects(observed).items()},
        said=said,
    )


def _plain(value: str | bool | int | date) -> str | bool | int:
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, bool | int) else str(value)


# ---- Formats

COLUMNS: Final = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", *OBJECTS)
"""The columns of the CSV: the names of XES for case, activity, time and resource, then the things that are named."""


def rows(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """The rows of the CSV under COLUMNS."""
    for each in entries:
        things = (each.objects.get(kind, "") for kind in OBJECTS)
        yield (each.client, each.activity, _instant(each.at), each.agency, *things)


def ocel(entries: Iterable[Entry]) -> dict[str, object]:
    """The log as OCEL 2.0 has it: types with their attributes, objects, and events with what they relate to."""
    types: dict[str, dict[str, str]] = {}
    objects: dict[str, str] = {}
    events: list[dict[str, object]] = []
    for each in entries:
        kinds = types.setdefault(each.activity, {})
        kinds |= {name: _type_of(value) for name, value in each.said.items()}
        named = {"client": each.client, "agency": each.agency} | dict(each.objects)
        objects |= {id: kind for kind, id in named.items()}
        events.append(
            {
                "id": each.id,
                "type": each.activity,
                "time": _instant(each.at),
                "attributes": [{"name": name, "value": value} for name, value in each.said.items()],
                "relationships": [{"objectId": id, "qualifier": kind} for kind, id in named.items()],
            }
        )
    return {
        "objectTypes": [{"name": kind, "attributes": []} for kind in sorted(set(objects.values()))],
        "eventTypes": [
            {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in sorted(said.items())]}
            for name, said in sorted(types.items())
        ],
        "objects": [
            {"id": id, "type": kind, "attributes": [], "relationships": []} for id, kind in sorted(objects.items())
        ],
        "events": events,
    }


def _type_of(value: str | bool | int) -> str:
    return "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
