"""What is stored of a client's voice: that she was asked, and what she said. Two facts, never one."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from services.referrals.domain.fact import Fact
from services.referrals.domain.vocabulary import Degree, RestrictedClass


class FeedbackAsked(Fact):
    """She was asked."""

    TYPE: ClassVar[str] = "feedback.asked.v1"
    referral: UUID
    restricted: RestrictedClass | None = None


class FeedbackAnswered(Fact):
    """She answered; what she left out is None."""

    TYPE: ClassVar[str] = "feedback.answered.v1"
    referral: UUID
    declined: bool
    need_met: Degree | None = None
    respectful_care: Degree | None = None
    restricted: RestrictedClass | None = None


FeedbackFact: TypeAlias = FeedbackAsked | FeedbackAnswered
