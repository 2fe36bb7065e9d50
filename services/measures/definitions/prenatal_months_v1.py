"""Months of pregnancy with a contact: of every 100 spells of 30 days, in how many she was met or answered.

Who is counted: every whole spell of 30 days of a pregnancy, counted from the day on which it became known, by its
first day. Days are local dates from the one on which the pregnancy became known to the due date in force; undated, for
280 days; whatever became of it (rule R5). They end earlier where the last agency closed it.
Numerator: spells with at least one completed contact in which she was met or answered (rule R17) that belongs to the
pregnancy: that names it, or names none and lies in it.
Denominator: spells that were over at the cutoff.
Too recent to count (pending): spells that have begun and were not over, also where she was met already.
Left out by definition (excluded): the last spell of a pregnancy where it is shorter than 30 days, and spells of
clients who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of
everybody else, too (rule R7).
Not known (missing): none.
How to read it: more is better: a month without a word is how somebody is lost.
Source: catalogue G22; ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, day_of, is_over, met_in, prenatal, start_of
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

SPELL: Final = 30 * DAY
MET: Final = Rule("met", Standing.MET, "met or answered in the 30 days")
NOT_MET: Final = Rule("not_met", Standing.UNMET, "neither in the 30 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "the 30 days are not over")
SHORT: Final = Rule("short", Standing.EXCLUDED, "fewer than 30 days were left")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a spell of a pregnancy that has begun."""
    met, today = met_in(journey, as_of), day_of(as_of.cutoff, as_of.zone)
    for pregnancy in journey.pregnancies:
        since, last = prenatal(pregnancy, as_of.zone)
        while since <= min(last, today):
            until = since + SPELL - DAY
            agencies = {contact.agency for day, contact in met[pregnancy.ids] if since <= day <= until}
            there = MET if agencies else NOT_MET
            rule = SHORT if until > last else there if is_over(until, as_of) else TOO_RECENT
            yield Unit(start_of(since, as_of.zone), rule, agencies=tuple(sorted({*agencies, *pregnancy.agencies})))
            since += SPELL


DEFINITION: Final = Definition(
    id="prenatal_months",
    version=1,
    title="Months of pregnancy with a contact",
    of="months of pregnancies",
    text=__doc__,
    note="Whole spells of 30 days before the due date by their first day. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(MET, NOT_MET, TOO_RECENT, SHORT),
    direction=Direction.MORE,
    window=SPELL,
)
