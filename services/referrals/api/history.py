"""History over HTTP: stored events as a side may read them, with codes and handles in place of ids."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import JsonValue

from services.referrals.api.naming import Kind, Naming
from services.referrals.api.shapes import AgencyNamed, Answer, Instant
from services.referrals.domain.appointment import AppointmentFact
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.episode import EpisodeClosed, EpisodeJoined, EpisodeOpened, EpisodeParted
from services.referrals.domain.handoff import is_of_its_pregnancy
from services.referrals.domain.watch import WatchMoved
from services.referrals.store.written import Written

# Fields that are told as they are where they hold no id; whatever is not listed here or below is not told at all.
_PLAIN: Final = frozenset(
    {
        "agreed",
        "basis",
        "by",
        "category",
        "channel",
        "client_present",
        "dating",
        "decision",
        "declined",
        "delivered_on",
        "domain",
        "due_at",
        "duration_min",
        "edd",
        "expires",
        "fields",
        "gestational_days",
        "given",
        "how",
        "identified_on",
        "initiated_by",
        "instrument",
        "interpreter",
        "kind",
        "language",
        "late",
        "live_children",
        "met",
        "mode",
        "need_met",
        "notice_hours",
        "on",
        "outcome",
        "person",
        "planned_for",
        "priority",
        "purpose",
        "reason",
        "reason_code",
        "reason_owner",
        "recipient",
        "respectful_care",
        "result",
        "service",
        "source",
        "tags",
        "timer",
        "to_channel",
        "units",
        "weight_band",
    }
)
_AGENCIES: Final[Mapping[str, str]] = {"from_agency": "from", "to_agency": "to", "agency": "leads"}
_OPEN_IDS: Final = frozenset({"referral", "handoff", "parent", "supersedes"})
_SENDERS: Final = frozenset({"child", "waiting"})
"""Told to whoever did not write it: who passed a referral on sees no more of it (R3)."""
_OWN_HANDLES: Final[Mapping[str, Kind]] = {
    "consent": "consent",
    "cohort": "cohort",
    "contact": "contact",
    "earlier": "event",
    "episode": "episode",
    "evidence": "contact",
    "need": "need",
    "note": "note",
    "reason": "note",
    "score": "note",
    "screening": "screening",
}
_OWN_STREAMS: Final[Mapping[str, Kind]] = {
    "contact": "contact",
    "consent": "consent",
    "episode": "episode",
    "need": "need",
    "need.screened": "screening",
    "screening": "screening",
}


class Happened(Answer):
    """One step: what, when it happened, when it was recorded (null until it is read again), by which agency.

    `event` is the caller's own reference of it. `by` is a name, and only of the caller's own staff. `detail` holds
    codes and the caller's own references; `because` where more is known than the `reason` of an end says, as
    `pregnancy_closed`.
    """

    event: str
    type: str
    at: Instant
    recorded_at: Instant | None
    agency: AgencyNamed
    by: str | None
    detail: dict[str, JsonValue]


def happened(naming: Naming, event: Written) -> Happened:
    """An event as the caller may read it."""
    envelope = event.envelope
    return Happened(
        event=naming.out("event", envelope.event_id),
        type=_told(event),
        at=envelope.occurred_at,
        recorded_at=event.recorded_at,
        agency=naming.agency(envelope.agency),
        by=naming.person(envelope.actor, envelope.agency),
        detail=detail_of(naming, event),
    )


def _told(event: Written) -> str:
    """Its type, by which an opener does not learn that there is another: it opened or closed it, too (R4)."""
    match event.fact:
        case EpisodeJoined():
            return EpisodeOpened.TYPE
        case EpisodeParted():
            return EpisodeClosed.TYPE
        case fact:
            return fact.TYPE


def in_order(naming: Naming, events: Iterable[Written]) -> list[Written]:
    """Events by when they happened; those of one moment in the order in which they were stored.

    Who watches over it is told to neither side; whose it is inside an agency, to that agency alone (R22).
    """
    told = (
        event for event in events if not isinstance(event.fact, WatchMoved | ChargeHandedOn) or _ours(naming, event)
    )
    return sorted(told, key=lambda event: (event.envelope.occurred_at, event.position or 0))


def _ours(naming: Naming, event: Written) -> bool:
    return isinstance(event.fact, ChargeHandedOn) and event.envelope.agency == naming.acting.agency


def detail_of(naming: Naming, event: Written) -> dict[str, JsonValue]:
    """What the fact says, as far as it may be told: an id of the other side's own things is left out."""
    own = event.envelope.agency == naming.acting.agency
    told: dict[str, JsonValue] = {}
    if is_of_its_pregnancy(event.fact, event.envelope.causation):
        told["because"] = "pregnancy_closed"
    if isinstance(event.fact, AppointmentFact):
        told["appointment"] = str(event.stream)
    if own and (kind := _own_stream(event.fact.TYPE)) is not None:
        told[kind] = naming.out(kind, event.stream)
    for name in type(event.fact).model_fields:
        value: Any = getattr(event.fact, name)
        if value is None or value == ():
            continue
        if name in _PLAIN and not isinstance(value, UUID):
            told[name] = plain(value)
        elif name in _AGENCIES:
            told[_AGENCIES[name]] = naming.agency(value).model_dump()
        elif name in _SENDERS:
            told |= {} if own else {name: plain(value)}
        elif name in _OPEN_IDS:
            told[name] = str(value)
        elif name == "event":
            told[name] = naming.out("event", value)
        elif name == "evidence" and getattr(event.fact, "evidence_visit", False):
            told["appointment"] = str(value)
        elif own and (kind := _OWN_HANDLES.get(name)) is not None:
            told[name] = naming.out(kind, value)
    return told


def _own_stream(type_name: str) -> Kind | None:
    """What its stream is: that of its entity, but for the few that are told of another's."""
    return _OWN_STREAMS.get(type_name.rpartition(".v")[0]) or _OWN_STREAMS.get(type_name.partition(".")[0])


def plain(value: Any) -> JsonValue:
    """A field of a fact as JSON."""
    match value:
        case bool() | int() | str():
            return value if type(value) in {bool, int, str} else str(value)
        case date() | datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case tuple():
            return [plain(each) for each in value]
        case _:
            dumped: JsonValue = value.model_dump(mode="json")
            return dumped
