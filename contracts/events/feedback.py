"""Published events of a client's voice: that she was asked how a referral went, and what she answered."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenDegree, Published


class FeedbackAskedV1(Published):
    """She was asked how a referral that has ended went for her."""

    TYPE: ClassVar[str] = "feedback.asked.v1"
    feedback: UUID
    referral: UUID


class FeedbackAnsweredV1(Published):
    """She answered, or said that she would rather not (`declined`); what she left out is not there."""

    TYPE: ClassVar[str] = "feedback.answered.v1"
    declined: bool
    feedback: UUID
    need_met: OpenDegree | None = None
    referral: UUID
    respectful_care: OpenDegree | None = None


FeedbackEvent: TypeAlias = FeedbackAskedV1 | FeedbackAnsweredV1
