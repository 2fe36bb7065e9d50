"""Of every 100 direct referrals sent, how many ended and were acknowledged within 90 days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.measures.naive.acceptance_rate import ENDS
from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said


def closed(events: Events, id: object, limit: datetime) -> bool:
    """Whether it had ended and its sender knew by then."""
    ended = events.first(*(f"referral.{end}" for end in ENDS), referral=id)
    told = events.first("referral.acknowledged", referral=id)
    return ended is not None and told is not None and max(ended, told) <= limit


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 90 * DAY:
            yield Verdict(client, at, PENDING)
        else:
            yield Verdict(client, at, MET if closed(events, id, at + 90 * DAY) else UNMET)
