"""What a journey is made of while it is made: each event goes to the moves of its entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, assert_never
from uuid import UUID

from contracts.events.appointment import AppointmentEvent
from contracts.events.birth import BirthEvent
from contracts.events.client import ClientEvent
from contracts.events.consent import ConsentEvent
from contracts.events.contact import ContactEvent
from contracts.events.directory import DirectoryEvent
from contracts.events.disclosure import DisclosureEvent
from contracts.events.episode import EpisodeEvent
from contracts.events.feedback import FeedbackEvent
from contracts.events.handoff import HandoffEvent
from contracts.events.need import NeedEvent, ScreeningEvent
from contracts.events.referral import ReferralEvent
from services.measures.domain.episode import EpisodePath
from services.measures.domain.moves import (
    appointment,
    client,
    consent,
    contact,
    episode,
    feedback,
    handoff,
    need,
    referral,
)
from services.measures.domain.need import FeedbackPath, NeedPath, Screened
from services.measures.domain.observed import Observed
from services.measures.domain.path import AppointmentPath, Contact, HandoffPath, ReferralPath
from services.measures.domain.person import Counting, Link, Stated

MOVED_BY: Final = frozenset(
    kind.TYPE
    for moves in (referral, handoff, contact, appointment, client, consent, episode, need, feedback)
    for kind in moves.MOVED_BY
)
"""The types that can change a journey; all others are passed over."""

Unmoving = DirectoryEvent | DisclosureEvent
"""What changes no journey."""


@dataclass(frozen=True, slots=True)
class Paths:
    """What is known so far, an entity a field."""

    referrals: dict[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: dict[UUID, HandoffPath] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    appointments: dict[UUID, AppointmentPath] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    counting: dict[UUID, Counting] = field(default_factory=dict)

    episodes: dict[UUID, EpisodePath] = field(default_factory=dict)
    needs: dict[UUID, NeedPath] = field(default_factory=dict)
    screenings: dict[UUID, Screened] = field(default_factory=dict)
    voices: dict[UUID, FeedbackPath] = field(default_factory=dict)

    def apply(self, observed: Observed) -> None:  # noqa: C901 - one line an entity
        """Takes one event, which was neither taken back nor entered in error."""
        event, moment, agency = observed.event, observed.moment, observed.agency
        if isinstance(event, ReferralEvent):
            referral.apply(self.referrals, event, moment)
        elif isinstance(event, ContactEvent):
            contact.apply(self.contacts, event, moment, agency)
        elif isinstance(event, HandoffEvent):
            handoff.apply(self.handoffs, event, moment)
        elif isinstance(event, AppointmentEvent):
            appointment.apply(self.appointments, event, moment)
        elif isinstance(event, EpisodeEvent | BirthEvent):
            episode.apply(self.episodes, event, moment, agency)
        elif isinstance(event, NeedEvent):
            need.apply_need(self.needs, self.screenings, event, moment, agency)
        elif isinstance(event, ScreeningEvent):
            need.apply_screening(self.screenings, event, moment, agency)
        elif isinstance(event, FeedbackEvent):
            feedback.apply(self.voices, event, moment)
        elif isinstance(event, ClientEvent):
            client.apply(self.stated, self.links, event, moment, agency)
        elif isinstance(event, ConsentEvent):
            consent.apply(self.counting, event, moment)
        elif isinstance(event, Unmoving):
            pass
        else:
            assert_never(event)

    def leave_out(self, in_error: frozenset[UUID]) -> None:
        """Forgets the things of which nothing counts."""
        things = (self.referrals, self.handoffs, self.contacts, self.appointments, self.counting)
        for paths in (*things, self.episodes, self.needs, self.screenings):
            for id in in_error & paths.keys():
                del paths[id]
