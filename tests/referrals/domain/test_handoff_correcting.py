"""R14 on a handoff: which step is taken back by whom, until when, and that everything is then as before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain import handoff
from services.referrals.domain.handoff import HandoffStatus, HandoffTakenBack
from services.referrals.domain.refusal import NotASide, WrongState
from services.referrals.domain.taking_back import WITHIN, TakeBack
from services.referrals.domain.vocabulary import RestrictedClass, Side
from tests.invented import (
    ACCEPT_HANDOFF,
    AGREES,
    CLINIC,
    COMPLETE_HANDOFF,
    CONSENT_BACK,
    DECLINE_HANDOFF,
    END_CONTACT,
    EXPIRE_HANDOFF,
    FAIL_HANDOFF,
    HANDOFF_WAY_TO,
    HUB,
    INTRODUCE,
    SHE_DECLINES,
    STRANGER,
    WITHDRAW,
    handoff_history,
    told,
)

MOMENT = timedelta(microseconds=1)
OFFERED = HANDOFF_WAY_TO[HandoffStatus.OFFERED]
ACCEPTED = HANDOFF_WAY_TO[HandoffStatus.ACCEPTED]

PRESSED = [
    (HANDOFF_WAY_TO[HandoffStatus.PROPOSED], AGREES),
    (OFFERED, ACCEPT_HANDOFF),
    (OFFERED, DECLINE_HANDOFF),
    (OFFERED, SHE_DECLINES),
    (OFFERED, WITHDRAW),
    (OFFERED, INTRODUCE),
    (ACCEPTED, COMPLETE_HANDOFF),
]


@pytest.mark.parametrize(("way", "pressed"), PRESSED)
def test_r14_a_step_is_taken_back_and_everything_is_as_before(way: tuple[Any, ...], pressed: Any) -> None:
    before, history = handoff_history(*way), handoff_history(*way, pressed)
    at = pressed.at + WITHIN - MOMENT
    facts = handoff.take_back(TakeBack(agency=pressed.agency, at=at), history)
    assert facts == (HandoffTakenBack(event=history[-1].id or UUID(int=0)),)
    after = told(history, facts, at, pressed.agency)
    assert handoff.fold(after) == handoff.fold(before)
    assert handoff.take_back_until(history, pressed.agency, at) == pressed.at + WITHIN
    assert handoff.take_back(TakeBack(agency=pressed.agency, at=at), after) == (), "R12: the same again"


@pytest.mark.parametrize(("way", "pressed"), PRESSED[1:])
def test_r14_not_after_15_minutes_not_by_the_other_side_and_not_by_a_stranger(
    way: tuple[Any, ...], pressed: Any
) -> None:
    history = handoff_history(*way, pressed)
    other = CLINIC if pressed.agency == HUB else HUB
    for agency, at, refusal, slug in (
        (pressed.agency, pressed.at + WITHIN, WrongState, "too-late-to-take-back"),
        (other, pressed.at, WrongState, "nothing-to-take-back"),
        (STRANGER, pressed.at, NotASide, "not-found"),
    ):
        with pytest.raises(refusal) as raised:
            handoff.take_back(TakeBack(agency=agency, at=at), history)
        assert raised.value.slug == slug
        assert handoff.take_back_until(history, agency, at) is None


@pytest.mark.parametrize(
    "way",
    [
        HANDOFF_WAY_TO[HandoffStatus.PROPOSED],
        OFFERED,
        (*OFFERED, EXPIRE_HANDOFF),
        (*OFFERED, CONSENT_BACK),
        (*OFFERED, END_CONTACT),
        (*ACCEPTED, FAIL_HANDOFF),
    ],
)
def test_r14_what_went_out_or_what_nobody_pressed_stays(way: tuple[Any, ...]) -> None:
    history = handoff_history(*way)
    with pytest.raises(WrongState) as raised:
        handoff.take_back(TakeBack(agency=history[-1].agency, at=history[-1].at), history)
    assert raised.value.slug == "nothing-to-take-back"


def test_r14_an_offer_is_taken_back_until_it_is_opened() -> None:
    history = handoff_history(*OFFERED)
    command = TakeBack(agency=CLINIC, at=history[-1].at)
    assert handoff.take_back_until(history, CLINIC, command.at) is None
    assert handoff.take_back_until(history, CLINIC, command.at, opened=False) == command.at + WITHIN
    taken = handoff.take_back(command, history, opened=False)
    state = handoff.fold(told(history, taken, command.at, CLINIC))
    assert state is not None
    assert (state.status, state.offered_at, handoff.side_of(state, HUB)) == (HandoffStatus.AGREED, None, None)


def test_r14_a_receiver_that_takes_its_answer_back_is_asked_as_before() -> None:
    history = handoff_history(*OFFERED, DECLINE_HANDOFF)
    command = TakeBack(agency=HUB, at=DECLINE_HANDOFF.at)
    state = handoff.fold(told(history, handoff.take_back(command, history), command.at, HUB))
    assert state is not None
    assert handoff.actions(state, Side.RECEIVER) == ("accept", "decline")
    assert handoff.decide(replace(ACCEPT_HANDOFF, at=command.at), state)


def test_r6_the_taking_back_is_as_restricted_as_the_handoff() -> None:
    first, *rest = handoff_history(*OFFERED, DECLINE_HANDOFF)
    restricted = replace(first, fact=first.fact.model_copy(update={"restricted": RestrictedClass.BEHAVIORAL}))
    (fact,) = handoff.take_back(TakeBack(agency=HUB, at=DECLINE_HANDOFF.at), (restricted, *rest))
    assert isinstance(fact, HandoffTakenBack)
    assert fact.restricted is RestrictedClass.BEHAVIORAL
