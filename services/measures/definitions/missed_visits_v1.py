"""Missed visits: of every 100 visits that took place or should have, how many she missed.

Who is counted: every visit that was booked for a referral and was due in the period, once, by the time for which it was
planned last.
Numerator: visits to which she did not come without anybody having said so before.
Denominator: visits to which she came, and those that she missed so.
Too recent to count (pending): visits that were due after the cutoff and of which nothing is known yet.
Left out by definition (excluded): visits that were cancelled, by her or by the agency: with 24 hours' notice or more,
and, counted apart, with less; and visits of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): visits that were due before the cutoff and of which nobody has said what came of them.
How to read it: fewer is better. Read what is not known first: an agency that never says that she came has none missed.
Source: catalogue G9, by visit; no national standard.
"""

from __future__ import annotations

from typing import Final

from services.measures.definitions import of_referrals, of_visits
from services.measures.domain.measure import Definition, Direction

DEFINITION: Final = Definition(
    id="missed_visits",
    version=1,
    title="Visits missed",
    of="visits",
    text=__doc__,
    note="Visits booked for referrals, by the day they were due. Restricted needs are left out.",
    anchor="ours",
    assess=of_visits.visits,
    rules=of_visits.RULES,
    by=of_referrals.BY,
    direction=Direction.FEWER,
)
