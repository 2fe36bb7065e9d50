"""What happened to one client, folded from published events in whatever order and however often they come.

What is known is a set of events by their ids, and the journey follows from that set: those that were taken back, and
what was entered in error, are left out; each move (`moves`) takes the earlier of two moments, the later of two sayings,
or adds what is not there yet. So the fold is commutative, associative and idempotent: any arrival order, batching or
replay gives the same journey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, assert_never
from uuid import UUID

from contracts.events.appointment import AppointmentEnteredInErrorV1, AppointmentEvent, AppointmentTakenBackV1
from contracts.events.birth import BirthEvent
from contracts.events.client import ClientDemographicsStatedV1, ClientEvent
from contracts.events.consent import ConsentEnteredInErrorV1, ConsentEvent
from contracts.events.contact import ContactEnteredInErrorV1, ContactEvent, ContactTakenBackV1
from contracts.events.directory import DirectoryEvent
from contracts.events.disclosure import DisclosureEvent
from contracts.events.episode import EpisodeEvent
from contracts.events.feedback import FeedbackEvent
from contracts.events.handoff import HandoffEvent, HandoffTakenBackV1
from contracts.events.need import NeedEvent, ScreeningEvent
from contracts.events.referral import ReferralEnteredInErrorV1, ReferralEvent, ReferralTakenBackV1
from contracts.initiative import MeasurementConsent
from contracts.registry import Event
from services.measures.domain.moves import appointment, client, consent, contact, handoff, referral
from services.measures.domain.path import AppointmentPath, Contact, HandoffPath, Moment, ReferralPath
from services.measures.domain.person import Counting, Link, Stated, is_counted, prevailing

# ---- Events


@dataclass(frozen=True, slots=True)
class Observed:
    """One published event of a client: what, when, which agency recorded it, and its id (`ce_id`)."""

    event: Event
    moment: Moment
    agency: str
    id: UUID


# ---- State

MOVED_BY: Final = frozenset(
    kind.TYPE
    for kind in (
        *(*referral.MOVED_BY, *handoff.MOVED_BY, *contact.MOVED_BY),
        *(*appointment.MOVED_BY, *client.MOVED_BY, *consent.MOVED_BY),
    )
)
"""The types that can change a journey; all others are passed over."""

Unmoving = DirectoryEvent | DisclosureEvent | EpisodeEvent | BirthEvent | FeedbackEvent | NeedEvent | ScreeningEvent
"""What changes no journey."""

Takings = AppointmentTakenBackV1 | ReferralTakenBackV1 | ContactTakenBackV1 | HandoffTakenBackV1
"""What says that an event does not count (R14): its `event` is that event's id."""

Errors = AppointmentEnteredInErrorV1 | ReferralEnteredInErrorV1 | ContactEnteredInErrorV1 | ConsentEnteredInErrorV1
"""What says that a thing should never have been written: nothing of it counts."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One client's referrals, handoffs, contacts and visits by id, each contact as it was said last.

    `counting` is what each consent says last of being counted in figures.
    `known` are the events from which they follow; `taken_back` are ids of events, `in_error` of what they are about.
    """

    known: Mapping[UUID, Observed] = field(default_factory=dict, compare=False, repr=False)
    taken_back: frozenset[UUID] = frozenset()
    in_error: frozenset[UUID] = frozenset()
    referrals: Mapping[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: Mapping[UUID, HandoffPath] = field(default_factory=dict)
    contacts: Mapping[UUID, Contact] = field(default_factory=dict)
    appointments: Mapping[UUID, AppointmentPath] = field(default_factory=dict)
    stated: Mapping[str, Stated] = field(default_factory=dict)
    links: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    counting: Mapping[UUID, Counting] = field(default_factory=dict)

    def is_counted(self, rule: MeasurementConsent) -> bool:
        """Whether figures count her, by what she said and the initiative's rule (R7)."""
        return is_counted(self.counting, rule)

    @property
    def demographics(self) -> ClientDemographicsStatedV1 | None:
        """Who she says she is (R7), None where nobody stated it."""
        return prevailing(self.stated)

    @property
    def others(self) -> frozenset[str]:
        """The pseudonyms of clients that some agency takes for her (R21)."""
        return frozenset(other for (_, other), link in self.links.items() if link.same)

    def in_order(self) -> list[Contact]:
        """Contacts in which she was met, by time, then by place in the event store."""
        return sorted((each for each in self.contacts.values() if each.met), key=lambda contact: contact.moment)

    def consecutive(self) -> Iterable[tuple[Contact, Contact]]:
        """Each completed contact with the one after it."""
        return pairwise(self.in_order())


@dataclass(frozen=True, slots=True)
class _Paths:
    """What a journey is made of while it is made."""

    referrals: dict[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: dict[UUID, HandoffPath] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    appointments: dict[UUID, AppointmentPath] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    counting: dict[UUID, Counting] = field(default_factory=dict)

    def apply(self, observed: Observed) -> None:
        event, moment = observed.event, observed.moment
        if isinstance(event, ReferralEvent):
            referral.apply(self.referrals, event, moment)
        elif isinstance(event, HandoffEvent):
            handoff.apply(self.handoffs, event, moment)
        elif isinstance(event, ContactEvent):
            contact.apply(self.contacts, event, moment, observed.agency)
        elif isinstance(event, AppointmentEvent):
            appointment.apply(self.appointments, event, moment)
        elif isinstance(event, ClientEvent):
            client.apply(self.stated, self.links, event, moment, observed.agency)
        elif isinstance(event, ConsentEvent):
            consent.apply(self.counting, event, moment)
        elif isinstance(event, Unmoving):
            pass
        else:
            assert_never(event)

    def leave_out(self, in_error: frozenset[UUID]) -> None:
        for paths in (self.referrals, self.handoffs, self.contacts, self.appointments, self.counting):
            for id in in_error & paths.keys():
                del paths[id]


# ---- evolve


def evolve(journey: Journey, observed: Observed) -> Journey:
    """The journey with one more event known."""
    return fold((observed,), journey)


# ---- fold


def fold(observed: Iterable[Observed], journey: Journey | None = None) -> Journey:
    """The journey of all these events, going on from `journey` when one is given."""
    known = dict(journey.known) if journey else {}
    known |= {each.id: each for each in observed if each.event.TYPE in MOVED_BY}
    taken_back = frozenset(each.event.event for each in known.values() if isinstance(each.event, Takings))
    counting = [each for each in known.values() if each.id not in taken_back]
    in_error = frozenset(_subject(each.event) for each in counting if isinstance(each.event, Errors))
    paths = _Paths()
    for each in counting:
        paths.apply(each)
    paths.leave_out(in_error)
    return Journey(
        known,
        taken_back,
        in_error,
        referrals=paths.referrals,
        handoffs=paths.handoffs,
        contacts=paths.contacts,
        appointments=paths.appointments,
        stated=paths.stated,
        links=paths.links,
        counting=paths.counting,
    )


def _subject(error: Errors) -> UUID:
    """The thing that an event enters in error."""
    if isinstance(error, AppointmentEnteredInErrorV1):
        return error.appointment
    if isinstance(error, ConsentEnteredInErrorV1):
        return error.consent
    return error.referral if isinstance(error, ReferralEnteredInErrorV1) else error.contact
