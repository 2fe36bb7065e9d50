"""How many referrals a search for help took; the value is their number."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import DAY, MET, PENDING, UNMET, Events, Verdict, said
from tests.measures.published import Fact


def belong(one: Fact, other: Fact) -> bool:
    """Whether two referrals are of one search, seen from the first."""
    same_need = said(one, "need") is not None and said(one, "need") == said(other, "need")
    return same_need or said(other, "referral") in (said(one, "parent"), said(one, "supersedes"))


def searches(events: Events, client: str) -> list[list[Fact]]:
    """Her direct referrals, those together that belong together, however far apart."""
    found: list[list[Fact]] = []
    for sent in events.of("referral.sent", client=client):
        if said(sent, "mode") == "informational":
            continue
        near = [each for each in found if any(belong(sent, other) or belong(other, sent) for other in each)]
        found = [each for each in found if each not in near]
        found.append([sent, *(fact for each in near for fact in each)])
    return found


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a search."""
    for client in {fact.headers.subject for fact in events.facts}:
        for search in searches(events, client):
            began = min(sent.headers.time for sent in search)
            times = [events.served(sent) for sent in search]
            served = min((at for at in times if at is not None), default=None)
            if began > events.cutoff - 90 * DAY:
                yield Verdict(client, began, PENDING)
            elif served is None or served > began + 90 * DAY:
                yield Verdict(client, began, UNMET)
            else:
                yield Verdict(client, began, MET, max(1, len([sent for sent in search if sent.headers.time <= served])))
