"""Response rate: of every 100 referrals sent, how many the receiving agency answered within 14 days.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals whose first answer came no later than 14 days (336 hours) after they were sent. An answer is that
the receiver accepted, declined, put her on its waiting list or passed her on; opening the referral is not an answer.
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

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=14)
ANSWERED: Final = Rule("answered", Standing.MET, "answered within 14 days")
LATE: Final = Rule("late", Standing.UNMET, "answered later than 14 days after it was sent")
SILENT: Final = Rule("silent", Standing.UNMET, "not answered")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 14 days before the cutoff")
TAKEN_BACK: Final = Rule("taken_back", Standing.EXCLUDED, "ended by its sender or by her before any answer (R25)")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if path.withdrawn is not None and path.answered is None:
        return TAKEN_BACK
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    if path.answered is None:
        return SILENT
    return ANSWERED if path.answered.at - sent <= WINDOW else LATE


DEFINITION: Final = Definition(
    id="response_rate",
    version=1,
    title="Answered within 14 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(ANSWERED, LATE, SILENT, TOO_RECENT, TAKEN_BACK, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.MORE,
    window=WINDOW,
)
