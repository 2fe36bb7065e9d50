"""Response rate: of every 100 referrals sent, how many the receiving agency answered within 14 days.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals whose first answer came no later than 14 days (336 hours) after they were sent. An answer is that
the receiver accepted, declined or put her on its waiting list; opening the referral is not an answer.
Denominator: referrals that were sent at least 14 days before the cutoff, answered or not.
Too recent to count (pending): referrals sent less than 14 days before the cutoff, also when they are answered
already.
Left out by definition (excluded): informational referrals, which ask for no answer, referrals that their sender took
back, or that ended because she took back her agreement, before any answer, and referrals of clients who said no to
being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too
(rule R7).
Not known (missing): none; a referral always has a time at which it was sent.
Source: catalogue G1 with rule R25; the window follows no national standard, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import By, Definition, Standing, Unit, matures

WINDOW: Final = timedelta(days=14)


def assess(journey: Journey, cutoff: datetime) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    for path in journey.referrals.values():
        if path.sent is None:
            continue
        sent = path.sent.at
        if path.mode == "informational" or (path.withdrawn is not None and path.answered is None):
            standing = Standing.EXCLUDED
        elif not matures(sent, WINDOW, cutoff):
            standing = Standing.PENDING
        elif path.answered is not None and path.answered.at - sent <= WINDOW:
            standing = Standing.MET
        else:
            standing = Standing.UNMET
        yield Unit(sent, standing, path.category, path.channel)


DEFINITION: Final = Definition(
    id="response_rate",
    version=1,
    title="Answered within 14 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    assess=assess,
    by=frozenset(By),
)
