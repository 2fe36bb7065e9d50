"""Of every 100 direct referrals sent, how many were answered within 14 days."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import DAY, EXCLUDED, MET, PENDING, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        answers = [fact.headers.time for fact in events.of("referral.accepted", "referral.waitlisted", referral=id)]
        for fact in events.of("referral.declined", "referral.redirected", referral=id):
            if not (fact.headers.type == "referral.declined.v1" and said(fact, "reason") == "agency_left"):
                answers.append(fact.headers.time)
        for fact in events.of("referral.not_completed", referral=id, source="recipient"):
            if said(fact, "reason") != "agency_left":
                answers.append(fact.headers.time)
        back = events.of("referral.cancelled", referral=id, source="sender")
        back += events.of("referral.cancelled", referral=id, source="client")
        if said(sent, "mode") == "informational" or (back and not answers):
            yield Verdict(client, at, EXCLUDED)
        elif at > events.cutoff - 14 * DAY:
            yield Verdict(client, at, PENDING)
        else:
            yield Verdict(client, at, MET if answers and min(answers) <= at + 14 * DAY else UNMET)
