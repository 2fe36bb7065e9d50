"""A referral in the words of HL7 BSeR (STU2 ballot): Task.status, business status, and its table of transitions."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.referrals.domain.appointment import Appointment
from services.referrals.domain.referral import Referral, ReferralStatus
from services.referrals.domain.standards.latest import TAKEN_ON, Latest, latest
from services.referrals.domain.vocabulary import Side


class Task(StrEnum):
    """Task.status, as far as BSeR uses it."""

    DRAFT = "draft"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Business(StrEnum):
    """TaskBusinessStatusCS. 5.1, which four of its transitions use, is not in it and is never written (R16)."""

    CREATED = "2.0"
    ACCEPTED = "3.0"
    DECLINED = "4.0"
    SCHEDULED = "5.1.1"
    UNATTENDED = "5.1.2"
    EVENT_CANCELLED = "5.1.3"
    EVENT_COMPLETED = "5.1.4"
    CANCELLATION_REQUESTED = "5.2"
    FULFILLMENT_CANCELLED = "6.0"
    FULFILLMENT_COMPLETED = "7.0"


class Bser(NamedTuple):
    """Both words; None where BSeR has none."""

    status: Task | None
    business_status: Business | None


_REJECTED = Bser(Task.REJECTED, Business.DECLINED)

STATES: Mapping[ReferralStatus, Bser] = MappingProxyType(
    {
        ReferralStatus.SENT: Bser(Task.RECEIVED, Business.CREATED),
        ReferralStatus.RECEIVED: Bser(Task.RECEIVED, Business.CREATED),
        ReferralStatus.WAITLISTED: Bser(Task.ACCEPTED, Business.ACCEPTED),
        ReferralStatus.CANCEL_REQUESTED: Bser(Task.IN_PROGRESS, Business.CANCELLATION_REQUESTED),
        ReferralStatus.COMPLETED: Bser(Task.COMPLETED, Business.FULFILLMENT_COMPLETED),
        ReferralStatus.NOT_COMPLETED: _REJECTED,
        ReferralStatus.DECLINED: _REJECTED,
        ReferralStatus.CANCELLED: Bser(Task.CANCELLED, Business.FULFILLMENT_CANCELLED),
        ReferralStatus.EXPIRED: _REJECTED,
        ReferralStatus.REDIRECTED: _REJECTED,
        ReferralStatus.ENTERED_IN_ERROR: Bser(None, None),
    }
)
"""What a state is called there (domain F2); one that was taken on is called after its latest fact."""

FACTS: Mapping[Latest, Bser] = MappingProxyType(
    {
        Latest.ACCEPTED: Bser(Task.ACCEPTED, Business.ACCEPTED),
        Latest.SERVED: Bser(Task.IN_PROGRESS, Business.EVENT_COMPLETED),
        Latest.BOOKED: Bser(Task.IN_PROGRESS, Business.SCHEDULED),
        Latest.NO_SHOW: Bser(Task.IN_PROGRESS, Business.UNATTENDED),
        Latest.CANCELLED: Bser(Task.IN_PROGRESS, Business.EVENT_CANCELLED),
        Latest.ATTENDED: Bser(Task.IN_PROGRESS, Business.EVENT_COMPLETED),
    }
)


def bser(state: Referral, visits: Iterable[Appointment]) -> Bser:
    """A referral with its visits as BSeR calls it."""
    return FACTS[latest(state, visits).what] if state.status in TAKEN_ON else STATES[state.status]


class Trigger(StrEnum):
    """What one side sends there."""

    PACKAGE = "Send Referral Package"
    ACCEPTANCE = "Send Acceptance"
    DECLINE = "Send Decline"
    CANCELLATION_REQUEST = "Send Cancellation Request"
    SCHEDULE = "Send Schedule Visit Info"
    RESCHEDULED = "Rescheduled"
    NO_SHOW = "No-Show"
    APPOINTMENT_CANCEL = "Appointment cancel"
    INTERIM_NOTE = "Send Interim Consultation Note"
    OUTCOME = "Send Referral Outcome"
    CANCELLATION_CONFIRMATION = "Cancellation Confirmation"


class Transition(NamedTuple):
    """One row: `source` is the business status before, None for a draft."""

    tid: int
    side: Side
    trigger: Trigger
    source: Business | None
    target: Bser


def _row(tid: int, side: str, trigger: Trigger, source: str | None, target: tuple[str, str]) -> Transition:
    sides = {"I": Side.SENDER, "R": Side.RECEIVER}
    before = None if source is None else Business(source)
    return Transition(tid, sides[side], trigger, before, Bser(Task(target[0]), Business(target[1])))


_SCHEDULED, _MISSED, _OFF = ("in-progress", "5.1.1"), ("in-progress", "5.1.2"), ("in-progress", "5.1.3")
_NOTED, _ASKED, _NO, _DONE = ("in-progress", "5.1.4"), ("in-progress", "5.2"), ("rejected", "4.0"), ("completed", "7.0")

TRANSITIONS: tuple[Transition, ...] = (
    _row(1, "I", Trigger.PACKAGE, None, ("received", "2.0")),
    _row(2, "R", Trigger.ACCEPTANCE, "2.0", ("accepted", "3.0")),
    _row(3, "R", Trigger.DECLINE, "2.0", _NO),
    _row(4, "I", Trigger.CANCELLATION_REQUEST, "2.0", _ASKED),
    _row(5, "R", Trigger.DECLINE, "3.0", _NO),
    _row(6, "R", Trigger.SCHEDULE, "3.0", _SCHEDULED),
    _row(7, "I", Trigger.CANCELLATION_REQUEST, "3.0", _ASKED),
    _row(8, "R", Trigger.INTERIM_NOTE, "3.0", _NOTED),
    _row(9, "R", Trigger.OUTCOME, "3.0", _DONE),
    _row(10, "R", Trigger.DECLINE, "5.1.1", _NO),
    _row(11, "R", Trigger.RESCHEDULED, "5.1.1", _SCHEDULED),
    _row(12, "R", Trigger.NO_SHOW, "5.1.1", _MISSED),
    _row(13, "R", Trigger.APPOINTMENT_CANCEL, "5.1.1", _OFF),
    _row(14, "I", Trigger.CANCELLATION_REQUEST, "5.1.1", _ASKED),
    _row(15, "R", Trigger.INTERIM_NOTE, "5.1.1", _NOTED),
    _row(16, "R", Trigger.OUTCOME, "5.1.1", _DONE),
    _row(17, "R", Trigger.DECLINE, "5.1.2", _NO),
    _row(18, "R", Trigger.RESCHEDULED, "5.1.2", _SCHEDULED),
    _row(19, "R", Trigger.APPOINTMENT_CANCEL, "5.1.2", _OFF),
    _row(20, "I", Trigger.CANCELLATION_REQUEST, "5.1.2", _ASKED),
    _row(21, "R", Trigger.SCHEDULE, "5.1.3", _SCHEDULED),
    _row(22, "I", Trigger.CANCELLATION_REQUEST, "5.1.3", _ASKED),
    _row(23, "R", Trigger.CANCELLATION_CONFIRMATION, "5.2", ("cancelled", "6.0")),
    _row(24, "R", Trigger.OUTCOME, "5.2", _DONE),
    _row(25, "R", Trigger.DECLINE, "5.1.4", _NO),
    _row(26, "R", Trigger.SCHEDULE, "5.1.4", _SCHEDULED),
    _row(27, "R", Trigger.APPOINTMENT_CANCEL, "5.1.4", _OFF),
    _row(28, "I", Trigger.CANCELLATION_REQUEST, "5.1.4", _ASKED),
    _row(29, "R", Trigger.INTERIM_NOTE, "5.1.4", _NOTED),
    _row(30, "R", Trigger.OUTCOME, "5.1.4", _DONE),
)
"""BSeR's own table, 01 to 30."""

TAKEN_AS: Mapping[int, int] = MappingProxyType({31: 6, 32: 8, 33: 10, 34: 14})
"""Those that use 5.1 are taken from outside as these (R16)."""
