"""What can happen to a visit. Its class `restricted` is that of its referral, repeated in each fact (R6)."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field, PlainSerializer

from services.referrals.domain.fact import Fact
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import CalledBy, RestrictedClass, Slug


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


DueAt = Annotated[AwareDatetime, PlainSerializer(_in_utc, return_type=str)]
"""The time of a visit, stored in UTC as its published twin writes it (RFC 3339)."""

NoticeHours = Annotated[int, Field(ge=0)]
"""Whole hours between the word and the time of the visit; 0 once that has passed."""


class AppointmentBooked(Fact):
    """The receiver of a referral agreed with her on a time (`due_at`); both sides of the referral may know of it."""

    TYPE: ClassVar[str] = "appointment.booked.v1"
    referral: UUID
    from_agency: Slug
    to_agency: Slug
    due_at: DueAt
    restricted: RestrictedClass | None = None


class AppointmentRescheduled(Fact):
    """It has another time: on whose wish, and how long before the time that it had."""

    TYPE: ClassVar[str] = "appointment.rescheduled.v1"
    by: CalledBy
    notice_hours: NoticeHours
    due_at: DueAt
    restricted: RestrictedClass | None = None


class AppointmentAttended(Fact):
    """She came."""

    TYPE: ClassVar[str] = "appointment.attended.v1"
    due_at: DueAt
    restricted: RestrictedClass | None = None


class AppointmentNoShow(Fact):
    """She did not come, and nobody had said so before."""

    TYPE: ClassVar[str] = "appointment.no_show.v1"
    due_at: DueAt
    restricted: RestrictedClass | None = None


class AppointmentCancelled(Fact):
    """It does not take place: by whom, and how long before."""

    TYPE: ClassVar[str] = "appointment.cancelled.v1"
    by: CalledBy
    notice_hours: NoticeHours
    due_at: DueAt
    restricted: RestrictedClass | None = None


class AppointmentTakenBack(TakenBack):
    """A step was pressed by mistake (R14)."""

    TYPE: ClassVar[str] = "appointment.taken_back.v1"


class AppointmentEnteredInError(Fact):
    """It should never have been written (R14): it stays in the history and leaves every measure.

    `event` is its first, `note` the vault id of why.
    """

    TYPE: ClassVar[str] = "appointment.entered_in_error.v1"
    event: UUID
    note: UUID
    restricted: RestrictedClass | None = None


AppointmentFact: TypeAlias = (
    AppointmentBooked
    | AppointmentRescheduled
    | AppointmentAttended
    | AppointmentNoShow
    | AppointmentCancelled
    | AppointmentTakenBack
    | AppointmentEnteredInError
)
