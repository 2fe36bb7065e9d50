"""A capacity check: agencies are asked whether a service of theirs has room, and no client is named (R2).

Each service that is asked is a stream of its own; those of one check share its id.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.check_machine import EDGES, CheckVerb
from services.referrals.domain.check_machine import CheckStatus as CheckStatus  # noqa: PLC0414 - is of its outside, too
from services.referrals.domain.fact import Fact, ForeignFact, Happened, Language
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Category, Slug

Area = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
"""The first three digits of a ZIP code: where she lives, and no closer."""


class CheckAnswer(StrEnum):
    """Whether there is room for one more."""

    YES = "yes"
    NO = "no"


# Commands


@frozen(kw_only=True)
class AskForRoom:
    """An agency asks for one service of another; `check` is what the questions to several have in common."""

    agency: str
    check: UUID
    service: str
    to_agency: str
    category: Category
    language: str | None = None
    area: str | None = None


@frozen(kw_only=True)
class AnswerCheck:
    """The asked agency says yes or no; `from_on` is the local date from which there is room. `today` is local too."""

    agency: str
    today: date
    answer: CheckAnswer
    from_on: date | None = None


@frozen(kw_only=True)
class CloseCheck:
    """Whoever asked needs no answer any more."""

    agency: str


CheckCommand: TypeAlias = AskForRoom | AnswerCheck | CloseCheck

# Events


class CheckAsked(Fact):
    """An agency was asked whether a service has room. It names no client, and nothing that would tell of one."""

    TYPE: ClassVar[str] = "check.asked.v1"
    check: UUID
    from_agency: Slug
    to_agency: Slug
    service: Slug
    category: Category
    language: Language | None = None
    area: Area | None = None


class CheckAnswered(Fact):
    """The asked agency said whether it has room, from a day on."""

    TYPE: ClassVar[str] = "check.answered.v1"
    answer: CheckAnswer
    from_on: date | None = None


class CheckClosed(Fact):
    """Whoever asked needs no answer any more."""

    TYPE: ClassVar[str] = "check.closed.v1"


CheckFact: TypeAlias = CheckAsked | CheckAnswered | CheckClosed

# State


@frozen
class Check:
    """One question: what was asked, when (UTC), and what came of it."""

    asked: CheckAsked
    asked_at: datetime
    status: CheckStatus = CheckStatus.ASKED
    answered: CheckAnswered | None = None
    answered_at: datetime | None = None


def check_stream(check: UUID, service: str) -> UUID:
    """The stream of the question to one service."""
    return derived(check, service)


def decide(command: CheckCommand, state: Check | None) -> tuple[CheckFact, ...]:
    """What a command comes to; the same again is nothing (R12). Raises Unfit, NotASide, WrongSide, Conflict."""
    match command:
        case AskForRoom():
            if command.agency == command.to_agency:
                raise Unfit("same-agency")
            asked = CheckAsked(
                check=command.check,
                from_agency=command.agency,
                to_agency=command.to_agency,
                service=command.service,
                category=command.category,
                language=command.language,
                area=command.area,
            )
            return () if state is not None else (asked,)
        case AnswerCheck():
            return _answer(command, _of_a_side(command.agency, state))
        case CloseCheck():
            found = _of_a_side(command.agency, state)
            if command.agency != found.asked.from_agency:
                raise WrongSide
            return (CheckClosed(),) if found.status in EDGES[CheckVerb.CLOSE].sources else ()
        case _:
            assert_never(command)


def _answer(command: AnswerCheck, state: Check) -> tuple[CheckFact, ...]:
    if command.agency != state.asked.to_agency:
        raise WrongSide
    if command.from_on is not None and (command.answer is CheckAnswer.NO or command.from_on < command.today):
        raise Unfit("room-from-when")
    answered = CheckAnswered(answer=command.answer, from_on=command.from_on)
    if state.answered == answered:
        return ()
    if state.answered is not None:
        raise Conflict(state.status, "check-already-answered")
    if state.status not in EDGES[CheckVerb(command.answer.value)].sources:
        raise WrongState(state.status, "check-closed")
    return (answered,)


def _of_a_side(agency: str, state: Check | None) -> Check:
    if state is None or agency not in {state.asked.from_agency, state.asked.to_agency}:
        raise NotASide
    return state


def evolve(state: Check | None, fact: CheckFact, at: datetime) -> Check:
    """The question after one more fact. Raises ForeignFact for one that does not begin with being asked."""
    if state is None:
        if not isinstance(fact, CheckAsked):
            raise ForeignFact(fact)
        return Check(asked=fact, asked_at=at)
    match fact:
        case CheckAsked():
            return state
        case CheckAnswered(answer=answer):
            return Check(state.asked, state.asked_at, CheckStatus(answer.value), fact, at)
        case CheckClosed():
            return Check(state.asked, state.asked_at, CheckStatus.CLOSED, state.answered, state.answered_at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Check | None:
    """The question that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Check | None = None
    for happened in history:
        if not isinstance(happened.fact, CheckFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at)
    return state
