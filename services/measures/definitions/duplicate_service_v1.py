"""Duplicate service: of every 100 clients reached, how many had the same help from two agencies that did not know it.

Who is counted: every client with at least one completed contact in the period in which she was met or answered (rule
R17), once.
Numerator: clients for whom two agencies had a completed contact about the same need no more than 30 days (720 hours)
apart, the later one in the period, while neither a handoff between the two was ever offered nor a referral of hers
passed on from one to the other. What a contact was about are its tags, and the need of the referral that it belongs
to.
Denominator: all clients reached in the period.
Too recent to count (pending): none.
Left out by definition (excluded): clients who said no to being counted, as long as they say so; where an initiative
counts only those who said yes, everybody else, too (rule R7).
Not known (missing): none. A contact that says nothing of what it was about is no duplicate of another.
How to read it: fewer is better, where it falls without fewer clients being reached. Some of it is wanted: two agencies
may well both see her for food in one month. It points to where agencies should talk to each other.
Source: catalogue G19; ours, because no national standard counts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from services.measures.definitions.of_needs import about
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

WINDOW: Final = timedelta(days=30)
TWICE: Final = Rule(
    "twice", Standing.MET, "the same help from two agencies within 30 days, without a link between them"
)
ONCE: Final = Rule("once", Standing.UNMET, "reached, and no help twice")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a completed contact: whether it is the second of the same help."""
    del as_of
    linked = _linked(journey)
    contacts = [(contact, about(contact, journey)) for contact in journey.in_order()]
    for place, (later, helps) in enumerate(contacts):
        others = {
            earlier.agency
            for earlier, same in contacts[:place]
            if later.moment.at - earlier.moment.at <= WINDOW and helps & same and earlier.agency != later.agency
        }
        doubled = {other for other in others if frozenset({other, later.agency}) not in linked}
        rule = TWICE if doubled else ONCE
        yield Unit(later.moment.at, rule, agencies=(later.agency, *sorted(doubled)))


def together(units: Sequence[Unit]) -> Unit:
    """A client as one unit: twice helped where any contact says so."""
    return next((unit for unit in units if unit.standing is Standing.MET), units[0])


def _linked(journey: Journey) -> frozenset[frozenset[str]]:
    """Pairs of agencies of which one offered to hand her over to the other, or passed a referral of hers on to it."""
    pairs = [(path.from_agency, path.to_agency) for path in journey.handoffs.values() if path.offered]
    for path in journey.referrals.values():
        if path.parent is not None and (parent := journey.referrals.get(path.parent)) is not None:
            pairs.append((parent.to_agency, path.to_agency))
    return frozenset(frozenset({one, other}) for one, other in pairs if one is not None and other is not None)


DEFINITION: Final = Definition(
    id="duplicate_service",
    version=1,
    title="The same help from two agencies",
    of="clients",
    text=__doc__,
    note="Clients with a completed contact, each once. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(TWICE, ONCE),
    direction=Direction.FEWER,
    together=together,
)
