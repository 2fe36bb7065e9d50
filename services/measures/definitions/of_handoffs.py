"""What measures of handoffs share: which handoffs they look at, and what a unit of one carries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from services.measures.definitions.of_referrals import sides
from services.measures.domain.journey import Journey
from services.measures.domain.measure import Rule, Size, Unit
from services.measures.domain.path import HandoffPath


def offered(journey: Journey) -> Iterator[tuple[UUID, HandoffPath, datetime]]:
    """Every handoff that was offered, with its id and when."""
    for id, path in journey.handoffs.items():
        if path.offered is not None:
            yield id, path, path.offered.at


def unit(id: UUID, path: HandoffPath, at: datetime, rule: Rule, *, size: Size | None = None) -> Unit:
    """A handoff as a unit; its two sides know of it already."""
    return Unit(at, rule, id, agencies=sides(path), size=size)


def accepted(journey: Journey) -> Iterator[tuple[UUID, HandoffPath, datetime]]:
    """Every handoff that was offered and accepted, with its id and when it was accepted."""
    for id, path, _ in offered(journey):
        if path.accepted is not None:
            yield id, path, path.accepted.at


def first_met(journey: Journey, path: HandoffPath) -> datetime | None:
    """When the receiver first met or answered her since the offer; where no such contact is known, when it said so."""
    since = path.offered.at if path.offered else None
    met = [
        each.moment.at
        for each in journey.contacts.values()
        if each.met and each.agency == path.to_agency and since is not None and each.moment.at >= since
    ]
    return min(met, default=path.completed.at if path.completed else None)


def last_met(journey: Journey, path: HandoffPath, until: datetime) -> datetime | None:
    """When the sender last met or answered her up to a moment."""
    met = (each.moment.at for each in journey.contacts.values() if each.met and each.agency == path.from_agency)
    return max((at for at in met if at <= until), default=None)
