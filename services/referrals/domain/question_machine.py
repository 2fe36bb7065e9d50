"""Where a question between the two sides may stand: the one that was asked answers, once."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.question import Question
from services.referrals.domain.vocabulary import Side


class QuestionStatus(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"


class QuestionVerb(StrEnum):
    """A step, named as in its address."""

    ANSWER = "answer"


@frozen
class Edge:
    """Who takes a step, from which states, to which. The sender is who asked, the receiver who was asked."""

    side: Side
    sources: frozenset[QuestionStatus]
    target: QuestionStatus


EDGES: Mapping[QuestionVerb, Edge] = MappingProxyType(
    {QuestionVerb.ANSWER: Edge(Side.RECEIVER, frozenset({QuestionStatus.ASKED}), QuestionStatus.ANSWERED)}
)


def status_of(state: Question) -> QuestionStatus:
    return QuestionStatus.ASKED if state.answer is None else QuestionStatus.ANSWERED
