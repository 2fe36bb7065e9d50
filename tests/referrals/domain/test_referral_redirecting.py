"""A referral that its receiver passes on (R3): an answer and an end, to somebody who offers the same."""

from dataclasses import replace

import pytest

from services.referrals.domain import referral
from services.referrals.domain.referral import (
    ReferralRedirected,
    ReferralStatus,
    closed,
    connected,
    responded,
    waits_for_sender,
)
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import Category, Reason, ReasonOwner, Source, owner_of
from tests.invented import (
    ACKNOWLEDGE,
    CHILD,
    CLINIC,
    HUB,
    PANTRY,
    REDIRECT,
    REFERRAL,
    WAY_TO,
    later,
    referral_history,
    send,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given

REDIRECTED = ReferralRedirected(
    child=CHILD,
    waiting=True,
    to_agency=HUB,
    service="county-food-line",
    reason=Reason.NO_CAPACITY,
    reason_owner=ReasonOwner.RECIPIENT,
    source=Source.RECIPIENT,
)


@pytest.mark.parametrize(
    "status", [ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED, ReferralStatus.ACCEPTED]
)
def test_r3_r11_it_is_passed_on_from_each_of_these_and_is_an_answer_and_an_end(status: ReferralStatus) -> None:
    command = replace(REDIRECT, at=later(days=5))
    state = given(*referral_history(*WAY_TO[status])).when(command).then(REDIRECTED)
    assert (state.status, state.ended_at, state.redirected) == ("redirected", command.at, REDIRECTED)
    assert responded(state) is not None
    assert (connected(state), closed(state)) == (None, None)


def test_r12_the_same_again_is_nothing_and_somebody_else_is_refused() -> None:
    history = referral_history(*WAY_TO[ReferralStatus.REDIRECTED])
    given(*history).when(replace(REDIRECT, child=REFERRAL, at=later(days=9))).then_nothing()
    other = replace(REDIRECT, service="other-food-line")
    given(*history).when(other).then_refused(Conflict, "referral-already-answered")


@pytest.mark.parametrize("reason", sorted(reason for reason in Reason if owner_of(reason) is not ReasonOwner.RECIPIENT))
def test_what_she_decided_is_no_reason_to_pass_her_on(reason: Reason) -> None:
    given(*referral_history(send())).when(replace(REDIRECT, reason=reason)).then_refused(Unfit, "reason-not-possible")


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"to_agency": CLINIC}, "back-to-sender"),
        ({"to_agency": PANTRY}, "same-agency"),
        ({"service": send().service}, "same-service"),
        ({"service_category": Category.DOULA}, "category-not-of-service"),
    ],
)
def test_it_goes_to_somebody_else_for_the_same_need(changed: dict[str, object], slug: str) -> None:
    command = replace(REDIRECT, **changed)  # type: ignore[arg-type]  # a test names fields of the command
    given(*referral_history(send())).when(command).then_refused(Unfit, slug)


def test_r3_it_waits_for_its_sender_until_that_knows() -> None:
    history = referral_history(*WAY_TO[ReferralStatus.REDIRECTED])
    state = referral.fold(history)
    assert state is not None
    assert waits_for_sender(state)
    told = referral.fold(referral_history(*WAY_TO[ReferralStatus.REDIRECTED], replace(ACKNOWLEDGE, at=later(days=8))))
    assert told is not None
    assert not waits_for_sender(told)
    gone = referral.fold(referral_history(send(), replace(REDIRECT, waiting=False)))
    assert gone is not None
    assert not waits_for_sender(gone)


def test_r14_what_went_out_to_somebody_is_not_taken_back() -> None:
    history = referral_history(send(), replace(REDIRECT, waiting=False))
    with pytest.raises(WrongState):
        referral.take_back(TakeBack(agency=PANTRY, at=REDIRECT.at), history)
