"""A support contact (machine F4): planned, recorded, amended, called off; and whether it counts as having met her."""

from services.referrals.domain.contact.cohort import Cohort
from services.referrals.domain.contact.commands import (
    AmendContact,
    CancelContact,
    ContactCommand,
    PlanContact,
    RecordContact,
    VoidContact,
)
from services.referrals.domain.contact.counting import is_service_evidence, was_met
from services.referrals.domain.contact.decisions import CALLED_OFF, LATE, decide, take_back, take_back_until
from services.referrals.domain.contact.events import (
    ContactAmended,
    ContactCancelled,
    ContactEnteredInError,
    ContactFact,
    ContactPlanned,
    ContactRecorded,
    ContactTakenBack,
    Said,
    Units,
)
from services.referrals.domain.contact.machine import EDGES, ContactStatus, ContactVerb
from services.referrals.domain.contact.state import (
    AnyContact,
    Contact,
    Evidence,
    Planned,
    Voided,
    evolve,
    fold,
    status_of,
)

__all__ = [
    "CALLED_OFF",
    "EDGES",
    "LATE",
    "AmendContact",
    "AnyContact",
    "CancelContact",
    "Cohort",
    "Contact",
    "ContactAmended",
    "ContactCancelled",
    "ContactCommand",
    "ContactEnteredInError",
    "ContactFact",
    "ContactPlanned",
    "ContactRecorded",
    "ContactStatus",
    "ContactTakenBack",
    "ContactVerb",
    "Evidence",
    "PlanContact",
    "Planned",
    "RecordContact",
    "Said",
    "Units",
    "VoidContact",
    "Voided",
    "decide",
    "evolve",
    "fold",
    "is_service_evidence",
    "status_of",
    "take_back",
    "take_back_until",
    "was_met",
]
