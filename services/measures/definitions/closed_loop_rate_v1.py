"""Closed-loop rate: of every 100 referrals sent, how many ended and came back to the sender within 90 days.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals that ended (completed with service, declined, given up without being completed, not answered in
time, or stopped by the receiver as it was asked) and whose end the sending agency acknowledged, both no later than 90
days (2,160 hours) after they were sent. How it ended does not matter here: "closed with service" is another measure.
Denominator: referrals that were sent at least 90 days before the cutoff, however they stand; those that their sender
took back are among them, as nobody answered.
Too recent to count (pending): referrals sent less than 90 days before the cutoff, also when their loop is closed
already.
Left out by definition (excluded): informational referrals, which have no loop, and referrals of clients who said no
to being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too
(rule R7).
Not known (missing): none.
Source: catalogue G6, after CMS50 (closing the referral loop: receipt of the report), with our window.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=90)
CLOSED: Final = Rule("closed", Standing.MET, "ended, and its sender knew, within 90 days")
NOT_TOLD: Final = Rule("not_told", Standing.UNMET, "ended within 90 days, and its sender did not know by then")
OPEN: Final = Rule("open", Standing.UNMET, "not ended within 90 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 90 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    limit = sent + WINDOW
    if path.ended is None or path.ended.at > limit:
        return OPEN
    return CLOSED if path.acknowledged is not None and path.acknowledged.at <= limit else NOT_TOLD


DEFINITION: Final = Definition(
    id="closed_loop_rate",
    version=1,
    title="Loop closed within 90 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="CMS50",
    assess=assess,
    rules=(CLOSED, NOT_TOLD, OPEN, TOO_RECENT, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.MORE,
    window=WINDOW,
)
