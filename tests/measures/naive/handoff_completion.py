"""Of every 100 handoffs offered, how many were completed within 14 days."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import DAY, MET, PENDING, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a handoff that was offered."""
    for id in {said(fact, "handoff") for fact in events.of("handoff.offered")}:
        offer = events.of("handoff.offered", handoff=id)[0]
        at, client = offer.headers.time, offer.headers.subject
        done = events.handed_over(id)
        if at > events.cutoff - 14 * DAY:
            yield Verdict(client, at, PENDING)
        else:
            yield Verdict(client, at, MET if done is not None and done <= at + 14 * DAY else UNMET)
