"""A handoff as it stands, and what each side may do with it now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff.events import (
    HandoffAccepted,
    HandoffAcknowledged,
    HandoffClientAgreed,
    HandoffClientDeclined,
    HandoffCompleted,
    HandoffDeclined,
    HandoffExpired,
    HandoffFact,
    HandoffFailed,
    HandoffIntroduced,
    HandoffOffered,
    HandoffProposed,
    HandoffTakenBack,
    HandoffWithdrawn,
)
from services.referrals.domain.handoff.machine import EDGES, HandoffStatus, HandoffVerb
from services.referrals.domain.taking_back import counting
from services.referrals.domain.vocabulary import GivenField, Reason, ReasonOwner, Side

_NOT_TAKEN_UP = frozenset({HandoffStatus.DECLINED, HandoffStatus.EXPIRED})


@frozen
class Handoff:
    """What was proposed, where it stands, and when each step happened (UTC; None: it has not)."""

    proposed: HandoffProposed
    proposed_at: datetime
    status: HandoffStatus = HandoffStatus.PROPOSED
    consent: UUID | None = None
    agreed_at: datetime | None = None
    given: tuple[GivenField, ...] = ()
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    person: str | None = None
    on: date | None = None
    evidence: UUID | None = None
    ended_at: datetime | None = None
    reason: Reason | None = None
    reason_owner: ReasonOwner | None = None
    introduced_at: datetime | None = None
    client_present: bool = False
    acknowledged_at: datetime | None = None


def side_of(state: Handoff, agency: str) -> Side | None:
    """Which side an agency is, None when it is neither; before the offer the receiver is none."""
    if agency == state.proposed.from_agency:
        return Side.SENDER
    return Side.RECEIVER if agency == state.proposed.to_agency and state.offered_at else None


def actions(state: Handoff, side: Side) -> tuple[HandoffVerb, ...]:
    """The steps that this side may now ask for, in the order of the machine's table."""
    return tuple(
        verb
        for verb, edge in EDGES.items()
        if side in edge.sides and state.status in edge.sources_of(side) and _applies(verb, state)
    )


def warm(state: Handoff) -> bool:
    """Whether she was introduced, herself there: the kind says how it was meant, this how it was (AHRQ)."""
    return state.client_present


def waits_for_sender(state: Handoff) -> bool:
    """Whether its sender leads on, or again, because nobody took it up, and has not read that."""
    failed = state.status is HandoffStatus.FAILED and state.reason is None
    return (failed or state.status in _NOT_TAKEN_UP) and state.acknowledged_at is None


def _applies(verb: HandoffVerb, state: Handoff) -> bool:
    if verb is HandoffVerb.ACKNOWLEDGE:
        return waits_for_sender(state)
    return not (verb is HandoffVerb.INTRODUCE and state.client_present)


def evolve(state: Handoff | None, fact: HandoffFact, at: datetime, agency: str) -> Handoff:
    """The handoff after one more fact, which happened `at` (UTC)."""
    if isinstance(fact, HandoffProposed):
        return state or Handoff(proposed=fact, proposed_at=at)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case HandoffClientAgreed(consent=consent):
            return replace(state, status=HandoffStatus.AGREED, consent=consent, agreed_at=at)
        case HandoffOffered(given=given):
            return replace(state, status=HandoffStatus.OFFERED, given=given, offered_at=at)
        case HandoffAccepted(person=person, on=on):
            return replace(state, status=HandoffStatus.ACCEPTED, accepted_at=at, person=person, on=on)
        case HandoffDeclined(reason=reason, reason_owner=owner):
            ended = replace(state, status=HandoffStatus.DECLINED, ended_at=at)
            return replace(ended, reason=reason, reason_owner=owner)
        case HandoffCompleted(evidence=evidence):
            return replace(state, status=HandoffStatus.COMPLETED, ended_at=at, evidence=evidence)
        case HandoffIntroduced(client_present=present):
            return replace(state, introduced_at=at, client_present=state.client_present or present)
        case HandoffClientDeclined():
            return replace(state, status=HandoffStatus.CLIENT_DECLINED, ended_at=at)
        case HandoffWithdrawn(reason=reason, reason_owner=owner):
            ended = replace(state, status=HandoffStatus.WITHDRAWN, ended_at=at)
            return replace(ended, reason=reason, reason_owner=owner)
        case HandoffExpired():
            return replace(state, status=HandoffStatus.EXPIRED, ended_at=at)
        case HandoffFailed(reason=cause, reason_owner=owner):
            return replace(state, status=HandoffStatus.FAILED, ended_at=at, reason=cause, reason_owner=owner)
        case HandoffAcknowledged():
            return replace(state, acknowledged_at=at)
        case HandoffTakenBack():
            return state
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Handoff | None:
    """The handoff that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Handoff | None = None
    for happened in counting(tuple(history)):
        if not isinstance(happened.fact, HandoffFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
