"""Days until recorded: how long after a contact it was written down.

Who is counted: every contact, attempt and missed visit that was recorded, once, as it was recorded first, by the time
at which it happened.
Numerator: those, each with the days from when it happened to when it was recorded: their median, and how many took up
to 1, 7 and 30 days, and more.
Denominator: all of them.
Too recent to count (pending): none; what is not recorded yet nobody knows of.
Left out by definition (excluded): those that were taken back or entered in error, which are not counted at all, and
those of clients who said no to being counted, as long as they say so; where an initiative counts only those who said
yes, of everybody else, too (rule R7).
Not known (missing): those of which it is not known when they were recorded.
How to read it: fewer days is better. What comes late is missing from figures of its quarter for as long.
Source: catalogue G29 with rule R25; late is more than 7 days, as on the agencies' own pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.measures.definitions.of_contacts import recorded
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit

DAY: Final = timedelta(days=1)
RECORDED: Final = Rule("recorded", Standing.MET, "recorded so many days after it happened")
UNKNOWN: Final = Rule("unknown", Standing.MISSING, "not known when it was recorded")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a contact that was recorded, as large as the days that this took."""
    del as_of
    for each in recorded(journey):
        at, agencies = each.moment.at, (each.agency,)
        if each.recorded is None:
            yield Unit(at, UNKNOWN, agencies=agencies)
        else:
            yield Unit(at, RECORDED, agencies=agencies, size=(each.recorded - at) / DAY)


DEFINITION: Final = Definition(
    id="days_until_recorded",
    version=1,
    title="Days until it was written down",
    of="contacts recorded",
    text=__doc__,
    note="Recorded contacts by the day they happened. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(RECORDED, UNKNOWN),
    kind=Kind.DISTRIBUTION,
    direction=Direction.FEWER,
    bands=(1, 7, 30),
)
