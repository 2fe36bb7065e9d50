"""What others may read of a handoff: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffClientAgreedV1,
    HandoffClientDeclinedV1,
    HandoffCompletedV1,
    HandoffDeclinedV1,
    HandoffEvent,
    HandoffExpiredV1,
    HandoffFailedV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
    HandoffTakenBackV1,
    HandoffWithdrawnV1,
)
from services.referrals.domain.handoff import (
    HandoffAccepted,
    HandoffAcknowledged,
    HandoffClientAgreed,
    HandoffClientDeclined,
    HandoffCompleted,
    HandoffDeclined,
    HandoffExpired,
    HandoffFact,
    HandoffFailed,
    HandoffIntroduced,
    HandoffOffered,
    HandoffProposed,
    HandoffTakenBack,
    HandoffWithdrawn,
)
from services.referrals.publishing.evidence import evidence


def of_handoff(fact: HandoffFact, stream: UUID) -> HandoffEvent | None:
    """The published twin of a fact of `stream`; that its sender has read the end is stored only."""
    match fact:
        case HandoffAcknowledged():
            return None
        case HandoffClientDeclined():
            return HandoffClientDeclinedV1(handoff=stream)
        case HandoffWithdrawn(reason=reason, reason_owner=owner):
            return HandoffWithdrawnV1(handoff=stream, reason=reason, reason_owner=owner)
        case HandoffIntroduced(client_present=present):
            return HandoffIntroducedV1(handoff=stream, client_present=present)
        case HandoffExpired():
            return HandoffExpiredV1(handoff=stream)
        case HandoffFailed(reason=cause, reason_owner=whose):
            return HandoffFailedV1(handoff=stream, reason=cause, reason_owner=whose)
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
            return HandoffCompletedV1(handoff=stream, evidence=evidence(fact))
        case HandoffTakenBack(event=event):
            return HandoffTakenBackV1(event=event, handoff=stream)
        case _:
            assert_never(fact)


def _proposed(fact: HandoffProposed, stream: UUID) -> HandoffProposedV1:
    return HandoffProposedV1(
        handoff=stream,
        from_agency=fact.from_agency,
        to_agency=fact.to_agency,
        domain=fact.domain,
        kind=fact.kind,
        episode=fact.episode,
    )
