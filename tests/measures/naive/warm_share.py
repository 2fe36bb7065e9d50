"""Of every 100 completed handoffs, how many had an introduction with her by the day of the first contact."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.handoff_gap import taken_up
from tests.measures.naive.reading import MET, UNMET, Events, Verdict, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a handoff that was completed."""
    for id in {said(fact, "handoff") for fact in events.of("handoff.offered")}:
        offer = events.of("handoff.offered", handoff=id)[0]
        done = events.handed_over(id)
        if done is None:
            continue
        warm = events.first("handoff.introduced", handoff=id, client_present=True)
        met = taken_up(events, offer)
        is_warm = warm is not None and met is not None and events.day(warm) <= events.day(met)
        yield Verdict(offer.headers.subject, done, MET if is_warm else UNMET)
