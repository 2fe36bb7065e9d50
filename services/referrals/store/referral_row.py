"""Owns the row of a referral in the work index; a pure fold of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never

from services.referrals.directory import Stage
from services.referrals.domain import referral
from services.referrals.domain.referral import (
    Referral,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralRedirected,
    ReferralStatus,
)
from services.referrals.domain.timer import Timer
from services.referrals.domain.vocabulary import Channel, Mode, Priority
from services.referrals.domain.watch import WatchMoved
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.keeper import keeper
from services.referrals.store.waiting import Waits, ended
from services.referrals.store.written import Written

ENDS: Final = (
    *(ReferralDeclined, ReferralNotCompleted, ReferralCancelled, ReferralExpired),
    *(ReferralRedirected, ReferralEnteredInError),
)
"""What takes a referral from the sight of a receiver that never accepted (R1)."""

HELD: Final = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE, ReferralStatus.CANCEL_REQUESTED})
"""Where somebody of the receiver has it in hand, if it was accepted."""


def referral_row(history: Sequence[Written], state: Referral, due: Due) -> WorkRow:
    """The row of a referral whose whole history was folded to `state`."""
    first = history[0].envelope
    waits, over = _referral_waits(state, first.initiative, due), state.status in referral.ENDED
    fires = waits.runs(history)
    return WorkRow(
        kind="referral",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=state.sent.from_agency,
        to_agency=state.sent.to_agency,
        state=state.status,
        version=history[-1].version,
        sent_at=state.sent_at,
        category=state.sent.category,
        service=state.sent.service,
        priority=state.sent.priority,
        mode=state.sent.mode,
        due_at=waits.due_at,
        waits_for=waits.what,
        waits_on=waits.on,
        fires=fires.timer,
        fires_at=fires.at,
        receiver_until=ended(history, ENDS) if over and state.accepted_at is None else None,
        watched_by=None if over else _watched_by(history, state.sent.from_agency),
        held_by=keeper(history, state.person) if state.status in HELD else None,
        consent=state.sent.consent,
        restricted=state.sent.restricted,
    )


def _watched_by(history: Sequence[Written], sender: str) -> str | None:
    for event in reversed(history):
        if isinstance(event.fact, WatchMoved):
            return event.fact.by if event.fact.by != sender else None
    return None


def _referral_waits(state: Referral, initiative: str, due: Due) -> Waits:
    sent, urgent = state.sent, state.sent.priority is not Priority.ROUTINE
    if sent.mode is Mode.INFORMATIONAL:
        return Waits()
    # Who has no login has no work list: its sender's staff call and write down the answer.
    receiver = sent.from_agency if sent.to_channel is Channel.LETTER else sent.to_agency

    def by(stage: Stage, since: datetime, *, urgent: bool = False) -> datetime:
        return due(initiative, stage, since, urgent=urgent, category=sent.category)

    match state.status:
        case ReferralStatus.SENT | ReferralStatus.RECEIVED:
            due_at = by(Stage.ANSWER, state.sent_at, urgent=urgent)
            ends_at = by(Stage.EXPIRY, state.sent_at)
            return Waits("answer", receiver, due_at, Timer.EXPIRE, ends_at)
        case ReferralStatus.ACCEPTED:
            # R15 has no level of its own for the first contact: it gets as long as the answer had.
            since = state.accepted_at or state.sent_at
            return Waits("contact", receiver, by(Stage.ANSWER, since, urgent=urgent))
        case ReferralStatus.WAITLISTED:
            since = state.waitlisted_at or state.sent_at
            return Waits("review", receiver, by(Stage.WAITLIST_REVIEW, since))
        case ReferralStatus.IN_SERVICE:
            return Waits("complete", receiver)
        case ReferralStatus.CANCEL_REQUESTED:
            since = state.cancel_requested_at or state.sent_at
            due_at = by(Stage.CONFIRM_CANCELLATION, since)
            return Waits("confirm_cancellation", receiver, due_at, Timer.CONFIRM_CANCELLATION)
        case ReferralStatus.ENTERED_IN_ERROR:
            return Waits()
        case (
            ReferralStatus.COMPLETED
            | ReferralStatus.NOT_COMPLETED
            | ReferralStatus.DECLINED
            | ReferralStatus.CANCELLED
            | ReferralStatus.EXPIRED
            | ReferralStatus.REDIRECTED
        ):
            if state.acknowledged_at or state.ended_at is None:
                return Waits()
            if referral.waits_for_sender(state):
                return Waits("send_on", sent.from_agency, by(Stage.ACKNOWLEDGE, state.ended_at))
            return Waits("acknowledge", sent.from_agency, by(Stage.ACKNOWLEDGE, state.ended_at))
        case _:
            assert_never(state.status)
