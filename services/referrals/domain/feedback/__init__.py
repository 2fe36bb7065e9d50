"""A client's voice: whether she was asked how a referral went for her, and what she said."""

from services.referrals.domain.feedback.commands import AnswerFeedback, AskFeedback, FeedbackCommand
from services.referrals.domain.feedback.decisions import decide
from services.referrals.domain.feedback.events import FeedbackAnswered, FeedbackAsked, FeedbackFact
from services.referrals.domain.feedback.machine import EDGES, FeedbackStatus, FeedbackVerb
from services.referrals.domain.feedback.state import Feedback, actions, evolve, feedback_id, fold, status_of

__all__ = [
    "EDGES",
    "AnswerFeedback",
    "AskFeedback",
    "Feedback",
    "FeedbackAnswered",
    "FeedbackAsked",
    "FeedbackCommand",
    "FeedbackFact",
    "FeedbackStatus",
    "FeedbackVerb",
    "actions",
    "decide",
    "evolve",
    "feedback_id",
    "fold",
    "status_of",
]
