"""What the events of a handoff mean for its path."""

from __future__ import annotations

from typing import Final, assert_never
from uuid import UUID

from contracts.events.event import Published
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffClientAgreedV1,
    HandoffCompletedV1,
    HandoffDeclinedV1,
    HandoffEvent,
    HandoffOfferedV1,
    HandoffProposedV1,
)
from services.measures.domain.moves.steps import step
from services.measures.domain.path import HandoffPath, Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset({HandoffOfferedV1, HandoffCompletedV1})


def apply(handoffs: dict[UUID, HandoffPath], event: HandoffEvent, moment: Moment) -> None:
    """The paths after one more event, which was neither taken back nor entered in error."""
    match event:
        case HandoffOfferedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), offered=moment)
        case HandoffCompletedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), completed=moment)
        case HandoffProposedV1() | HandoffClientAgreedV1() | HandoffAcceptedV1() | HandoffDeclinedV1():
            pass
        case never:
            assert_never(never)
