"""Of every 100 accepted direct referrals, how many the receiver lost within 60 days."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.acceptance_rate import ENDS
from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said
from tests.measures.naive.time_to_first_contact import seen


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was accepted."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        accepted = events.first("referral.accepted", referral=id)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
            continue
        if accepted is None:
            continue
        limit = accepted + 60 * DAY
        ends = [end for end in events.of(*(f"referral.{end}" for end in ENDS), referral=id)][:1]
        ends = [end for end in ends if end.headers.time <= limit]
        met = seen(events, sent, accepted)
        if accepted > events.cutoff - 60 * DAY:
            yield Verdict(client, at, PENDING)
        elif ends and getattr(ends[0].event, "reason", None) == "unable_to_reach":
            yield Verdict(client, at, MET)
        elif (met is not None and met <= limit) or ends:
            yield Verdict(client, at, UNMET)
        else:
            yield Verdict(client, at, MET)
