"""Screened for depression in pregnancy: of every 100 deliveries, how many mothers were asked before it.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first.
It belongs to the period of its own day.
Numerator: deliveries before which she was screened with the EPDS, PHQ-2 or PHQ-9 on a day of that pregnancy, whatever
came of it. That she would not answer is no screening.
Denominator: all of them.
Too recent to count (pending): none; the screening lies before the delivery.
Left out by definition (excluded): deliveries of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): deliveries of which neither the gestation was recorded nor a due date is known: the pregnancy has
no first day.
How to read it: sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G25 (a), after HEDIS PND-E; aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import delivered, first_day, start_of
from services.measures.definitions.of_screenings import ANSWERED, DEPRESSION, screened
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

SCREENED: Final = Rule("screened", Standing.MET, "screened on a day of the pregnancy")
NOT_SCREENED: Final = Rule("not_screened", Standing.UNMET, "not screened in the pregnancy, or she would not answer")
UNDATED: Final = Rule("undated", Standing.MISSING, "neither gestation nor due date known")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery."""
    asked = [day for day, _, result in screened(journey, DEPRESSION, as_of.zone) if result in ANSWERED]
    for pregnancy, birth in delivered(journey):
        first, born = first_day(pregnancy, birth), birth.delivered_on
        in_time = first is not None and any(first <= day < born for day in asked)
        rule = UNDATED if first is None else SCREENED if in_time else NOT_SCREENED
        yield Unit(start_of(born, as_of.zone), rule, agencies=pregnancy.agencies)


DEFINITION: Final = Definition(
    id="depression_screened_prenatal",
    version=1,
    title="Asked about depression in pregnancy",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by their day.",
    anchor="HEDIS PND-E",
    assess=assess,
    rules=(SCREENED, NOT_SCREENED, UNDATED),
    direction=Direction.MORE,
    sensitive=True,
)
