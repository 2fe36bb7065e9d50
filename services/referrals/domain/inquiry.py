"""What a privacy officer has to answer for: a question, an exception, an emergency, an erasure; stored only."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, Unfit
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Slug

ANSWERED_WITHIN: Final = timedelta(days=30)


class Cause(StrEnum):
    """Why the officer is asked: she asked "was this right?", nobody had asked her first (R1), or an operator erased
    what the agency held of her, or forbade that."""

    QUESTION = "question"
    EXCEPTION = "exception"
    BREAK_GLASS = "break_glass"
    ERASURE = "erasure"
    HOLD = "hold"
    HOLD_RELEASED = "hold_released"


OPERATED: Final = frozenset({Cause.ERASURE, Cause.HOLD, Cause.HOLD_RELEASED})
"""What an operator did for the agency, on the machine: its reason is a word of a list, and nothing typed."""


class Finding(StrEnum):
    """What an officer finds who looked at what was done without her yes."""

    APPROPRIATE = "appropriate"
    NOT_APPROPRIATE = "not_appropriate"


# Commands


@frozen(kw_only=True)
class OpenInquiry:
    """`about` is the event that is asked about, `text` the vault id of her words, or of the reason that was given;
    None where nothing was typed."""

    to_agency: str
    cause: Cause
    about: UUID
    text: UUID | None = None


@frozen(kw_only=True)
class AnswerInquiry:
    """The officer answers in words, and says what they find where nobody had asked her first."""

    agency: str
    text: UUID
    finding: Finding | None = None


InquiryCommand: TypeAlias = OpenInquiry | AnswerInquiry

# Events


class InquiryOpened(Fact):
    """Something waits for the privacy officer of `to_agency`."""

    TYPE: ClassVar[str] = "inquiry.opened.v1"
    to_agency: Slug
    cause: Cause
    about: UUID
    text: UUID | None = None


class InquiryAnswered(Fact):
    """The officer answered."""

    TYPE: ClassVar[str] = "inquiry.answered.v1"
    text: UUID
    finding: Finding | None = None


InquiryFact: TypeAlias = InquiryOpened | InquiryAnswered

# State


@frozen
class Inquiry:
    """What is asked, when (UTC), and what was answered."""

    opened: InquiryOpened
    at: datetime
    answered: InquiryAnswered | None = None
    answered_at: datetime | None = None

    @property
    def due(self) -> datetime:
        return self.at + ANSWERED_WITHIN


def inquiry_id(about: UUID, cause: Cause, agency: str) -> UUID:
    """The stream of what one agency's officer is asked about one event: for each cause once."""
    return derived(about, f"inquiry|{cause}|{agency}")


def decide(command: InquiryCommand, state: Inquiry | None) -> tuple[InquiryFact, ...]:
    """Opened once, answered once. Raises NotASide, Conflict, Unfit."""
    match command:
        case OpenInquiry():
            return () if state is not None else (_opened(command),)
        case AnswerInquiry():
            return _answer(command, state)
        case _:
            assert_never(command)


def _opened(command: OpenInquiry) -> InquiryOpened:
    return InquiryOpened(
        to_agency=command.to_agency,
        cause=command.cause,
        about=command.about,
        text=command.text,
    )


def _answer(command: AnswerInquiry, state: Inquiry | None) -> tuple[InquiryFact, ...]:
    if state is None or command.agency != state.opened.to_agency:
        raise NotASide
    if (command.finding is None) != (state.opened.cause is Cause.QUESTION):
        raise Unfit("finding-missing" if command.finding is None else "finding-of-question")
    answered = InquiryAnswered(text=command.text, finding=command.finding)
    if state.answered is None:
        return (answered,)
    if state.answered == answered:
        return ()
    raise Conflict("answered", "question-already-answered")


def evolve(state: Inquiry | None, fact: InquiryFact, at: datetime) -> Inquiry:
    """The inquiry after one more fact."""
    match fact:
        case InquiryOpened():
            return state or Inquiry(fact, at)
        case InquiryAnswered():
            if state is None:
                raise ForeignFact(fact)
            return replace(state, answered=fact, answered_at=at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Inquiry | None:
    """The inquiry that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Inquiry | None = None
    for happened in history:
        if not isinstance(happened.fact, InquiryFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at)
    return state
