"""Gestational age at the first contact: how far along pregnancies were when the network first met her.

Who is counted: every pregnancy in which she was met or answered for the first time in the period (rule R17), once,
however many agencies or entries it has. A contact belongs to the pregnancy that it names, else to the one that was
known last by its day, else to the one that became known later and of which that day was a day.
Numerator: dated pregnancies, each with its whole days of gestation on the local date of that contact, by the due date
in force at the cutoff: their median, and how many were under 14, 14 to 27, 28 to 36, and 37 weeks or more.
Denominator: all of them.
Too recent to count (pending): none.
Left out by definition (excluded): pregnancies in which she was first reached after the due date in force, undated ones
after 280 days from when they became known, whatever became of them (rule R5); and those of clients who said no to
being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too (rule
R7).
Not known (missing): pregnancies without a due date in force, and those whose due date in force would put the contact
before their first day.
How to read it: earlier is better.
Source: catalogue G20; gestational days are 280 less the days to the due date (ACOG 700).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_first_contacts import LEFT_OUT, reached
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit

REACHED: Final = Rule("reached", Standing.MET, "first reached before the due date")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a pregnancy that was reached, as large as its days of gestation then."""
    for contact, found in reached(journey, as_of):
        at, agencies = contact.moment.at, (contact.agency,)
        if isinstance(found, Rule):
            yield Unit(at, found, agencies=agencies)
        else:
            yield Unit(at, REACHED, agencies=agencies, size=found)


DEFINITION: Final = Definition(
    id="first_contact_gestation",
    version=1,
    title="Days of pregnancy at the first contact",
    of="pregnancies",
    text=__doc__,
    note="Pregnancies by the day of the first contact. Restricted contacts are left out; no end of one is known (R5).",
    anchor="ours",
    assess=assess,
    rules=(REACHED, *LEFT_OUT),
    kind=Kind.DISTRIBUTION,
    direction=Direction.FEWER,
    bands=(97, 195, 258),
)
