"""Pregnancies with a due date: of every 100 pregnancies that became known, how many have one.

Who is counted: every pregnancy that was opened in the period, once, however many agencies or entries it has, by the
time at which it was opened first.
Numerator: those with a due date in force at the cutoff.
Denominator: all of them.
Too recent to count (pending): none.
Left out by definition (excluded): pregnancies that were entered in error, which are not counted at all, and those of
clients who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of
everybody else, too (rule R7).
Not known (missing): none; that it is not known is what this measure counts.
How to read it: more is better: measures that count by gestation leave undated ones out.
Source: catalogue G29 with rules R25.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

KNOWN: Final = Rule("dated", Standing.MET, "a due date is in force")
NOT_KNOWN: Final = Rule("undated", Standing.UNMET, "no due date in force")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a pregnancy."""
    del as_of
    for pregnancy in journey.pregnancies:
        yield Unit(pregnancy.opened.at, KNOWN if pregnancy.edd else NOT_KNOWN, agencies=pregnancy.agencies)


DEFINITION: Final = Definition(
    id="pregnancies_dated",
    version=1,
    title="Pregnancies with a due date",
    of="pregnancies",
    text=__doc__,
    note="Pregnancies by the day they were opened.",
    anchor="ours",
    assess=assess,
    rules=(KNOWN, NOT_KNOWN),
    direction=Direction.MORE,
)
