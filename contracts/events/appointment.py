"""Published events of an appointment: a visit that the receiver of a referral booked, and what came of it."""

from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.events.event import Published
from contracts.vocabulary import CalledBy

NoticeHours = Annotated[int, Field(ge=0)]


class AppointmentBookedV1(Published):
    """The receiver of a referral agreed with her on a time."""

    TYPE: ClassVar[str] = "appointment.booked.v1"
    appointment: UUID
    due_at: AwareDatetime
    referral: UUID


class AppointmentRescheduledV1(Published):
    """It has another time (`due_at`), on whose wish, and how many whole hours before the time that it had."""

    TYPE: ClassVar[str] = "appointment.rescheduled.v1"
    appointment: UUID
    by: CalledBy
    due_at: AwareDatetime
    notice_hours: NoticeHours


class AppointmentAttendedV1(Published):
    """She came."""

    TYPE: ClassVar[str] = "appointment.attended.v1"
    appointment: UUID
    due_at: AwareDatetime


class AppointmentNoShowV1(Published):
    """She did not come, and nobody had said so before."""

    TYPE: ClassVar[str] = "appointment.no_show.v1"
    appointment: UUID
    due_at: AwareDatetime


class AppointmentCancelledV1(Published):
    """It does not take place: by whom, and how many whole hours before it was due."""

    TYPE: ClassVar[str] = "appointment.cancelled.v1"
    appointment: UUID
    by: CalledBy
    due_at: AwareDatetime
    notice_hours: NoticeHours


class AppointmentTakenBackV1(Published):
    """A step was pressed by mistake: what the event `event` (its `ce_id`) says does not count. Both stay on the log."""

    TYPE: ClassVar[str] = "appointment.taken_back.v1"
    appointment: UUID
    event: UUID


class AppointmentEnteredInErrorV1(Published):
    """It should never have been written: no figure counts anything of it. `event` is its first."""

    TYPE: ClassVar[str] = "appointment.entered_in_error.v1"
    appointment: UUID
    event: UUID


AppointmentEvent: TypeAlias = (
    AppointmentBookedV1
    | AppointmentRescheduledV1
    | AppointmentAttendedV1
    | AppointmentNoShowV1
    | AppointmentCancelledV1
    | AppointmentTakenBackV1
    | AppointmentEnteredInErrorV1
)
