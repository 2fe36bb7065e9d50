"""An appointment, a visit: a child of a referral, that the receiver books with her (F2). A visit that took place stays
so, whatever is booked after it."""

from services.referrals.domain.appointment.commands import (
    AppointmentCommand,
    AttendAppointment,
    BookAppointment,
    CallOffAppointment,
    CancelAppointment,
    MissAppointment,
    RescheduleAppointment,
)
from services.referrals.domain.appointment.decisions import decide
from services.referrals.domain.appointment.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentFact,
    AppointmentNoShow,
    AppointmentRescheduled,
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
    "AppointmentFact",
    "AppointmentNoShow",
    "AppointmentRescheduled",
    "AppointmentStatus",
    "AppointmentVerb",
    "AttendAppointment",
    "BookAppointment",
    "CallOffAppointment",
    "CancelAppointment",
    "Edge",
    "MissAppointment",
    "RescheduleAppointment",
    "actions",
    "decide",
    "evolve",
    "fold",
    "proof",
    "side_of",
]
