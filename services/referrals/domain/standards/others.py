"""A referral in the words of HL7 SDOH Clinical Care, of HUD's HMIS (4.20) and of California's DHCS, a table each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.referrals.domain.appointment import Appointment, AppointmentStatus
from services.referrals.domain.referral import Referral, ReferralStatus
from services.referrals.domain.standards.latest import TAKEN_ON, Latest, latest
from services.referrals.domain.vocabulary import Category, Reason, ReasonOwner


class SdohccTask(StrEnum):
    """Task.status of the referral profile of HL7 SDOH Clinical Care (STU3): no `received`, no `ready`."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    ON_HOLD = "on-hold"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


SDOHCC: Mapping[ReferralStatus, SdohccTask] = MappingProxyType(
    {
        ReferralStatus.SENT: SdohccTask.REQUESTED,
        ReferralStatus.RECEIVED: SdohccTask.REQUESTED,
        ReferralStatus.ACCEPTED: SdohccTask.ACCEPTED,
        ReferralStatus.WAITLISTED: SdohccTask.ON_HOLD,
        ReferralStatus.IN_SERVICE: SdohccTask.IN_PROGRESS,
        ReferralStatus.CANCEL_REQUESTED: SdohccTask.IN_PROGRESS,
        ReferralStatus.COMPLETED: SdohccTask.COMPLETED,
        ReferralStatus.NOT_COMPLETED: SdohccTask.FAILED,
        ReferralStatus.DECLINED: SdohccTask.REJECTED,
        ReferralStatus.CANCELLED: SdohccTask.CANCELLED,
        ReferralStatus.EXPIRED: SdohccTask.CANCELLED,
        ReferralStatus.REDIRECTED: SdohccTask.CANCELLED,
        ReferralStatus.ENTERED_IN_ERROR: SdohccTask.ENTERED_IN_ERROR,
    }
)
"""What a state is called there (domain F2); one that was accepted is in progress from its first visit on."""


def sdohcc(state: Referral, visits: Iterable[Appointment]) -> SdohccTask:
    """A referral with its visits as SDOH Clinical Care calls it."""
    begun = state.status is ReferralStatus.ACCEPTED and latest(state, visits).what is not Latest.ACCEPTED
    return SdohccTask.IN_PROGRESS if begun else SDOHCC[state.status]


class Hmis(IntEnum):
    """Results of a referral event of HMIS coordinated entry (data element 4.20)."""

    CLIENT_ACCEPTED = 1
    CLIENT_REJECTED = 2
    PROVIDER_REJECTED = 3


HOUSING = frozenset({Category.HOUSING_INSTABILITY, Category.HOMELESSNESS, Category.INADEQUATE_HOUSING})
"""What 4.20 knows events of: for all other needs it has no word (R16)."""

HMIS: Mapping[ReferralStatus, Hmis] = MappingProxyType(
    {
        ReferralStatus.IN_SERVICE: Hmis.CLIENT_ACCEPTED,
        ReferralStatus.COMPLETED: Hmis.CLIENT_ACCEPTED,
        ReferralStatus.DECLINED: Hmis.PROVIDER_REJECTED,
        ReferralStatus.CANCELLED: Hmis.CLIENT_REJECTED,
        ReferralStatus.EXPIRED: Hmis.PROVIDER_REJECTED,
    }
)

HMIS_BY_OWNER: Mapping[tuple[ReferralStatus, ReasonOwner], Hmis] = MappingProxyType(
    {
        (ReferralStatus.NOT_COMPLETED, ReasonOwner.CLIENT): Hmis.CLIENT_REJECTED,
        (ReferralStatus.NOT_COMPLETED, ReasonOwner.RECIPIENT): Hmis.PROVIDER_REJECTED,
        (ReferralStatus.DECLINED, ReasonOwner.CLIENT): Hmis.CLIENT_REJECTED,
    }
)
"""Whose decision it was, where that tells: the client's no is never the provider's no."""


def hmis(state: Referral) -> Hmis | None:
    """The result of a housing referral; None where 4.20 has no word."""
    if state.sent.category not in HOUSING:
        return None
    owned = HMIS_BY_OWNER.get((state.status, state.reason_owner)) if state.reason_owner else None
    return owned or HMIS.get(state.status)


class DhcsStatus(StrEnum):
    """Referral Status of DHCS closed-loop referrals. Unverified: the guidance of May 2025 was not read itself."""

    PENDING = "Pending"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    OUTREACH_INITIATED = "Outreach Initiated"
    CLOSED = "Referral Loop Closed"


class DhcsReason(StrEnum):
    """Reason for Referral Loop Closure. Unverified, as `DhcsStatus`."""

    SERVICES_RECEIVED = "Services Received"
    PROVIDER_DECLINED = "Service Provider Declined"
    UNABLE_TO_REACH = "Unable to Reach Member"
    NOT_ELIGIBLE = "Member No Longer Eligible"
    MEMBER_DECLINES = "Member No Longer Needs/Declines Services"
    OTHER = "Other"


DHCS: Mapping[ReferralStatus, DhcsStatus] = MappingProxyType(
    {
        ReferralStatus.SENT: DhcsStatus.PENDING,
        ReferralStatus.RECEIVED: DhcsStatus.PENDING,
        ReferralStatus.ACCEPTED: DhcsStatus.ACCEPTED,
        ReferralStatus.WAITLISTED: DhcsStatus.ACCEPTED,
        ReferralStatus.IN_SERVICE: DhcsStatus.CLOSED,
        ReferralStatus.COMPLETED: DhcsStatus.CLOSED,
        ReferralStatus.NOT_COMPLETED: DhcsStatus.CLOSED,
        ReferralStatus.DECLINED: DhcsStatus.DECLINED,
        ReferralStatus.CANCELLED: DhcsStatus.CLOSED,
    }
)
"""What a state is called there (domain F2); one that was accepted has its outreach begun from its first visit on."""

DHCS_REASONS: Mapping[Reason, DhcsReason] = MappingProxyType(
    {Reason.UNABLE_TO_REACH: DhcsReason.UNABLE_TO_REACH, Reason.INELIGIBLE: DhcsReason.NOT_ELIGIBLE}
)
DHCS_OWNERS: Mapping[ReasonOwner, DhcsReason] = MappingProxyType(
    {
        ReasonOwner.CLIENT: DhcsReason.MEMBER_DECLINES,
        ReasonOwner.RECIPIENT: DhcsReason.PROVIDER_DECLINED,
        ReasonOwner.CONTACT: DhcsReason.UNABLE_TO_REACH,
        ReasonOwner.OTHER: DhcsReason.OTHER,
    }
)


IN_ERROR = AppointmentStatus.ENTERED_IN_ERROR


class Dhcs(NamedTuple):
    """Status, since when (UTC), and why the loop closed; None where DHCS has no word."""

    status: DhcsStatus | None
    since: datetime | None
    closure_reason: DhcsReason | None


def dhcs(state: Referral, visits: Iterable[Appointment]) -> Dhcs:
    """A referral with its visits as DHCS calls it."""
    status = DHCS.get(state.status)
    if status is None:
        return Dhcs(None, None, None)
    if state.status is ReferralStatus.ACCEPTED and (
        booked := [visit.booked_at for visit in visits if visit.status is not IN_ERROR]
    ):
        return Dhcs(DhcsStatus.OUTREACH_INITIATED, min(booked), None)
    if state.status in {ReferralStatus.IN_SERVICE, ReferralStatus.COMPLETED}:
        return Dhcs(status, state.connected_at, DhcsReason.SERVICES_RECEIVED)
    if state.status in TAKEN_ON or state.ended_at is None:
        since = {ReferralStatus.ACCEPTED: state.accepted_at, ReferralStatus.WAITLISTED: state.waitlisted_at}
        return Dhcs(status, since.get(state.status) or state.sent_at, None)
    return Dhcs(status, state.ended_at, _why(state))


def _why(state: Referral) -> DhcsReason:
    if state.status is ReferralStatus.CANCELLED:
        return DhcsReason.MEMBER_DECLINES
    named = DHCS_REASONS.get(state.reason) if state.reason else None
    return named or DHCS_OWNERS[state.reason_owner or ReasonOwner.OTHER]
