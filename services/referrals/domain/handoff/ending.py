"""How a handoff ends without having been taken up: she or the sender wants it no more, or its time runs out."""

from uuid import UUID

from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff.commands import AcknowledgeHandoff, ClientDeclines, EndContact, WithdrawHandoff
from services.referrals.domain.handoff.events import (
    HandoffAcknowledged,
    HandoffClientDeclined,
    HandoffExpired,
    HandoffFact,
    HandoffFailed,
    HandoffWithdrawn,
)
from services.referrals.domain.handoff.machine import ENDED, HandoffStatus, HandoffVerb
from services.referrals.domain.handoff.state import Handoff
from services.referrals.domain.handoff.steps import own_side, possible
from services.referrals.domain.refusal import Conflict, Unfit
from services.referrals.domain.vocabulary import Reason, ReasonOwner, owner_of

NOT_A_WITHDRAWAL = frozenset({Reason.CLIENT_DECLINED, Reason.CONSENT_WITHDRAWN, Reason.NO_FURTHER_CONTACT})
"""What has a step of its own."""


def client_declines(command: ClientDeclines, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.CLIENT_DECLINES, command.agency, state)
    if state.status is HandoffStatus.CLIENT_DECLINED:
        return ()
    possible(HandoffVerb.CLIENT_DECLINES, state)
    return (HandoffClientDeclined(restricted=state.proposed.restricted),)


def withdraw(command: WithdrawHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.WITHDRAW, command.agency, state)
    owner = owner_of(command.reason)
    if command.reason in NOT_A_WITHDRAWAL or owner not in {ReasonOwner.CLIENT, ReasonOwner.OTHER}:
        raise Unfit("reason-not-possible")
    if state.status is HandoffStatus.WITHDRAWN:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "handoff-already-ended")
    possible(HandoffVerb.WITHDRAW, state)
    return (_withdrawn(command.reason, state),)


def expire(state: Handoff) -> tuple[HandoffFact, ...]:
    """Nobody answered in time (R15): the sender leads as before."""
    if state.status is HandoffStatus.EXPIRED:
        return ()
    possible(HandoffVerb.EXPIRE, state)
    return (HandoffExpired(restricted=state.proposed.restricted),)


def fail(state: Handoff) -> tuple[HandoffFact, ...]:
    """Nobody met her in time (R15): the lead goes back (R19)."""
    if state.status is HandoffStatus.FAILED:
        return ()
    possible(HandoffVerb.FAIL, state)
    return (HandoffFailed(restricted=state.proposed.restricted),)


def acknowledge(command: AcknowledgeHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.ACKNOWLEDGE, command.agency, state)
    if state.acknowledged_at:
        return ()
    possible(HandoffVerb.ACKNOWLEDGE, state)
    return (HandoffAcknowledged(),)


def consent_taken_back(state: Handoff) -> tuple[HandoffFact, ...]:
    """Who has accepted keeps what it needs as its own record of serving her (R1)."""
    if state.status is HandoffStatus.WITHDRAWN and state.reason is Reason.CONSENT_WITHDRAWN:
        return ()
    possible(HandoffVerb.CONSENT_TAKEN_BACK, state)
    return (_withdrawn(Reason.CONSENT_WITHDRAWN, state),)


def end_contact(command: EndContact, state: Handoff) -> tuple[HandoffFact, ...]:
    """Withdrawn before it is accepted, failed without return after it (R16); what has ended stays as it did."""
    if state.status in ENDED:
        return ()
    if state.status is not HandoffStatus.ACCEPTED:
        possible(HandoffVerb.END_CONTACT, state)
        return (_withdrawn(command.reason, state),)
    reason = command.reason
    return (HandoffFailed(reason=reason, reason_owner=owner_of(reason), restricted=state.proposed.restricted),)


def is_of_its_pregnancy(fact: Fact, cause: UUID | None) -> bool:
    """Whether it ended because its pregnancy was closed: nobody presses that here, so that something led to it."""
    ends = isinstance(fact, HandoffWithdrawn | HandoffFailed) and fact.reason is Reason.OTHER
    return ends and cause is not None


def _withdrawn(reason: Reason, state: Handoff) -> HandoffWithdrawn:
    return HandoffWithdrawn(reason=reason, reason_owner=owner_of(reason), restricted=state.proposed.restricted)
