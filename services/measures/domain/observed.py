"""One published event of a client as a journey takes it, and what says of another event that it does not count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple, get_args
from uuid import UUID

from contracts.events.appointment import AppointmentEnteredInErrorV1, AppointmentTakenBackV1
from contracts.events.consent import ConsentEnteredInErrorV1
from contracts.events.contact import ContactEnteredInErrorV1, ContactTakenBackV1
from contracts.events.episode import EpisodeDatedV1, EpisodeEnteredInErrorV1, EpisodeTakenBackV1
from contracts.events.event import Published
from contracts.events.handoff import HandoffTakenBackV1
from contracts.events.need import NeedEnteredInErrorV1, ScreeningEnteredInErrorV1
from contracts.events.referral import ReferralEnteredInErrorV1, ReferralTakenBackV1
from contracts.registry import Event
from services.measures.domain.path import Moment


class Observed(NamedTuple):
    """One published event of a client: what, when, which agency recorded it, and its id (`ce_id`).

    `recorded` (aware) is when it was written down; `restricted`: it came on care.restricted.v1 (R6).
    """

    event: Event
    moment: Moment
    agency: str
    id: UUID
    recorded: datetime | None = None
    restricted: bool = False


Takings = AppointmentTakenBackV1 | ReferralTakenBackV1 | ContactTakenBackV1 | HandoffTakenBackV1 | EpisodeTakenBackV1
"""What says that an event does not count (R14): its `event` is that event's id."""

Errors = (
    AppointmentEnteredInErrorV1
    | ReferralEnteredInErrorV1
    | ContactEnteredInErrorV1
    | ConsentEnteredInErrorV1
    | EpisodeEnteredInErrorV1
    | NeedEnteredInErrorV1
    | ScreeningEnteredInErrorV1
)
"""What says that a thing should never have been written: nothing of it counts."""

_SUBJECTS: Final[Mapping[type[Published], str]] = {
    AppointmentEnteredInErrorV1: "appointment",
    ReferralEnteredInErrorV1: "referral",
    ContactEnteredInErrorV1: "contact",
    ConsentEnteredInErrorV1: "consent",
    EpisodeEnteredInErrorV1: "episode",
    NeedEnteredInErrorV1: "need",
    ScreeningEnteredInErrorV1: "screening",
}


def void(known: Collection[Observed]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Of all that is known: ids of events that do not count, and of the things of which nothing counts (R14).

    A due date that was entered in error is such an event; the pregnancy that it is of is no such thing.
    """
    told = [each for each in known if type(each.event) in _OF_OTHERS]
    if not told:
        return frozenset(), frozenset()
    taken_back = frozenset(each.event.event for each in told if isinstance(each.event, Takings))
    errors = [each.event for each in told if isinstance(each.event, Errors) and each.id not in taken_back]
    datings = {each.id for each in known if isinstance(each.event, EpisodeDatedV1)}
    wrong = [error for error in errors if isinstance(error, EpisodeEnteredInErrorV1) and error.event in datings]
    things = (getattr(error, _SUBJECTS[type(error)]) for error in errors if error not in wrong)
    return taken_back | {error.event for error in wrong}, frozenset(things)


_OF_OTHERS: Final[frozenset[type]] = frozenset((*get_args(Takings), *get_args(Errors)))


def stands(observed: Observed, taken_back: frozenset[UUID], in_error: frozenset[UUID]) -> bool:
    """Whether an event counts: neither it nor what it is about was taken back or entered in error (R14)."""
    if observed.id in taken_back or isinstance(observed.event, Takings | Errors):
        return False
    kind = observed.event.TYPE.partition(".")[0]
    return getattr(observed.event, _OF.get(kind, kind), None) not in in_error


_OF: Final = {"birth": "episode", "postpartum_visit": "episode", "responsibility": "episode"}
