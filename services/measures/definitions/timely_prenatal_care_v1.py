"""Timely prenatal care: of every 100 deliveries, how many followed a first prenatal visit that was in time.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first. A
delivery belongs to the period in which the 85th day after it lies, so that a year has the deliveries from 8 October to
7 October, as PPC has.
Numerator: deliveries whose first prenatal visit was within the first 14 weeks and 6 days (day 104) by the due date in
force, undated by a pregnancy of 280 days up to the delivery, or no later than 42 days after the pregnancy became
known.
Denominator: all of them.
Too recent to count (pending): none; the visit lies before the delivery.
Left out by definition (excluded): deliveries of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. A visit that nobody wrote down is none: where clinics do not send first visits the figure is
too low.
How to read it: sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G23 with rule R25, after HEDIS PPC (timeliness of prenatal care); aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from services.measures.definitions.of_pregnancies import HEDIS_SHIFT, delivered, start_of
from services.measures.domain.episode import Birth
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.pregnancy import PREGNANCY, Pregnancy

TRIMESTER: Final = timedelta(days=104)
ENROLLED: Final = timedelta(days=42)
FIRST_TRIMESTER: Final = Rule("first_trimester", Standing.MET, "first visit by day 104")
SOON: Final = Rule("soon", Standing.MET, "first visit within 42 days after the pregnancy became known")
LATE: Final = Rule("late", Standing.UNMET, "first visit later than both")
NONE: Final = Rule("none", Standing.UNMET, "no first visit written down")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery."""
    for pregnancy, birth in delivered(journey):
        at = start_of(birth.delivered_on + HEDIS_SHIFT, as_of.zone)
        yield Unit(at, _rule(pregnancy, birth), agencies=pregnancy.agencies)


def _rule(pregnancy: Pregnancy, birth: Birth) -> Rule:
    visit = pregnancy.prenatal_care_on
    if visit is None:
        return NONE
    if visit <= _begins(pregnancy, birth) + TRIMESTER:
        return FIRST_TRIMESTER
    return SOON if visit <= pregnancy.known_on + ENROLLED else LATE


def _begins(pregnancy: Pregnancy, birth: Birth) -> date:
    return pregnancy.begins if pregnancy.edd else birth.delivered_on - PREGNANCY


DEFINITION: Final = Definition(
    id="timely_prenatal_care",
    version=1,
    title="Prenatal care in time",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by the 85th day after them.",
    anchor="HEDIS PPC",
    assess=assess,
    rules=(FIRST_TRIMESTER, SOON, LATE, NONE),
    direction=Direction.MORE,
    sensitive=True,
)
