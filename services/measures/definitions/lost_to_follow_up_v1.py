"""Lost to follow-up: of every 100 referrals that were accepted, how many the receiving agency lost within 60 days.

Who is counted: every direct referral that was sent in the period and accepted, once, by the time it was sent.
Numerator: referrals that the receiver closed no later than 60 days (1,440 hours) after it accepted them because nobody
could reach her, and those that were still open 60 days after it accepted them while it had not once met or answered her
since: neither in a contact (rule R17) nor in a visit booked for the referral.
Denominator: referrals that were accepted at least 60 days before the cutoff, however they stand.
Too recent to count (pending): referrals that were accepted less than 60 days before the cutoff.
Left out by definition (excluded): informational referrals, and accepted referrals of clients who said no to being
counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. Contacts of a receiver that answers by letter are known only where somebody wrote them down.
How to read it: fewer is better.
Source: catalogue G10; the window follows no national standard, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, matures

WINDOW: Final = timedelta(days=60)
NOT_REACHED: Final = Rule("not_reached", Standing.MET, "closed within 60 days because nobody could reach her")
SILENT: Final = Rule("silent", Standing.MET, "open and without contact for 60 days after it was accepted")
MET: Final = Rule("met", Standing.UNMET, "met or answered within 60 days after it was accepted")
ENDED: Final = Rule("ended", Standing.UNMET, "ended in another way within 60 days, without contact")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "accepted less than 60 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was accepted."""
    for id, path, sent in of_referrals.sent(journey):
        if path.mode == "informational":
            yield of_referrals.unit(id, path, sent, of_referrals.INFORMATIONAL)
        elif path.accepted is not None:
            yield of_referrals.unit(id, path, sent, _rule(journey, id, path.accepted.at, as_of.cutoff))


def _rule(journey: Journey, id: UUID, accepted: datetime, cutoff: datetime) -> Rule:
    if not matures(accepted, WINDOW, cutoff):
        return TOO_RECENT
    limit, end = accepted + WINDOW, journey.referrals[id].end
    ended = end is not None and end.said.at <= limit
    if ended and end is not None and end.reason == "unable_to_reach":
        return NOT_REACHED
    met = of_referrals.first_met(journey, id, accepted)
    if met is not None and met <= limit:
        return MET
    return ENDED if ended else SILENT


DEFINITION: Final = Definition(
    id="lost_to_follow_up",
    version=1,
    title="Lost within 60 days of acceptance",
    of="accepted referrals",
    text=__doc__,
    note="Accepted direct referrals by the day they were sent. Restricted needs and contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(NOT_REACHED, SILENT, MET, ENDED, TOO_RECENT, of_referrals.INFORMATIONAL),
    by=of_referrals.BY,
    direction=Direction.FEWER,
    window=WINDOW,
    pends_on=True,  # the window begins when it is accepted
)
