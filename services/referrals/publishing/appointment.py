"""From what happened to a visit to its contract event."""

from typing import assert_never
from uuid import UUID

from contracts.events.appointment import (
    AppointmentAttendedV1,
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentEnteredInErrorV1,
    AppointmentEvent,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
    AppointmentTakenBackV1,
)
from services.referrals.domain.appointment import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentEnteredInError,
    AppointmentFact,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentTakenBack,
)


def of_appointment(fact: AppointmentFact, stream: UUID) -> AppointmentEvent:
    """The published twin of a fact of a visit."""
    match fact:
        case AppointmentBooked(referral=referral, due_at=due_at):
            return AppointmentBookedV1(appointment=stream, referral=referral, due_at=due_at)
        case AppointmentRescheduled(by=by, notice_hours=hours, due_at=due_at):
            return AppointmentRescheduledV1(appointment=stream, by=by, notice_hours=hours, due_at=due_at)
        case AppointmentAttended(due_at=due_at):
            return AppointmentAttendedV1(appointment=stream, due_at=due_at)
        case AppointmentNoShow(due_at=due_at):
            return AppointmentNoShowV1(appointment=stream, due_at=due_at)
        case AppointmentCancelled(by=by, notice_hours=hours, due_at=due_at):
            return AppointmentCancelledV1(appointment=stream, by=by, notice_hours=hours, due_at=due_at)
        case AppointmentTakenBack(event=event):
            return AppointmentTakenBackV1(appointment=stream, event=event)
        case AppointmentEnteredInError(event=event):
            return AppointmentEnteredInErrorV1(appointment=stream, event=event)
        case _:
            assert_never(fact)
