"""How many different clients were met or answered at least once."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import MET, Events, Verdict


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a contact in which she was met."""
    for client in {fact.headers.subject for fact in events.facts}:
        for agency in {fact.headers.agency for fact in events.facts}:
            for at in events.met(client, agency):
                yield Verdict(client, at, MET)
