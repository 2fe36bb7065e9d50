"""Agencies per client: with how many different agencies a client who was reached had contact in the period.

Who is counted: every client with at least one completed contact in the period in which she was met or answered (rule
R17), once.
Numerator: clients, each with the number of different agencies whose staff met or answered her in the period: their
mean, and how many had 1, 2, 3, and 4 or more.
Denominator: all of them; nobody is counted who has no number.
Too recent to count (pending): none.
Left out by definition (excluded): clients who said no to being counted, as long as they say so; where an initiative
counts only those who said yes, everybody else, too (rule R7).
Not known (missing): none; a contact always has an agency.
How to read it: several agencies can mean that she finds what she needs, or that nobody takes charge; neither more nor
fewer is better by itself. Read it beside duplicate service.
Source: catalogue G18; ours, because no national standard counts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Kind, Rule, Standing, Unit

REACHED: Final = Rule("reached", Standing.MET, "met or answered by at least one agency (R17)")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a completed contact, with its agency."""
    del as_of
    for contact in journey.in_order():
        yield Unit(contact.moment.at, REACHED, agencies=(contact.agency,))


def together(units: Sequence[Unit]) -> Unit:
    """A client as one unit, as large as the number of her agencies."""
    agencies = tuple(sorted({agency for unit in units for agency in unit.agencies}))
    return Unit(units[0].at, units[0].rule, agencies=agencies, size=len(agencies))


DEFINITION: Final = Definition(
    id="agencies_per_client",
    version=1,
    title="Agencies per client",
    of="clients",
    text=__doc__,
    note="Clients with a completed contact, each once. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(REACHED,),
    kind=Kind.DISTRIBUTION,
    together=together,
    bands=(1, 2, 3),
    least=1,
)
