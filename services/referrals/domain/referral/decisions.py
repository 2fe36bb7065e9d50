"""What follows from a command on a referral: new facts, nothing because it is so already (R12), or a refusal."""

from datetime import timedelta
from typing import assert_never
from uuid import UUID

from services.referrals.domain.code import require_code
from services.referrals.domain.consent import require
from services.referrals.domain.contact import Evidence, is_service_evidence
from services.referrals.domain.referral.commands import (
    AcceptReferral,
    AcknowledgeReferral,
    CompleteReferral,
    DeclineReferral,
    ReceiveReferral,
    ReferralCommand,
    SendReferral,
    StartService,
)
from services.referrals.domain.referral.events import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCompleted,
    ReferralDeclined,
    ReferralFact,
    ReferralReceived,
    ReferralSent,
    ReferralServiceStarted,
)
from services.referrals.domain.referral.machine import EDGES, ENDED, SEEN, ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral, applies, side_of
from services.referrals.domain.refusal import Conflict, NoEvidence, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import Reason, Source, in_order, owner_of, restricted_class

NOT_A_DECLINE = frozenset({Reason.UNABLE_TO_REACH})
"""Who cannot be reached is closed as not completed, after the attempts of R13."""

SLACK = timedelta(days=1)
"""A contact may be dated by its day alone, so that it can seem to come before the referral of the same day."""


def decide(command: ReferralCommand, state: Referral | None) -> tuple[ReferralFact, ...]:
    """Raises Refusal: NotASide, WrongSide, WrongState, Conflict, NotAgreed, NoEvidence or Unfit."""
    if isinstance(command, SendReferral):
        return _send(command, state)
    if state is None:
        raise NotASide
    match command:
        case ReceiveReferral():
            return _receive(command, state)
        case AcceptReferral():
            return _accept(command, state)
        case DeclineReferral():
            return _decline(command, state)
        case StartService():
            return _start(command, state)
        case CompleteReferral():
            return _complete(command, state)
        case AcknowledgeReferral():
            return _acknowledge(command, state)
        case _:
            assert_never(command)


def _send(command: SendReferral, state: Referral | None) -> tuple[ReferralFact, ...]:
    if command.to_agency == command.agency:
        raise Unfit("same-agency")
    if command.category != command.service_category:
        raise Unfit("category-not-of-service")
    require_code(command.reason_code)
    given = in_order(command.given)
    agreed = None
    if command.exception is None:
        agreed = require(command.agreement, command.to_agency, command.category, given, on=command.today)
    sent = ReferralSent(
        from_agency=command.agency,
        to_agency=command.to_agency,
        to_channel=command.to_channel,
        service=command.service,
        category=command.category,
        mode=command.mode,
        priority=command.priority,
        given=given,
        consent=agreed.id if agreed else None,
        exception=command.exception,
        need=command.need,
        reason_code=command.reason_code,
        episode=command.episode,
        note=command.note,
        parent=command.parent,
        supersedes=command.supersedes,
        identifier=command.identifier,
        restricted=command.service_class or restricted_class(command.category),
    )
    if state is None:
        if command.open_twin is not None:
            raise Conflict("open", "referral-already-open")
        return (sent,)
    if state.sent == sent:
        return ()
    raise Conflict(state.status, "referral-already-sent")


def _receive(command: ReceiveReferral, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.RECEIVE, command.agency, state)
    if state.status in SEEN:
        return ()
    _possible(ReferralVerb.RECEIVE, state)
    return (ReferralReceived(restricted=state.sent.restricted),)


def _accept(command: AcceptReferral, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.ACCEPT, command.agency, state)
    if state.accepted_at and state.status is not ReferralStatus.DECLINED:
        if (state.person, state.on) == (command.person, command.on):
            return ()
        raise Conflict(state.status, "referral-already-answered")
    _possible(ReferralVerb.ACCEPT, state)
    return (ReferralAccepted(person=command.person, on=command.on, restricted=state.sent.restricted),)


def _decline(command: DeclineReferral, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.DECLINE, command.agency, state)
    if command.reason in NOT_A_DECLINE:
        raise Unfit("reason-not-possible")
    if state.status is ReferralStatus.DECLINED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "referral-already-answered")
    _possible(ReferralVerb.DECLINE, state)
    declined = ReferralDeclined(
        reason=command.reason,
        reason_owner=owner_of(command.reason),
        source=Source.RECIPIENT,
        restricted=state.sent.restricted,
    )
    return (declined,)


def _start(command: StartService, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.START_SERVICE, command.agency, state)
    if state.connected_at:
        return ()
    _possible(ReferralVerb.START_SERVICE, state)
    _proven(command.evidence, command.referral, state)
    started = ReferralServiceStarted(
        evidence=command.evidence.id,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        restricted=state.sent.restricted,
    )
    return (started,)


def _complete(command: CompleteReferral, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.COMPLETE, command.agency, state)
    if state.status is ReferralStatus.COMPLETED:
        if (state.outcome, state.evidence) == (command.outcome, command.evidence.id):
            return ()
        raise Conflict(state.status, "referral-already-ended")
    _possible(ReferralVerb.COMPLETE, state)
    _proven(command.evidence, command.referral, state)
    completed = ReferralCompleted(
        outcome=command.outcome,
        evidence=command.evidence.id,
        source=Source.RECIPIENT,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        restricted=state.sent.restricted,
    )
    return (completed,)


def _acknowledge(command: AcknowledgeReferral, state: Referral) -> tuple[ReferralFact, ...]:
    _own_side(ReferralVerb.ACKNOWLEDGE, command.agency, state)
    if state.acknowledged_at:
        return ()
    _possible(ReferralVerb.ACKNOWLEDGE, state)
    return (ReferralAcknowledged(channel=command.channel, restricted=state.sent.restricted),)


def _own_side(verb: ReferralVerb, agency: str, state: Referral) -> None:
    side = side_of(state, agency)
    if side is None:
        raise NotASide
    if side is not EDGES[verb].side:
        raise WrongSide


def _possible(verb: ReferralVerb, state: Referral) -> None:
    if not applies(verb, state):
        raise WrongState(state.status, "referral-informational")
    if state.status not in EDGES[verb].sources:
        raise WrongState(state.status, "referral-already-ended" if state.status in ENDED else None)


def _proven(evidence: Evidence, referral: UUID, state: Referral) -> None:
    contact = evidence.contact
    theirs = contact.agency == state.sent.to_agency and contact.recorded.referral in (None, referral)
    if not (theirs and is_service_evidence(contact.recorded) and contact.at >= state.sent_at - SLACK):
        raise NoEvidence
