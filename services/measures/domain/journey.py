"""What happened to one client, folded from published events in whatever order and however often they come.

Every step only ever takes the earlier of two moments, the later of two sayings, or adds what is not there yet, so it is
commutative, associative and idempotent: any arrival order, batching or replay gives the same journey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, TypeVar, assert_never
from uuid import UUID

from contracts.events.birth import BirthRecordedV1, PostpartumVisitRecordedV1
from contracts.events.client import ClientRegisteredV1
from contracts.events.consent import ConsentChangedV1, ConsentExpiredV1, ConsentRecordedV1, ConsentRevokedV1
from contracts.events.contact import ContactAmendedV1, ContactCancelledV1, ContactPlannedV1, ContactRecordedV1
from contracts.events.disclosure import DisclosureRecordedV1
from contracts.events.episode import (
    EpisodeAgeBandStatedV1,
    EpisodeClosedV1,
    EpisodeDatedV1,
    EpisodeLostV1,
    EpisodeOpenedV1,
    EpisodePrenatalCareStartedV1,
    EpisodeResumedV1,
    EpisodeSupersededV1,
    ResponsibilityAssignedV1,
)
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
    ReferralCancellationRequestedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralReceivedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
    ReferralWaitlistedV1,
)
from contracts.registry import Event
from services.measures.domain.path import Contact, HandoffPath, Moment, ReferralPath, said_last

# ---- Events


@dataclass(frozen=True, slots=True)
class Observed:
    """One published event of a client: what, when, and which agency recorded it."""

    event: Event
    moment: Moment
    agency: str


# ---- State

Referrals = dict[UUID, ReferralPath]
Handoffs = dict[UUID, HandoffPath]
Contacts = dict[UUID, Contact]

MOVED_BY: Final = frozenset(
    kind.TYPE
    for kind in (
        *(ReferralSentV1, ReferralAcceptedV1, ReferralDeclinedV1, ReferralServiceStartedV1, ReferralCompletedV1),
        *(
            ReferralWaitlistedV1,
            ReferralCancelledV1,
            ReferralAcknowledgedV1,
            HandoffOfferedV1,
            HandoffCompletedV1,
            ContactRecordedV1,
            ContactAmendedV1,
        ),
    )
)
"""The types that can change a journey; all others are passed over."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One client's referrals, handoffs and contacts by id, each contact as it was said last."""

    referrals: Mapping[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: Mapping[UUID, HandoffPath] = field(default_factory=dict)
    contacts: Mapping[UUID, Contact] = field(default_factory=dict)

    def in_order(self) -> list[Contact]:
        """Contacts in which she was met, by time, then by place in the event store."""
        return sorted((each for each in self.contacts.values() if each.met), key=lambda contact: contact.moment)

    def consecutive(self) -> Iterable[tuple[Contact, Contact]]:
        """Each completed contact with the one after it."""
        return pairwise(self.in_order())


# ---- evolve


def evolve(journey: Journey, observed: Observed) -> Journey:
    """The journey with one more event known."""
    return fold((observed,), journey)


def _apply(referrals: Referrals, handoffs: Handoffs, contacts: Contacts, observed: Observed) -> None:
    moment = observed.moment
    match observed.event:
        case ReferralSentV1() as sent:
            if _step(referrals, sent.referral, ReferralPath(), sent=moment):
                known = referrals[sent.referral]
                referrals[sent.referral] = replace(known, category=str(sent.category), mode=str(sent.mode))
        case ReferralAcceptedV1(referral=referral) | ReferralWaitlistedV1(referral=referral):
            _step(referrals, referral, ReferralPath(), answered=moment)
        case ReferralDeclinedV1(referral=referral):
            _step(referrals, referral, ReferralPath(), answered=moment, ended=moment)
        case ReferralServiceStartedV1(referral=referral):
            _step(referrals, referral, ReferralPath(), connected=moment)
        case ReferralCompletedV1(referral=referral):
            _step(referrals, referral, ReferralPath(), connected=moment, ended=moment)
        case ReferralCancelledV1(referral=referral, source="sender" | "client"):
            _step(referrals, referral, ReferralPath(), withdrawn=moment, ended=moment)
        case ReferralCancelledV1(referral=referral):
            _step(referrals, referral, ReferralPath(), ended=moment)
        case ReferralAcknowledgedV1(referral=referral):
            _step(referrals, referral, ReferralPath(), acknowledged=moment)
        case HandoffOfferedV1(handoff=handoff):
            _step(handoffs, handoff, HandoffPath(), offered=moment)
        case HandoffCompletedV1(handoff=handoff):
            _step(handoffs, handoff, HandoffPath(), completed=moment)
        case ContactRecordedV1(contact=contact, met=True, outcome="completed"):
            contacts[contact] = said_last(contacts.get(contact), Contact(moment, observed.agency))
        case ContactAmendedV1(contact=contact, met=met):
            contacts[contact] = said_last(contacts.get(contact), Contact(moment, observed.agency, met))
        case (
            ContactRecordedV1()
            | ContactPlannedV1()
            | ContactCancelledV1()
            | ClientRegisteredV1()
            | ConsentRecordedV1()
            | ConsentChangedV1()
            | ConsentRevokedV1()
            | ConsentExpiredV1()
            | DisclosureRecordedV1()
            | EpisodeOpenedV1()
            | EpisodeAgeBandStatedV1()
            | EpisodeDatedV1()
            | EpisodePrenatalCareStartedV1()
            | EpisodeLostV1()
            | EpisodeResumedV1()
            | EpisodeSupersededV1()
            | EpisodeClosedV1()
            | BirthRecordedV1()
            | PostpartumVisitRecordedV1()
            | ResponsibilityAssignedV1()
            | ReferralReceivedV1()
            | ReferralCancellationRequestedV1()
            | HandoffProposedV1()
            | HandoffClientAgreedV1()
            | HandoffAcceptedV1()
            | HandoffDeclinedV1()
        ):
            pass
        case never:
            assert_never(never)


Path = TypeVar("Path", ReferralPath, HandoffPath)


def _step(paths: dict[UUID, Path], id: UUID, new: Path, **moments: Moment) -> bool:
    """Takes each of these moments where none is known yet or only a later one is; says whether one was taken."""
    path = paths.get(id, new)
    changed: dict[str, Any] = {
        name: moment for name, moment in moments.items() if (was := getattr(path, name)) is None or moment < was
    }
    if changed:
        paths[id] = replace(path, **changed)
    return bool(changed)


# ---- fold


def fold(observed: Iterable[Observed], journey: Journey | None = None) -> Journey:
    """The journey of all these events, going on from `journey` when one is given."""
    start = journey or Journey()
    referrals, handoffs, contacts = dict(start.referrals), dict(start.handoffs), dict(start.contacts)
    for each in observed:
        _apply(referrals, handoffs, contacts, each)
    return Journey(referrals, handoffs, contacts)
