"""Warm share: of every 100 handoffs completed, at how many both agencies had spoken with her by the first contact.

Who is counted: every handoff that was completed in the period, once, by the time it was completed. A completion that
only a contact showed which was an error (R14) is none.
Numerator: handoffs at which an introduction was held with her present, no later than the local day of the receiving
agency's first completed contact with her since the offer (rule R17); where no such contact is known, no later than the
day on which the handoff was completed.
Denominator: all of them.
Too recent to count (pending): none; what is complete is known.
Left out by definition (excluded): handoffs of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none; an introduction that nobody wrote down counts as none.
How to read it: higher is better. Read it beside handoff completion: it says nothing of those that were not completed.
Source: catalogue G13; warm as AHRQ has it, in front of the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions import of_handoffs
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.path import HandoffPath

WARM: Final = Rule("warm", Standing.MET, "introduced with her present, by the day of the receiver's first contact")
LATE: Final = Rule("late", Standing.UNMET, "introduced with her present only after the receiver's first contact")
NOT_WARM: Final = Rule("not_warm", Standing.UNMET, "not introduced with her present")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a handoff that was completed."""
    for id, path, _ in of_handoffs.offered(journey):
        if path.completed is not None:
            yield of_handoffs.unit(id, path, path.completed.at, _rule(journey, path, as_of))


def _rule(journey: Journey, path: HandoffPath, as_of: AsOf) -> Rule:
    met = of_handoffs.first_met(journey, path)
    if path.warm is None or met is None:
        return NOT_WARM
    days = [at.astimezone(as_of.zone).date() for at in (path.warm.at, met)]
    return WARM if days[0] <= days[1] else LATE


DEFINITION: Final = Definition(
    id="warm_share",
    version=1,
    title="Handoffs with a warm introduction",
    of="completed handoffs",
    text=__doc__,
    note="Completed handoffs by the day they were completed. Restricted domains and contacts are left out.",
    anchor="AHRQ",
    assess=assess,
    rules=(WARM, LATE, NOT_WARM),
    direction=Direction.MORE,
)
