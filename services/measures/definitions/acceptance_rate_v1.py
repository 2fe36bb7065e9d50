"""Acceptance rate: of every 100 referrals that were decided within 30 days, how many the receiving agency accepted.

Who is counted: every direct referral that was sent in the period and decided no later than 30 days (720 hours) after
it was sent, once, by the time it was sent. Decided means accepted, declined, or expired because nobody answered.
Numerator: referrals that were accepted within those 30 days, also where they were declined later on.
Denominator: referrals that were accepted, declined or expired within those 30 days.
Too recent to count (pending): referrals sent less than 30 days before the cutoff, also when they are decided already.
Left out by definition (excluded): informational referrals, which ask for no answer; referrals that ended within the 30
days in another way before they were accepted (taken back, stopped, passed on to another agency, closed from the waiting
list); referrals on which nobody had decided after 30 days, such as those on a waiting list; and referrals of clients
who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of everybody
else, too (rule R7).
Not known (missing): none; a referral always has a time at which it was sent.
How to read it: higher is better, and it says nothing of those who wait: read it beside the response rate. Those that
were declined can be shown by whose decision it was: the receiver's, hers, or another.
Source: catalogue G2; the window follows no national standard, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, By, Definition, Direction, Rule, Standing, Unit, Within, matures
from services.measures.domain.path import Ending, ReferralPath

WINDOW: Final = timedelta(days=30)
ACCEPTED: Final = Rule("accepted", Standing.MET, "accepted within 30 days")
DECLINED: Final = Rule("declined", Standing.UNMET, "declined by the receiver within 30 days")
SHE_DECLINED: Final = Rule("she_declined", Standing.UNMET, "declined by her own decision within 30 days")
DECLINED_OTHERWISE: Final = Rule("declined_otherwise", Standing.UNMET, "declined for another reason within 30 days")
EXPIRED: Final = Rule("expired", Standing.UNMET, "expired within 30 days, because nobody answered")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 30 days before the cutoff")
ENDED_BEFORE: Final = Rule("ended_before", Standing.EXCLUDED, "ended in another way within 30 days, not accepted")
UNDECIDED: Final = Rule("undecided", Standing.EXCLUDED, "not decided within 30 days")

_DECLINED_BY: Final = {"recipient": DECLINED, "client": SHE_DECLINED}


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent; where it was declined, with the owner of the reason."""
    for id, path, sent in of_referrals.sent(journey):
        rule = _rule(path, sent, as_of.cutoff)
        declined = rule in (DECLINED, SHE_DECLINED, DECLINED_OTHERWISE)
        owner = path.end.owner if declined and path.end else None
        yield of_referrals.unit(id, path, sent, rule, owner=owner)


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if path.mode == "informational":
        return of_referrals.INFORMATIONAL
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    if path.accepted is not None and path.accepted.at - sent <= WINDOW:
        return ACCEPTED
    return UNDECIDED if path.end is None or path.end.said.at - sent > WINDOW else _ended(path.end)


def _ended(end: Ending) -> Rule:
    if end.how == "declined":
        return _DECLINED_BY.get(end.owner or "", DECLINED_OTHERWISE)
    return EXPIRED if end.how == "expired" else ENDED_BEFORE


DEFINITION: Final = Definition(
    id="acceptance_rate",
    version=1,
    title="Accepted within 30 days",
    of="decided referrals",
    text=__doc__,
    note="Direct referrals that were decided within 30 days, by the day they were sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(
        *(ACCEPTED, DECLINED, SHE_DECLINED, DECLINED_OTHERWISE, EXPIRED),
        *(TOO_RECENT, ENDED_BEFORE, UNDECIDED, of_referrals.INFORMATIONAL),
    ),
    by=of_referrals.BY | {By.OWNER},
    direction=Direction.MORE,
    window=WINDOW,
    within=(Within(Standing.MET, "time_to_acceptance"),),
)
