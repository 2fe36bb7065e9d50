"""How soon direct referrals are accepted; value in seconds."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.acceptance_rate import ENDS
from tests.measures.naive.reading import EXCLUDED, MET, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        accepted = events.first("referral.accepted", referral=id)
        ended = events.first(*(f"referral.{end}" for end in ENDS), referral=id)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif accepted is not None:
            yield Verdict(client, at, MET, max(0.0, (accepted - at).total_seconds()), "reached")
        elif ended is not None:
            yield Verdict(client, at, UNMET, max(0.0, (ended - at).total_seconds()), "otherwise")
        else:
            yield Verdict(client, at, UNMET, max(0.0, (events.cutoff - at).total_seconds()), "watched")
