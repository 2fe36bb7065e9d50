"""How soon the receiver of a direct referral meets or answers her; value in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.measures.naive.acceptance_rate import ENDS
from tests.measures.naive.reading import EXCLUDED, MET, UNMET, Events, Verdict, said
from tests.measures.published import Fact


def seen(events: Events, sent: Fact, since: datetime) -> datetime | None:
    """When the receiver first met her from a moment on: in a contact, or in a visit booked for the referral."""
    times = events.met(sent.headers.subject, said(sent, "to_agency"))
    for booked in events.of("appointment.booked", referral=said(sent, "referral")):
        came = events.first("appointment.attended", appointment=said(booked, "appointment"))
        if came is not None:
            times.append(came)
    return min((at for at in times if at >= since), default=None)


def verdicts(events: Events) -> Iterator[Verdict]:
    """One a referral that was sent."""
    for sent in events.of("referral.sent"):
        id, at, client = said(sent, "referral"), sent.headers.time, sent.headers.subject
        ended = events.first(*(f"referral.{end}" for end in ENDS), referral=id)
        met = seen(events, sent, at)
        if said(sent, "mode") == "informational":
            yield Verdict(client, at, EXCLUDED)
        elif met is not None and not (ended is not None and ended < met):
            yield Verdict(client, at, MET, (met - at).total_seconds(), "reached")
        elif ended is not None:
            yield Verdict(client, at, UNMET, max(0.0, (ended - at).total_seconds()), "otherwise")
        else:
            yield Verdict(client, at, UNMET, max(0.0, (events.cutoff - at).total_seconds()), "watched")
