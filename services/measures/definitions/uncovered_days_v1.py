"""Uncovered days: of every 100 days of a pregnancy and the year after it, on how many nobody had been in touch lately.

Who is counted: every pregnancy, by its days in each calendar month; a month belongs to the period in which it, or her
time in it, began. Days are local dates from the one on which the pregnancy became known to the 365th after the due date
in force or, undated, after its 280th day; whatever became of it (rule R5). They end earlier where the last agency
closed it.
Numerator: days on which no agency led the coordination of her care, and days on which each that led it had last met or
answered her (rule R17) 21 or more days before, or never. A day on which the lead changed hands is covered by either.
Denominator: all those days, as far as they were over at the cutoff; the figure is said of 100 of them.
Too recent to count (pending): none; days that are not over are not counted.
Left out by definition (excluded): months of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. A contact of a restricted class covers no day, because it is not seen here.
How to read it: fewer is better. An agency that takes the lead covers her from its first contact on, not before. The
days of one client hang together: the interval rests on how much clients differ.
Source: catalogue G15; the 21 days are those of HV CoIIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, asked, day_of, met_by_day, months, open_days, start_of
from services.measures.domain.cover import covered, days_in, spells
from services.measures.domain.exposure import Exposure
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit

SILENCE: Final = timedelta(days=21)
OPEN: Final = Rule("open", Standing.MET, "a month with days of a pregnancy or of the year after it")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a calendar month of a pregnancy and the year after it."""
    met = [(contact.agency, day) for day, contact, _ in met_by_day(journey, as_of.zone)]
    for pregnancy in journey.pregnancies:
        led = [spell for path in pregnancy.paths for spell in spells(path, as_of.zone)]
        runs = covered(led, met, SILENCE)
        agencies = tuple(sorted({*pregnancy.agencies, *(spell.agency for spell in led)}))
        first, last = open_days(pregnancy, as_of.zone)
        for since, until in months(*asked(first, min(last, day_of(as_of.cutoff, as_of.zone) - DAY), as_of)):
            days = (until - since).days + 1
            exposure = Exposure(days - days_in(runs, since, until), days)
            yield Unit(start_of(since, as_of.zone), OPEN, agencies=agencies, size=exposure)


DEFINITION: Final = Definition(
    id="uncovered_days",
    version=1,
    title="Days on which nobody had been in touch",
    of="months of pregnancies",
    text=__doc__,
    note="Days of pregnancies and the year after, by calendar month. Restricted contacts and domains are left out.",
    anchor="HV CoIIN",
    assess=assess,
    rules=(OPEN,),
    kind=Kind.RATE,
    direction=Direction.FEWER,
    per=100,
    hangs_together=True,
)
