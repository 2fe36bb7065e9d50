"""What happened to one client, folded from published events in whatever order and however often they come.

Every step only ever takes the earlier of two moments or adds what is not there yet, so it is commutative, associative
and idempotent: any arrival order, batching or replay gives the same journey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from itertools import pairwise
from typing import Any, TypeVar, assert_never
from uuid import UUID

from contracts.events.client import ClientRegisteredV1
from contracts.events.consent import ConsentRecordedV1
from contracts.events.contact import ContactRecordedV1
from contracts.events.disclosure import DisclosureRecordedV1
from contracts.events.episode import EpisodeOpenedV1, ResponsibilityAssignedV1
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffClientAgreedV1,
    HandoffCompletedV1,
    HandoffDeclinedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
)
from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralReceivedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
)
from contracts.registry import Event

# ---- Events


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When something happened (aware), and its place in the event store among what happened at the same time."""

    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Observed:
    """One published event of a client: what, when, and which agency recorded it."""

    event: Event
    moment: Moment
    agency: str


# ---- State


@dataclass(frozen=True, slots=True)
class ReferralPath:
    """The moments of one referral that measures ask for; `category` and `mode` are known once `sent` is."""

    sent: Moment | None = None
    category: str | None = None
    mode: str | None = None
    answered: Moment | None = None
    connected: Moment | None = None
    ended: Moment | None = None
    acknowledged: Moment | None = None


@dataclass(frozen=True, slots=True)
class HandoffPath:
    """The moments of one handoff that measures ask for."""

    offered: Moment | None = None
    completed: Moment | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A completed contact in which she was met or answered (rule R17)."""

    moment: Moment
    agency: str


@dataclass(frozen=True, slots=True)
class Journey:
    """One client's referrals, handoffs and completed contacts by id."""

    referrals: Mapping[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: Mapping[UUID, HandoffPath] = field(default_factory=dict)
    contacts: Mapping[UUID, Contact] = field(default_factory=dict)

    def in_order(self) -> list[Contact]:
        """Completed contacts by time, then by place in the event store."""
        return sorted(self.contacts.values(), key=lambda contact: contact.moment)

    def consecutive(self) -> Iterable[tuple[Contact, Contact]]:
        """Each completed contact with the one after it."""
        return pairwise(self.in_order())


# ---- evolve


def evolve(journey: Journey, observed: Observed) -> Journey:
    """The journey with one more event known."""
    moment = observed.moment
    match observed.event:
        case ReferralSentV1() as sent:
            return _sent(journey, sent, moment)
        case ReferralAcceptedV1(referral=referral):
            return _referral(journey, referral, answered=moment)
        case ReferralDeclinedV1(referral=referral):
            return _referral(journey, referral, answered=moment, ended=moment)
        case ReferralServiceStartedV1(referral=referral):
            return _referral(journey, referral, connected=moment)
        case ReferralCompletedV1(referral=referral):
            return _referral(journey, referral, connected=moment, ended=moment)
        case ReferralAcknowledgedV1(referral=referral):
            return _referral(journey, referral, acknowledged=moment)
        case HandoffOfferedV1(handoff=handoff):
            return _handoff(journey, handoff, offered=moment)
        case HandoffCompletedV1(handoff=handoff):
            return _handoff(journey, handoff, completed=moment)
        case ContactRecordedV1() as contact:
            return _contact(journey, contact, observed)
        case (
            ClientRegisteredV1()
            | ConsentRecordedV1()
            | DisclosureRecordedV1()
            | EpisodeOpenedV1()
            | ResponsibilityAssignedV1()
            | ReferralReceivedV1()
            | HandoffProposedV1()
            | HandoffClientAgreedV1()
            | HandoffAcceptedV1()
            | HandoffDeclinedV1()
        ):
            return journey
        case never:
            assert_never(never)


def _sent(journey: Journey, sent: ReferralSentV1, moment: Moment) -> Journey:
    path = _earlier(journey.referrals.get(sent.referral, ReferralPath()), sent=moment)
    if path.sent == moment:
        path = replace(path, category=str(sent.category), mode=str(sent.mode))
    return replace(journey, referrals={**journey.referrals, sent.referral: path})


def _referral(journey: Journey, referral: UUID, **moments: Moment) -> Journey:
    path = _earlier(journey.referrals.get(referral, ReferralPath()), **moments)
    return replace(journey, referrals={**journey.referrals, referral: path})


def _handoff(journey: Journey, handoff: UUID, **moments: Moment) -> Journey:
    path = _earlier(journey.handoffs.get(handoff, HandoffPath()), **moments)
    return replace(journey, handoffs={**journey.handoffs, handoff: path})


def _contact(journey: Journey, recorded: ContactRecordedV1, observed: Observed) -> Journey:
    known = journey.contacts.get(recorded.contact)
    if not (recorded.met and recorded.outcome == "completed") or (known and known.moment <= observed.moment):
        return journey
    contact = Contact(observed.moment, observed.agency)
    return replace(journey, contacts={**journey.contacts, recorded.contact: contact})


Path = TypeVar("Path", ReferralPath, HandoffPath)


def _earlier(path: Path, **moments: Moment) -> Path:
    """The path with each of these moments, where none is known yet or only a later one is."""
    changed: dict[str, Any] = {
        name: moment for name, moment in moments.items() if (was := getattr(path, name)) is None or moment < was
    }
    return replace(path, **changed)


# ---- fold


def fold(observed: Iterable[Observed], journey: Journey | None = None) -> Journey:
    """The journey of all these events, going on from `journey` when one is given."""
    return reduce(evolve, observed, journey or Journey())
