"""What the events of a client's voice mean: that she was asked, and what she answered."""

from __future__ import annotations

from typing import Final, assert_never, get_args
from uuid import UUID

from contracts.events.event import Published
from contracts.events.feedback import FeedbackAnsweredV1, FeedbackAskedV1, FeedbackEvent
from services.measures.domain.need import Answer, FeedbackPath
from services.measures.domain.path import Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(get_args(FeedbackEvent))


def apply(voices: dict[UUID, FeedbackPath], event: FeedbackEvent, moment: Moment) -> None:
    """Her voice on each referral after one more event."""
    path = voices.get(event.feedback, FeedbackPath(event.referral))
    match event:
        case FeedbackAskedV1():
            path = path._replace(asked=moment if path.asked is None else min(path.asked, moment))
        case FeedbackAnsweredV1(declined=declined, need_met=met):
            said = Answer(moment, declined, None if met is None else str(met))
            path = path._replace(answer=said if path.answer is None else max(path.answer, said))
        case never:
            assert_never(never)
    voices[event.feedback] = path
