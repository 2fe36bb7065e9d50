"""Of every 100 direct referrals sent, how many led to a service within 30 days."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        at, client = sent.headers.time, sent.headers.subject
        served = events.served(sent)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 30 * DAY:
            yield Verdict(client, at, PENDING)
        else:
            yield Verdict(client, at, MET if served is not None and served <= at + 30 * DAY else UNMET)
