"""Owns what a row of the work index waits for, and when it was over for a receiver that never accepted (R1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralEnteredInError
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.timer import Timer
from services.referrals.store.written import Written


class Waits(NamedTuple):
    what: str | None = None
    on: str | None = None
    due_at: datetime | None = None
    fires: Timer | None = None
    """What happens by itself when `fires_at` has passed, or `due_at` where it is not said."""
    fires_at: datetime | None = None


def ended(history: Sequence[Written], ends: tuple[type[Fact], ...]) -> int | None:
    """The version of the first end that was not taken back; that it was all in error is known to both sides."""
    gone = {event.fact.event for event in history if isinstance(event.fact, TakenBack)}
    counts = [event for event in history if event.envelope.event_id not in gone]
    error = next((event.version for event in counts if isinstance(event.fact, ReferralEnteredInError)), None)
    return error or next((event.version for event in counts if isinstance(event.fact, ends)), None)
