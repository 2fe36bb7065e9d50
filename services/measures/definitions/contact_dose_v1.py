"""Contact dose: how often a client was met or answered in 30 days of pregnancy.

Who is counted: every pregnancy, by its days in each calendar month; a month belongs to the period in which it, or her
time in it, began. Days are local dates from the one on which the pregnancy became known to the due date in force;
undated, for 280 days; whatever became of it (rule R5). They end earlier where the last agency closed it.
Numerator: completed contacts of those days in which she was met or answered (rule R17) that belong to the pregnancy:
that name it, or name none and lie in it.
Denominator: those days, as far as they were over at the cutoff; the rate is said of 30 of them.
Too recent to count (pending): none; days that are not over are not counted.
Left out by definition (excluded): months of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none.
How to read it: more is not always better; what a mother needs differs. Read it beside the months without any contact.
Source: catalogue G22; ours. The interval is that of independent events (exact Poisson), which contacts are not quite.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, asked, day_of, met_in, months, prenatal, start_of
from services.measures.domain.exposure import Exposure
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Kind, Rule, Standing, Unit

MONTH: Final = 31 * DAY
EXPOSED: Final = Rule("exposed", Standing.MET, "a month with open days before the due date")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a calendar month of a pregnancy."""
    met = met_in(journey, as_of)
    for pregnancy in journey.pregnancies:
        first, last = prenatal(pregnancy, as_of.zone)
        for since, until in months(*asked(first, min(last, day_of(as_of.cutoff, as_of.zone) - DAY), as_of)):
            contacts = [contact for day, contact in met[pregnancy.ids] if since <= day <= until]
            agencies = {*pregnancy.agencies, *(contact.agency for contact in contacts)}
            exposure = Exposure(len(contacts), (until - since).days + 1)
            yield Unit(start_of(since, as_of.zone), EXPOSED, agencies=tuple(sorted(agencies)), size=exposure)


DEFINITION: Final = Definition(
    id="contact_dose",
    version=1,
    title="Contacts in 30 days of pregnancy",
    of="months of pregnancies",
    text=__doc__,
    note="Open days before the due date by calendar month. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(EXPOSED,),
    kind=Kind.RATE,
    per=30,
    window=MONTH,
)
