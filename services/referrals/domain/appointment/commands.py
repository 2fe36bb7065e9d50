"""What can be asked of a visit: each command carries the agency that asks and when (UTC)."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral.state import Referral
from services.referrals.domain.vocabulary import CalledBy


@frozen(kw_only=True)
class BookAppointment:
    """The receiver books a visit at `due_at`; `of` is the referral as it stands, `referral` its id."""

    agency: str
    at: datetime
    due_at: datetime
    referral: UUID
    of: Referral


@frozen(kw_only=True)
class RescheduleAppointment:
    """The receiver gives it another time, on whose wish."""

    agency: str
    at: datetime
    due_at: datetime
    by: CalledBy
    of: Referral


@frozen(kw_only=True)
class AttendAppointment:
    """She came."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class MissAppointment:
    """She did not come."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class CancelAppointment:
    """It does not take place, on whose wish."""

    agency: str
    at: datetime
    by: CalledBy


@frozen(kw_only=True)
class CallOffAppointment:
    """What it was booked for has ended (its referral, or all contact: R20): follows by itself, whoever ended that."""

    agency: str
    at: datetime
    by: CalledBy


@frozen(kw_only=True)
class EnterAppointmentInError:
    """It should never have been written. `event` is its first event, `note` the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    note: UUID


AppointmentCommand: TypeAlias = (
    BookAppointment
    | RescheduleAppointment
    | AttendAppointment
    | MissAppointment
    | CancelAppointment
    | CallOffAppointment
    | EnterAppointmentInError
)
