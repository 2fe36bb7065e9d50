"""The steps of a handoff from her yes to the first contact, each with its guards."""

from datetime import timedelta
from uuid import UUID

from services.referrals.domain.consent import require
from services.referrals.domain.contact import Evidence
from services.referrals.domain.handoff.commands import (
    AcceptHandoff,
    ClientAgrees,
    CompleteHandoff,
    DeclineHandoff,
    IntroduceClient,
    OfferHandoff,
)
from services.referrals.domain.handoff.events import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCompleted,
    HandoffDeclined,
    HandoffFact,
    HandoffIntroduced,
    HandoffOffered,
)
from services.referrals.domain.handoff.machine import EDGES, ENDED, HandoffStatus, HandoffVerb
from services.referrals.domain.handoff.state import Handoff, side_of
from services.referrals.domain.refusal import Conflict, NoEvidence, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import Reason, Side, in_order, owner_of

NOT_A_DECLINE = frozenset({Reason.UNABLE_TO_REACH, Reason.CONSENT_WITHDRAWN, Reason.NO_FURTHER_CONTACT})
"""A receiver declines an offer before it tries to reach her, and what others do is no answer of its own."""

SLACK = timedelta(days=1)
"""The call of all three is often held just before the receiver accepts, or dated by its day alone."""


def agree(command: ClientAgrees, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.CLIENT_AGREES, command.agency, state)
    if command.agreement and state.consent == command.agreement.id:
        return ()
    possible(HandoffVerb.CLIENT_AGREES, state)
    agreement = require(command.agreement, state.proposed.to_agency, None, (), on=command.today)
    return (HandoffClientAgreed(consent=agreement.id, restricted=state.proposed.restricted),)


def offer(command: OfferHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.OFFER, command.agency, state)
    given = in_order(command.given)
    if state.offered_at and state.given == given:
        return ()
    possible(HandoffVerb.OFFER, state)
    still_theirs(command.lead, state.proposed.from_agency)
    require(command.agreement, state.proposed.to_agency, None, given, on=command.today)
    return (HandoffOffered(given=given, restricted=state.proposed.restricted),)


def accept(command: AcceptHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.ACCEPT, command.agency, state)
    if state.accepted_at:
        if (state.person, state.on) == (command.person, command.on):
            return ()
        raise Conflict(state.status, "handoff-already-answered")
    possible(HandoffVerb.ACCEPT, state)
    still_theirs(command.lead, state.proposed.from_agency)
    return (HandoffAccepted(person=command.person, on=command.on, restricted=state.proposed.restricted),)


def decline(command: DeclineHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.DECLINE, command.agency, state)
    if command.reason in NOT_A_DECLINE:
        raise Unfit("reason-not-possible")
    if state.status is HandoffStatus.DECLINED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "handoff-already-answered")
    possible(HandoffVerb.DECLINE, state)
    declined = HandoffDeclined(
        reason=command.reason, reason_owner=owner_of(command.reason), restricted=state.proposed.restricted
    )
    return (declined,)


def introduce(command: IntroduceClient, state: Handoff) -> tuple[HandoffFact, ...]:
    """A call without her adds nothing to one that was held; one with her makes it warm, whenever it comes."""
    own_side(HandoffVerb.INTRODUCE, command.agency, state)
    if state.introduced_at and (state.client_present or not command.client_present):
        return ()
    possible(HandoffVerb.INTRODUCE, state, side_of(state, command.agency))
    return (HandoffIntroduced(client_present=command.client_present, restricted=state.proposed.restricted),)


def complete(command: CompleteHandoff, state: Handoff) -> tuple[HandoffFact, ...]:
    own_side(HandoffVerb.COMPLETE, command.agency, state)
    if state.status is HandoffStatus.COMPLETED and state.evidence == command.evidence.id:
        return ()
    possible(HandoffVerb.COMPLETE, state)
    if not met_since(command.evidence, command.handoff, state):
        raise NoEvidence
    completed = HandoffCompleted(
        evidence=command.evidence.id,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        restricted=state.proposed.restricted,
    )
    return (completed,)


def own_side(verb: HandoffVerb, agency: str, state: Handoff) -> None:
    """Raises NotASide, WrongSide."""
    side = side_of(state, agency)
    if side is None:
        raise NotASide
    if side not in EDGES[verb].sides:
        raise WrongSide


def possible(verb: HandoffVerb, state: Handoff, side: Side | None = None) -> None:
    """Raises WrongState."""
    if state.status not in (EDGES[verb].sources_of(side) if side else EDGES[verb].sources):
        raise WrongState(state.status, "handoff-already-ended" if state.status in ENDED else None)


def still_theirs(lead: str | None, sender: str) -> None:
    """Raises Conflict where somebody leads who is not the sender (R19)."""
    if lead not in (None, sender):
        raise Conflict("led", "lead-moved")


def met_since(evidence: Evidence, handoff: UUID, state: Handoff) -> bool:
    """Whether a contact shows that the receiver has met her since it accepted (R17)."""
    contact = evidence.contact
    theirs = contact.agency == state.proposed.to_agency and contact.recorded.handoff in (None, handoff)
    met = theirs and bool(contact.recorded.met)
    return met and state.accepted_at is not None and contact.at >= state.accepted_at - SLACK
