"""Owns the row of a handoff in the work index; a pure fold of its events."""

from collections.abc import Sequence
from typing import Final, assert_never

from services.referrals.directory import Stage
from services.referrals.domain import handoff
from services.referrals.domain.handoff import (
    Handoff,
    HandoffClientDeclined,
    HandoffDeclined,
    HandoffExpired,
    HandoffStatus,
    HandoffWithdrawn,
)
from services.referrals.domain.timer import Timer
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.keeper import keeper
from services.referrals.store.waiting import Waits, ended
from services.referrals.store.written import Written

NOTHING_YET: Final = 0
"""As `receiver_until`: the receiver is no side yet and sees nothing at all."""

ACKNOWLEDGE: Final = "acknowledge"
"""What an end waits for that its sender has not read."""

HANDOFF_ENDS: Final = (HandoffDeclined, HandoffClientDeclined, HandoffWithdrawn, HandoffExpired)
"""What takes a handoff from the sight of a receiver that never accepted (R1)."""


def handoff_row(history: Sequence[Written], state: Handoff, due: Due) -> WorkRow:
    """The row of a handoff whose whole history was folded to `state`."""
    first = history[0].envelope
    waits = _handoff_waits(state, first.initiative, due)
    fires = waits.runs(history)
    return WorkRow(
        kind="handoff",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=state.proposed.from_agency,
        to_agency=state.proposed.to_agency,
        state=state.status,
        version=history[-1].version,
        sent_at=state.offered_at or state.proposed_at,
        domain=state.proposed.domain,
        due_at=waits.due_at,
        waits_for=waits.what,
        waits_on=waits.on,
        receiver_until=_handoff_until(history, state),
        fires=fires.timer,
        fires_at=fires.at,
        held_by=keeper(history, state.person) if state.status is HandoffStatus.ACCEPTED else None,
        consent=state.consent,
        restricted=state.proposed.restricted,
    )


def _handoff_until(history: Sequence[Written], state: Handoff) -> int | None:
    if state.offered_at is None:
        return NOTHING_YET
    return None if state.accepted_at else ended(history, HANDOFF_ENDS)


def _handoff_waits(state: Handoff, initiative: str, due: Due) -> Waits:
    proposed = state.proposed
    match state.status:
        case HandoffStatus.PROPOSED:
            # R15 has no level of its own for the two steps of the sender: each gets as long as the answer has.
            return Waits("client_agrees", proposed.from_agency, due(initiative, Stage.HANDOFF_OFFER, state.proposed_at))
        case HandoffStatus.AGREED:
            since = state.agreed_at or state.proposed_at
            return Waits("offer", proposed.from_agency, due(initiative, Stage.HANDOFF_OFFER, since))
        case HandoffStatus.OFFERED:
            since = state.offered_at or state.proposed_at
            due_at = due(initiative, Stage.HANDOFF_OFFER, since)
            return Waits("answer", proposed.to_agency, due_at, Timer.EXPIRE_HANDOFF)
        case HandoffStatus.ACCEPTED:
            since = state.accepted_at or state.proposed_at
            due_at = due(initiative, Stage.HANDOFF_CONTACT, since)
            return Waits("contact", proposed.to_agency, due_at, Timer.FAIL_HANDOFF)
        case HandoffStatus.DECLINED | HandoffStatus.EXPIRED | HandoffStatus.FAILED:
            if not handoff.waits_for_sender(state) or state.ended_at is None:
                return Waits()
            return Waits(ACKNOWLEDGE, proposed.from_agency, due(initiative, Stage.ACKNOWLEDGE, state.ended_at))
        case HandoffStatus.COMPLETED | HandoffStatus.CLIENT_DECLINED | HandoffStatus.WITHDRAWN:
            return Waits()
        case _:
            assert_never(state.status)
