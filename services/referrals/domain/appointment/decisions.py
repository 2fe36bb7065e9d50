"""What follows from a command on a visit: new facts, nothing because it is so already (R12), or a refusal."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from services.referrals.domain import taking_back
from services.referrals.domain.appointment.commands import (
    AppointmentCommand,
    AttendAppointment,
    BookAppointment,
    CallOffAppointment,
    CancelAppointment,
    EnterAppointmentInError,
    MissAppointment,
    RescheduleAppointment,
)
from services.referrals.domain.appointment.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentEnteredInError,
    AppointmentFact,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentTakenBack,
)
from services.referrals.domain.appointment.machine import (
    EDGES,
    OVER,
    TAKEN_ON,
    AppointmentStatus,
    AppointmentVerb,
)
from services.referrals.domain.appointment.state import Appointment, fold, is_time, side_of
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.referral import ENDED, Referral
from services.referrals.domain.referral import side_of as side_of_referral
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import CalledBy, Side

_HOUR = timedelta(hours=1)


def decide(command: AppointmentCommand, state: Appointment | None) -> tuple[AppointmentFact, ...]:
    """Raises Refusal: NotASide, WrongSide, WrongState, Conflict or Unfit."""
    if isinstance(command, BookAppointment):
        return _book(command, state)
    if state is None:
        raise NotASide
    match command:
        case RescheduleAppointment():
            return _reschedule(command, state)
        case AttendAppointment():
            return _attend(command, state)
        case MissAppointment():
            return _miss(command, state)
        case CancelAppointment():
            return _cancel(command, state)
        case CallOffAppointment(at=at, by=by):
            return (_cancelled(state, at, by),) if state.status is AppointmentStatus.BOOKED else ()
        case EnterAppointmentInError():
            return _enter_in_error(command, state)
        case _:
            assert_never(command)


def take_back(command: TakeBack, history: Sequence[Happened]) -> tuple[AppointmentFact, ...]:
    """The receiver takes its last step back (R14); a booking is cancelled, or entered in error.

    Raises NotASide, WrongSide; WrongState, see `taking_back.take_back`.
    """
    state = fold(history)
    _own(None if state is None else side_of(state, command.agency))
    events = taking_back.take_back(command, history, _kept)
    restricted = state.booked.restricted if state else None
    return tuple(AppointmentTakenBack(event=event, restricted=restricted) for event in events)


def take_back_until(history: Sequence[Happened], agency: str, now: datetime) -> datetime | None:
    """Until when (UTC) an agency may take its last step back; None where it may not."""
    return taking_back.until(history, agency, now, _kept)


def _kept(fact: Fact) -> bool:
    return isinstance(fact, AppointmentBooked | AppointmentEnteredInError)


def _enter_in_error(command: EnterAppointmentInError, state: Appointment) -> tuple[AppointmentFact, ...]:
    _own(side_of(state, command.agency))
    if state.status is AppointmentStatus.ENTERED_IN_ERROR:
        return ()
    return (AppointmentEnteredInError(event=command.event, note=command.note, restricted=state.booked.restricted),)


def _book(command: BookAppointment, state: Appointment | None) -> tuple[AppointmentFact, ...]:
    _own(side_of_referral(command.of, command.agency))
    if state is not None:
        if state.status is AppointmentStatus.BOOKED and state.due_at == command.due_at:
            return ()
        raise Conflict(state.status, "appointment-already-booked")
    _can_be_planned(command.of)
    _ahead(command.due_at, command.at)
    sent = command.of.sent
    booked = AppointmentBooked(
        referral=command.referral,
        from_agency=sent.from_agency,
        to_agency=sent.to_agency,
        due_at=command.due_at,
        restricted=sent.restricted,
    )
    return (booked,)


def _reschedule(command: RescheduleAppointment, state: Appointment) -> tuple[AppointmentFact, ...]:
    _own(side_of(state, command.agency))
    if state.status is AppointmentStatus.BOOKED and state.due_at == command.due_at:
        return ()
    _possible(AppointmentVerb.RESCHEDULE, state)
    _can_be_planned(command.of)
    _ahead(command.due_at, command.at)
    moved = AppointmentRescheduled(
        by=command.by,
        notice_hours=_notice(state.due_at, command.at),
        due_at=command.due_at,
        restricted=state.booked.restricted,
    )
    return (moved,)


def _attend(command: AttendAppointment, state: Appointment) -> tuple[AppointmentFact, ...]:
    _own(side_of(state, command.agency))
    if state.status is AppointmentStatus.ATTENDED:
        return ()
    _possible(AppointmentVerb.ATTEND, state)
    _has_come(AppointmentVerb.ATTEND, state, command.at)
    return (AppointmentAttended(due_at=state.due_at, restricted=state.booked.restricted),)


def _miss(command: MissAppointment, state: Appointment) -> tuple[AppointmentFact, ...]:
    _own(side_of(state, command.agency))
    if state.status is AppointmentStatus.NO_SHOW:
        return ()
    _possible(AppointmentVerb.NO_SHOW, state)
    _has_come(AppointmentVerb.NO_SHOW, state, command.at)
    return (AppointmentNoShow(due_at=state.due_at, restricted=state.booked.restricted),)


def _cancel(command: CancelAppointment, state: Appointment) -> tuple[AppointmentFact, ...]:
    _own(side_of(state, command.agency))
    if state.status is AppointmentStatus.CANCELLED:
        if state.by is command.by:
            return ()
        raise Conflict(state.status, "appointment-already-over")
    _possible(AppointmentVerb.CANCEL, state)
    return (_cancelled(state, command.at, command.by),)


def _cancelled(state: Appointment, at: datetime, by: CalledBy) -> AppointmentCancelled:
    return AppointmentCancelled(
        by=by, notice_hours=_notice(state.due_at, at), due_at=state.due_at, restricted=state.booked.restricted
    )


def _notice(due_at: datetime, at: datetime) -> int:
    return max(0, (due_at - at) // _HOUR)


def _own(side: Side | None) -> None:
    """Raises NotASide, WrongSide: all steps are the receiver's."""
    if side is None:
        raise NotASide
    if side is not Side.RECEIVER:
        raise WrongSide


def _possible(verb: AppointmentVerb, state: Appointment) -> None:
    """Raises WrongState."""
    if state.status not in EDGES[verb].sources:
        raise WrongState(state.status, "appointment-already-over" if state.status in OVER else None)


def _has_come(verb: AppointmentVerb, state: Appointment, now: datetime) -> None:
    """Raises WrongState while it lies ahead."""
    if not is_time(verb, state, now):
        raise WrongState(state.status, "appointment-lies-ahead")


def _can_be_planned(of: Referral) -> None:
    """Raises WrongState for a referral that is not taken on, or has ended, or is to be stopped."""
    if of.status not in TAKEN_ON:
        raise WrongState(of.status, "referral-already-ended" if of.status in ENDED else None)


def _ahead(due_at: datetime, at: datetime) -> None:
    """Raises Unfit for a time that has passed."""
    if due_at <= at:
        raise Unfit("visit-in-past")
