"""What others may read of a referral: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralAttestedV1,
    ReferralCancellationRequestedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralEnteredInErrorV1,
    ReferralEvent,
    ReferralExpiredV1,
    ReferralNotCompletedV1,
    ReferralReceivedV1,
    ReferralRedirectedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
    ReferralTakenBackV1,
    ReferralWaitlistedV1,
)
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralAttested,
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralFact,
    ReferralNotCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralSent,
    ReferralServiceStarted,
    ReferralTakenBack,
    ReferralWaitlisted,
)
from services.referrals.publishing.evidence import evidence


def of_referral(fact: ReferralFact, stream: UUID) -> ReferralEvent:
    """The published twin of a fact of `stream`."""
    match fact:
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
        case ReferralRedirected():
            return ReferralRedirectedV1(
                child=fact.child,
                reason=fact.reason,
                reason_owner=fact.reason_owner,
                referral=stream,
                source=fact.source,
                waiting=fact.waiting,
            )
        case ReferralServiceStarted():
            return ReferralServiceStartedV1(referral=stream, evidence=evidence(fact))
        case ReferralCompleted(outcome=outcome, source=source):
            return ReferralCompletedV1(referral=stream, outcome=outcome, evidence=evidence(fact), source=source)
        case ReferralCancellationRequested(reason=reason, reason_owner=owner):
            return ReferralCancellationRequestedV1(referral=stream, reason=reason, reason_owner=owner)
        case ReferralCancelled(reason=reason, reason_owner=owner, source=source):
            return ReferralCancelledV1(referral=stream, reason=reason, reason_owner=owner, source=source)
        case ReferralNotCompleted(reason=reason, reason_owner=owner, source=source):
            return ReferralNotCompletedV1(referral=stream, reason=reason, reason_owner=owner, source=source)
        case ReferralExpired(reason=reason, reason_owner=owner, source=source):
            return ReferralExpiredV1(referral=stream, reason=reason, reason_owner=owner, source=source)
        case ReferralAcknowledged():
            return ReferralAcknowledgedV1(referral=stream)
        case ReferralAttested(decision=decision):
            return ReferralAttestedV1(referral=stream, decision=decision)
        case ReferralTakenBack(event=event):
            return ReferralTakenBackV1(event=event, referral=stream)
        case ReferralEnteredInError(event=event):
            return ReferralEnteredInErrorV1(event=event, referral=stream)
        case _:
            assert_never(fact)


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
