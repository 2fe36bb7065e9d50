"""Postpartum visit within 8 weeks: of every 100 deliveries, how many mothers were seen within 56 days after it.

Who is counted: every delivery with a living child, once, twins too (rule R18), and of two within 180 days the first.
It belongs to the period of its own day.
Numerator: deliveries after which she was seen at least once from the day after it to the 56th.
Denominator: deliveries whose 56th day was over at the cutoff, of pregnancies that were known before the delivery or no
later than 30 days after it.
Too recent to count (pending): deliveries whose 56th day was not over, also where she was seen already.
Left out by definition (excluded): deliveries of pregnancies that became known later than 30 days after them, and
deliveries of clients who said no to being counted, as long as they say so; where an initiative counts only those who
said yes, of everybody else, too (rule R7).
Not known (missing): none. A visit that nobody wrote down is none: where clinics do not send visits the figure is too
low.
How to read it: sensitive: births are on the restricted topic alone (rule R6). Where an initiative has not turned it
on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G24, the variant of MIECHV 5 (enrolled prenatally or within 30 days); aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, delivered, is_over, start_of
from services.measures.domain.episode import Birth
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.pregnancy import Pregnancy

KNOWN, LAST = 30 * DAY, 56 * DAY
SEEN: Final = Rule("seen", Standing.MET, "seen within 56 days after the delivery")
NOT_SEEN: Final = Rule("not_seen", Standing.UNMET, "not seen in these days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "56 days after the delivery are not over")
KNOWN_LATE: Final = Rule("known_late", Standing.EXCLUDED, "known later than 30 days after the delivery")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a delivery."""
    for pregnancy, birth in delivered(journey):
        at = start_of(birth.delivered_on, as_of.zone)
        yield Unit(at, _rule(pregnancy, birth, as_of), agencies=pregnancy.agencies)


def _rule(pregnancy: Pregnancy, birth: Birth, as_of: AsOf) -> Rule:
    born = birth.delivered_on
    if pregnancy.known_on > born + KNOWN:
        return KNOWN_LATE
    if not is_over(born + LAST, as_of):
        return TOO_RECENT
    return SEEN if any(born < day <= born + LAST for day in pregnancy.visits) else NOT_SEEN


DEFINITION: Final = Definition(
    id="postpartum_visit_56",
    version=1,
    title="Seen within 8 weeks after the birth",
    of="deliveries",
    text=__doc__,
    note="Deliveries with a living child that agencies wrote down, by their day.",
    anchor="MIECHV 5",
    assess=assess,
    rules=(SEEN, NOT_SEEN, TOO_RECENT, KNOWN_LATE),
    direction=Direction.MORE,
    sensitive=True,
    window=LAST + DAY,
)
