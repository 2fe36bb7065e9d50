"""Handoff completion: of every 100 handoffs offered, how many the receiver completed within 14 days.

Who is counted: every handoff that was offered in the period, once, by the time it was offered. One that she did not
agree to was never offered.
Numerator: handoffs completed no later than 14 days (336 hours) after they were offered. Completed means that the
receiving agency accepted and has met her since; where the contact that showed it was an error (R14), another contact
of that agency since the acceptance must show it, and counts by its time.
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

from services.measures.definitions import of_handoffs
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, matures
from services.measures.domain.path import HandoffPath

WINDOW: Final = timedelta(days=14)
COMPLETED: Final = Rule("completed", Standing.MET, "completed within 14 days of the offer")
LATE: Final = Rule("late", Standing.UNMET, "completed later than 14 days after the offer")
NOT_COMPLETED: Final = Rule("not_completed", Standing.UNMET, "not completed")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "offered less than 14 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a handoff that was offered."""
    for id, path, offered in of_handoffs.offered(journey):
        yield of_handoffs.unit(id, path, offered, _rule(path, offered, as_of.cutoff))


def _rule(path: HandoffPath, offered: datetime, cutoff: datetime) -> Rule:
    if not matures(offered, WINDOW, cutoff):
        return TOO_RECENT
    if path.completed is None:
        return NOT_COMPLETED
    return COMPLETED if path.completed.at - offered <= WINDOW else LATE


DEFINITION: Final = Definition(
    id="handoff_completion",
    version=1,
    title="Handoffs completed within 14 days",
    of="handoffs",
    text=__doc__,
    note="Handoffs by the day they were offered. Restricted domains are left out.",
    anchor="ours",
    assess=assess,
    rules=(COMPLETED, LATE, NOT_COMPLETED, TOO_RECENT),
    direction=Direction.MORE,
    window=WINDOW,
)
