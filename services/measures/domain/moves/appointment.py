"""What the events of a visit mean for its path: of two plans the later stands, of two ends the earlier."""

from __future__ import annotations

from typing import Final, TypeVar, assert_never, get_args
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
from contracts.events.event import Published
from services.measures.domain.path import AppointmentPath, CalledOff, Moment, Plan

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(get_args(AppointmentEvent))
Thing = TypeVar("Thing", Moment, CalledOff)


def apply(visits: dict[UUID, AppointmentPath], event: AppointmentEvent, moment: Moment) -> None:
    """Takes one more event of a visit; the same again, or in another order, comes to the same."""
    path = visits.get(event.appointment, AppointmentPath())
    match event:
        case AppointmentBookedV1(referral=referral, due_at=due_at):
            path = path._replace(referral=referral, plan=_later(path.plan, Plan(moment, due_at)))
        case AppointmentRescheduledV1(due_at=due_at):
            path = path._replace(plan=_later(path.plan, Plan(moment, due_at)))
        case AppointmentAttendedV1():
            path = path._replace(attended=_earlier(path.attended, moment))
        case AppointmentNoShowV1():
            path = path._replace(missed=_earlier(path.missed, moment))
        case AppointmentCancelledV1(by=by, notice_hours=hours):
            path = path._replace(cancelled=_earlier(path.cancelled, CalledOff(moment, hours, str(by))))
        case AppointmentTakenBackV1() | AppointmentEnteredInErrorV1():
            return
        case _:
            assert_never(event)
    visits[event.appointment] = path


def _later(known: Plan | None, new: Plan) -> Plan:
    return new if known is None else max(known, new)


def _earlier(known: Thing | None, new: Thing) -> Thing:
    return new if known is None else min(known, new)
