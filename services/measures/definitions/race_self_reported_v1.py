"""Race and ethnicity in her own words: of every 100 pregnancies that became known, how many have that.

Who is counted: every pregnancy that was opened in the period, once, however many agencies or entries it has, by the
time at which it was opened first.
Numerator: those of clients who said themselves what their race and ethnicity is, or that they would rather not say.
Denominator: all of them.
Too recent to count (pending): none.
Left out by definition (excluded): pregnancies that were entered in error, which are not counted at all, and those of
clients who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of
everybody else, too (rule R7).
Not known (missing): none; that it is not known is what this measure counts.
How to read it: more is better: what others saw or a file says is a poorer base for equity. By race and ethnicity it
says little: where that is known, she has nearly always said it herself.
Source: catalogue G29 with rules R25 and R7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contracts.vocabulary import StatedBy
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

KNOWN: Final = Rule("self_reported", Standing.MET, "she said so herself, or would rather not say")
NOT_KNOWN: Final = Rule("not_self_reported", Standing.UNMET, "observed, imported, or not known")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a pregnancy."""
    del as_of
    for pregnancy in journey.pregnancies:
        rule = KNOWN if _self_reported(journey) else NOT_KNOWN
        yield Unit(pregnancy.opened.at, rule, agencies=pregnancy.agencies)


def _self_reported(journey: Journey) -> bool:
    said = journey.stated.get(StatedBy.SELF_REPORTED)
    return said is not None and (said.said.declined or bool(said.said.race_ethnicity))


DEFINITION: Final = Definition(
    id="race_self_reported",
    version=1,
    title="Race and ethnicity in her own words",
    of="pregnancies",
    text=__doc__,
    note="Pregnancies by the day they were opened.",
    anchor="ours",
    assess=assess,
    rules=(KNOWN, NOT_KNOWN),
    direction=Direction.MORE,
)
