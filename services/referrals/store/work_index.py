"""Owns the row of the work index: what something waits for, on whom, until when; a pure fold of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, assert_never

from services.referrals.directory import Stage
from services.referrals.domain import appointment, check, handoff, referral
from services.referrals.domain.appointment import AppointmentBooked
from services.referrals.domain.check import CheckAsked
from services.referrals.domain.consent import ConsentRecorded
from services.referrals.domain.contact import ContactPlanned
from services.referrals.domain.episode import EpisodeOpened
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import (
    Handoff,
    HandoffClientDeclined,
    HandoffDeclined,
    HandoffExpired,
    HandoffProposed,
    HandoffStatus,
    HandoffWithdrawn,
)
from services.referrals.domain.question import QuestionAsked
from services.referrals.domain.referral import (
    Referral,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralRedirected,
    ReferralSent,
    ReferralStatus,
)
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.timer import Timer
from services.referrals.domain.vocabulary import Mode, Priority
from services.referrals.domain.watch import WatchMoved
from services.referrals.store.check_row import check_row
from services.referrals.store.clock_rows import Due, consent_row, episode_row
from services.referrals.store.commit import WorkRow
from services.referrals.store.promised_row import promised_row
from services.referrals.store.question_row import question_row
from services.referrals.store.visit_row import appointment_row
from services.referrals.store.written import Written, happened

NOTHING_YET: Final = 0
"""As `receiver_until`: the receiver is no side yet and sees nothing at all."""


ENDS: Final = (
    *(ReferralDeclined, ReferralNotCompleted, ReferralCancelled, ReferralExpired),
    *(ReferralRedirected, ReferralEnteredInError),
)
"""What takes a referral from the sight of a receiver that never accepted (R1)."""

HANDOFF_ENDS: Final = (HandoffDeclined, HandoffClientDeclined, HandoffWithdrawn, HandoffExpired)
"""The same for a handoff."""


class _Waits(NamedTuple):
    what: str | None = None
    on: str | None = None
    due_at: datetime | None = None
    fires: Timer | None = None
    """What happens by itself when `fires_at` has passed, or `due_at` where it is not said."""
    fires_at: datetime | None = None


def work_row(history: Sequence[Written], due: Due) -> WorkRow | None:
    """The row of a stream from its whole history; None for a stream of which nobody waits."""
    if not history:
        return None
    match history[0].fact:
        case ReferralSent():
            sent = referral.fold(happened(history))
            return None if sent is None else referral_row(history, sent, due)
        case HandoffProposed():
            proposed = handoff.fold(happened(history))
            return None if proposed is None else handoff_row(history, proposed, due)
        case AppointmentBooked():
            booked = appointment.fold(happened(history))
            return None if booked is None else appointment_row(history, booked, due)
        case EpisodeOpened():
            return episode_row(history, due)
        case ConsentRecorded():
            return consent_row(history, due)
        case ContactPlanned():
            return promised_row(history, due)
        case QuestionAsked():
            return question_row(history, due)
        case CheckAsked():
            asked = check.fold(happened(history))
            return None if asked is None else check_row(history, asked, due)
        case _:
            return None


def referral_row(history: Sequence[Written], state: Referral, due: Due) -> WorkRow:
    """The row of a referral whose whole history was folded to `state`."""
    first = history[0].envelope
    waits = _referral_waits(state, first.initiative, due)
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
        fires=waits.fires,
        fires_at=(waits.fires_at or waits.due_at) if waits.fires else None,
        receiver_until=_ended(history, ENDS) if state.accepted_at is None else None,
        watched_by=_watched_by(history, state),
    )


def _watched_by(history: Sequence[Written], state: Referral) -> str | None:
    by = next((event.fact.by for event in reversed(history) if isinstance(event.fact, WatchMoved)), None)
    return None if state.status in referral.ENDED or by == state.sent.from_agency else by


def handoff_row(history: Sequence[Written], state: Handoff, due: Due) -> WorkRow:
    """The row of a handoff whose whole history was folded to `state`."""
    first = history[0].envelope
    waits = _handoff_waits(state, first.initiative, due)
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
        fires=waits.fires,
        fires_at=waits.due_at if waits.fires else None,
    )


def _handoff_until(history: Sequence[Written], state: Handoff) -> int | None:
    if state.offered_at is None:
        return NOTHING_YET
    return None if state.accepted_at else _ended(history, HANDOFF_ENDS)


def _ended(history: Sequence[Written], ends: tuple[type[Fact], ...]) -> int | None:
    """The version of the first end that was not taken back; that it was all in error is known to both sides."""
    gone = {event.fact.event for event in history if isinstance(event.fact, TakenBack)}
    counts = [event for event in history if event.envelope.event_id not in gone]
    error = next((event.version for event in counts if isinstance(event.fact, ReferralEnteredInError)), None)
    return error or next((event.version for event in counts if isinstance(event.fact, ends)), None)


def _referral_waits(state: Referral, initiative: str, due: Due) -> _Waits:
    sent, urgent = state.sent, state.sent.priority is not Priority.ROUTINE
    if sent.mode is Mode.INFORMATIONAL:
        return _Waits()

    def by(stage: Stage, since: datetime, *, urgent: bool = False) -> datetime:
        return due(initiative, stage, since, urgent=urgent, category=sent.category)

    match state.status:
        case ReferralStatus.SENT | ReferralStatus.RECEIVED:
            due_at = by(Stage.ANSWER, state.sent_at, urgent=urgent)
            ends_at = by(Stage.EXPIRY, state.sent_at)
            return _Waits("answer", sent.to_agency, due_at, Timer.EXPIRE, ends_at)
        case ReferralStatus.ACCEPTED:
            # R15 has no level of its own for the first contact: it gets as long as the answer had.
            since = state.accepted_at or state.sent_at
            return _Waits("contact", sent.to_agency, by(Stage.ANSWER, since, urgent=urgent))
        case ReferralStatus.WAITLISTED:
            since = state.waitlisted_at or state.sent_at
            return _Waits("review", sent.to_agency, by(Stage.WAITLIST_REVIEW, since))
        case ReferralStatus.IN_SERVICE:
            return _Waits("complete", sent.to_agency)
        case ReferralStatus.CANCEL_REQUESTED:
            since = state.cancel_requested_at or state.sent_at
            due_at = by(Stage.CONFIRM_CANCELLATION, since)
            return _Waits("confirm_cancellation", sent.to_agency, due_at, Timer.CONFIRM_CANCELLATION)
        case ReferralStatus.ENTERED_IN_ERROR:
            return _Waits()
        case (
            ReferralStatus.COMPLETED
            | ReferralStatus.NOT_COMPLETED
            | ReferralStatus.DECLINED
            | ReferralStatus.CANCELLED
            | ReferralStatus.EXPIRED
            | ReferralStatus.REDIRECTED
        ):
            if state.acknowledged_at or state.ended_at is None:
                return _Waits()
            if referral.waits_for_sender(state):
                return _Waits("send_on", sent.from_agency, by(Stage.ACKNOWLEDGE, state.ended_at))
            return _Waits("acknowledge", sent.from_agency, by(Stage.ACKNOWLEDGE, state.ended_at))
        case _:
            assert_never(state.status)


def _handoff_waits(state: Handoff, initiative: str, due: Due) -> _Waits:
    proposed = state.proposed
    match state.status:
        case HandoffStatus.PROPOSED:
            # R15 has no level of its own for the two steps of the sender: each gets as long as the answer has.
            return _Waits(
                "client_agrees", proposed.from_agency, due(initiative, Stage.HANDOFF_OFFER, state.proposed_at)
            )
        case HandoffStatus.AGREED:
            since = state.agreed_at or state.proposed_at
            return _Waits("offer", proposed.from_agency, due(initiative, Stage.HANDOFF_OFFER, since))
        case HandoffStatus.OFFERED:
            since = state.offered_at or state.proposed_at
            due_at = due(initiative, Stage.HANDOFF_OFFER, since)
            return _Waits("answer", proposed.to_agency, due_at, Timer.EXPIRE_HANDOFF)
        case HandoffStatus.ACCEPTED:
            since = state.accepted_at or state.proposed_at
            due_at = due(initiative, Stage.HANDOFF_CONTACT, since)
            return _Waits("contact", proposed.to_agency, due_at, Timer.FAIL_HANDOFF)
        case (
            HandoffStatus.COMPLETED
            | HandoffStatus.CLIENT_DECLINED
            | HandoffStatus.WITHDRAWN
            | HandoffStatus.DECLINED
            | HandoffStatus.EXPIRED
            | HandoffStatus.FAILED
        ):
            return _Waits()
        case _:
            assert_never(state.status)
