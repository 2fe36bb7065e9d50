"""Reached in pregnancy: how many clients were met or answered while pregnant, beside the births of their county.

Who is counted: every client with at least one completed contact in the period in which she was met or answered (rule
R17), on a day of a pregnancy no later than its due date in force; undated, no later than 280 days after it became
known, whatever became of it (rule R5).
Numerator: those clients, each once, however many contacts, agencies and pregnancies she had.
Denominator: none; this is a count of people. Beside it stands, over whole calendar years, a ratio: those of the
initiative's county for 100 live births to its residents in the same years, as its printed source counts them. It is no
share: the two count different people, and it can be above 100.
Too recent to count (pending): none.
Left out by definition (excluded): clients who said no to being counted, as long as they say so; where an initiative
counts only those who said yes, everybody else, too (rule R7).
Not known (missing): none; those whose county is not known are a row of their own, and not in the ratio.
How to read it: more is better. It says how far the network reaches, not how many pregnant residents it misses.
Source: catalogue G17 with rule R25 (the county that she states); births by the imported figures of vital records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import met_in
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit, Within

REACHED: Final = Rule("reached", Standing.MET, "met or answered while pregnant (R17)")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a completed contact in pregnancy; the client is counted once for all of them."""
    met = met_in(journey, as_of)
    for pregnancy in journey.pregnancies:
        for day, contact in met[pregnancy.ids]:
            if pregnancy.begins <= day <= pregnancy.due:
                yield Unit(contact.moment.at, REACHED, agencies=(contact.agency,))


DEFINITION: Final = Definition(
    id="reached_in_pregnancy",
    version=1,
    title="Reached while pregnant",
    of="clients",
    text=__doc__,
    note="Clients with a completed contact in pregnancy, each once. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(REACHED,),
    kind=Kind.CLIENTS,
    direction=Direction.MORE,
    beside="live_births",
    within=(Within(Standing.MET, "clients_reached"),),
)
