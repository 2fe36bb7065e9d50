"""Handoff completion: of every 100 handoffs offered, how many the receiver completed within 14 days.

Who is counted: every handoff that was offered in the period, once, by the time it was offered. One that she did not
agree to was never offered.
Numerator: handoffs completed no later than 14 days (336 hours) after they were offered. Completed means that the
receiving agency accepted and has met her since.
Denominator: handoffs offered at least 14 days before the cutoff, however they stand.
Too recent to count (pending): handoffs offered less than 14 days before the cutoff, also when completed already.
Left out by definition (excluded): handoffs of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none; a handoff that was offered always has a time at which it was.
Source: catalogue G12; the window follows no national standard, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import Definition, Standing, Unit, matures

WINDOW: Final = timedelta(days=14)


def assess(journey: Journey, cutoff: datetime) -> Iterator[Unit]:
    """One unit a handoff that was offered."""
    for path in journey.handoffs.values():
        if path.offered is None:
            continue
        offered = path.offered.at
        if not matures(offered, WINDOW, cutoff):
            standing = Standing.PENDING
        elif path.completed is not None and path.completed.at - offered <= WINDOW:
            standing = Standing.MET
        else:
            standing = Standing.UNMET
        yield Unit(offered, standing)


DEFINITION: Final = Definition(
    id="handoff_completion",
    version=1,
    title="Handoffs completed within 14 days",
    of="handoffs",
    text=__doc__,
    note="Handoffs by the day they were offered. Restricted domains are left out.",
    assess=assess,
)
