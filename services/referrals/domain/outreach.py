"""Trying to reach her: which contacts are attempts, and when there were enough of them to give up (R13)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.referrals.domain.contact import Contact, ContactStatus
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ContactMode

UNANSWERED = frozenset({ContactMode.TEXT_ONE_WAY, ContactMode.MAIL})
"""What reaches nobody by itself: sent, it is an attempt (R17)."""


@frozen
class OutreachRule:
    """How many attempts, over how many days, by how many ways; parameters of the initiative."""

    attempts: int = 3
    days: int = 10
    modes: int = 2


@frozen
class Attempt:
    """One attempt: its local date, its mode, and whether her safe-contact plan of that time allowed it."""

    on: date
    mode: ContactMode
    within: bool = True


@frozen
class Outreach:
    """What was tried, and what `needed` asks for."""

    attempts: int
    days: int
    modes: int
    needed: OutreachRule

    @property
    def enough(self) -> bool:
        needed = self.needed
        return self.attempts >= needed.attempts and self.days >= needed.days and self.modes >= needed.modes


SLACK = timedelta(days=1)
"""A contact may be dated by its day alone, so that it can seem to come before the referral of the same day."""


def is_attempt(contact: Contact, sent_at: datetime) -> bool:
    """Whether somebody tried to reach her and did not, since she was referred at `sent_at` (UTC)."""
    if contact.at < sent_at - SLACK:
        return False
    sent = contact.status is ContactStatus.COMPLETED and contact.recorded.mode in UNANSWERED
    return sent or contact.status is ContactStatus.ATTEMPTED


def outreach(attempts: Iterable[Attempt], rule: OutreachRule, allowed: frozenset[ContactMode] | None) -> Outreach:
    """What these attempts come to. `allowed` are the modes of her safe-contact plan, None where she has none.

    An attempt outside the plan never counts; where the plan allows fewer ways than the rule asks for, all of them do.
    """
    counted = [each for each in attempts if each.within]
    days = (max(each.on for each in counted) - min(each.on for each in counted)).days if counted else 0
    needed = rule if allowed is None else replace(rule, modes=min(rule.modes, len(allowed)))
    return Outreach(len(counted), days, len({each.mode for each in counted}), needed)
