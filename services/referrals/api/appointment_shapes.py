"""Visits as they are answered: one with what may be done now, and those of a client."""

from uuid import UUID

from services.referrals.api.history import Happened, happened
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import AgencyNamed, Answer, Instant
from services.referrals.application.appointment import AppointmentSeen
from services.referrals.domain.appointment import AppointmentStatus, AppointmentVerb
from services.referrals.domain.vocabulary import CalledBy, Side


class AppointmentShown(Answer):
    """A visit: for when it is booked (`due_at`), with whom, where it stands, and what the caller may do with it now.

    `by` and `notice_hours` say on whose wish it was last moved or cancelled, and how long before its time.
    `take_back_until`: until when the caller may take its last step back, unless the referral ends before (R14).
    """

    appointment: UUID
    referral: UUID
    client: str
    side: Side
    agency: AgencyNamed
    state: AppointmentStatus
    due_at: Instant
    booked_at: Instant
    attended_at: Instant | None
    by: CalledBy | None
    notice_hours: int | None
    actions: list[AppointmentVerb]
    take_back_until: Instant | None
    version: int


class AppointmentWhole(AppointmentShown):
    """The same, with what happened."""

    history: list[Happened]


class Appointments(Answer):
    """A client's visits that this agency is a side of, by their time."""

    items: list[AppointmentShown]


def appointment_shown(naming: Naming, seen: AppointmentSeen) -> AppointmentShown:
    """One visit as the caller's side may see it."""
    state = seen.state
    return AppointmentShown(
        appointment=seen.id,
        referral=state.booked.referral,
        client=naming.out("client", seen.client),
        side=seen.side,
        agency=naming.agency(state.booked.to_agency),
        state=state.status,
        due_at=state.due_at,
        booked_at=state.booked_at,
        attended_at=state.attended_at,
        by=state.by,
        notice_hours=state.notice_hours,
        actions=list(seen.actions),
        take_back_until=seen.take_back_until,
        version=seen.version,
    )


def appointment_whole(naming: Naming, seen: AppointmentSeen) -> AppointmentWhole:
    """One visit with its history."""
    shown = appointment_shown(naming, seen)
    told = [happened(naming, event) for event in seen.history.events]
    return AppointmentWhole(**{name: getattr(shown, name) for name in AppointmentShown.model_fields}, history=told)
