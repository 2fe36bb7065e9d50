"""The table of a visit's states: which step may be taken from where; all of them are the receiver's (F2, R16)."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral.machine import ReferralStatus
from services.referrals.domain.vocabulary import Side


class AppointmentStatus(StrEnum):
    """Where a visit stands. A visit that is over is never booked again: another one is."""

    BOOKED = "booked"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class AppointmentVerb(StrEnum):
    """A step, named as in its address. `call-off` follows from an end; nobody presses it."""

    BOOK = "book"
    RESCHEDULE = "reschedule"
    ATTEND = "attend"
    NO_SHOW = "no-show"
    CANCEL = "cancel"
    CALL_OFF = "call-off"
    ENTERED_IN_ERROR = "entered-in-error"
    TAKE_BACK = "take-back"


OVER = frozenset(AppointmentStatus) - {AppointmentStatus.BOOKED}
"""States without a way out."""

TAKEN_ON = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE})
"""Where a referral has to stand for a visit to be planned: BSeR knows no booking elsewhere (R16)."""

EARLY = timedelta(hours=1)
"""How long before its time somebody may come and be seen; who is seen earlier was given another time."""


@frozen
class Edge:
    """Who may take a step (None: it follows by itself), from which states (None: a new visit), to which."""

    side: Side | None
    sources: frozenset[AppointmentStatus | None]
    target: AppointmentStatus
    pressed: bool = True


_BOOKED = frozenset({AppointmentStatus.BOOKED})

EDGES: Mapping[AppointmentVerb, Edge] = MappingProxyType(
    {
        AppointmentVerb.BOOK: Edge(Side.RECEIVER, frozenset({None}), AppointmentStatus.BOOKED),
        AppointmentVerb.RESCHEDULE: Edge(Side.RECEIVER, _BOOKED, AppointmentStatus.BOOKED),
        AppointmentVerb.ATTEND: Edge(Side.RECEIVER, _BOOKED, AppointmentStatus.ATTENDED),
        AppointmentVerb.NO_SHOW: Edge(Side.RECEIVER, _BOOKED, AppointmentStatus.NO_SHOW),
        AppointmentVerb.CANCEL: Edge(Side.RECEIVER, _BOOKED, AppointmentStatus.CANCELLED),
        AppointmentVerb.CALL_OFF: Edge(None, _BOOKED, AppointmentStatus.CANCELLED, pressed=False),
        AppointmentVerb.ENTERED_IN_ERROR: Edge(
            Side.RECEIVER,
            frozenset(AppointmentStatus) - {AppointmentStatus.ENTERED_IN_ERROR},
            AppointmentStatus.ENTERED_IN_ERROR,
        ),
    }
)
