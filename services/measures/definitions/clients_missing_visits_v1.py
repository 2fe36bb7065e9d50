"""Clients who missed a visit: of every 100 clients with a visit that took place or should have, how many missed one.

Who is counted: every client with a visit that was booked for a referral and was due in the period, once, however many
visits she had. The counts of quarters do not add up to the count of a year.
Numerator: clients who did not come to at least one such visit without anybody having said so before.
Denominator: clients with at least one such visit to which they came or did not come so.
Too recent to count (pending): clients all of whose visits were due after the cutoff, of those not counted above.
Left out by definition (excluded): clients all of whose visits were cancelled, and clients who said no to being counted,
as long as they say so; where an initiative counts only those who said yes, everybody else, too (rule R7).
Not known (missing): clients of whose visits nobody has said what came of them, of those not counted above.
How to read it: fewer is better. Merging two records of one woman changes it.
Source: catalogue G9, by client, with rule R25; no national standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.measures.definitions import of_referrals, of_visits
from services.measures.domain.measure import Definition, Direction, Standing, Unit

_FIRST: Final = (Standing.MET, Standing.UNMET, Standing.MISSING, Standing.PENDING, Standing.EXCLUDED)


def together(units: Sequence[Unit]) -> Unit:
    """Of all her visits in a cell the one that decides: a missed one, else one to which she came."""
    return min(units, key=lambda unit: (_FIRST.index(unit.standing), unit.at, unit.id or 0))


DEFINITION: Final = Definition(
    id="clients_missing_visits",
    version=1,
    title="Clients who missed a visit",
    of="clients with visits",
    text=__doc__,
    note="Clients with visits booked for referrals, by the day these were due. Restricted needs are left out.",
    anchor="ours",
    assess=of_visits.visits,
    rules=of_visits.RULES,
    by=of_referrals.BY,
    direction=Direction.FEWER,
    together=together,
)
