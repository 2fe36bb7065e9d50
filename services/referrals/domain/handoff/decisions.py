"""What follows from a command on a handoff: new facts, nothing because it is so already (R12), or a refusal."""

from datetime import timedelta
from typing import assert_never

from services.referrals.domain.code import require_code
from services.referrals.domain.consent import require
from services.referrals.domain.handoff.commands import (
    AcceptHandoff,
    ClientAgrees,
    CompleteHandoff,
    DeclineHandoff,
    HandoffCommand,
    OfferHandoff,
    ProposeHandoff,
)
from services.referrals.domain.handoff.events import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCompleted,
    HandoffDeclined,
    HandoffFact,
    HandoffOffered,
    HandoffProposed,
)
from services.referrals.domain.handoff.machine import EDGES, ENDED, HandoffStatus, HandoffVerb
from services.referrals.domain.handoff.state import Handoff, side_of
from services.referrals.domain.refusal import Conflict, NoEvidence, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import Reason, in_order, owner_of, restricted_class

NOT_A_DECLINE = frozenset({Reason.UNABLE_TO_REACH})
"""A receiver declines an offer before it tries to reach her."""

SLACK = timedelta(days=1)
"""The call of all three is often held just before the receiver accepts, or dated by its day alone."""


def decide(command: HandoffCommand, state: Handoff | None) -> tuple[HandoffFact, ...]:
    """Raises Refusal: NotASide, WrongSide, WrongState, Conflict, NotAgreed, NoEvidence or Unfit."""
    if isinstance(command, ProposeHandoff):
        return _propose(command, state)
    if state is None:
        raise NotASide
    match command:
        case ClientAgrees():
            return _agree(command, state)
        case OfferHandoff():
            return _offer(command, state)
        case AcceptHandoff():
            return _accept(command, state)
        case DeclineHandoff():
            return _decline(command, state)
        case CompleteHandoff():
            return _complete(command, state)
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
        restricted=restricted_class(command.domain),
    )
    if state is None:
        _still_theirs(command.lead, command.agency)
        if command.open_twin is not None:
            raise Conflict("open", "handoff-already-open")
        return (proposed,)
    if state.proposed == proposed:
        return ()
    raise Conflict(state.status, "handoff-already-proposed")


def _agree(command: ClientAgrees, state: Handoff) -> tuple[HandoffFact, ...]:
    _own_side(HandoffVerb.CLIENT_AGREES, command.agency, state)
    if command.agreement and state.consent == command.agreement.id:
        return ()
    _possible(HandoffVerb.CLIENT_AGREES, state)
    agreement = require(command.agreement, state.proposed.to_agency, None, (), on=command.today)
    return (HandoffClientAgreed(consent=agreement.id, restricted=state.proposed.restricted),)


def _offer(command: OfferHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    _own_side(HandoffVerb.OFFER, command.agency, state)
    given = in_order(command.given)
    if state.offered_at and state.given == given:
        return ()
    _possible(HandoffVerb.OFFER, state)
    require(command.agreement, state.proposed.to_agency, None, given, on=command.today)
    return (HandoffOffered(given=given, restricted=state.proposed.restricted),)


def _accept(command: AcceptHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    _own_side(HandoffVerb.ACCEPT, command.agency, state)
    if state.accepted_at:
        if (state.person, state.on) == (command.person, command.on):
            return ()
        raise Conflict(state.status, "handoff-already-answered")
    _possible(HandoffVerb.ACCEPT, state)
    _still_theirs(command.lead, state.proposed.from_agency)
    return (HandoffAccepted(person=command.person, on=command.on, restricted=state.proposed.restricted),)


def _decline(command: DeclineHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    _own_side(HandoffVerb.DECLINE, command.agency, state)
    if command.reason in NOT_A_DECLINE:
        raise Unfit("reason-not-possible")
    if state.status is HandoffStatus.DECLINED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "handoff-already-answered")
    _possible(HandoffVerb.DECLINE, state)
    declined = HandoffDeclined(
        reason=command.reason, reason_owner=owner_of(command.reason), restricted=state.proposed.restricted
    )
    return (declined,)


def _complete(command: CompleteHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    _own_side(HandoffVerb.COMPLETE, command.agency, state)
    if state.status is HandoffStatus.COMPLETED and state.evidence == command.evidence.id:
        return ()
    _possible(HandoffVerb.COMPLETE, state)
    _met_since(command, state)
    completed = HandoffCompleted(
        evidence=command.evidence.id,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        restricted=state.proposed.restricted,
    )
    return (completed,)


def _own_side(verb: HandoffVerb, agency: str, state: Handoff) -> None:
    side = side_of(state, agency)
    if side is None:
        raise NotASide
    if side is not EDGES[verb].side:
        raise WrongSide


def _possible(verb: HandoffVerb, state: Handoff) -> None:
    if state.status is not EDGES[verb].source:
        raise WrongState(state.status, "handoff-already-ended" if state.status in ENDED else None)


def _still_theirs(lead: str | None, sender: str) -> None:
    if lead not in (None, sender):
        raise Conflict("led", "lead-moved")


def _met_since(command: CompleteHandoff, state: Handoff) -> None:
    contact = command.evidence.contact
    theirs = contact.agency == state.proposed.to_agency and contact.recorded.handoff in (None, command.handoff)
    if not (theirs and contact.recorded.met and state.accepted_at and contact.at >= state.accepted_at - SLACK):
        raise NoEvidence
