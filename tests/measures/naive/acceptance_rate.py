"""Of every 100 direct referrals decided within 30 days, how many were accepted."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said

ENDS = ("declined", "expired", "cancelled", "redirected", "not_completed", "completed")


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        limit = at + 30 * DAY
        accepted = events.first("referral.accepted", referral=id)
        ends = events.of(*(f"referral.{end}" for end in ENDS), referral=id)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 30 * DAY:
            yield Verdict(client, at, PENDING)
        elif accepted is not None and accepted <= limit:
            yield Verdict(client, at, MET)
        elif ends and ends[0].headers.time <= limit and ends[0].headers.type.split(".")[1] in ("declined", "expired"):
            yield Verdict(client, at, UNMET)
        else:
            yield Verdict(client, at, EXCLUDED)
