"""Recorded in time: of every 100 contacts, how many were written down within 7 days.

Who is counted: every contact, attempt and missed visit that was recorded, once, as it was recorded first, by the time
at which it happened.
Numerator: those recorded no later than 7 days (168 hours) after they happened.
Denominator: all of them.
Too recent to count (pending): none; what is not recorded yet nobody knows of.
Left out by definition (excluded): those that were taken back or entered in error, which are not counted at all, and
those of clients who said no to being counted, as long as they say so; where an initiative counts only those who said
yes, of everybody else, too (rule R7).
Not known (missing): those of which it is not known when they were recorded.
How to read it: more is better. What comes late is missing from figures of its quarter for as long.
Source: catalogue G29 with rule R25; late is more than 7 days, as on the agencies' own pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.measures.definitions.of_contacts import recorded
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

WINDOW: Final = timedelta(days=7)
IN_TIME: Final = Rule("in_time", Standing.MET, "recorded within 7 days")
LATE: Final = Rule("late", Standing.UNMET, "recorded later than 7 days")
UNKNOWN: Final = Rule("unknown", Standing.MISSING, "not known when it was recorded")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a contact that was recorded."""
    del as_of
    for each in recorded(journey):
        at = each.moment.at
        rule = UNKNOWN if each.recorded is None else IN_TIME if each.recorded - at <= WINDOW else LATE
        yield Unit(at, rule, agencies=(each.agency,))


DEFINITION: Final = Definition(
    id="recorded_in_time",
    version=1,
    title="Written down within 7 days",
    of="contacts recorded",
    text=__doc__,
    note="Recorded contacts by the day they happened. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(IN_TIME, LATE, UNKNOWN),
    direction=Direction.MORE,
)
