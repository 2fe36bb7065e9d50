"""A question between the two sides of a referral or handoff: stored only, its words in the vault."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, WrongSide
from services.referrals.domain.vocabulary import Slug

# Commands


@frozen(kw_only=True)
class AskQuestion:
    """One side asks the other, `to_agency`; `text` is the vault id of the words."""

    agency: str
    at: datetime
    to_agency: str
    text: UUID
    referral: UUID | None = None
    handoff: UUID | None = None


@frozen(kw_only=True)
class AnswerQuestion:
    """The side that was asked answers; `text` as in AskQuestion."""

    agency: str
    at: datetime
    text: UUID


QuestionCommand: TypeAlias = AskQuestion | AnswerQuestion

# Events


class QuestionAsked(Fact):
    """One side asked the other."""

    TYPE: ClassVar[str] = "question.asked.v1"
    to_agency: Slug
    text: UUID
    referral: UUID | None = None
    handoff: UUID | None = None


class QuestionAnswered(Fact):
    """The side that was asked answered."""

    TYPE: ClassVar[str] = "question.answered.v1"
    text: UUID


QuestionFact: TypeAlias = QuestionAsked | QuestionAnswered

# State


@frozen
class Question:
    """What was asked, by whom and when (UTC), and the answer where there is one."""

    asked: QuestionAsked
    at: datetime
    agency: str
    answer: UUID | None = None
    answered_at: datetime | None = None


def decide(command: QuestionCommand, state: Question | None) -> tuple[QuestionFact, ...]:
    """Asked once, answered once, by the other side. Raises NotASide, WrongSide, Conflict."""
    match command:
        case AskQuestion():
            if state is not None:
                return ()
            asked = QuestionAsked(
                to_agency=command.to_agency, text=command.text, referral=command.referral, handoff=command.handoff
            )
            return (asked,)
        case AnswerQuestion():
            return _answer(command, state)
        case _:
            assert_never(command)


def _answer(command: AnswerQuestion, state: Question | None) -> tuple[QuestionFact, ...]:
    if state is None or command.agency not in {state.agency, state.asked.to_agency}:
        raise NotASide
    if command.agency != state.asked.to_agency:
        raise WrongSide
    if state.answer is not None:
        if state.answer == command.text:
            return ()
        raise Conflict("answered", "question-already-answered")
    return (QuestionAnswered(text=command.text),)


def evolve(state: Question | None, fact: QuestionFact, at: datetime, agency: str) -> Question:
    """The question after one more fact."""
    match fact:
        case QuestionAsked():
            return state or Question(asked=fact, at=at, agency=agency)
        case QuestionAnswered(text=text):
            if state is None:
                raise ForeignFact(fact)
            return replace(state, answer=text, answered_at=at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Question | None:
    """The question that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Question | None = None
    for happened in history:
        if not isinstance(happened.fact, QuestionFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
