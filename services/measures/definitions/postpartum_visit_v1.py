"""Postpartum visit: of every 100 deliveries, how many mothers were seen 7 to 84 days after it.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first. A
delivery belongs to the period in which the 85th day after it lies, so that a year has the deliveries from 8 October to
7 October, as PPC has.
Numerator: deliveries after which she was seen at least once from the 7th to the 84th day.
Denominator: deliveries whose 84th day was over at the cutoff.
Too recent to count (pending): deliveries whose 84th day was not over, also where she was seen already.
Left out by definition (excluded): deliveries of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. A visit that nobody wrote down is none: where clinics do not send visits the figure is too
low.
How to read it: sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G24, after HEDIS PPC (postpartum care); aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, HEDIS_SHIFT, delivered, is_over, start_of
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

FIRST, LAST = 7 * DAY, 84 * DAY
SEEN: Final = Rule("seen", Standing.MET, "seen 7 to 84 days after the delivery")
NOT_SEEN: Final = Rule("not_seen", Standing.UNMET, "not seen in these days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "84 days after the delivery are not over")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery."""
    for pregnancy, birth in delivered(journey):
        born = birth.delivered_on
        seen = any(born + FIRST <= day <= born + LAST for day in pregnancy.visits)
        rule = TOO_RECENT if not is_over(born + LAST, as_of) else SEEN if seen else NOT_SEEN
        yield Unit(start_of(born + HEDIS_SHIFT, as_of.zone), rule, agencies=pregnancy.agencies)


DEFINITION: Final = Definition(
    id="postpartum_visit",
    version=1,
    title="Seen 7 to 84 days after the birth",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by the 85th day after them.",
    anchor="HEDIS PPC",
    assess=assess,
    rules=(SEEN, NOT_SEEN, TOO_RECENT),
    direction=Direction.MORE,
    sensitive=True,
)
