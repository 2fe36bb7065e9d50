"""What had become of every 100 direct referrals after 90 days; the value is the outcome's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.measures.naive.acceptance_rate import ENDS
from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, Events, Verdict, said
from tests.measures.published import Fact

OWNERS = {"client": "client_reason", "recipient": "recipient_reason", "contact": "unreachable", "other": "other_reason"}


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        at, client = sent.headers.time, sent.headers.subject
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 90 * DAY:
            yield Verdict(client, at, PENDING)
        else:
            yield Verdict(client, at, MET, outcome(events, sent, at + 90 * DAY))


def outcome(events: Events, sent: Fact, limit: datetime) -> str:
    """What had become of it by then."""
    served = events.served(sent)
    if served is not None and served <= limit:
        return "connected"
    ends = events.of(*(f"referral.{end}" for end in ENDS), referral=said(sent, "referral"))
    if not ends or ends[0].headers.time > limit:
        return "still_open"
    end = ends[0]
    match end.headers.type.split(".")[1]:
        case "completed":
            return "other_reason"
        case "expired":
            return "expired"
        case "redirected":
            return "redirected"
        case "cancelled" if said(end, "source") != "client" and said(end, "reason") != "no_further_contact":
            return "cancelled_by_sender"
    return OWNERS[str(said(end, "reason_owner"))]
