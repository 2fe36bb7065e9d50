"""Of every 100 direct referrals sent, how many were served, ended and acknowledged within 90 days."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.closed_loop_rate import closed
from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        limit = at + 90 * DAY
        served = events.served(sent)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 90 * DAY:
            yield Verdict(client, at, PENDING)
        elif served is not None and served <= limit and closed(events, id, limit):
            yield Verdict(client, at, MET)
        else:
            yield Verdict(client, at, UNMET)
