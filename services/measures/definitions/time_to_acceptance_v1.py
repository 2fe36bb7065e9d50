"""Time to acceptance: how soon a referral is accepted, of every 100 sent.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent, however recent.
Numerator: referrals that were accepted by the cutoff.
Denominator: all of them. The share that was accepted within 2 and within 7 days, and the times by which half and nine
tenths of all were accepted, are those of a cumulative incidence (Aalen-Johansen): a referral that ended before it was
accepted (declined, expired, taken back, stopped, passed on, closed from the waiting list) can never be accepted any
more and stays in the denominator; one that is open counts for as long as it was watched, up to the cutoff.
Too recent to count (pending): none; what is recent counts for the time that it was watched.
Left out by definition (excluded): informational referrals, which ask for no answer, and referrals of clients who said
no to being counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too
(rule R7).
Not known (missing): none; a referral always has a time at which it was sent.
How to read it: sooner is better. Where fewer than half were ever accepted there is no median. The times of those that
were accepted alone look better than they are: the share that was still open stands beside them.
Source: catalogue G3; the shares follow no national standard, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from services.measures.definitions import of_referrals
from services.measures.domain.incidence import End, Wait
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit

ACCEPTED: Final = Rule("accepted", Standing.MET, "accepted")
ENDED: Final = Rule("ended", Standing.UNMET, "ended before it was accepted")
OPEN: Final = Rule("open", Standing.UNMET, "open and not accepted at the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent, with its time to acceptance."""
    return of_referrals.timed(journey, lambda id, sent: _wait(journey, id, sent, as_of.cutoff))


def _wait(journey: Journey, id: UUID, sent: datetime, cutoff: datetime) -> tuple[Rule, Wait]:
    path = journey.referrals[id]
    if path.accepted is not None:
        return ACCEPTED, of_referrals.waited(sent, path.accepted.at, End.REACHED)
    if path.end is not None:
        return ENDED, of_referrals.waited(sent, path.end.said.at, End.OTHERWISE)
    return OPEN, of_referrals.waited(sent, cutoff, End.WATCHED)


DEFINITION: Final = Definition(
    id="time_to_acceptance",
    version=1,
    title="Time until a referral is accepted",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(ACCEPTED, ENDED, OPEN, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    kind=Kind.TIME,
    direction=Direction.MORE,
    marks=(2.0, 7.0),
)
