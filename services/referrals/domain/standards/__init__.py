"""How others call it: a referral in the words of BSeR, SDOH Clinical Care, HMIS 4.20 and DHCS, a table each (F2)."""

from services.referrals.domain.standards.bser import (
    TAKEN_AS,
    TRANSITIONS,
    Bser,
    Business,
    Task,
    Transition,
    Trigger,
    bser,
)
from services.referrals.domain.standards.latest import Latest, latest
from services.referrals.domain.standards.others import (
    Dhcs,
    DhcsReason,
    DhcsStatus,
    Hmis,
    SdohccTask,
    dhcs,
    hmis,
    sdohcc,
)

__all__ = [
    "TAKEN_AS",
    "TRANSITIONS",
    "Bser",
    "Business",
    "Dhcs",
    "DhcsReason",
    "DhcsStatus",
    "Hmis",
    "Latest",
    "SdohccTask",
    "Task",
    "Transition",
    "Trigger",
    "bser",
    "dhcs",
    "hmis",
    "latest",
    "sdohcc",
]
