"""A step that was pressed by mistake is taken back, and a referral that should never have been is marked so (R14)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain import referral
from services.referrals.domain.fact import Happened
from services.referrals.domain.referral import (
    Referral,
    ReferralEnteredInError,
    ReferralFact,
    ReferralStatus,
    ReferralTakenBack,
    connected,
    responded,
)
from services.referrals.domain.refusal import NotASide, WrongSide, WrongState
from services.referrals.domain.taking_back import WITHIN, TakeBack
from services.referrals.domain.vocabulary import Category, Mode, RestrictedClass
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    ASK_TO_STOP,
    CANCEL,
    CLINIC,
    COMPLETE,
    DECLINE,
    ERROR,
    LAPSE,
    NOTE,
    PANTRY,
    RECEIVE,
    START,
    STOP,
    STRANGER,
    WAITLIST,
    WAY_TO,
    WITHDRAW_CONSENT,
    later,
    referral_history,
    send,
    standing,
    told,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given
MOMENT = timedelta(microseconds=1)


def taken(history: tuple[Happened, ...], by: str, at: datetime) -> tuple[ReferralFact, ...]:
    return referral.take_back(TakeBack(agency=by, at=at), history)


def after(history: tuple[Happened, ...], facts: tuple[ReferralFact, ...], at: datetime, by: str) -> Referral:
    state = referral.fold(told(history, facts, at, by))
    assert state is not None
    return state


PRESSED = [
    ((send(), RECEIVE), ACCEPT),
    ((send(), RECEIVE), DECLINE),
    ((send(), RECEIVE), WAITLIST),
    ((send(), RECEIVE, ACCEPT), replace(DECLINE, at=later(days=2))),
    ((send(), RECEIVE, ACCEPT, START), COMPLETE),
    ((send(), RECEIVE, ACCEPT), COMPLETE),
    ((send(),), CANCEL),
    ((send(), RECEIVE, ACCEPT), ASK_TO_STOP),
    ((send(), RECEIVE, ASK_TO_STOP), STOP),
    ((send(), RECEIVE), ERROR),
]


@pytest.mark.parametrize(("way", "pressed"), PRESSED)
def test_r14_a_step_is_taken_back_and_everything_is_as_before(way: tuple[Any, ...], pressed: Any) -> None:
    before, history = referral_history(*way), referral_history(*way, pressed)
    at = pressed.at + WITHIN - MOMENT
    facts = taken(history, pressed.agency, at)
    assert facts == (ReferralTakenBack(event=history[-1].id or UUID(int=0)),)
    assert after(history, facts, at, pressed.agency) == referral.fold(before)
    assert referral.take_back_until(history, pressed.agency, at) == pressed.at + WITHIN


@pytest.mark.parametrize(("way", "pressed"), PRESSED)
def test_r14_not_after_15_minutes_not_by_the_other_side_and_not_by_a_stranger(
    way: tuple[Any, ...], pressed: Any
) -> None:
    history = referral_history(*way, pressed)
    other = CLINIC if pressed.agency == PANTRY else PANTRY
    for agency, at, refusal, slug in (
        (pressed.agency, pressed.at + WITHIN, WrongState, "too-late-to-take-back"),
        (other, pressed.at, WrongState, "nothing-to-take-back"),
        (STRANGER, pressed.at, NotASide, "not-found"),
    ):
        with pytest.raises(refusal) as raised:
            taken(history, agency, at)
        assert raised.value.slug == slug
        assert referral.take_back_until(history, agency, at) is None


@pytest.mark.parametrize(
    ("way", "by"),
    [
        ((send(),), CLINIC),
        ((send(), RECEIVE), PANTRY),
        ((send(), RECEIVE, ACCEPT, START), PANTRY),
        ((send(), DECLINE, replace(ACKNOWLEDGE, at=later(days=1))), CLINIC),
        ((send(), RECEIVE, WITHDRAW_CONSENT), CLINIC),
        ((send(), RECEIVE, ASK_TO_STOP, LAPSE), CLINIC),
    ],
)
def test_r14_what_was_sent_read_or_shown_by_a_contact_is_not_taken_back(way: tuple[Any, ...], by: str) -> None:
    with pytest.raises(WrongState) as raised:
        taken(referral_history(*way), by, way[-1].at)
    assert raised.value.slug == "nothing-to-take-back"


@pytest.mark.parametrize("seen", [replace(ACKNOWLEDGE, at=later(days=1, hours=0.1)), None])
def test_r14_until_the_other_side_has_opened_it(seen: Any) -> None:
    history = referral_history(send(), DECLINE, *([seen] if seen else []))
    at = later(days=1, hours=0.2)
    if seen is None:
        assert taken(history, PANTRY, at) != ()
    else:
        with pytest.raises(WrongState):
            taken(history, PANTRY, at)


def test_r14_what_followed_at_once_goes_with_it() -> None:
    """An acceptance of somebody who was served before begins the service in the same moment."""
    way = referral_history(send(), RECEIVE)
    accepted = referral.decide(ACCEPT, referral.fold(way))
    started = referral.decide(START, referral.fold(told(way, accepted, ACCEPT.at, PANTRY)))
    history = told(way, (*accepted, *started), ACCEPT.at, PANTRY)
    facts = taken(history, PANTRY, ACCEPT.at)
    assert [getattr(fact, "event", None) for fact in facts] == [history[-1].id, history[-2].id]
    assert after(history, facts, ACCEPT.at, PANTRY) == referral.fold(way)


def test_r14_what_a_contact_began_is_taken_back_with_it_alone() -> None:
    history = referral_history(send(), RECEIVE, ACCEPT, START)
    with_it = TakeBack(agency=PANTRY, at=START.at, with_contact=True)
    assert referral.take_back(with_it, history) == (ReferralTakenBack(event=history[-1].id or UUID(int=0)),)
    assert referral.take_back_until(history, PANTRY, START.at, with_contact=True) == START.at + WITHIN
    assert referral.take_back_until(history, PANTRY, START.at) is None
    for way in ((send(), RECEIVE), (send(), RECEIVE, ACCEPT, COMPLETE, ACKNOWLEDGE)):
        with pytest.raises(WrongState):  # what was read stays read, with a contact too
            referral.take_back(with_it, referral_history(*way))


def test_r14_the_15_minutes_begin_when_it_was_written_down() -> None:
    *before, last = referral_history(send(), RECEIVE, ACCEPT)
    pressed = ACCEPT.at + timedelta(days=1)
    history = (*before, replace(last, recorded_at=pressed))
    assert referral.take_back_until(history, PANTRY, pressed) == pressed + WITHIN
    with pytest.raises(WrongState):
        taken(history, PANTRY, pressed + WITHIN)
    early = (*before, replace(last, recorded_at=ACCEPT.at - timedelta(days=1)))
    assert referral.take_back_until(early, PANTRY, ACCEPT.at) == ACCEPT.at + WITHIN


def test_r12_taken_back_twice_is_nothing_new_and_reaches_no_step_before() -> None:
    way = referral_history(send(), RECEIVE, ACCEPT, replace(DECLINE, at=ACCEPT.at + MOMENT))
    history = told(way, taken(way, PANTRY, ACCEPT.at + MOMENT), ACCEPT.at + MOMENT, PANTRY)
    assert taken(history, PANTRY, ACCEPT.at + MOMENT) == ()
    assert referral.take_back_until(history, PANTRY, ACCEPT.at + MOMENT) is None
    with pytest.raises(WrongState):
        taken(history, CLINIC, ACCEPT.at + MOMENT)


def test_r14_another_answer_can_be_given_afterwards() -> None:
    way = referral_history(send(), RECEIVE, DECLINE)
    history = told(way, taken(way, PANTRY, DECLINE.at), DECLINE.at, PANTRY)
    state = referral.fold(history)
    assert state is not None
    assert responded(state) is None
    (fact,) = referral.decide(replace(ACCEPT, at=later(days=2)), state)
    answered = after(history, (fact,), later(days=2), PANTRY)
    assert (answered.status, responded(answered)) == ("accepted", later(days=2))


def test_r6_a_taking_carries_the_class() -> None:
    history = referral_history(send(category=Category.INTIMATE_PARTNER_VIOLENCE), DECLINE)
    (fact,) = taken(history, PANTRY, DECLINE.at)
    assert getattr(fact, "restricted", None) is RestrictedClass.IPV


class TestEnteredInError:
    @pytest.mark.parametrize("status", sorted(set(WAY_TO) - {ReferralStatus.ENTERED_IN_ERROR}))
    def test_it_is_possible_from_every_state_by_its_sender_alone(self, status: ReferralStatus) -> None:
        history = referral_history(*WAY_TO[status])
        state = given(*history).when(ERROR).then(ReferralEnteredInError(event=UUID(int=1), note=NOTE))
        before = standing(status)
        assert state.status == "entered_in_error"
        assert (connected(state), responded(state)) == (connected(before), responded(before))
        assert state.ended_at == (before.ended_at or ERROR.at)
        given(*history).when(replace(ERROR, agency=PANTRY)).then_refused(WrongSide)
        given(*history).when(replace(ERROR, agency=STRANGER)).then_refused(NotASide)

    def test_r12_again_is_nothing_new_whatever_is_said(self) -> None:
        history = referral_history(*WAY_TO[ReferralStatus.ENTERED_IN_ERROR])
        given(*history).when(replace(ERROR, note=UUID(int=9))).then_nothing()

    def test_nothing_can_be_done_with_it_any_more(self) -> None:
        history = referral_history(*WAY_TO[ReferralStatus.ENTERED_IN_ERROR])
        for command in (ACCEPT, DECLINE, COMPLETE, ACKNOWLEDGE, ASK_TO_STOP):
            given(*history).when(command).then_refused(WrongState, "referral-already-ended")

    def test_an_informational_one_can_be_an_error_too(self) -> None:
        history = referral_history(send(mode=Mode.INFORMATIONAL))
        state = given(*history).when(ERROR).then(ReferralEnteredInError(event=UUID(int=1), note=NOTE))
        assert state.status == "entered_in_error"
