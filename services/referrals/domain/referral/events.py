"""What can happen to a referral. Its class `restricted` is fixed when it is sent and repeated in each fact (R6)."""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.fact import CodedReason, Fact, Person, Value
from services.referrals.domain.referral.ending_events import (
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralTakenBack,
)
from services.referrals.domain.vocabulary import (
    Attestation,
    Category,
    Channel,
    ExceptionCode,
    GivenField,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    RestrictedClass,
    Slug,
    Source,
    ToldBy,
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
"""An agency's own number of the referral: the sender's (FHIR placer), the receiver's (FHIR filler). Stored only."""


class ConsentException(Value):
    """Why her details go out without her yes (R1); `reason` is the vault id of the words."""

    code: ExceptionCode
    reason: UUID


class ReferralSent(Fact):
    """One agency asked another. `given` is the accounting of what the receiver may read (R1).

    `safe_contact` are the words that went with her phone or address, `contact_prohibited` that she might not be
    contacted, both as they were then: what stands now is in her plan.
    """

    TYPE: ClassVar[str] = "referral.sent.v1"
    from_agency: Slug
    to_agency: Slug
    to_channel: Channel
    service: Slug
    category: Category
    mode: Mode
    priority: Priority
    given: tuple[GivenField, ...]
    consent: UUID | None = None
    exception: ConsentException | None = None
    need: UUID | None = None
    reason_code: CodedReason | None = None
    episode: UUID | None = None
    note: UUID | None = None
    parent: UUID | None = None
    supersedes: UUID | None = None
    identifier: Identifier | None = None
    safe_contact: UUID | None = None
    contact_prohibited: bool = False
    restricted: RestrictedClass | None = None


class ReferralReceived(Fact):
    """The receiver opened it; its system may say under which number of its own it knows it."""

    TYPE: ClassVar[str] = "referral.received.v1"
    identifier: Identifier | None = None
    restricted: RestrictedClass | None = None


class ReferralAccepted(Fact):
    """The receiver took it on: `person` of its staff, from the local date `on` if said, under its own number."""

    TYPE: ClassVar[str] = "referral.accepted.v1"
    person: Person
    on: date | None = None
    source: Source = Source.RECIPIENT
    identifier: Identifier | None = None
    restricted: RestrictedClass | None = None


class ReferralDeclined(Fact):
    """It ended without service."""

    TYPE: ClassVar[str] = "referral.declined.v1"
    reason: Reason
    reason_owner: ReasonOwner
    source: Source
    restricted: RestrictedClass | None = None


class ReferralWaitlisted(Fact):
    """The receiver has no room now: she is on its waiting list, and it looks again (R15)."""

    TYPE: ClassVar[str] = "referral.waitlisted.v1"
    reason: Reason
    reason_owner: ReasonOwner
    restricted: RestrictedClass | None = None


class ReferralRedirected(Fact):
    """It goes on as the referral `child` to another agency: at once, or once the sender sends it (`waiting`, R3)."""

    TYPE: ClassVar[str] = "referral.redirected.v1"
    child: UUID
    waiting: bool
    to_agency: Slug
    service: Slug
    reason: Reason
    reason_owner: ReasonOwner
    source: Source
    restricted: RestrictedClass | None = None


class ReferralServiceStarted(Fact):
    """The receiver met or served her; `evidence` is the contact, or the visit that she came to (`evidence_visit`).

    `evidence_restricted`: whether that one is of a restricted class (R6).
    """

    TYPE: ClassVar[str] = "referral.service_started.v1"
    evidence: UUID
    evidence_restricted: bool = False
    evidence_visit: bool = False
    restricted: RestrictedClass | None = None


class ReferralCompleted(Fact):
    """It ended with service; `evidence` as in ReferralServiceStarted."""

    TYPE: ClassVar[str] = "referral.completed.v1"
    outcome: Outcome
    evidence: UUID
    source: Source
    evidence_restricted: bool = False
    evidence_visit: bool = False
    restricted: RestrictedClass | None = None


class ReferralAttested(Fact):
    """A supervisor of the receiver checked how it ended."""

    TYPE: ClassVar[str] = "referral.attested.v1"
    decision: Attestation
    restricted: RestrictedClass | None = None


class ReferralAcknowledged(Fact):
    """The sender knows how it ended: the loop is closed."""

    TYPE: ClassVar[str] = "referral.acknowledged.v1"
    channel: ToldBy
    restricted: RestrictedClass | None = None


ReferralFact: TypeAlias = (
    ReferralSent
    | ReferralReceived
    | ReferralAccepted
    | ReferralDeclined
    | ReferralWaitlisted
    | ReferralRedirected
    | ReferralServiceStarted
    | ReferralCompleted
    | ReferralCancellationRequested
    | ReferralCancelled
    | ReferralNotCompleted
    | ReferralExpired
    | ReferralAcknowledged
    | ReferralAttested
    | ReferralTakenBack
    | ReferralEnteredInError
)
