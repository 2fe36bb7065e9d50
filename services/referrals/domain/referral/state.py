"""A referral as it stands: its state, its three facts, and what each side may do with it now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral.ending_events import (
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralTakenBack,
)
from services.referrals.domain.referral.events import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralAttested,
    ReferralCompleted,
    ReferralDeclined,
    ReferralFact,
    ReferralReceived,
    ReferralRedirected,
    ReferralSent,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.referral.machine import EDGES, ReferralStatus, ReferralVerb
from services.referrals.domain.taking_back import counting
from services.referrals.domain.vocabulary import Attestation, Mode, Outcome, Reason, ReasonOwner, Side, Source

WITHOUT_LOOP = frozenset(
    {
        ReferralVerb.RECEIVE,
        ReferralVerb.CONSENT_WITHDRAWN,
        ReferralVerb.STOP_CONTACT,
        ReferralVerb.AGENCY_LEFT,
        ReferralVerb.ENTERED_IN_ERROR,
    }
)
"""What can happen to a referral that she follows herself: nobody answers it, and it does not run out (R11)."""


@frozen
class Referral:
    """What was sent, where it stands, and when each step happened (UTC; None: it has not)."""

    sent: ReferralSent
    sent_at: datetime
    status: ReferralStatus = ReferralStatus.SENT
    received_at: datetime | None = None
    responded_at: datetime | None = None
    accepted_at: datetime | None = None
    waitlisted_at: datetime | None = None
    person: str | None = None
    on: date | None = None
    connected_at: datetime | None = None
    evidence: UUID | None = None
    cancel_requested_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    reason_owner: ReasonOwner | None = None
    acknowledged_at: datetime | None = None
    redirected: ReferralRedirected | None = None
    attested: Attestation | None = None
    identifier: str | None = None


def side_of(state: Referral, agency: str) -> Side | None:
    """Which side an agency is, None when it is neither."""
    if agency == state.sent.from_agency:
        return Side.SENDER
    return Side.RECEIVER if agency == state.sent.to_agency else None


def responded(state: Referral) -> datetime | None:
    """Fact 1 of the loop: when the receiver first answered."""
    return state.responded_at


def connected(state: Referral) -> datetime | None:
    """Fact 2 of the loop: when the receiver first served her for it."""
    return state.connected_at


def closed(state: Referral) -> datetime | None:
    """Fact 3 of the loop: when it had ended and the sender knew."""
    return state.acknowledged_at if state.ended_at else None


def actions(state: Referral, side: Side) -> tuple[ReferralVerb, ...]:
    """The steps that this side may now ask for, in the order of the machine's table."""
    return tuple(
        verb
        for verb, edge in EDGES.items()
        if edge.pressed and edge.side is side and state.status in edge.sources and applies(verb, state)
    )


def applies(verb: ReferralVerb, state: Referral) -> bool:
    """Whether a step has a meaning here: informational referrals have no loop, and telling is done once (R11)."""
    if state.sent.mode is Mode.INFORMATIONAL:
        return verb in WITHOUT_LOOP
    done = {ReferralVerb.ACKNOWLEDGE: state.acknowledged_at, ReferralVerb.ATTEST: state.attested}
    return not done.get(verb)


def evolve(state: Referral | None, fact: ReferralFact, at: datetime, agency: str) -> Referral:
    """The referral after one more fact, which happened `at` (UTC)."""
    if isinstance(fact, ReferralSent):
        return state or Referral(sent=fact, sent_at=at)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case ReferralReceived(identifier=own):
            return replace(state, status=ReferralStatus.RECEIVED, received_at=at, identifier=own)
        case ReferralAccepted(person=person, on=on):
            own = fact.identifier or state.identifier
            answered = replace(state, responded_at=state.responded_at or at, accepted_at=at, person=person, on=on)
            return replace(answered, status=ReferralStatus.ACCEPTED, reason=None, reason_owner=None, identifier=own)
        case ReferralDeclined(reason=reason, reason_owner=owner):
            answered = replace(state, responded_at=_answered(state, fact, at), reason=reason, reason_owner=owner)
            return replace(answered, status=ReferralStatus.DECLINED, ended_at=at)
        case ReferralNotCompleted(reason=reason, reason_owner=owner, source=source):
            told = at if source is Source.SENDER else None
            ended = replace(state, responded_at=_answered(state, fact, at), reason=reason, reason_owner=owner)
            return replace(ended, status=ReferralStatus.NOT_COMPLETED, ended_at=at, acknowledged_at=told)
        case ReferralExpired(reason=reason, reason_owner=owner):
            ended = replace(state, ended_at=at, reason=reason, reason_owner=owner)
            return replace(ended, status=ReferralStatus.EXPIRED)
        case ReferralWaitlisted(reason=reason, reason_owner=owner):
            answered = replace(state, responded_at=state.responded_at or at, reason=reason, reason_owner=owner)
            return replace(answered, status=ReferralStatus.WAITLISTED, waitlisted_at=at)
        case ReferralRedirected(reason=reason, reason_owner=owner):
            answered = replace(state, responded_at=state.responded_at or at, reason=reason, reason_owner=owner)
            return replace(answered, status=ReferralStatus.REDIRECTED, ended_at=at, redirected=fact)
        case ReferralServiceStarted(evidence=evidence):
            return replace(state, status=ReferralStatus.IN_SERVICE, connected_at=at, evidence=evidence)
        case ReferralCompleted(outcome=outcome, evidence=evidence):
            served = replace(state, connected_at=state.connected_at or at, outcome=outcome, evidence=evidence)
            # Why the sender asked to stop is no reason of an end with service.
            return replace(served, status=ReferralStatus.COMPLETED, ended_at=at, reason=None, reason_owner=None)
        case ReferralCancellationRequested(reason=reason, reason_owner=owner):
            asked = replace(state, cancel_requested_at=at, reason=reason, reason_owner=owner)
            return replace(asked, status=ReferralStatus.CANCEL_REQUESTED)
        case ReferralCancelled(reason=reason, reason_owner=owner, source=source):
            # Who takes it back itself knows how it ended.
            told = at if source is Source.SENDER else None
            ended = replace(state, ended_at=at, acknowledged_at=told, reason=reason, reason_owner=owner)
            return replace(ended, status=ReferralStatus.CANCELLED)
        case ReferralAcknowledged():
            return replace(state, acknowledged_at=at)
        case ReferralAttested(decision=decision):
            return replace(state, attested=decision)
        case ReferralEnteredInError():
            return replace(state, status=ReferralStatus.ENTERED_IN_ERROR, ended_at=state.ended_at or at)
        case ReferralTakenBack():
            return state  # the fold has left out what it takes back
        case _:
            assert_never(fact)


def _answered(state: Referral, end: ReferralDeclined | ReferralNotCompleted, at: datetime) -> datetime | None:
    """When the receiver first answered, by letter too; that it left, or that somebody else ended it, is no answer."""
    by_receiver = end.source in {Source.RECIPIENT, Source.LETTER} and end.reason is not Reason.AGENCY_LEFT
    return state.responded_at or (at if by_receiver else None)


def fold(history: Iterable[Happened]) -> Referral | None:
    """The referral that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Referral | None = None
    for happened in counting(tuple(history)):
        if not isinstance(happened.fact, ReferralFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
