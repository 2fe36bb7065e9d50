"""What follows from a command on a handoff: new facts, nothing because it is so already (R12), or a refusal."""

from typing import assert_never

from services.referrals.domain.code import require_code
from services.referrals.domain.handoff import ending, steps
from services.referrals.domain.handoff.commands import (
    AcceptHandoff,
    AcknowledgeHandoff,
    ClientAgrees,
    ClientDeclines,
    CompleteHandoff,
    ConsentTakenBack,
    DeclineHandoff,
    EndContact,
    ExpireHandoff,
    FailHandoff,
    HandoffCommand,
    IntroduceClient,
    OfferHandoff,
    ProposeHandoff,
    WithdrawHandoff,
)
from services.referrals.domain.handoff.events import HandoffFact, HandoffProposed
from services.referrals.domain.handoff.state import Handoff
from services.referrals.domain.refusal import Conflict, NotASide, Unfit
from services.referrals.domain.vocabulary import restricted_class


def decide(command: HandoffCommand, state: Handoff | None) -> tuple[HandoffFact, ...]:
    """Raises Refusal: NotASide, WrongSide, WrongState, Conflict, NotAgreed, NoEvidence or Unfit."""
    if isinstance(command, ProposeHandoff):
        return _propose(command, state)
    if state is None:
        raise NotASide
    match command:
        case ClientAgrees():
            return steps.agree(command, state)
        case ClientDeclines():
            return ending.client_declines(command, state)
        case OfferHandoff():
            return steps.offer(command, state)
        case WithdrawHandoff():
            return ending.withdraw(command, state)
        case IntroduceClient():
            return steps.introduce(command, state)
        case AcceptHandoff():
            return steps.accept(command, state)
        case DeclineHandoff():
            return steps.decline(command, state)
        case CompleteHandoff():
            return steps.complete(command, state)
        case ExpireHandoff():
            return ending.expire(state)
        case FailHandoff():
            return ending.fail(state)
        case AcknowledgeHandoff():
            return ending.acknowledge(command, state)
        case ConsentTakenBack():
            return ending.consent_taken_back(state)
        case EndContact():
            return ending.end_contact(command, state)
        case _:
            assert_never(command)


def _propose(command: ProposeHandoff, state: Handoff | None) -> tuple[HandoffFact, ...]:
    if command.to_agency == command.agency:
        raise Unfit("same-agency")
    require_code(command.reason_code)
    proposed = HandoffProposed(
        from_agency=command.agency,
        to_agency=command.to_agency,
        domain=command.domain,
        kind=command.kind,
        episode=command.episode,
        reason_code=command.reason_code,
        note=command.note,
        watch=command.watch,
        restricted=restricted_class(command.domain),
    )
    if state is None:
        steps.still_theirs(command.lead, command.agency)
        if command.open_twin is not None:
            raise Conflict("open", "handoff-already-open")
        return (proposed,)
    if state.proposed == proposed:
        return ()
    raise Conflict(state.status, "handoff-already-proposed")
