"""What measures of handoffs share: which handoffs they look at, and what a unit of one carries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from services.measures.domain.journey import Journey
from services.measures.domain.path import HandoffPath


def offered(journey: Journey) -> Iterator[tuple[UUID, HandoffPath, datetime]]:
    """Every handoff that was offered, with its id and when."""
    for id, path in journey.handoffs.items():
        if path.offered is not None:
            yield id, path, path.offered.at
