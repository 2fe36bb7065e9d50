"""Of every 100 visits that took place or should have, how many she missed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures.naive.reading import EXCLUDED, MET, MISSING, PENDING, UNMET, Events, Verdict, position, said


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a visit that was booked."""
    visits = {said(fact, "appointment") for fact in events.of("appointment.booked", "appointment.rescheduled")}
    for id in visits:
        plans = events.of("appointment.booked", "appointment.rescheduled", appointment=id)
        plan = max(plans, key=lambda fact: (fact.headers.time, position(fact)))
        client, due = plan.headers.subject, said(plan, "due_at")
        if events.of("appointment.attended", appointment=id):
            yield Verdict(client, due, UNMET)
        elif events.of("appointment.no_show", appointment=id):
            yield Verdict(client, due, MET)
        elif events.of("appointment.cancelled", appointment=id):
            yield Verdict(client, due, EXCLUDED)
        else:
            yield Verdict(client, due, PENDING if due > events.cutoff else MISSING)
