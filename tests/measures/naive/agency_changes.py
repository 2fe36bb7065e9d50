"""Of every 100 times that a client was seen again, how often it was by another agency than before."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import MET, UNMET, Events, Verdict, position, said
from tests.measures.published import Fact


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a contact that has one before it."""
    for client in {fact.headers.subject for fact in events.facts}:
        last: dict[object, Fact] = {}
        for fact in sorted(events.of("contact.recorded", "contact.amended", client=client), key=position):
            last[said(fact, "contact")] = fact
        seen = [fact for fact in last.values() if said(fact, "met") and said(fact, "outcome") == "completed"]
        seen.sort(key=lambda fact: (fact.headers.time, position(fact)))
        for place in range(1, len(seen)):
            other = seen[place].headers.agency != seen[place - 1].headers.agency
            yield Verdict(client, seen[place].headers.time, MET if other else UNMET)
