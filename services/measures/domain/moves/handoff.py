"""What the events of a handoff mean for its path."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never
from uuid import UUID

from contracts.events.event import Published
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffClientAgreedV1,
    HandoffClientDeclinedV1,
    HandoffCompletedV1,
    HandoffDeclinedV1,
    HandoffEvent,
    HandoffExpiredV1,
    HandoffFailedV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
    HandoffTakenBackV1,
    HandoffWithdrawnV1,
)
from services.measures.domain.moves.steps import step
from services.measures.domain.path import HandoffPath, Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(
    {HandoffProposedV1, HandoffOfferedV1, HandoffCompletedV1, HandoffTakenBackV1}
)


def apply(handoffs: dict[UUID, HandoffPath], event: HandoffEvent, moment: Moment) -> None:
    """The paths after one more event, which was neither taken back nor entered in error."""
    match event:
        case HandoffProposedV1() as proposed:
            if step(handoffs, proposed.handoff, HandoffPath(), proposed=moment):
                handoffs[proposed.handoff] = replace(
                    handoffs[proposed.handoff],
                    from_agency=proposed.from_agency,
                    to_agency=proposed.to_agency,
                    domain=str(proposed.domain),
                    kind=str(proposed.kind),
                    episode=proposed.episode,
                )
        case HandoffOfferedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), offered=moment)
        case HandoffCompletedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), completed=moment)
        case (
            HandoffClientAgreedV1()
            | HandoffClientDeclinedV1()
            | HandoffWithdrawnV1()
            | HandoffIntroducedV1()
            | HandoffAcceptedV1()
            | HandoffDeclinedV1()
            | HandoffExpiredV1()
            | HandoffFailedV1()
            | HandoffTakenBackV1()
        ):
            pass
        case never:
            assert_never(never)
