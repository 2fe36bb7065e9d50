"""An appointment, a visit: a child of a referral, that the receiver books with her (F2). A visit that took place stays
so, whatever is booked after it."""

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
from services.referrals.domain.appointment.decisions import decide, take_back, take_back_until
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
    Edge,
)
from services.referrals.domain.appointment.state import Appointment, actions, evolve, fold, proof, side_of

__all__ = [
    "EDGES",
    "OVER",
    "TAKEN_ON",
    "Appointment",
    "AppointmentAttended",
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentCommand",
    "AppointmentEnteredInError",
    "AppointmentFact",
    "AppointmentNoShow",
    "AppointmentRescheduled",
    "AppointmentStatus",
    "AppointmentTakenBack",
    "AppointmentVerb",
    "AttendAppointment",
    "BookAppointment",
    "CallOffAppointment",
    "CancelAppointment",
    "Edge",
    "EnterAppointmentInError",
    "MissAppointment",
    "RescheduleAppointment",
    "actions",
    "decide",
    "evolve",
    "fold",
    "proof",
    "side_of",
    "take_back",
    "take_back_until",
]
