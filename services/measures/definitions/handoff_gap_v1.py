"""Handoff gap: how many days passed between the sender's last contact with her and the receiver's first.

Who is counted: every handoff that was accepted in the period, once, by the time it was accepted, however recent.
Numerator: handoffs after which the receiving agency has met her by the cutoff. The gap is the number of local days from
the sending agency's last completed contact up to the acceptance to the receiving agency's first completed contact since
the offer (rule R17), 0 where the receiver's was the earlier one; where no such contact is known of a handoff that was
completed, its completion stands for it. A completion that only a contact showed which was an error (R14) is none.
Denominator: all handoffs of which the sender's last contact is known. The share with at most 7 days, and the days after
which half and nine tenths of all had been met, are those of a cumulative incidence (Aalen-Johansen): a handoff that
failed, so that the lead went back, competes and stays in the denominator; one that is open counts for the days up to
the cutoff.
Too recent to count (pending): none; what is recent counts for the time that it was watched.
Left out by definition (excluded): handoffs of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): handoffs whose sender had no completed contact with her on record up to the acceptance.
How to read it: fewer days are better.
Source: catalogue G14; no national standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from services.measures.definitions import of_handoffs
from services.measures.definitions.of_referrals import waited
from services.measures.domain.incidence import End, Wait
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit
from services.measures.domain.path import HandoffPath

MET: Final = Rule("met", Standing.MET, "met by the receiver")
FAILED: Final = Rule("failed", Standing.UNMET, "failed before the receiver met her")
OPEN: Final = Rule("open", Standing.UNMET, "not met by the receiver at the cutoff")
NO_LAST: Final = Rule("no_last_contact", Standing.MISSING, "no contact of the sender on record up to the acceptance")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a handoff that was accepted, with its gap."""
    for id, path, accepted in of_handoffs.accepted(journey):
        last = of_handoffs.last_met(journey, path, accepted)
        rule, gap = (NO_LAST, None) if last is None else _gap(journey, path, last, as_of)
        yield of_handoffs.unit(id, path, accepted, rule, size=gap)


def _gap(journey: Journey, path: HandoffPath, last: datetime, as_of: AsOf) -> tuple[Rule, Wait]:
    def days(until: datetime, end: End) -> Wait:
        first, then = (datetime.combine(at.astimezone(as_of.zone), datetime.min.time()) for at in (last, until))
        return waited(first, then, end)

    met = of_handoffs.first_met(journey, path)
    failed = path.end.said.at if path.end is not None else None
    if met is not None and (failed is None or met <= failed):
        return MET, days(met, End.REACHED)
    if failed is not None:
        return FAILED, days(failed, End.OTHERWISE)
    return OPEN, days(as_of.cutoff, End.WATCHED)


DEFINITION: Final = Definition(
    id="handoff_gap",
    version=1,
    title="Days between the two agencies' contacts",
    of="accepted handoffs",
    text=__doc__,
    note="Accepted handoffs by the day they were accepted. Restricted domains and contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(MET, FAILED, OPEN, NO_LAST),
    kind=Kind.TIME,
    direction=Direction.MORE,
    marks=(7.0,),
)
