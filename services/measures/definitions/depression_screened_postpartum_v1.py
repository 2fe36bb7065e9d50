"""Screened for depression after birth: of every 100 deliveries, how many mothers were asked 7 to 84 days after it.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first.
It belongs to the period of its own day.
Numerator: deliveries after which she was screened with the EPDS, PHQ-2 or PHQ-9 from the 7th to the 84th day, whatever
came of it. That she would not answer is no screening.
Denominator: deliveries whose 84th day was over at the cutoff.
Too recent to count (pending): deliveries whose 84th day was not over, also where she was screened already.
Left out by definition (excluded): deliveries of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. A screening that nobody wrote down is none.
How to read it: sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G25 (b), after HEDIS PDS-E; aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, delivered, is_over, start_of
from services.measures.definitions.of_screenings import ANSWERED, DEPRESSION, screened
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

FIRST, LAST = 7 * DAY, 84 * DAY
SCREENED: Final = Rule("screened", Standing.MET, "screened 7 to 84 days after the delivery")
NOT_SCREENED: Final = Rule("not_screened", Standing.UNMET, "not screened in these days, or she would not answer")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "84 days after the delivery are not over")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery."""
    asked = [day for day, _, result in screened(journey, DEPRESSION, as_of.zone) if result in ANSWERED]
    for pregnancy, birth in delivered(journey):
        born = birth.delivered_on
        in_time = any(born + FIRST <= day <= born + LAST for day in asked)
        rule = TOO_RECENT if not is_over(born + LAST, as_of) else SCREENED if in_time else NOT_SCREENED
        yield Unit(start_of(born, as_of.zone), rule, agencies=pregnancy.agencies)


DEFINITION: Final = Definition(
    id="depression_screened_postpartum",
    version=1,
    title="Asked about depression after the birth",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by their day.",
    anchor="HEDIS PDS-E",
    assess=assess,
    rules=(SCREENED, NOT_SCREENED, TOO_RECENT),
    direction=Direction.MORE,
    sensitive=True,
    window=LAST + DAY,
)
