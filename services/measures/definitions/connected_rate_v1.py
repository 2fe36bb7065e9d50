"""Connected rate: of every 100 referrals sent, how many led to a service within 30 days.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals whose service had started, or that were completed with service, no later than 30 days (720 hours)
after they were sent. What became of them later does not matter here; but where the contact or visit that showed the
service was an error (R14), another contact of the receiver for it must show one, and counts by its time.
Denominator: referrals that were sent at least 30 days before the cutoff, however they stand; those that their sender
took back are among them.
Too recent to count (pending): referrals sent less than 30 days before the cutoff, also when the service has started.
Left out by definition (excluded): informational referrals, of which nobody learns whether she was served, and referrals
of clients who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of
everybody else, too (rule R7).
Not known (missing): none.
How to read it: higher is better.
Source: catalogue G5; the window is that of HEDIS SNS-E, the idea that of MIECHV 17 (at least one service contact).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals, outcome_mix_v1
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, Within, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=30)
CONNECTED: Final = Rule("connected", Standing.MET, "served within 30 days")
LATE: Final = Rule("late", Standing.UNMET, "served later than 30 days after it was sent")
NOT_CONNECTED: Final = Rule("not_connected", Standing.UNMET, "not served")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 30 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    if path.connected is None:
        return NOT_CONNECTED
    return CONNECTED if path.connected.at - sent <= WINDOW else LATE


DEFINITION: Final = Definition(
    id="connected_rate",
    version=1,
    title="Connected within 30 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="SNS-E, MIECHV 17",
    assess=assess,
    rules=(CONNECTED, LATE, NOT_CONNECTED, TOO_RECENT, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.MORE,
    window=WINDOW,
    within=(Within(Standing.MET, "outcome_mix", outcome_mix_v1.CONNECTED),),
)
