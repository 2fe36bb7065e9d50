"""Preterm birth in the programme: of every 100 births to those known before 37 weeks, how many came before 37 weeks.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first.
It belongs to the period of its own day.
Numerator: deliveries before 37 completed weeks (259 days) of gestation, by the gestation recorded with the birth, else
by the due date in force.
Denominator: deliveries with a living child after the pregnancy became known to the network, of pregnancies that became
known before 37 completed weeks.
Too recent to count (pending): none.
Left out by definition (excluded): deliveries before the pregnancy became known, deliveries of pregnancies that became
known at 37 completed weeks or later, and deliveries of clients who said no to being counted, as long as they say so;
where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): deliveries of which neither the gestation was recorded nor a due date is known.
How to read it: fewer is better. Whoever becomes known late has escaped an early preterm birth already: compare only
within one stage (under 14, 14 to 27, 28 to 36 weeks when it became known), and never with the county's rate, which
counts all births. Sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G26 (a), after MIECHV 1; aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, delivered, first_day, start_of
from services.measures.domain.episode import Birth
from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, AsOf, By, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.pregnancy import Pregnancy

TERM: Final = 259 * DAY
STAGES: Final = ((98 * DAY, "under_14_weeks"), (196 * DAY, "14_to_27_weeks"), (TERM, "28_to_36_weeks"))
PRETERM: Final = Rule("preterm", Standing.MET, "born before 259 days")
AT_TERM: Final = Rule("at_term", Standing.UNMET, "born at 259 days or later")
UNDATED: Final = Rule("undated", Standing.MISSING, "neither gestation nor due date known")
BORN_BEFORE: Final = Rule("born_before", Standing.EXCLUDED, "born before the pregnancy became known")
KNOWN_LATE: Final = Rule("known_late", Standing.EXCLUDED, "known at 37 completed weeks or later")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery, by the stage at which the pregnancy became known."""
    for pregnancy, birth in delivered(journey):
        rule, stage = _counted(pregnancy, birth)
        at = start_of(birth.delivered_on, as_of.zone)
        yield Unit(at, rule, stage=stage, agencies=pregnancy.agencies)


def _counted(pregnancy: Pregnancy, birth: Birth) -> tuple[Rule, str | None]:
    if birth.delivered_on < pregnancy.known_on:
        return BORN_BEFORE, None
    first = first_day(pregnancy, birth)
    if first is None:
        return UNDATED, None
    known = pregnancy.known_on - first
    stage = next((name for until, name in STAGES if known < until), None)
    if stage is None:
        return KNOWN_LATE, None
    return PRETERM if birth.delivered_on - first < TERM else AT_TERM, stage


DEFINITION: Final = Definition(
    id="preterm_birth",
    version=1,
    title="Born too early, in the programme",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by their day. Not the county's rate.",
    anchor="MIECHV 1",
    assess=assess,
    rules=(PRETERM, AT_TERM, UNDATED, BORN_BEFORE, KNOWN_LATE),
    by=ALWAYS | {By.STAGE},
    direction=Direction.FEWER,
    sensitive=True,
)
