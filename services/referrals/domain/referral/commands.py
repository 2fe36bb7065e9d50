"""What can be asked of a referral: each command carries the agency that asks and when (UTC)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.consent import Agreement
from services.referrals.domain.contact import Evidence
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral.ending_commands import (
    CancelReferral,
    CloseReferral,
    ConfirmCancellation,
    EnterInError,
    ExpireReferral,
    LapseCancellation,
    LeaveReferral,
    RequestCancellation,
    StopContact,
    WithdrawConsent,
)
from services.referrals.domain.referral.events import ConsentException
from services.referrals.domain.vocabulary import (
    Attestation,
    Category,
    Channel,
    GivenField,
    Mode,
    Outcome,
    Priority,
    Reason,
    RestrictedClass,
    Source,
    ToldBy,
)


@frozen(kw_only=True)
class SendReferral:
    """`agency` asks `to_agency`. `open_twin` is an open referral of its own for the same client and service (R4).

    `today` is the local date on which the consent must hold; `service_category` is the need that the directory says the
    service is for, `named_class` the class of the need or the redirected referral that it comes from; `safe_contact`
    the vault id of the words of the sender's plan, which go where her phone or address goes.
    """

    agency: str
    at: datetime
    today: date
    to_agency: str
    service: str
    service_category: Category
    category: Category
    to_channel: Channel = Channel.SYSTEM
    mode: Mode = Mode.DIRECT
    priority: Priority = Priority.ROUTINE
    agreement: Agreement | None = None
    exception: ConsentException | None = None
    given: Iterable[GivenField] = ()
    need: UUID | None = None
    reason_code: str | None = None
    episode: UUID | None = None
    note: UUID | None = None
    parent: UUID | None = None
    supersedes: UUID | None = None
    identifier: str | None = None
    open_twin: UUID | None = None
    named_class: RestrictedClass | None = None
    safe_contact: UUID | None = None
    contact_prohibited: bool = False


@frozen(kw_only=True)
class ReceiveReferral:
    """A person of the receiver opened it, or its system says so (R11), under which number of its own, if it has one."""

    agency: str
    at: datetime
    identifier: str | None = None


@frozen(kw_only=True)
class AcceptReferral:
    """The receiver takes it on: who, from which local date if known, and under which number of its own; `source` is
    who says so for it."""

    agency: str
    at: datetime
    person: str
    on: date | None = None
    source: Source = Source.RECIPIENT
    identifier: str | None = None


@frozen(kw_only=True)
class DeclineReferral:
    """The receiver cannot, or she does not want it; `source` is who says so for it."""

    agency: str
    at: datetime
    reason: Reason
    source: Source = Source.RECIPIENT


@frozen(kw_only=True)
class WaitlistReferral:
    """The receiver has no room now, and keeps a place for her."""

    agency: str
    at: datetime
    reason: Reason


@frozen(kw_only=True)
class RedirectReferral:
    """The receiver passes it on to `to_agency`, whose service is for the need `service_category`, as the referral
    `child`; where `waiting`, once the sender sends that (R3)."""

    agency: str
    at: datetime
    child: UUID
    waiting: bool
    to_agency: str
    service: str
    service_category: Category
    reason: Reason


@frozen(kw_only=True)
class StartService:
    """The receiver met or served her for it: follows from a contact, nobody presses it. `referral` is its own id."""

    agency: str
    at: datetime
    referral: UUID
    evidence: Evidence


@frozen(kw_only=True)
class CompleteReferral:
    """The receiver says how it ended, and which contact shows it. `referral` is its own id."""

    agency: str
    at: datetime
    referral: UUID
    outcome: Outcome
    evidence: Evidence
    source: Source = Source.RECIPIENT


@frozen(kw_only=True)
class AttestReferral:
    """A supervisor of the receiver says whether it ended as it is written; `own`: whoever ended it says so itself."""

    agency: str
    at: datetime
    decision: Attestation
    own: bool = False


@frozen(kw_only=True)
class AcknowledgeReferral:
    """The sender was told how it ended (R11)."""

    agency: str
    at: datetime
    channel: ToldBy


ReferralCommand: TypeAlias = (
    SendReferral
    | ReceiveReferral
    | AcceptReferral
    | DeclineReferral
    | WaitlistReferral
    | RedirectReferral
    | StartService
    | CompleteReferral
    | CancelReferral
    | RequestCancellation
    | ConfirmCancellation
    | WithdrawConsent
    | LapseCancellation
    | AcknowledgeReferral
    | AttestReferral
    | CloseReferral
    | ExpireReferral
    | StopContact
    | LeaveReferral
    | EnterInError
)
