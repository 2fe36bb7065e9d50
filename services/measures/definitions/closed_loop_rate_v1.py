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

from services.measures.domain.journey import Journey
from services.measures.domain.measure import By, Definition, Standing, Unit, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=90)


def assess(journey: Journey, cutoff: datetime) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    for path in journey.referrals.values():
        if path.sent is None:
            continue
        sent = path.sent.at
        if path.mode == "informational":
            standing = Standing.EXCLUDED
        elif not matures(sent, WINDOW, cutoff):
            standing = Standing.PENDING
        else:
            standing = Standing.MET if _closed_by(path, sent + WINDOW) else Standing.UNMET
        yield Unit(sent, standing, path.category, path.channel)


def _closed_by(path: ReferralPath, limit: datetime) -> bool:
    return all(moment is not None and moment.at <= limit for moment in (path.ended, path.acknowledged))


DEFINITION: Final = Definition(
    id="closed_loop_rate",
    version=1,
    title="Loop closed within 90 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    assess=assess,
    by=frozenset(By),
)
