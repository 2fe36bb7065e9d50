"""R2: services are asked for room without a client, the first answer of each stands, and whoever asked may stop."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.referrals.domain import check
from services.referrals.domain.check import (
    AnswerCheck,
    AskForRoom,
    Check,
    CheckAnswer,
    CheckAnswered,
    CheckAsked,
    CheckClosed,
    CheckCommand,
    CheckFact,
    CheckStatus,
    CloseCheck,
    check_stream,
)
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import Category
from tests.invented import CLINIC, HUB, PANTRY

AT = datetime(2026, 11, 2, 20, tzinfo=UTC)
TODAY = date(2026, 11, 2)
ID = UUID("0194a000-0000-7000-8000-0000000000aa")
ASK = AskForRoom(agency=CLINIC, check=ID, service="boxes", to_agency=PANTRY, category=Category.FOOD_INSECURITY)
YES, NO = CheckAnswered(answer=CheckAnswer.YES), CheckAnswered(answer=CheckAnswer.NO)

(ASKED,) = check.decide(ASK, None)
WAY_TO: Mapping[CheckStatus, tuple[CheckFact, ...]] = {
    CheckStatus.ASKED: (ASKED,),
    CheckStatus.YES: (ASKED, YES),
    CheckStatus.NO: (ASKED, NO),
    CheckStatus.CLOSED: (ASKED, CheckClosed()),
}


def told(*facts: CheckFact) -> Check | None:
    return check.fold([Happened(fact, AT + timedelta(minutes=n), CLINIC) for n, fact in enumerate(facts)])


def says(agency: str, answer: CheckAnswer, from_on: date | None = None) -> AnswerCheck:
    return AnswerCheck(agency=agency, today=TODAY, answer=answer, from_on=from_on)


# What each command of the right side comes to: facts, nothing (the same again), or its refusal.
TABLE: Mapping[str, tuple[CheckCommand, Mapping[CheckStatus, tuple[CheckFact, ...] | type[Refusal]]]] = {
    "yes": (
        says(PANTRY, CheckAnswer.YES),
        {CheckStatus.ASKED: (YES,), CheckStatus.YES: (), CheckStatus.NO: Conflict, CheckStatus.CLOSED: WrongState},
    ),
    "no": (
        says(PANTRY, CheckAnswer.NO),
        {CheckStatus.ASKED: (NO,), CheckStatus.YES: Conflict, CheckStatus.NO: (), CheckStatus.CLOSED: WrongState},
    ),
    "close": (
        CloseCheck(agency=CLINIC),
        {
            CheckStatus.ASKED: (CheckClosed(),),
            CheckStatus.YES: (CheckClosed(),),
            CheckStatus.NO: (CheckClosed(),),
            CheckStatus.CLOSED: (),
        },
    ),
}


def test_r2_the_table_is_whole() -> None:
    assert set(WAY_TO) == set(CheckStatus)
    assert all(set(each) == set(CheckStatus) for _, each in TABLE.values())
    for status, facts in WAY_TO.items():
        state = told(*facts)
        assert state is not None
        assert state.status is status


@pytest.mark.parametrize(("name", "status"), [(name, status) for name in TABLE for status in CheckStatus])
def test_r2_each_command_in_each_state(name: str, status: CheckStatus) -> None:
    command, outcomes = TABLE[name]
    expected = outcomes[status]
    if isinstance(expected, tuple):
        assert check.decide(command, told(*WAY_TO[status])) == expected
    else:
        with pytest.raises(expected):
            check.decide(command, told(*WAY_TO[status]))


@pytest.mark.parametrize("status", CheckStatus)
def test_r16_the_wrong_side_and_no_side(status: CheckStatus) -> None:
    state = told(*WAY_TO[status])
    for wrong in (says(CLINIC, CheckAnswer.YES), CloseCheck(agency=PANTRY)):
        with pytest.raises(WrongSide):
            check.decide(wrong, state)
    for stranger in (says(HUB, CheckAnswer.YES), CloseCheck(agency=HUB)):
        with pytest.raises(NotASide):
            check.decide(stranger, state)


def test_a_question_is_asked_once_and_not_of_oneself() -> None:
    assert check.decide(ASK, told(ASKED)) == ()
    with pytest.raises(Unfit, match="same-agency"):
        check.decide(AskForRoom(agency=PANTRY, check=ID, service="b", to_agency=PANTRY, category=ASK.category), None)
    assert check_stream(ID, "boxes") != check_stream(ID, "others")


@pytest.mark.parametrize(
    "wrong", [says(PANTRY, CheckAnswer.NO, TODAY), says(PANTRY, CheckAnswer.YES, TODAY - timedelta(1))]
)
def test_a_day_that_cannot_be_is_refused(wrong: AnswerCheck) -> None:
    with pytest.raises(Unfit, match="room-from-when"):
        check.decide(wrong, told(ASKED))


def test_r2_it_has_no_place_for_a_client() -> None:
    assert isinstance(ASKED, CheckAsked)
    assert set(CheckAsked.model_fields) == {
        "check", "from_agency", "to_agency", "service", "category", "language", "area",
    }  # fmt: skip
    for place, value in (("area", "93706"), ("language", "Nora Muster"), ("client", str(ID))):
        with pytest.raises(ValidationError):
            CheckAsked.model_validate(ASKED.model_dump() | {place: value})


def test_a_stream_of_something_else_is_not_folded() -> None:
    for facts in ((ClientRegistered(),), (YES,)):
        with pytest.raises(ForeignFact):
            check.fold([Happened(fact, AT, CLINIC) for fact in facts])
