"""What others may read of a client's voice: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.feedback import FeedbackAnsweredV1, FeedbackAskedV1, FeedbackEvent
from services.referrals.domain.feedback import FeedbackAnswered, FeedbackAsked, FeedbackFact


def of_feedback(fact: FeedbackFact, stream: UUID) -> FeedbackEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case FeedbackAsked(referral=referral):
            return FeedbackAskedV1(feedback=stream, referral=referral)
        case FeedbackAnswered(referral=referral, declined=declined, need_met=met, respectful_care=respectful):
            return FeedbackAnsweredV1(
                feedback=stream, referral=referral, declined=declined, need_met=met, respectful_care=respectful
            )
        case _:
            assert_never(fact)
