"""How a sender takes a referral back, or asks the receiver to stop (F2, R12, R16)."""

from dataclasses import replace

import pytest

from services.referrals.domain import referral
from services.referrals.domain.referral import (
    CancelReferral,
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCommand,
    ReferralCompleted,
    ReferralStatus,
    ReferralVerb,
    actions,
    closed,
    connected,
    responded,
)
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.vocabulary import Category, Mode, Outcome, Reason, ReasonOwner, Side, Source, owner_of
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    ASK_TO_STOP,
    CANCEL,
    COMPLETE,
    CONTACT,
    DECLINE,
    LAPSE,
    RECEIVE,
    START,
    STOP,
    WAITLIST,
    WAY_TO,
    WITHDRAW_CONSENT,
    later,
    referral_history,
    send,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given

ASKED = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
NOT_HERS = {ReasonOwner.RECIPIENT, ReasonOwner.CONTACT}
OF_THE_RECEIVER = sorted(reason for reason in Reason if owner_of(reason) in NOT_HERS)
COMPLETED = ReferralCompleted(outcome=Outcome.SERVICE_RECEIVED, evidence=CONTACT, source=Source.RECIPIENT)


def ended(source: Source) -> ReferralCancelled:
    return ReferralCancelled(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT, source=source)


class TestTakenBack:
    def test_r16_the_sender_withdraws_what_was_sent_and_knows_that_it_did(self) -> None:
        state = given(*referral_history(send())).when(CANCEL).then(ended(Source.SENDER))
        assert (state.status, closed(state), responded(state), connected(state)) == ("cancelled", CANCEL.at, None, None)
        assert actions(state, Side.SENDER) == (referral.ReferralVerb.ENTERED_IN_ERROR,)

    def test_what_was_opened_is_asked_for(self) -> None:
        given(*referral_history(send(), RECEIVE)).when(CANCEL).then_refused(WrongState)

    def test_r12_the_same_again_and_another_reason(self) -> None:
        history = referral_history(send(), CANCEL)
        given(*history).when(replace(CANCEL, at=later(days=5))).then_nothing()
        given(*history).when(replace(CANCEL, reason=Reason.MOVED)).then_refused(Conflict, "referral-already-ended")

    def test_nobody_opens_it_afterwards(self) -> None:
        given(*referral_history(send(), CANCEL)).when(RECEIVE).then_refused(WrongState, "referral-already-ended")


class TestAskedToStop:
    history = referral_history(*WAY_TO[ReferralStatus.CANCEL_REQUESTED])

    @pytest.mark.parametrize(
        "status",
        [ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED, ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE],
    )
    def test_it_is_possible_once_it_was_opened(self, status: ReferralStatus) -> None:
        state = given(*referral_history(*WAY_TO[status])).when(ASK_TO_STOP).then(ASKED)
        assert (state.status, closed(state)) == ("cancel_requested", None)

    @pytest.mark.parametrize("command", [CANCEL, ASK_TO_STOP])
    @pytest.mark.parametrize("reason", OF_THE_RECEIVER)
    def test_a_sender_never_gives_the_receivers_reason(self, command: referral.CancelReferral, reason: Reason) -> None:
        history = referral_history(send()) if command is CANCEL else referral_history(send(), RECEIVE)
        given(*history).when(replace(command, reason=reason)).then_refused(Unfit, "reason-not-possible")

    def test_r12_the_same_again_and_another_reason(self) -> None:
        given(*self.history).when(replace(ASK_TO_STOP, at=later(days=6))).then_nothing()
        other = replace(ASK_TO_STOP, reason=Reason.MOVED)
        given(*self.history).when(other).then_refused(Conflict, "cancellation-already-asked")

    def test_the_receiver_confirms_and_the_sender_is_told(self) -> None:
        state = given(*self.history).when(STOP).then(ended(Source.RECIPIENT))
        assert (state.status, closed(state)) == ("cancelled", None)
        assert actions(state, Side.SENDER) == (
            referral.ReferralVerb.ACKNOWLEDGE,
            referral.ReferralVerb.ENTERED_IN_ERROR,
        )

    def test_r12_confirming_twice_is_nothing_new(self) -> None:
        history = referral_history(*WAY_TO[ReferralStatus.CANCELLED])
        given(*history).when(replace(STOP, at=later(days=9))).then_nothing()

    def test_r15_nobody_confirmed_in_time_and_the_sender_is_told(self) -> None:
        state = given(*self.history).when(LAPSE).then(ended(Source.TIMER))
        assert (state.status, closed(state)) == ("cancelled", None)

    def test_r12_the_clock_and_the_receiver_end_it_once(self) -> None:
        given(*referral_history(*WAY_TO[ReferralStatus.CANCELLED])).when(LAPSE).then_nothing()
        lapsed = referral_history(*WAY_TO[ReferralStatus.CANCEL_REQUESTED], LAPSE)
        given(*lapsed).when(replace(STOP, at=later(days=13))).then_nothing()

    def test_the_receiver_may_say_how_it_ended_meanwhile(self) -> None:
        state = given(*self.history).when(COMPLETE).then(COMPLETED)
        assert (state.status, connected(state)) == ("completed", COMPLETE.at)
        assert (state.reason, state.reason_owner) == (None, None)

    def test_it_is_not_accepted_any_more(self) -> None:
        history = referral_history(send(), RECEIVE, ASK_TO_STOP)
        given(*history).when(ACCEPT).then_refused(WrongState)

    def test_nothing_is_confirmed_that_was_not_asked(self) -> None:
        given(*referral_history(send(), ACCEPT)).when(STOP).then_refused(WrongState)
        given(*referral_history(send(), CANCEL)).when(STOP).then_refused(WrongState, "referral-already-ended")


def test_r6_both_repeat_the_class() -> None:
    way = (send(category=Category.INTIMATE_PARTNER_VIOLENCE), RECEIVE, ASK_TO_STOP, STOP, ACKNOWLEDGE)
    history = referral_history(*way)
    assert {getattr(each.fact, "restricted", None) for each in history} == {"ipv"}


class TestHerAgreementTakenBack:
    CANCELLED = ReferralCancelled(
        reason=Reason.CONSENT_WITHDRAWN, reason_owner=ReasonOwner.CLIENT, source=Source.CLIENT
    )

    @pytest.mark.parametrize("way", [(), (RECEIVE,), (RECEIVE, WAITLIST), (RECEIVE, ASK_TO_STOP)])
    def test_r1_what_nobody_accepted_ends_and_its_sender_is_to_be_told(self, way: tuple[ReferralCommand, ...]) -> None:
        state = given(*referral_history(send(), *way)).when(WITHDRAW_CONSENT).then(self.CANCELLED)
        assert (state.status, state.reason, closed(state)) == ("cancelled", Reason.CONSENT_WITHDRAWN, None)
        assert actions(state, Side.SENDER) == (ReferralVerb.ACKNOWLEDGE, ReferralVerb.ENTERED_IN_ERROR)

    @pytest.mark.parametrize("way", [(ACCEPT,), (ACCEPT, WAITLIST), (ACCEPT, ASK_TO_STOP), (ACCEPT, START)])
    def test_r1_who_has_accepted_keeps_what_it_needs(self, way: tuple[ReferralCommand, ...]) -> None:
        given(*referral_history(send(), *way)).when(WITHDRAW_CONSENT).then_refused(WrongState)

    def test_r1_one_that_nobody_answers_ends_too(self) -> None:
        given(*referral_history(send(mode=Mode.INFORMATIONAL))).when(WITHDRAW_CONSENT).then(self.CANCELLED)

    @pytest.mark.parametrize("command", [CANCEL, ASK_TO_STOP, DECLINE])
    def test_nobody_gives_it_as_a_reason_by_hand(self, command: CancelReferral) -> None:
        asked = replace(command, reason=Reason.CONSENT_WITHDRAWN)
        given(*referral_history(send(), RECEIVE)).when(asked).then_refused(Unfit, "reason-not-possible")
