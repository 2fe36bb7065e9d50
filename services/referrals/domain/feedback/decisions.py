"""The rules of a client's voice."""

from typing import assert_never

from services.referrals.domain.feedback.commands import AnswerFeedback, AskFeedback, FeedbackCommand
from services.referrals.domain.feedback.events import FeedbackAnswered, FeedbackAsked, FeedbackFact
from services.referrals.domain.feedback.machine import FeedbackStatus
from services.referrals.domain.feedback.state import Feedback, may_ask, to_ask_about
from services.referrals.domain.referral import side_of
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongSide, WrongState


def decide(command: FeedbackCommand, state: Feedback | None) -> tuple[FeedbackFact, ...]:
    """She is asked once, after the end; her answer is written down once, by the agency that asked her."""
    about = command.about
    if side_of(about, command.agency) is None:
        raise NotASide
    if not may_ask(about, command.agency):
        raise WrongSide
    match command:
        case AskFeedback():
            return _ask(command, state)
        case AnswerFeedback():
            return _answer(command, state)
        case _:
            assert_never(command)


def _ask(command: AskFeedback, state: Feedback | None) -> tuple[FeedbackFact, ...]:
    if state is not None:
        return ()
    if not to_ask_about(command.about):
        raise WrongState(command.about.status, "referral-not-ended")
    return (FeedbackAsked(referral=command.referral, restricted=command.about.sent.restricted),)


def _answer(command: AnswerFeedback, state: Feedback | None) -> tuple[FeedbackFact, ...]:
    said = (command.need_met, command.respectful_care)
    if command.declined is any(said):
        raise Unfit("feedback-says-nothing")
    if state is None:
        raise WrongState(FeedbackStatus.NOT_ASKED, "feedback-not-asked")
    if state.agency != command.agency:
        raise WrongSide
    answered = FeedbackAnswered(
        referral=command.referral,
        declined=command.declined,
        need_met=command.need_met,
        respectful_care=command.respectful_care,
        restricted=command.about.sent.restricted,
    )
    if state.answered is None:
        return (answered,)
    if state.answered == answered:
        return ()
    raise Conflict(FeedbackStatus.ANSWERED, "feedback-already-answered")
