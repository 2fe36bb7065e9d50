"""Published events of a referral: who asked whom, what came of it, and when the sender knew."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenCategory, OpenMode, OpenOutcome, OpenReason, OpenSource, Published
from contracts.vocabulary import Attestation, Channel, Priority, ReasonOwner, Slug


class ReferralSentV1(Published):
    """One agency asked another to help with a need. Informational ones have no loop and count in no rate."""

    TYPE: ClassVar[str] = "referral.sent.v1"
    category: OpenCategory
    from_agency: Slug
    mode: OpenMode
    need: UUID | None = None
    parent: UUID | None = None
    priority: Priority
    referral: UUID
    service: Slug
    supersedes: UUID | None = None
    to_agency: Slug
    to_channel: Channel


class ReferralReceivedV1(Published):
    """The receiver opened it."""

    TYPE: ClassVar[str] = "referral.received.v1"
    referral: UUID


class ReferralAcceptedV1(Published):
    """The receiver took it on."""

    TYPE: ClassVar[str] = "referral.accepted.v1"
    referral: UUID


class ReferralDeclinedV1(Published):
    """It ended without service, by the receiver's or by her own decision (`reason_owner`)."""

    TYPE: ClassVar[str] = "referral.declined.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID
    source: OpenSource


class ReferralWaitlistedV1(Published):
    """The receiver has no room now: she is on its waiting list."""

    TYPE: ClassVar[str] = "referral.waitlisted.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID


class ReferralRedirectedV1(Published):
    """It ended here and goes on as the referral `child`: at once, or once its sender sends it (`waiting`)."""

    TYPE: ClassVar[str] = "referral.redirected.v1"
    child: UUID
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID
    source: OpenSource
    waiting: bool


class ReferralServiceStartedV1(Published):
    """The receiver served her for it; `evidence` is the contact or attended visit, absent where it is restricted."""

    TYPE: ClassVar[str] = "referral.service_started.v1"
    evidence: UUID | None = None
    referral: UUID


class ReferralCompletedV1(Published):
    """It ended with service; `evidence` is the contact or visit that shows it, absent where it is restricted."""

    TYPE: ClassVar[str] = "referral.completed.v1"
    evidence: UUID | None = None
    outcome: OpenOutcome
    referral: UUID
    source: OpenSource


class ReferralCancellationRequestedV1(Published):
    """The sender asked the receiver to stop."""

    TYPE: ClassVar[str] = "referral.cancellation_requested.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID


class ReferralCancelledV1(Published):
    """It ended on the sender's wish: taken back by the sender itself, or stopped by the receiver (`source`)."""

    TYPE: ClassVar[str] = "referral.cancelled.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID
    source: OpenSource


class ReferralNotCompletedV1(Published):
    """It was taken on, or waited, and ended without being completed: by whose decision says `reason_owner`."""

    TYPE: ClassVar[str] = "referral.not_completed.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID
    source: OpenSource


class ReferralExpiredV1(Published):
    """Nobody answered in time."""

    TYPE: ClassVar[str] = "referral.expired.v1"
    reason: OpenReason
    reason_owner: ReasonOwner
    referral: UUID
    source: OpenSource


class ReferralAcknowledgedV1(Published):
    """The sender knows how it ended: the loop is closed."""

    TYPE: ClassVar[str] = "referral.acknowledged.v1"
    referral: UUID


class ReferralAttestedV1(Published):
    """A supervisor of the receiver checked how it ended."""

    TYPE: ClassVar[str] = "referral.attested.v1"
    decision: Attestation
    referral: UUID


class ReferralTakenBackV1(Published):
    """A step was pressed by mistake: what the event `event` (its `ce_id`) says does not count. Both stay on the log."""

    TYPE: ClassVar[str] = "referral.taken_back.v1"
    event: UUID
    referral: UUID


class ReferralEnteredInErrorV1(Published):
    """It should never have been sent: no figure counts anything of it. `event` is the one that sent it."""

    TYPE: ClassVar[str] = "referral.entered_in_error.v1"
    event: UUID
    referral: UUID


ReferralEvent: TypeAlias = (
    ReferralSentV1
    | ReferralReceivedV1
    | ReferralAcceptedV1
    | ReferralDeclinedV1
    | ReferralWaitlistedV1
    | ReferralRedirectedV1
    | ReferralServiceStartedV1
    | ReferralCompletedV1
    | ReferralCancellationRequestedV1
    | ReferralCancelledV1
    | ReferralNotCompletedV1
    | ReferralExpiredV1
    | ReferralAcknowledgedV1
    | ReferralAttestedV1
    | ReferralTakenBackV1
    | ReferralEnteredInErrorV1
)
