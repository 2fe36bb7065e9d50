"""Outcome mix: what had become of every 100 referrals 90 days after they were sent.

Who is counted: every direct referral that was sent in the period, once, by the time it was sent.
Numerator: for each outcome, the referrals that had come to it no later than 90 days (2,160 hours) after they were sent.
Each stands in one, the first of these that fits: served (its service had started or it was completed, however it went
on); ended by her own decision; by the receiver's decision; because nobody could reach her; for another reason; not
answered in time; taken back or stopped as its sender wished, for whatever reason; passed on to another agency; still
open. That she took back her agreement or wants no further contact is her own decision, whoever wrote it down. One that
was completed on a contact or visit which was an error (R14), and on no other, ended for another reason.
Denominator: referrals that were sent at least 90 days before the cutoff. The shares add up to all of them.
Too recent to count (pending): referrals sent less than 90 days before the cutoff, whatever became of them.
Left out by definition (excluded): informational referrals, of which nobody learns what became, and referrals of clients
who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of everybody
else, too (rule R7).
Not known (missing): none.
How to read it: neither more nor fewer is better by itself; it says where referrals are lost.
Source: catalogue G8 with rule R25; whose decision an end was follows HMIS 4.20.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Kind, Rule, Standing, Unit, Within, matures
from services.measures.domain.path import Ending, ReferralPath

WINDOW: Final = timedelta(days=90)
CONNECTED: Final = Rule("connected", Standing.MET, "served within 90 days")
CLIENT: Final = Rule("client_reason", Standing.MET, "ended by her own decision within 90 days")
RECIPIENT: Final = Rule("recipient_reason", Standing.MET, "ended by the receiver's decision within 90 days")
UNREACHABLE: Final = Rule("unreachable", Standing.MET, "ended within 90 days because nobody could reach her")
OTHER: Final = Rule("other_reason", Standing.MET, "ended for another reason within 90 days")
EXPIRED: Final = Rule("expired", Standing.MET, "expired within 90 days, because nobody answered")
CANCELLED: Final = Rule("cancelled_by_sender", Standing.MET, "ended on its sender's wish within 90 days")
REDIRECTED: Final = Rule("redirected", Standing.MET, "passed on to another agency within 90 days")
STILL_OPEN: Final = Rule("still_open", Standing.MET, "open 90 days after it was sent")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "sent less than 90 days before the cutoff")

_BY_HOW: Final = {"expired": EXPIRED, "redirected": REDIRECTED}
_BY_OWNER: Final = {"client": CLIENT, "recipient": RECIPIENT, "contact": UNREACHABLE}


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a referral that was sent."""
    return of_referrals.assessed(journey, lambda path, sent: _rule(path, sent, as_of.cutoff))


def _rule(path: ReferralPath, sent: datetime, cutoff: datetime) -> Rule:
    if not matures(sent, WINDOW, cutoff):
        return TOO_RECENT
    limit = sent + WINDOW
    if path.connected is not None and path.connected.at <= limit:
        return CONNECTED
    return STILL_OPEN if path.end is None or path.end.said.at > limit else _ended(path.end)


def _ended(end: Ending) -> Rule:
    if end.how == "cancelled" and end.source != "client" and end.reason != "no_further_contact":
        return CANCELLED
    return _BY_HOW.get(end.how) or _BY_OWNER.get(end.owner or "", OTHER)


DEFINITION: Final = Definition(
    id="outcome_mix",
    version=1,
    title="What became of referrals within 90 days",
    of="referrals",
    text=__doc__,
    note="Direct referrals by the day they were sent. Restricted needs are left out.",
    anchor="HMIS 4.20",
    assess=assess,
    rules=(
        *(CONNECTED, CLIENT, RECIPIENT, UNREACHABLE, OTHER, EXPIRED, CANCELLED, REDIRECTED, STILL_OPEN),
        *(TOO_RECENT, of_referrals.INFORMATIONAL),
    ),
    by=of_referrals.BY,
    kind=Kind.MIX,
    window=WINDOW,
    within=(
        Within(EXPIRED, "response_rate", Standing.UNMET),
        Within(STILL_OPEN, "closed_loop_rate", Standing.UNMET),
    ),
)
