"""A visit as it stands, what each side may do with it now, and what it proves."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

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
from services.referrals.domain.appointment.machine import EARLY, EDGES, AppointmentStatus, AppointmentVerb
from services.referrals.domain.contact import Contact, ContactRecorded, ContactStatus, Evidence
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.taking_back import counting
from services.referrals.domain.vocabulary import CalledBy, ContactMode, ContactOutcome, Side


@frozen
class Appointment:
    """What was booked, where it stands, its time as it is now, and when each step happened (UTC; None: it has not)."""

    booked: AppointmentBooked
    booked_at: datetime
    due_at: datetime
    status: AppointmentStatus = AppointmentStatus.BOOKED
    rescheduled_at: datetime | None = None
    attended_at: datetime | None = None
    over_at: datetime | None = None
    by: CalledBy | None = None
    notice_hours: int | None = None


def side_of(state: Appointment, agency: str) -> Side | None:
    """Which side of its referral an agency is, None when it is neither."""
    if agency == state.booked.from_agency:
        return Side.SENDER
    return Side.RECEIVER if agency == state.booked.to_agency else None


def actions(state: Appointment, side: Side, now: datetime) -> tuple[AppointmentVerb, ...]:
    """The steps that this side may now ask for, in the order of the machine's table."""
    return tuple(
        verb
        for verb, edge in EDGES.items()
        if edge.pressed and edge.side is side and state.status in edge.sources and is_time(verb, state, now)
    )


def is_time(verb: AppointmentVerb, state: Appointment, now: datetime) -> bool:
    """Whether it is late enough to say so: nobody has missed what lies ahead, nor come to it days before."""
    match verb:
        case AppointmentVerb.ATTEND:
            return now >= state.due_at - EARLY
        case AppointmentVerb.NO_SHOW:
            return now >= state.due_at
        case _:
            return True


def proof(id: UUID, state: Appointment) -> Evidence:
    """An attended visit shows what a completed contact shows: she was met (F2). Raises ValueError for any other."""
    if state.attended_at is None:
        raise ValueError("only an attended visit proves anything")
    met = ContactRecorded(
        mode=ContactMode.OFFICE_VISIT,
        outcome=ContactOutcome.COMPLETED,
        met=True,
        referral=state.booked.referral,
        restricted=state.booked.restricted,
    )
    contact = Contact(ContactStatus.COMPLETED, met, state.attended_at, state.booked.to_agency)
    return Evidence(id, contact, visit=True)


def evolve(state: Appointment | None, fact: AppointmentFact, at: datetime, agency: str) -> Appointment:
    """The visit after one more fact, which happened `at` (UTC)."""
    if isinstance(fact, AppointmentBooked):
        return state or Appointment(fact, at, fact.due_at)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case AppointmentRescheduled(due_at=due_at, by=by, notice_hours=hours):
            return replace(state, due_at=due_at, rescheduled_at=at, by=by, notice_hours=hours)
        case AppointmentAttended(due_at=due_at):
            # She came at the time of the visit, whenever that was written down.
            return replace(_over(state, AppointmentStatus.ATTENDED, at), attended_at=min(due_at, at))
        case AppointmentNoShow():
            return _over(state, AppointmentStatus.NO_SHOW, at)
        case AppointmentCancelled(by=by, notice_hours=hours):
            return replace(_over(state, AppointmentStatus.CANCELLED, at), by=by, notice_hours=hours)
        case AppointmentEnteredInError():
            return _over(state, AppointmentStatus.ENTERED_IN_ERROR, at)
        case AppointmentTakenBack():
            return state  # what it took back is left out before the fold
        case _:
            assert_never(fact)


def _over(state: Appointment, status: AppointmentStatus, at: datetime) -> Appointment:
    """It is over; who moved it before, and with what notice, is not how it ended."""
    return replace(state, status=status, over_at=at, by=None, notice_hours=None)


def fold(history: Iterable[Happened]) -> Appointment | None:
    """The visit that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Appointment | None = None
    for happened in counting(tuple(history)):
        if not isinstance(happened.fact, AppointmentFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
