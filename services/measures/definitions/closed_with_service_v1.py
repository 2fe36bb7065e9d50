"""Closed with service: of every 100 referrals sent, how many led to a service and came back to the sender in 90 days.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals whose service had started, or that were completed with service, that ended, and whose end the
sending agency acknowledged, all no later than 90 days (2,160 hours) after they were sent. A service that only a
contact or visit showed which was an error (R14) is none.
Denominator: referrals that were sent at least 90 days before the cutoff, however they stand; those that their sender
took back are among them. It is the denominator of the closed-loop rate.
Too recent to count (pending): referrals sent less than 90 days before the cutoff, also when they are closed already.
Left out by definition (excluded): informational referrals, which have no loop, and referrals of clients who said no to
being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too
(rule R7).
Not known (missing): none.
How to read it: higher is better. It is always shown beside the closed-loop rate, of which it is a part: the rest came
back to the sender without a service.
Source: catalogue G7, with the window of G6.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals, outcome_mix_v1
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, Within, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=90)
WITH_SERVICE: Final = Rule("with_service", Standing.MET, "served, ended, and its sender knew, within 90 days")
WITHOUT_SERVICE: Final = Rule("without_service", Standing.UNMET, "closed within 90 days without a service")
NOT_CLOSED: Final = Rule("not_closed", Standing.UNMET, "not ended within 90 days, or its sender did not know by then")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 90 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    limit = sent + WINDOW
    if any(moment is None or moment.at > limit for moment in (path.ended, path.acknowledged)):
        return NOT_CLOSED
    return WITH_SERVICE if path.connected is not None and path.connected.at <= limit else WITHOUT_SERVICE


DEFINITION: Final = Definition(
    id="closed_with_service",
    version=1,
    title="Closed with service within 90 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(WITH_SERVICE, WITHOUT_SERVICE, NOT_CLOSED, TOO_RECENT, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.MORE,
    window=WINDOW,
    within=(Within(Standing.MET, "closed_loop_rate"), Within(Standing.MET, "outcome_mix", outcome_mix_v1.CONNECTED)),
)
