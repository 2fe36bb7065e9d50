"""How a referral is answered, served and closed, state by state (F2, R11, R12, R13, R17)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.referrals.domain import referral
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCompleted,
    ReferralDeclined,
    ReferralReceived,
    ReferralServiceStarted,
    ReferralStatus,
    ReferralWaitlisted,
    closed,
    connected,
    responded,
)
from services.referrals.domain.refusal import (
    Conflict,
    NoEvidence,
    Unfit,
    WrongState,
)
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    Outcome,
    Reason,
    ReasonOwner,
    Source,
    ToldBy,
)
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    COMPLETE,
    CONTACT,
    DECLINE,
    HANDOFF,
    HUB,
    NOON,
    NOTE,
    RECEIVE,
    START,
    WAITLIST,
    WAY_TO,
    contacted,
    evidence,
    later,
    referral_history,
    send,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given

ACCEPTED = ReferralAccepted(person="staff-pantry-1", on=date(2026, 11, 5))
DECLINED = ReferralDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, source=Source.RECIPIENT)
WAITLISTED = ReferralWaitlisted(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)
STARTED = ReferralServiceStarted(evidence=CONTACT)
COMPLETED = ReferralCompleted(outcome=Outcome.SERVICE_RECEIVED, evidence=CONTACT, source=Source.RECIPIENT)


class TestWhenSent:
    history = referral_history(send())

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(send()).then_nothing()

    def test_another_one_under_the_same_id_is_refused(self) -> None:
        given(*self.history).when(send(service="other-service")).then_refused(Conflict, "referral-already-sent")

    def test_r11_the_receiver_opens_it(self) -> None:
        state = given(*self.history).when(RECEIVE).then(ReferralReceived())
        assert state.received_at == RECEIVE.at
        assert responded(state) is None

    def test_it_can_be_accepted_unopened(self) -> None:
        state = given(*self.history).when(ACCEPT).then(ACCEPTED)
        assert (state.person, state.on, responded(state)) == ("staff-pantry-1", date(2026, 11, 5), ACCEPT.at)

    def test_it_can_be_declined_unopened(self) -> None:
        state = given(*self.history).when(DECLINE).then(DECLINED)
        assert (responded(state), connected(state), closed(state)) == (DECLINE.at, None, None)

    @pytest.mark.parametrize(
        ("reason", "owner"),
        [
            (Reason.CLIENT_DECLINED, ReasonOwner.CLIENT),
            (Reason.MOVED, ReasonOwner.CLIENT),
            (Reason.INELIGIBLE, ReasonOwner.RECIPIENT),
            (Reason.BETTER_FIT_ELSEWHERE, ReasonOwner.RECIPIENT),
            (Reason.OTHER, ReasonOwner.OTHER),
        ],
    )
    def test_her_no_is_never_mixed_with_theirs(self, reason: Reason, owner: ReasonOwner) -> None:
        declined = DECLINED.model_copy(update={"reason": reason, "reason_owner": owner})
        given(*self.history).when(replace(DECLINE, reason=reason)).then(declined)

    def test_r13_unable_to_reach_is_no_decline(self) -> None:
        command = replace(DECLINE, reason=Reason.UNABLE_TO_REACH)
        given(*self.history).when(command).then_refused(Unfit, "reason-not-possible")


class TestWhenWaitlisted:
    history = referral_history(*WAY_TO[ReferralStatus.WAITLISTED])

    def test_r11_it_is_possible_unopened_and_is_an_answer(self) -> None:
        state = given(*referral_history(send())).when(WAITLIST).then(WAITLISTED)
        assert (state.status, responded(state), state.waitlisted_at) == ("waitlisted", WAITLIST.at, WAITLIST.at)
        assert (connected(state), closed(state)) == (None, None)

    @pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.NO_CAPACITY}))
    def test_it_is_for_want_of_room_alone(self, reason: Reason) -> None:
        command = replace(WAITLIST, reason=reason)
        given(*referral_history(send())).when(command).then_refused(Unfit, "reason-not-possible")

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(replace(WAITLIST, at=later(days=2))).then_nothing()

    def test_room_comes_and_it_is_accepted(self) -> None:
        state = given(*self.history).when(replace(ACCEPT, at=later(days=20))).then(ACCEPTED)
        assert (state.status, state.reason, responded(state)) == ("accepted", None, WAITLIST.at)

    def test_no_room_comes_and_it_is_declined(self) -> None:
        state = given(*self.history).when(replace(DECLINE, at=later(days=20))).then(DECLINED)
        assert (state.status, responded(state)) == ("declined", WAITLIST.at)

    def test_what_was_accepted_can_wait_and_be_accepted_once_more_by_the_same_person(self) -> None:
        waits = replace(WAITLIST, at=later(days=2))
        again = replace(ACCEPT, at=later(days=9))
        state = given(*referral_history(send(), ACCEPT, waits)).when(again).then(ACCEPTED)
        assert (state.status, state.accepted_at) == ("accepted", again.at)

    def test_service_does_not_start_from_the_list(self) -> None:
        given(*self.history).when(START).then_refused(WrongState)


class TestWhenAccepted:
    history = referral_history(*WAY_TO[ReferralStatus.ACCEPTED])

    def test_r12_a_second_person_with_the_same_answer_is_told_yes(self) -> None:
        given(*self.history).when(replace(ACCEPT, at=later(days=1, hours=1))).then_nothing()

    @pytest.mark.parametrize("other", [{"person": "staff-pantry-2"}, {"on": date(2026, 11, 6)}, {"on": None}])
    def test_r12_a_second_person_with_another_answer_is_told_what_stands(self, other: dict[str, object]) -> None:
        command = replace(ACCEPT, **other)  # type: ignore[arg-type]  # fields of the command
        refused = given(*self.history).when(command).then_refused(Conflict, "referral-already-answered")
        assert isinstance(refused, Conflict)
        assert refused.stands == "accepted"

    @pytest.mark.parametrize("source", [Source.LETTER, Source.SENDER])
    def test_a_no_by_letter_does_not_overturn_a_yes(self, source: Source) -> None:
        late = replace(DECLINE, source=source)
        for status in (ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE, ReferralStatus.CANCEL_REQUESTED):
            given(*referral_history(*WAY_TO[status])).when(late).then_refused(WrongState, "letter-already-answered")
        given(*referral_history(*WAY_TO[ReferralStatus.RECEIVED])).when(late).then(
            ReferralDeclined(reason=late.reason, reason_owner=ReasonOwner.RECIPIENT, source=source)
        )

    def test_it_can_still_be_declined_and_was_answered_when_first_answered(self) -> None:
        state = given(*self.history).when(replace(DECLINE, at=later(days=2))).then(DECLINED)
        assert responded(state) == ACCEPT.at

    def test_a_contact_starts_the_service(self) -> None:
        state = given(*self.history).when(START).then(STARTED)
        assert (connected(state), state.evidence) == (START.at, CONTACT)

    def test_it_can_be_completed_at_once_and_is_connected_then(self) -> None:
        state = given(*self.history).when(COMPLETE).then(COMPLETED)
        assert connected(state) == COMPLETE.at

    @pytest.mark.parametrize(
        "changed",
        [
            {"outcome": ContactOutcome.ATTEMPTED_NO_ANSWER},
            {"mode": ContactMode.TEXT_ONE_WAY},
            {"mode": ContactMode.MAIL},
            {"agency": HUB},
            {"referral": HANDOFF},
            {"at": NOON - timedelta(days=1, seconds=1)},
        ],
        ids=["attempt", "one-way-text", "mail", "by-another-agency", "for-another-referral", "before-it-was-sent"],
    )
    def test_r17_what_is_no_evidence_serves_nobody(self, changed: dict[str, object]) -> None:
        no_proof = evidence(contacted(**changed))
        given(*self.history).when(replace(START, evidence=no_proof)).then_refused(NoEvidence)
        given(*self.history).when(replace(COMPLETE, evidence=no_proof)).then_refused(NoEvidence)

    @pytest.mark.parametrize("mode", [ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER])
    def test_r17_goods_and_funds_are_evidence_without_meeting_her(self, mode: ContactMode) -> None:
        given(*self.history).when(replace(START, evidence=evidence(contacted(mode=mode)))).then(STARTED)

    def test_r6_evidence_that_is_restricted_itself_is_marked(self) -> None:
        hidden = evidence(contacted(tags=(Category.BEHAVIORAL_HEALTH,)))
        started = STARTED.model_copy(update={"evidence_restricted": True})
        given(*self.history).when(replace(START, evidence=hidden)).then(started)


class TestWhenInService:
    history = referral_history(*WAY_TO[ReferralStatus.IN_SERVICE])

    def test_the_next_contact_starts_nothing_anew(self) -> None:
        given(*self.history).when(replace(START, evidence=evidence(contact_id=NOTE))).then_nothing()

    def test_it_is_completed_and_was_connected_at_the_first_contact(self) -> None:
        state = given(*self.history).when(COMPLETE).then(COMPLETED)
        assert (connected(state), state.ended_at, closed(state)) == (START.at, COMPLETE.at, None)

    def test_r12_the_acceptance_still_stands(self) -> None:
        given(*self.history).when(ACCEPT).then_nothing()


class TestWhenCompleted:
    history = referral_history(*WAY_TO[ReferralStatus.COMPLETED])

    def test_the_sender_is_told_and_the_loop_is_closed(self) -> None:
        state = given(*self.history).when(ACKNOWLEDGE).then(ReferralAcknowledged(channel=ToldBy.PAGE))
        assert closed(state) == ACKNOWLEDGE.at

    def test_r12_told_again_by_another_way_is_nothing_new(self) -> None:
        told = referral_history(*WAY_TO[ReferralStatus.COMPLETED], ACKNOWLEDGE)
        given(*told).when(replace(ACKNOWLEDGE, channel=ToldBy.CALL)).then_nothing()

    def test_r12_another_outcome_does_not_overwrite(self) -> None:
        other = replace(COMPLETE, outcome=Outcome.ENROLLED)
        given(*self.history).when(other).then_refused(Conflict, "referral-already-ended")


class TestWhenDeclined:
    history = referral_history(*WAY_TO[ReferralStatus.DECLINED])

    def test_the_sender_is_told_and_the_loop_is_closed_without_service(self) -> None:
        state = given(*self.history).when(ACKNOWLEDGE).then(ReferralAcknowledged(channel=ToldBy.PAGE))
        assert (closed(state), connected(state)) == (ACKNOWLEDGE.at, None)

    def test_r12_another_reason_does_not_overwrite(self) -> None:
        other = replace(DECLINE, reason=Reason.OUT_OF_AREA)
        given(*self.history).when(other).then_refused(Conflict, "referral-already-answered")

    def test_r11_opening_it_afterwards_is_nothing_new(self) -> None:
        given(*self.history).when(RECEIVE).then_nothing()
