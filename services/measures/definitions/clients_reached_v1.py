"""Clients reached: how many different clients were met or answered at least once in the period.

Who is counted: every client with at least one completed contact in the period in which she was met or answered: a
visit, a group session that she attended, a call, video, two-way text, accompaniment, labour support, a ride, or goods
put into her hands. A letter, a one-way text and an attempt are not contacts.
Numerator: those clients, each once, however many contacts and agencies she had.
Denominator: none; this is a count of people. The counts of quarters do not add up to the count of a year, and those
of agencies not to the whole, because one client can be in several.
Too recent to count (pending): none.
Left out by definition (excluded): completed contacts of clients who said no to being counted, as long as they say so;
where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none.
Source: catalogue G16 with rule R17.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit

REACHED: Final = Rule("reached", Standing.MET, "a completed contact in which she was met or answered (R17)")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a completed contact; the client is counted once for all of them."""
    del as_of
    for contact in journey.in_order():
        yield Unit(contact.moment.at, REACHED, agencies=(contact.agency,))


DEFINITION: Final = Definition(
    id="clients_reached",
    version=1,
    title="Clients reached",
    of="clients",
    text=__doc__,
    note="Clients with a completed contact, each once. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(REACHED,),
    kind=Kind.CLIENTS,
    direction=Direction.MORE,
)
