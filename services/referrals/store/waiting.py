"""Owns what a row of the work index waits for, and when it was over for a receiver that never accepted (R1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralEnteredInError
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.store.written import Written


class Waits(NamedTuple):
    what: str | None = None
    on: str | None = None
    due_at: datetime | None = None
    ends: Timer | None = None
    """What ends it by itself when `ends_at` has passed, or `due_at` where it is not said."""
    ends_at: datetime | None = None

    def runs(self, history: Sequence[Written]) -> "Runs":
        """The timer that runs out next."""
        then = Runs(self.ends, self.ends_at or self.due_at) if self.ends else NOTHING
        return runs(history, self.due_at, then)


class Runs(NamedTuple):
    """The timer of a row that runs out first, and when (UTC)."""

    timer: Timer | None = None
    at: datetime | None = None


NOTHING: Final = Runs()


def runs(history: Sequence[Written], due_at: datetime | None, then: Runs = NOTHING) -> Runs:
    """That a stage is overdue is written down once for each due time (R15); `then` comes what ends it, if anything.

    What ends it at its due time says so by itself.
    """
    if due_at is None or (then.at is not None and then.at <= due_at):
        return then
    for event in history:
        if isinstance(event.fact, TimerFired) and event.fact.timer is Timer.OVERDUE and event.fact.due_at == due_at:
            return then
    return Runs(Timer.OVERDUE, due_at)


def ended(history: Sequence[Written], ends: tuple[type[Fact], ...]) -> int | None:
    """The version of the first end that was not taken back; that it was all in error is known to both sides."""
    gone = {event.fact.event for event in history if isinstance(event.fact, TakenBack)}
    counts = [event for event in history if event.envelope.event_id not in gone]
    error = next((event.version for event in counts if isinstance(event.fact, ReferralEnteredInError)), None)
    return error or next((event.version for event in counts if isinstance(event.fact, ends)), None)
