"""What follows from a step of either side on a referral that was sent."""

from uuid import UUID

from services.referrals.domain.contact import Evidence, is_service_evidence
from services.referrals.domain.outreach import SLACK
from services.referrals.domain.referral.commands import (
    AcceptReferral,
    AcknowledgeReferral,
    AttestReferral,
    CompleteReferral,
    DeclineReferral,
    ReceiveReferral,
    StartService,
    WaitlistReferral,
)
from services.referrals.domain.referral.events import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralAttested,
    ReferralCompleted,
    ReferralDeclined,
    ReferralFact,
    ReferralReceived,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.referral.machine import EDGES, ENDED, SAID_YES, SEEN, ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral, applies, side_of
from services.referrals.domain.refusal import Conflict, NoEvidence, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import BY_ITSELF, Reason, Source, owner_of

NOT_A_DECLINE = BY_ITSELF | {Reason.UNABLE_TO_REACH}
"""Who cannot be reached is closed as not completed, after the attempts of R13."""

FOR_WANT_OF_ROOM = frozenset({Reason.NO_CAPACITY})
"""Why somebody waits: she would be taken on, but for the room (F2)."""


def receive(command: ReceiveReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.RECEIVE, command.agency, state)
    if state.status in SEEN:
        if _numbered(command.identifier, state):
            return ()
        raise Conflict(state.status, "referral-already-received")
    possible(ReferralVerb.RECEIVE, state)
    return (ReferralReceived(identifier=command.identifier, restricted=state.sent.restricted),)


def accept(command: AcceptReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.ACCEPT, command.agency, state)
    if state.accepted_at and state.status not in {ReferralStatus.DECLINED, ReferralStatus.WAITLISTED}:
        if (state.person, state.on) == (command.person, command.on) and _numbered(command.identifier, state):
            return ()
        raise Conflict(state.status, "referral-already-answered")
    possible(ReferralVerb.ACCEPT, state)
    accepted = ReferralAccepted(
        person=command.person,
        on=command.on,
        source=command.source,
        identifier=command.identifier,
        restricted=state.sent.restricted,
    )
    return (accepted,)


def decline(command: DeclineReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.DECLINE, command.agency, state)
    if command.reason in NOT_A_DECLINE:
        raise Unfit("reason-not-possible")
    if state.status is ReferralStatus.DECLINED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "referral-already-answered")
    possible(ReferralVerb.DECLINE, state)
    declined = ReferralDeclined(
        reason=command.reason,
        reason_owner=owner_of(command.reason),
        source=command.source,
        restricted=state.sent.restricted,
    )
    return (declined,)


def no_after_yes(command: DeclineReferral, state: Referral) -> None:
    """Raises WrongState for a no to a letter's first question, off a slip or form that was drawn before its yes."""
    own_side(ReferralVerb.DECLINE, command.agency, state)
    if command.source is not Source.RECIPIENT and state.status in SAID_YES:
        raise WrongState(state.status, "letter-already-answered")


def waitlist(command: WaitlistReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.WAITLIST, command.agency, state)
    if command.reason not in FOR_WANT_OF_ROOM:
        raise Unfit("reason-not-possible")
    if state.status is ReferralStatus.WAITLISTED:
        return ()
    possible(ReferralVerb.WAITLIST, state)
    waitlisted = ReferralWaitlisted(
        reason=command.reason, reason_owner=owner_of(command.reason), restricted=state.sent.restricted
    )
    return (waitlisted,)


def start(command: StartService, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.START_SERVICE, command.agency, state)
    if state.connected_at:
        return ()
    possible(ReferralVerb.START_SERVICE, state)
    _proven(command.evidence, command.referral, state)
    started = ReferralServiceStarted(
        evidence=command.evidence.id,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        evidence_visit=command.evidence.visit,
        restricted=state.sent.restricted,
    )
    return (started,)


def complete(command: CompleteReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.COMPLETE, command.agency, state)
    if state.status is ReferralStatus.COMPLETED:
        if (state.outcome, state.evidence) == (command.outcome, command.evidence.id):
            return ()
        raise Conflict(state.status, "referral-already-ended")
    possible(ReferralVerb.COMPLETE, state)
    _proven(command.evidence, command.referral, state)
    completed = ReferralCompleted(
        outcome=command.outcome,
        evidence=command.evidence.id,
        source=command.source,
        evidence_restricted=command.evidence.contact.recorded.restricted is not None,
        evidence_visit=command.evidence.visit,
        restricted=state.sent.restricted,
    )
    return (completed,)


def acknowledge(command: AcknowledgeReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.ACKNOWLEDGE, command.agency, state)
    if state.acknowledged_at:
        return ()
    possible(ReferralVerb.ACKNOWLEDGE, state)
    return (ReferralAcknowledged(channel=command.channel, restricted=state.sent.restricted),)


def attest(command: AttestReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.ATTEST, command.agency, state)
    if state.attested is command.decision:
        return ()
    if state.attested:
        raise Conflict(state.attested, "referral-already-attested")
    possible(ReferralVerb.ATTEST, state)
    if command.own:
        raise WrongState(state.status, "attest-own-work")
    return (ReferralAttested(decision=command.decision, restricted=state.sent.restricted),)


def own_side(verb: ReferralVerb, agency: str, state: Referral) -> None:
    """Raises NotASide, WrongSide."""
    side = side_of(state, agency)
    if side is None:
        raise NotASide
    if side is not EDGES[verb].side:
        raise WrongSide


def possible(verb: ReferralVerb, state: Referral) -> None:
    """Raises WrongState."""
    if not applies(verb, state):
        raise WrongState(state.status, "referral-informational")
    if state.status not in EDGES[verb].sources:
        raise WrongState(state.status, "referral-already-ended" if state.status in ENDED else None)


def _numbered(identifier: str | None, state: Referral) -> bool:
    """Whether the receiver's own number stands as it is said; who says none says no other (R12)."""
    return identifier in {None, state.identifier}


def _proven(evidence: Evidence, referral: UUID, state: Referral) -> None:
    contact = evidence.contact
    theirs = contact.agency == state.sent.to_agency and contact.recorded.referral in (None, referral)
    if not (theirs and is_service_evidence(contact.recorded) and contact.at >= state.sent_at - SLACK):
        raise NoEvidence
