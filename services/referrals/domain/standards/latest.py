"""Which fact of a referral or of any of its visits is the latest (R16): what a visit's state makes of the referral."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.referrals.domain.appointment import Appointment, AppointmentStatus
from services.referrals.domain.referral import Referral, ReferralStatus


class Latest(StrEnum):
    """What happened last to a referral that was taken on."""

    ACCEPTED = "accepted"
    SERVED = "served"
    BOOKED = "visit booked"
    NO_SHOW = "visit missed"
    CANCELLED = "visit cancelled"
    ATTENDED = "visit attended"


TAKEN_ON = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE})
"""Where a referral stands while visits say how it goes; elsewhere its own state says all."""

_OF_A_VISIT = {
    AppointmentStatus.BOOKED: Latest.BOOKED,
    AppointmentStatus.NO_SHOW: Latest.NO_SHOW,
    AppointmentStatus.CANCELLED: Latest.CANCELLED,
    AppointmentStatus.ATTENDED: Latest.ATTENDED,
}


class Moment(NamedTuple):
    """A fact and when it happened (UTC)."""

    at: datetime
    what: Latest


def latest(state: Referral, visits: Iterable[Appointment]) -> Moment:
    """The latest of them all; of two at one time the one of a visit."""
    found = [Moment(state.accepted_at or state.sent_at, Latest.ACCEPTED)]
    if state.connected_at is not None:
        found.append(Moment(state.connected_at, Latest.SERVED))
    found += [_of(visit) for visit in visits if visit.status in _OF_A_VISIT]
    return max(enumerate(found), key=lambda each: (each[1].at, each[0]))[1]


def _of(visit: Appointment) -> Moment:
    at = visit.over_at or visit.rescheduled_at or visit.booked_at
    return Moment(at, _OF_A_VISIT[visit.status])
