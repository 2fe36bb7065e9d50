"""Visits over HTTP: the receiver of a referral books, moves and answers them; both sides read them."""

from datetime import UTC, datetime
from uuid import UUID

from services.referrals.api.appointment_shapes import (
    Appointments,
    AppointmentShown,
    AppointmentWhole,
    appointment_shown,
    appointment_whole,
)
from services.referrals.api.callers import Agency, AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.plans import moment_within_reach
from services.referrals.api.referral_steps import EnteredInError
from services.referrals.api.shapes import Body, Moment
from services.referrals.application import appointment as appointments
from services.referrals.application import visit_errors
from services.referrals.application.acting import Acting
from services.referrals.application.appointment import Stepped
from services.referrals.application.desk import Desk
from services.referrals.domain.vocabulary import CalledBy
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class NothingToSay(Body):
    """No field at all."""


class BookAppointment(Body):
    """For when: a time with its zone, that lies ahead."""

    due_at: Moment


class RescheduleAppointment(Body):
    """For when now, and on whose wish."""

    due_at: Moment
    by: CalledBy


class CancelAppointment(Body):
    """On whose wish."""

    by: CalledBy


@router.post("/v1/referrals/{referral}/appointments", status_code=201)
async def book_appointment(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: BookAppointment
) -> Reply[AppointmentShown]:
    """Book a visit for a referral that was taken on. The same time once more is the same visit (200)."""
    who = acting(principal, call, desk)
    done = await appointments.book(desk, who, referral, _due(who, body.due_at))
    location = f"/v1/appointments/{done.seen.id}"
    shown = appointment_shown(Naming(desk, who), done.seen)
    return Reply(shown, 201 if done.new else 200, done.seen.version, location, done.replayed)


@router.get("/v1/appointments/{appointment}")
async def get_appointment(principal: Agency, call: Call, desk: AtDesk, appointment: UUID) -> Reply[AppointmentWhole]:
    """A visit, for both sides of its referral."""
    who = acting(principal, call, desk)
    seen = await appointments.read(desk, who, appointment)
    return Reply(appointment_whole(Naming(desk, who), seen), version=seen.version)


@router.get("/v1/clients/{client}/appointments")
async def list_appointments(principal: Staff, call: Call, desk: AtDesk, client: str) -> Appointments:
    """A client's visits of referrals that this agency is a side of, by their time."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    found = await appointments.of_client(desk, who, naming.back("client", client))
    return Appointments(items=[appointment_shown(naming, seen) for seen in found])


@router.post("/v1/appointments/{appointment}/reschedule")
async def reschedule_appointment(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: RescheduleAppointment
) -> Reply[AppointmentShown]:
    """Give it another time. One that is over is not moved: another one is booked."""
    who = acting(principal, call, desk)
    due_at = _due(who, body.due_at)
    return _shown(desk, who, await appointments.reschedule(desk, who, appointment, due_at, body.by))


@router.post("/v1/appointments/{appointment}/attend")
async def attend_appointment(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: NothingToSay
) -> Reply[AppointmentShown]:
    """She came: it shows that the referral was served, and starts the service of one that was accepted."""
    who = acting(principal, call, desk)
    return _shown(desk, who, await appointments.attend(desk, who, appointment))


@router.post("/v1/appointments/{appointment}/no-show")
async def miss_appointment(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: NothingToSay
) -> Reply[AppointmentShown]:
    """She did not come, and nobody had said so before."""
    who = acting(principal, call, desk)
    return _shown(desk, who, await appointments.miss(desk, who, appointment))


@router.post("/v1/appointments/{appointment}/cancel")
async def cancel_appointment(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: CancelAppointment
) -> Reply[AppointmentShown]:
    """It does not take place: with what notice follows from the present."""
    who = acting(principal, call, desk)
    return _shown(desk, who, await appointments.cancel(desk, who, appointment, body.by))


@router.post("/v1/appointments/{appointment}/take-back")
async def take_back_appointment(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: NothingToSay
) -> Reply[AppointmentShown]:
    """The last step on it was pressed by mistake: it stands as before, for 15 minutes."""
    who = acting(principal, call, desk)
    return _shown(desk, who, await visit_errors.take_back(desk, who, appointment))


@router.post("/v1/appointments/{appointment}/entered-in-error")
async def enter_appointment_in_error(
    principal: Agency, call: Call, desk: AtDesk, appointment: UUID, body: EnteredInError
) -> Reply[AppointmentShown]:
    """It should never have been written: it stays in the history and counts nowhere."""
    who = acting(principal, call, desk)
    return _shown(desk, who, await visit_errors.enter_in_error(desk, who, appointment, body.reason))


def _due(who: Acting, at: datetime) -> datetime:
    """The time of a visit in UTC, to the second. Raises 422 for one beyond all that is planned."""
    moment_within_reach(who, at, "/due_at")
    return at.astimezone(UTC).replace(microsecond=0)


def _shown(desk: Desk, who: Acting, done: Stepped) -> Reply[AppointmentShown]:
    return Reply(appointment_shown(Naming(desk, who), done.seen), version=done.seen.version, replayed=done.replayed)
