"""From a stored fact to its contract event: each kind of fact has one line here, and says which fields leave."""

from typing import assert_never
from uuid import UUID

from contracts.events.client import ClientRegisteredV1
from contracts.events.consent import ConsentRecordedV1
from contracts.events.contact import ContactRecordedV1, UnitsV1
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
from services.referrals.domain.catalogue import StoredFact
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.consent import ConsentRecorded
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.episode import EpisodeJoined, EpisodeOpened, ResponsibilityAssigned
from services.referrals.domain.handoff import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCompleted,
    HandoffDeclined,
    HandoffOffered,
    HandoffProposed,
)
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralReceived,
    ReferralSent,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.vocabulary import restricted_class


def contract_event(fact: StoredFact, stream: UUID) -> Event | None:
    """The published twin of a stored fact of `stream`, None for what is stored only (interface page, section 4)."""
    match fact:
        case ClientRegistered():
            return ClientRegisteredV1()
        case ConsentRecorded():
            return _consent(fact, stream)
        case EpisodeOpened(identified_on=day, age_band=band):
            return EpisodeOpenedV1(episode=stream, identified_on=day, age_band=band)
        case EpisodeJoined():
            return None
        case ResponsibilityAssigned():
            return _responsibility(fact, stream)
        case ReferralSent():
            return _sent(fact, stream)
        case ReferralReceived():
            return ReferralReceivedV1(referral=stream)
        case ReferralAccepted():
            return ReferralAcceptedV1(referral=stream)
        case ReferralDeclined(reason=reason, reason_owner=owner, source=source):
            return ReferralDeclinedV1(referral=stream, reason=reason, reason_owner=owner, source=source)
        case ReferralWaitlisted(reason=reason, reason_owner=owner):
            return ReferralWaitlistedV1(referral=stream, reason=reason, reason_owner=owner)
        case ReferralServiceStarted():
            return ReferralServiceStartedV1(referral=stream, evidence=_evidence(fact))
        case ReferralCompleted(outcome=outcome, source=source):
            return ReferralCompletedV1(referral=stream, outcome=outcome, evidence=_evidence(fact), source=source)
        case ReferralCancellationRequested(reason=reason, reason_owner=owner):
            return ReferralCancellationRequestedV1(referral=stream, reason=reason, reason_owner=owner)
        case ReferralCancelled(reason=reason, reason_owner=owner, source=source):
            return ReferralCancelledV1(referral=stream, reason=reason, reason_owner=owner, source=source)
        case ReferralAcknowledged():
            return ReferralAcknowledgedV1(referral=stream)
        case HandoffProposed():
            return _proposed(fact, stream)
        case HandoffClientAgreed():
            return HandoffClientAgreedV1(handoff=stream)
        case HandoffOffered():
            return HandoffOfferedV1(handoff=stream)
        case HandoffAccepted():
            return HandoffAcceptedV1(handoff=stream)
        case HandoffDeclined(reason=reason, reason_owner=owner):
            return HandoffDeclinedV1(handoff=stream, reason=reason, reason_owner=owner)
        case HandoffCompleted():
            return HandoffCompletedV1(handoff=stream, evidence=_evidence(fact))
        case ContactRecorded():
            return _contact(fact, stream)
        case DisclosureRecorded(kind=kind, referral=referral, handoff=handoff):
            return DisclosureRecordedV1(disclosure=stream, kind=kind, referral=referral, handoff=handoff)
        case _:
            assert_never(fact)


def restricted(fact: StoredFact) -> bool:
    """Whether a fact may never reach `care.events.v1` (R6): by the class fixed at creation, or by the domain led."""
    match fact:
        case ClientRegistered() | ConsentRecorded() | EpisodeOpened() | EpisodeJoined():
            return False
        case ResponsibilityAssigned(domain=domain):
            return restricted_class(domain) is not None
        case _:
            return fact.restricted is not None


def _evidence(fact: ReferralServiceStarted | ReferralCompleted | HandoffCompleted) -> UUID | None:
    return None if fact.evidence_restricted and fact.restricted is None else fact.evidence


def _consent(fact: ConsentRecorded, stream: UUID) -> ConsentRecordedV1:
    return ConsentRecordedV1(
        consent=stream, agreed=fact.agreed, how=fact.how, on=fact.on, purpose=fact.purpose, expires=fact.expires
    )


def _responsibility(fact: ResponsibilityAssigned, stream: UUID) -> ResponsibilityAssignedV1:
    return ResponsibilityAssignedV1(
        episode=stream, domain=fact.domain, agency=fact.agency, basis=fact.basis, handoff=fact.handoff
    )


def _sent(fact: ReferralSent, stream: UUID) -> ReferralSentV1:
    return ReferralSentV1(
        referral=stream,
        from_agency=fact.from_agency,
        to_agency=fact.to_agency,
        to_channel=fact.to_channel,
        service=fact.service,
        category=fact.category,
        need=fact.need,
        mode=fact.mode,
        priority=fact.priority,
        parent=fact.parent,
        supersedes=fact.supersedes,
    )


def _proposed(fact: HandoffProposed, stream: UUID) -> HandoffProposedV1:
    return HandoffProposedV1(
        handoff=stream,
        from_agency=fact.from_agency,
        to_agency=fact.to_agency,
        domain=fact.domain,
        kind=fact.kind,
        episode=fact.episode,
    )


def _contact(fact: ContactRecorded, stream: UUID) -> ContactRecordedV1:
    return ContactRecordedV1(
        contact=stream,
        mode=fact.mode,
        outcome=fact.outcome,
        met=fact.met,
        tags=fact.tags,
        units=tuple(UnitsV1(kind=units.kind, count=units.count) for units in fact.units),
        episode=fact.episode,
        referral=fact.referral,
        need=fact.need,
        handoff=fact.handoff,
    )
