"""How many local days passed between the last contact of a handoff's sender and the first of its receiver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.measures.naive.reading import MET, MISSING, UNMET, Events, Verdict, said
from tests.measures.published import Fact

ENDS = ("client_declined", "declined", "withdrawn", "expired", "failed")


def taken_up(events: Events, offer: Fact) -> datetime | None:
    """When its receiver first met her since the offer; where nobody wrote that down, when it was completed."""
    id, client = said(offer, "handoff"), offer.headers.subject
    for proposed in events.of("handoff.proposed", handoff=id):
        for at in events.met(client, said(proposed, "to_agency")):
            if at >= offer.headers.time:
                return at
    return events.handed_over(id)


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a handoff that was accepted; value in days."""
    for id in {said(fact, "handoff") for fact in events.of("handoff.offered")}:
        offer = events.of("handoff.offered", handoff=id)[0]
        client, accepted = offer.headers.subject, events.first("handoff.accepted", handoff=id)
        if accepted is None:
            continue
        senders = [said(fact, "from_agency") for fact in events.of("handoff.proposed", handoff=id)]
        before = [at for agency in senders[:1] for at in events.met(client, agency) if at <= accepted]
        met, failed = taken_up(events, offer), events.first(*(f"handoff.{end}" for end in ENDS), handoff=id)
        if not before:
            yield Verdict(client, accepted, MISSING)
        elif met is not None and not (failed is not None and failed < met):
            yield Verdict(client, accepted, MET, max(0, events.day(met) - events.day(max(before))), "reached")
        elif failed is not None:
            yield Verdict(client, accepted, UNMET, max(0, events.day(failed) - events.day(max(before))), "otherwise")
        else:
            days = max(0, events.day(events.cutoff) - events.day(max(before)))
            yield Verdict(client, accepted, UNMET, days, "watched")
