"""A client's voice as it stands: who asked her when, what she said, and who may do what next."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.feedback.events import FeedbackAnswered, FeedbackAsked, FeedbackFact
from services.referrals.domain.feedback.machine import EDGES, FeedbackStatus, FeedbackVerb
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import ENDED, Referral, ReferralStatus, side_of
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Mode, Side


@frozen
class Feedback:
    """Her voice on one referral: when she was asked and answered (UTC), by which agency, and what she said."""

    asked: FeedbackAsked
    asked_at: datetime
    agency: str
    answered: FeedbackAnswered | None = None
    answered_at: datetime | None = None

    @property
    def status(self) -> FeedbackStatus:
        return FeedbackStatus.ANSWERED if self.answered else FeedbackStatus.ASKED


def feedback_id(referral: UUID) -> UUID:
    """The stream of her voice on a referral: one, so that two who ask at once ask her once."""
    return derived(referral, "feedback")


def status_of(state: Feedback | None) -> FeedbackStatus:
    return FeedbackStatus.NOT_ASKED if state is None else state.status


def actions(state: Feedback | None, about: Referral, agency: str) -> tuple[FeedbackVerb, ...]:
    """What this agency may do now: ask whom nobody asked, or write down what she says to it."""
    if not to_ask_about(about) or side_of(about, agency) is None or not may_ask(about, agency):
        return ()
    return tuple(
        verb
        for verb, (source, _) in EDGES.items()
        if source is status_of(state) and (state is None or state.agency == agency)
    )


def to_ask_about(about: Referral) -> bool:
    """Whether there is something to ask: it has ended, and was not one of nobody's (informational, in error)."""
    ended = about.status in ENDED - {ReferralStatus.ENTERED_IN_ERROR}
    return ended and about.sent.mode is not Mode.INFORMATIONAL


def may_ask(about: Referral, agency: str) -> bool:
    """A receiver that never accepted lost sight of her, and asks her nothing (R1)."""
    return side_of(about, agency) is Side.SENDER or about.accepted_at is not None


def evolve(state: Feedback | None, fact: FeedbackFact, at: datetime, agency: str) -> Feedback:
    """Her voice after one more fact."""
    match fact:
        case FeedbackAsked():
            return state or Feedback(asked=fact, asked_at=at, agency=agency)
        case FeedbackAnswered():
            if state is None:
                raise ForeignFact(fact)
            return replace(state, answered=fact, answered_at=at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Feedback | None:
    """The feedback that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Feedback | None = None
    for happened in history:
        if not isinstance(happened.fact, FeedbackFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
