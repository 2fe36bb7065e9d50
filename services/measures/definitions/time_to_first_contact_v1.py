"""Time to first contact: how soon the receiving agency meets or answers her, of every 100 referrals sent.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent, however recent. She
need not have been reached: the denominator is all that were sent.
Numerator: referrals after whose sending the receiving agency had a completed contact with her by the cutoff: a contact
in which she was met or answered (rule R17), or a visit booked for this referral to which she came. An attempt, a letter
and a one-way text are none. A contact counts also where it was about something else.
Denominator: all of them. The share within 48 hours and within 7 days, and the times by which half and nine tenths of
all had been met, are those of a cumulative incidence (Aalen-Johansen): a referral that ended before any contact
competes and stays in the denominator; one that is open counts for as long as it was watched, up to the cutoff.
Too recent to count (pending): none; what is recent counts for the time that it was watched.
Left out by definition (excluded): informational referrals, and referrals of clients who said no to being counted, as
long as they say so; where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. Contacts of a receiver that answers by letter are known only where somebody wrote them down;
such a referral that was completed without a contact on record counts as ended.
How to read it: sooner is better. Where fewer than half were ever met there is no median.
Source: catalogue G4, after HV CoIIN 7a (48 hours), but of all that were sent and not of those reached.
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

MET: Final = Rule("met", Standing.MET, "met or answered by the receiver")
ENDED: Final = Rule("ended", Standing.UNMET, "ended before the receiver met or answered her")
OPEN: Final = Rule("open", Standing.UNMET, "open and without contact at the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent, with its time to the receiver's first contact."""
    return of_referrals.timed(journey, lambda id, sent: _wait(journey, id, sent, as_of.cutoff))


def _wait(journey: Journey, id: UUID, sent: datetime, cutoff: datetime) -> tuple[Rule, Wait]:
    end = journey.referrals[id].ended
    met = of_referrals.first_met(journey, id, sent)
    if met is not None and (end is None or met <= end.at):
        return MET, of_referrals.waited(sent, met, End.REACHED)
    if end is not None:
        return ENDED, of_referrals.waited(sent, end.at, End.OTHERWISE)
    return OPEN, of_referrals.waited(sent, cutoff, End.WATCHED)


DEFINITION: Final = Definition(
    id="time_to_first_contact",
    version=1,
    title="Time until the receiver meets her",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs and contacts are left out.",
    anchor="HV CoIIN 7a",
    assess=assess,
    rules=(MET, ENDED, OPEN, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    kind=Kind.TIME,
    direction=Direction.MORE,
    marks=(2.0, 7.0),
)
