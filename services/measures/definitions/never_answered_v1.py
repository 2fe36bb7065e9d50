"""Never answered: of every 100 referrals sent, how many their receiver never answered.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: referrals that the receiver had neither answered nor served by the cutoff.
Denominator: referrals sent at least 30 days before the cutoff.
Too recent to count (pending): referrals sent less than 30 days before the cutoff, also when they are answered already.
Left out by definition (excluded): informational referrals, which ask for no answer; referrals that ended by their
sender or by her before any answer (rule R25); and those of clients who said no to being counted, as long as they say
so; where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none.
How to read it: fewer is better. By letter it shows agencies that are not on the system, whose answers nobody records.
Source: catalogue G29 with rule R25.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, Within, matures
from services.measures.domain.path import ReferralPath

WINDOW: Final = timedelta(days=30)
SILENT: Final = Rule("silent", Standing.MET, "neither answered nor served")
ANSWERED: Final = Rule("answered", Standing.UNMET, "answered or served at any time")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 30 days before the cutoff")
TAKEN_BACK: Final = Rule("taken_back", Standing.EXCLUDED, "ended by its sender or by her before any answer (R25)")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    answered = path.answered is not None or bool(path.shown)
    if path.withdrawn is not None and not answered:
        return TAKEN_BACK
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    return ANSWERED if answered else SILENT


DEFINITION: Final = Definition(
    id="never_answered",
    version=1,
    title="Never answered",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(SILENT, ANSWERED, TOO_RECENT, TAKEN_BACK, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.FEWER,
    window=WINDOW,
    within=(Within(Standing.MET, "response_rate", Standing.UNMET),),
)
