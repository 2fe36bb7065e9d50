"""How a handoff ends without having been taken up, and what makes it warm (F3, R1, R15, R16, R19, R20)."""

from dataclasses import replace

import pytest

from services.referrals.domain import handoff
from services.referrals.domain.handoff import (
    BEFORE_ACCEPTANCE,
    HandoffClientDeclined,
    HandoffExpired,
    HandoffFailed,
    HandoffIntroduced,
    HandoffStatus,
    HandoffVerb,
    HandoffWithdrawn,
    actions,
    warm,
)
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.vocabulary import Reason, ReasonOwner, Side, owner_of
from tests.invented import (
    COMPLETE_HANDOFF,
    CONSENT_BACK,
    END_CONTACT,
    EXPIRE_HANDOFF,
    FAIL_HANDOFF,
    HANDOFF_WAY_TO,
    HUB,
    INTRODUCE,
    SHE_DECLINES,
    WITHDRAW,
    handoff_history,
)
from tests.scenario import Rules

given = Rules(handoff.decide, handoff.fold).given

NO_MORE = HandoffFailed(reason=Reason.NO_FURTHER_CONTACT, reason_owner=ReasonOwner.CLIENT)
OVER = HandoffFailed(reason=Reason.OTHER, reason_owner=ReasonOwner.OTHER)


def withdrawn(reason: Reason) -> HandoffWithdrawn:
    return HandoffWithdrawn(reason=reason, reason_owner=owner_of(reason))


class TestBeforeItIsAccepted:
    @pytest.mark.parametrize("status", sorted(BEFORE_ACCEPTANCE))
    def test_she_may_say_no_at_any_time(self, status: HandoffStatus) -> None:
        state = given(*handoff_history(*HANDOFF_WAY_TO[status])).when(SHE_DECLINES).then(HandoffClientDeclined())
        assert (state.status, state.ended_at) == ("client_declined", SHE_DECLINES.at)

    @pytest.mark.parametrize("status", sorted(BEFORE_ACCEPTANCE))
    def test_the_sender_may_withdraw_it(self, status: HandoffStatus) -> None:
        state = given(*handoff_history(*HANDOFF_WAY_TO[status])).when(WITHDRAW).then(withdrawn(Reason.DUPLICATE))
        assert (state.status, state.reason) == ("withdrawn", Reason.DUPLICATE)

    @pytest.mark.parametrize(
        "reason",
        [Reason.NO_CAPACITY, Reason.UNABLE_TO_REACH, Reason.CLIENT_DECLINED, Reason.NO_FURTHER_CONTACT],
    )
    def test_not_for_a_reason_of_somebody_else_or_with_a_step_of_its_own(self, reason: Reason) -> None:
        history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])
        given(*history).when(replace(WITHDRAW, reason=reason)).then_refused(Unfit, "reason-not-possible")

    def test_r12_another_reason_does_not_overwrite(self) -> None:
        history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.WITHDRAWN])
        given(*history).when(WITHDRAW).then_nothing()
        other = replace(WITHDRAW, reason=Reason.MOVED)
        given(*history).when(other).then_refused(Conflict, "handoff-already-ended")

    def test_r15_an_offer_that_nobody_answers_expires(self) -> None:
        given(*handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])).when(EXPIRE_HANDOFF).then(HandoffExpired())
        given(*handoff_history(*HANDOFF_WAY_TO[HandoffStatus.AGREED])).when(EXPIRE_HANDOFF).then_refused(WrongState)

    def test_r1_what_rests_on_her_agreement_ends_with_it_unless_it_was_accepted(self) -> None:
        offered = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])
        given(*offered).when(CONSENT_BACK).then(withdrawn(Reason.CONSENT_WITHDRAWN))
        accepted = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.ACCEPTED])
        given(*accepted).when(CONSENT_BACK).then_refused(WrongState)

    def test_r16_no_further_contact_withdraws_it(self) -> None:
        offered = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])
        given(*offered).when(END_CONTACT).then(withdrawn(Reason.NO_FURTHER_CONTACT))


class TestAfterItIsAccepted:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.ACCEPTED])

    @pytest.mark.parametrize("command", [SHE_DECLINES, WITHDRAW, EXPIRE_HANDOFF])
    def test_it_is_not_ended_from_the_other_side(self, command: handoff.HandoffCommand) -> None:
        given(*self.history).when(command).then_refused(WrongState)

    def test_r15_without_a_contact_it_fails(self) -> None:
        state = given(*self.history).when(FAIL_HANDOFF).then(HandoffFailed())
        assert (state.status, state.reason) == ("failed", None)

    def test_r16_no_further_contact_fails_it(self) -> None:
        given(*self.history).when(END_CONTACT).then(NO_MORE)

    def test_r15_a_pregnancy_that_was_closed_ends_it_and_nobody_has_to_read_so(self) -> None:
        state = given(*self.history).when(replace(END_CONTACT, reason=Reason.OTHER)).then(OVER)
        assert (state.status, state.reason, handoff.waits_for_sender(state)) == ("failed", Reason.OTHER, False)

    def test_what_was_completed_does_not_fail(self) -> None:
        completed = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.COMPLETED])
        given(*completed).when(FAIL_HANDOFF).then_refused(WrongState, "handoff-already-ended")
        given(*completed).when(END_CONTACT).then_nothing()

    def test_a_contact_after_it_failed_completes_nothing(self) -> None:
        failed = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.FAILED])
        given(*failed).when(COMPLETE_HANDOFF).then_refused(WrongState, "handoff-already-ended")


class TestIntroduced:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])

    def test_only_with_her_there_it_is_warm(self) -> None:
        with_her = given(*self.history).when(INTRODUCE).then(HandoffIntroduced(client_present=True))
        assert (warm(with_her), with_her.status) == (True, "offered")
        without = replace(INTRODUCE, client_present=False)
        assert not warm(given(*self.history).when(without).then(HandoffIntroduced(client_present=False)))

    def test_the_kind_alone_makes_nothing_warm(self) -> None:
        state = handoff.fold(self.history)
        assert state is not None
        assert (state.proposed.kind, warm(state)) == ("warm_remote", False)

    @pytest.mark.parametrize("agency", [INTRODUCE.agency, HUB])
    def test_either_side_writes_it_down(self, agency: str) -> None:
        history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.ACCEPTED])
        given(*history).when(replace(INTRODUCE, agency=agency)).then(HandoffIntroduced(client_present=True))

    def test_r12_once_warm_nothing_is_new(self) -> None:
        warm_now = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED], INTRODUCE)
        for present in (True, False):
            given(*warm_now).when(replace(INTRODUCE, client_present=present)).then_nothing()
        state = handoff.fold(warm_now)
        assert state is not None
        assert HandoffVerb.INTRODUCE not in actions(state, Side.SENDER)

    def test_a_call_without_her_can_be_followed_by_one_with_her(self) -> None:
        cold = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED], replace(INTRODUCE, client_present=False))
        given(*cold).when(INTRODUCE).then(HandoffIntroduced(client_present=True))

    def test_not_before_she_agreed_or_after_the_end(self) -> None:
        for status, slug in ((HandoffStatus.PROPOSED, None), (HandoffStatus.COMPLETED, "handoff-already-ended")):
            given(*handoff_history(*HANDOFF_WAY_TO[status])).when(INTRODUCE).then_refused(WrongState, slug)
