"""The table of a client's voice: she is asked once, and answers once."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FeedbackStatus(StrEnum):
    """Where her voice on one referral stands."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ANSWERED = "answered"


class FeedbackVerb(StrEnum):
    """A step, named as in its address."""

    ASK = "ask"
    ANSWER = "answer"


EDGES: Mapping[FeedbackVerb, tuple[FeedbackStatus, FeedbackStatus]] = MappingProxyType(
    {
        FeedbackVerb.ASK: (FeedbackStatus.NOT_ASKED, FeedbackStatus.ASKED),
        FeedbackVerb.ANSWER: (FeedbackStatus.ASKED, FeedbackStatus.ANSWERED),
    }
)
"""Each step from where to where. Either side may ask, and she is asked once; who asked writes down what she says."""
