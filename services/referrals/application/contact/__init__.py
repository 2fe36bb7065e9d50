"""Support contacts: planned, recorded, amended, called off, one by one or a group at once; read by their own agency."""

from services.referrals.application.contact.changing import amend, enter_in_error, take_back
from services.referrals.application.contact.group import Member, OutsideWindow, Session, SessionSeen, record_session
from services.referrals.application.contact.planning import call_off, plan, plan_of
from services.referrals.application.contact.recording import record, record_planned
from services.referrals.application.contact.said import Happening, Plan
from services.referrals.application.contact.seen import ContactSeen, of_client, read

__all__ = [
    "ContactSeen",
    "Happening",
    "Member",
    "OutsideWindow",
    "Plan",
    "Session",
    "SessionSeen",
    "amend",
    "call_off",
    "enter_in_error",
    "of_client",
    "plan",
    "plan_of",
    "read",
    "record",
    "record_planned",
    "record_session",
    "take_back",
]
