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
