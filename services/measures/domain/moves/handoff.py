"""What the events of a handoff mean for its path."""

from __future__ import annotations

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
from services.measures.domain.path import Ending, HandoffPath, Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(
    {
        *(HandoffProposedV1, HandoffOfferedV1, HandoffAcceptedV1, HandoffIntroducedV1, HandoffCompletedV1),
        *(HandoffClientDeclinedV1, HandoffDeclinedV1, HandoffWithdrawnV1, HandoffExpiredV1, HandoffFailedV1),
        HandoffTakenBackV1,
    }
)


def apply(handoffs: dict[UUID, HandoffPath], event: HandoffEvent, moment: Moment) -> None:
    """The paths after one more event, which was neither taken back nor entered in error."""
    match event:
        case HandoffProposedV1() as proposed:
            if step(handoffs, proposed.handoff, HandoffPath(), proposed=moment):
                handoffs[proposed.handoff] = handoffs[proposed.handoff]._replace(
                    from_agency=proposed.from_agency,
                    to_agency=proposed.to_agency,
                    domain=str(proposed.domain),
                    kind=str(proposed.kind),
                    episode=proposed.episode,
                )
        case HandoffOfferedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), offered=moment)
        case HandoffAcceptedV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), accepted=moment)
        case HandoffIntroducedV1(handoff=handoff, client_present=True):
            step(handoffs, handoff, HandoffPath(), warm=moment)
        case HandoffCompletedV1(handoff=handoff, evidence=named):
            step(handoffs, handoff, HandoffPath(), completed=moment)
            path = handoffs[handoff]
            handoffs[handoff] = path._replace(shown=path.shown | {(moment, named)})
        case HandoffDeclinedV1() | HandoffWithdrawnV1() | HandoffFailedV1():
            reason, owner = (None if code is None else str(code) for code in (event.reason, event.reason_owner))
            end = Ending(moment, event.TYPE.split(".")[1], reason, owner)
            step(handoffs, event.handoff, HandoffPath(), end=end)
        case HandoffClientDeclinedV1(handoff=handoff) | HandoffExpiredV1(handoff=handoff):
            step(handoffs, handoff, HandoffPath(), end=Ending(moment, event.TYPE.split(".")[1]))
        case HandoffIntroducedV1() | HandoffClientAgreedV1() | HandoffTakenBackV1():
            pass
        case never:
            assert_never(never)
