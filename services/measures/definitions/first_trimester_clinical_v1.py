"""First-trimester entry: of every 100 pregnancies, how many the network first reached by 13 weeks and 6 days (day 97).

Who is counted: every pregnancy in which she was met or answered for the first time in the period (rule R17), once,
however many agencies or entries it has. A contact belongs to the pregnancy that it names, else to the one that was
known last by its day, else to the one that became known later and of which that day was a day.
Numerator: pregnancies of no more than 97 whole days of gestation on the local date of that contact, by the due date in
force at the cutoff.
Denominator: all dated pregnancies that were first reached before the due date.
Too recent to count (pending): none.
Left out by definition (excluded): pregnancies in which she was first reached after the due date in force, undated ones
after 280 days from when they became known, whatever became of them (rule R5); and those of clients who said no to
being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too (rule
R7).
Not known (missing): pregnancies without a due date in force, and those whose due date in force would put the contact
before their first day.
Source: catalogue G20 with the rule `clinical_97`: clinical trimester, 13 weeks and 6 days (ACOG).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_first_contacts import LEFT_OUT, entered_by
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, Within

LIMIT: Final = 97
EARLY: Final = Rule("early", Standing.MET, "first reached on day 97 or before")
LATER: Final = Rule("later", Standing.UNMET, "first reached after day 97")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a pregnancy that was reached."""
    return entered_by(LIMIT, EARLY, LATER, journey, as_of)


DEFINITION: Final = Definition(
    id="first_trimester_clinical",
    version=1,
    title="Reached in the first trimester",
    of="pregnancies",
    text=__doc__,
    note="Pregnancies by the day of the first contact. Restricted contacts are left out; no end of one is known (R5).",
    anchor="ACOG",
    assess=assess,
    rules=(EARLY, LATER, *LEFT_OUT),
    direction=Direction.MORE,
    within=(Within(Standing.MET, "first_trimester_hedis"),),
)
