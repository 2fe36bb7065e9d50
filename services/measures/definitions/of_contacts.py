"""What measures of how contacts are written down share: each as it was recorded first."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.events.contact import ContactRecordedV1
from services.measures.domain.journey import Journey
from services.measures.domain.observed import Observed


def recorded(journey: Journey) -> Iterator[Observed]:
    """The events by which contacts were recorded, but for those taken back or entered in error (R14)."""
    for each in journey.known.values():
        event = each.event
        if isinstance(event, ContactRecordedV1) and each.id not in journey.taken_back:
            yield from () if event.contact in journey.in_error else (each,)
