"""What a journey is made of while it is made: each event goes to the moves of its entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeAlias, get_args
from uuid import UUID

from contracts.events.appointment import AppointmentEvent
from contracts.events.birth import BirthEvent
from contracts.events.client import ClientEvent
from contracts.events.consent import ConsentEvent
from contracts.events.contact import ContactEvent
from contracts.events.directory import DirectoryEvent
from contracts.events.disclosure import DisclosureEvent
from contracts.events.episode import EpisodeEvent
from contracts.events.event import Published
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
from services.measures.domain.path import AppointmentPath, Contact, HandoffPath, Moment, ReferralPath
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

    def apply(self, observed: Observed) -> None:
        """Takes one event, which was neither taken back nor entered in error."""
        if move := MOVES.get(type(observed.event)):
            move(self, observed.event, observed.moment, observed.agency)

    def copy(self) -> Paths:
        """The same, to go on with: what is taken there is not taken here."""
        return Paths(*(dict(getattr(self, each.name)) for each in fields(self)))

    def leave_out(self, in_error: frozenset[UUID]) -> None:
        """Forgets the things of which nothing counts."""
        things = (self.referrals, self.handoffs, self.contacts, self.appointments, self.counting)
        for paths in (*things, self.episodes, self.needs, self.screenings):
            for id in in_error & paths.keys():
                del paths[id]


Move: TypeAlias = Callable[[Paths, Any, Moment, str], None]

_OF: Final[Sequence[tuple[object, Move]]] = (
    (ReferralEvent, lambda on, event, moment, agency: referral.apply(on.referrals, event, moment)),
    (ContactEvent, lambda on, event, moment, agency: contact.apply(on.contacts, event, moment, agency)),
    (HandoffEvent, lambda on, event, moment, agency: handoff.apply(on.handoffs, event, moment)),
    (AppointmentEvent, lambda on, event, moment, agency: appointment.apply(on.appointments, event, moment)),
    (EpisodeEvent, lambda on, event, moment, agency: episode.apply(on.episodes, event, moment, agency)),
    (BirthEvent, lambda on, event, moment, agency: episode.apply(on.episodes, event, moment, agency)),
    (NeedEvent, lambda on, event, moment, agency: need.apply_need(on.needs, on.screenings, event, moment, agency)),
    (ScreeningEvent, lambda on, event, moment, agency: need.apply_screening(on.screenings, event, moment, agency)),
    (FeedbackEvent, lambda on, event, moment, agency: feedback.apply(on.voices, event, moment)),
    (ClientEvent, lambda on, event, moment, agency: client.apply(on.stated, on.links, event, moment, agency)),
    (ConsentEvent, lambda on, event, moment, agency: consent.apply(on.counting, event, moment)),
)

MOVES: Final[Mapping[type[Published], Move]] = {kind: move for union, move in _OF for kind in get_args(union)}
"""By the type of an event, so that none is asked for in turn: there are a million."""
