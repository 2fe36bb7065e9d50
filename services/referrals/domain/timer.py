"""Timers: when one was set anew, and that one has run out, in the stream of what it was set for."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias

from pydantic import AwareDatetime

from services.referrals.domain.fact import Fact
from services.referrals.domain.vocabulary import ResponsibilityDomain


class Timer(StrEnum):
    """What the clock does when nobody did anything in time. A name that was stored once stays here."""

    CONFIRM_CANCELLATION = "confirm_cancellation"
    EXPIRE_HANDOFF = "expire_handoff"
    FAIL_HANDOFF = "fail_handoff"
    EXPIRE = "expire"
    EXPIRE_CONSENT = "expire_consent"
    END_POSTPARTUM = "end_postpartum"
    SILENCE = "silence"
    OVERDUE = "overdue"


class TimerFired(Fact):
    """`due_at` (UTC) passed and nothing had come; what follows from it stands behind it, if anything does.

    It stands in the stream of the referral (handoff, consent, ...) that it was set for, so that it is written once,
    whoever tries twice. Its envelope names the agency whose record that is, the actor `timers`, and as its cause the
    event after which nothing came. No fold of the domain sees it: what it changes is a fact of its own.
    `domain`: what the agency leads, where the timer is that of a lead.
    """

    TYPE: ClassVar[str] = "timer.fired.v1"
    timer: Timer
    due_at: datetime
    domain: ResponsibilityDomain | None = None


class TimerSet(Fact):
    """The timer of who leads a domain runs anew from `since` (UTC): its envelope's agency last met her then (R17).

    Stored only. It stands in the pregnancy's stream, so that what waits there follows from that stream alone.
    """

    TYPE: ClassVar[str] = "timer.set.v1"
    timer: Timer
    domain: ResponsibilityDomain
    since: AwareDatetime


TimerFact: TypeAlias = TimerFired | TimerSet
