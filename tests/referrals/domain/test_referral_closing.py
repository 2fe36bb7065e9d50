"""How a referral ends without being completed: by its receiver, the clock, or what is recorded elsewhere (F2, R16)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.referrals.domain import referral
from services.referrals.domain.outreach import Attempt, OutreachRule, is_attempt, outreach
from services.referrals.domain.referral import (
    AcceptReferral,
    CloseReferral,
    ReceiveReferral,
    ReferralAttested,
    ReferralCancelled,
    ReferralCommand,
    ReferralDeclined,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralStatus,
    actions,
    closed,
    connected,
    responded,
)
from services.referrals.domain.refusal import Conflict, NotEnoughAttempts, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import (
    BY_ITSELF,
    Attestation,
    Category,
    ContactMode,
    ContactOutcome,
    Mode,
    Reason,
    ReasonOwner,
    Side,
    Source,
    owner_of,
)
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    ASK_TO_STOP,
    ATTEST,
    CLINIC,
    CLOSE,
    DECLINE,
    EXPIRE,
    HUB,
    LEAVE,
    NOON,
    RECEIVE,
    START,
    STOP_CONTACT,
    WAITLIST,
    WAY_TO,
    contacted,
    evidence,
    later,
    referral_history,
    send,
    standing,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given
FIRST = date(2026, 11, 3)


def not_completed(reason: Reason, source: Source = Source.RECIPIENT) -> ReferralNotCompleted:
    return ReferralNotCompleted(reason=reason, reason_owner=owner_of(reason), source=source)


def tried(*days_and_modes: tuple[int, ContactMode]) -> tuple[Attempt, ...]:
    return tuple(Attempt(FIRST + timedelta(days=days), mode) for days, mode in days_and_modes)


PHONE, TEXT, HOME = ContactMode.PHONE, ContactMode.TEXT_TWO_WAY, ContactMode.HOME_VISIT
ENOUGH = tried((0, PHONE), (4, TEXT), (10, PHONE))
GIVE_UP = replace(CLOSE, reason=Reason.UNABLE_TO_REACH)


class TestClosed:
    @pytest.mark.parametrize(
        "status",
        [
            ReferralStatus.WAITLISTED,
            ReferralStatus.ACCEPTED,
            ReferralStatus.IN_SERVICE,
            ReferralStatus.CANCEL_REQUESTED,
        ],
    )
    def test_r16_a_clients_no_is_never_the_providers_no(self, status: ReferralStatus) -> None:
        history = referral_history(*WAY_TO[status])
        for reason, owner in ((Reason.CLIENT_DECLINED, ReasonOwner.CLIENT), (Reason.INELIGIBLE, ReasonOwner.RECIPIENT)):
            state = given(*history).when(replace(CLOSE, reason=reason)).then(not_completed(reason))
            assert (state.status, state.reason_owner, closed(state)) == ("not_completed", owner, None)
            assert connected(state) == connected(standing(status)), "who was served stays served"
            assert actions(state, Side.SENDER)[0] is referral.ReferralVerb.ACKNOWLEDGE

    @pytest.mark.parametrize("status", [ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.DECLINED])
    def test_f2_what_was_not_taken_on_is_not_closed(self, status: ReferralStatus) -> None:
        given(*referral_history(*WAY_TO[status])).when(CLOSE).then_refused(
            WrongState, "referral-already-ended" if status is ReferralStatus.DECLINED else None
        )

    def test_r12_the_same_again_and_another_reason(self) -> None:
        history = referral_history(*WAY_TO[ReferralStatus.NOT_COMPLETED])
        given(*history).when(replace(CLOSE, at=later(days=30))).then_nothing()
        given(*history).when(replace(CLOSE, reason=Reason.MOVED)).then_refused(Conflict, "referral-already-ended")

    @pytest.mark.parametrize("reason", sorted(BY_ITSELF))
    @pytest.mark.parametrize("command", [CLOSE, DECLINE])
    def test_what_follows_from_elsewhere_is_no_reason_that_anybody_gives(
        self, command: CloseReferral, reason: Reason
    ) -> None:
        history = referral_history(send(), *([ACCEPT] if command is CLOSE else []))
        given(*history).when(replace(command, reason=reason)).then_refused(Unfit, "reason-not-possible")

    def test_r16_declined_after_service_it_is_closed_and_she_stays_connected(self) -> None:
        history = referral_history(*WAY_TO[ReferralStatus.IN_SERVICE])
        late = replace(DECLINE, at=later(days=9))
        state = given(*history).when(late).then(not_completed(Reason.NO_CAPACITY))
        assert (state.status, connected(state)) == ("not_completed", START.at)
        given(*history).when(replace(late, reason=Reason.UNABLE_TO_REACH)).then_refused(NotEnoughAttempts)

    def test_r6_it_repeats_the_class(self) -> None:
        history = referral_history(send(category=Category.CONTRACEPTION), ACCEPT, CLOSE, ACKNOWLEDGE)
        assert {getattr(each.fact, "restricted", None) for each in history} == {"reproductive"}


class TestUnableToReach:
    accepted = referral_history(*WAY_TO[ReferralStatus.ACCEPTED])

    def test_r13_three_attempts_over_ten_days_by_two_modes(self) -> None:
        command = replace(GIVE_UP, attempts=ENOUGH)
        state = given(*self.accepted).when(command).then(not_completed(Reason.UNABLE_TO_REACH))
        assert state.reason_owner is ReasonOwner.CONTACT

    @pytest.mark.parametrize(
        ("attempts", "lacking"),
        [
            ((), (0, 0, 0)),
            (tried((0, PHONE), (10, TEXT)), (2, 10, 2)),
            (tried((0, PHONE), (4, TEXT), (9, PHONE)), (3, 9, 2)),
            (tried((0, PHONE), (4, PHONE), (10, PHONE)), (3, 10, 1)),
        ],
    )
    def test_r13_less_is_not_enough_and_says_what_there_is(
        self, attempts: tuple[Attempt, ...], lacking: tuple[int, int, int]
    ) -> None:
        refused = given(*self.accepted).when(replace(GIVE_UP, attempts=attempts)).then_refused(NotEnoughAttempts)
        assert isinstance(refused, NotEnoughAttempts)
        found = refused.outreach
        assert (found.attempts, found.days, found.modes) == lacking
        assert found.needed == OutreachRule(attempts=3, days=10, modes=2)

    def test_r13_an_attempt_outside_her_plan_never_counts(self) -> None:
        outside = [replace(each, within=each.mode is PHONE) for each in ENOUGH]
        command = replace(GIVE_UP, attempts=outside, allowed_modes=frozenset({PHONE, HOME}))
        given(*self.accepted).when(command).then_refused(NotEnoughAttempts)

    def test_r13_where_the_plan_allows_one_way_that_one_is_enough(self) -> None:
        attempts = tried((0, PHONE), (4, PHONE), (10, PHONE))
        command = replace(GIVE_UP, attempts=attempts, allowed_modes=frozenset({PHONE}))
        given(*self.accepted).when(command).then(not_completed(Reason.UNABLE_TO_REACH))
        two = replace(command, allowed_modes=frozenset({PHONE, HOME}))
        given(*self.accepted).when(two).then_refused(NotEnoughAttempts)

    @pytest.mark.parametrize("reason", [Reason.CLIENT_DECLINED, Reason.SAFETY, Reason.NO_CAPACITY, Reason.MOVED])
    def test_r13_with_contact_prohibited_what_is_not_about_reaching_her_needs_no_attempt(self, reason: Reason) -> None:
        command = replace(CLOSE, reason=reason, contact_prohibited=True)
        given(*self.accepted).when(command).then(not_completed(reason))

    def test_r13_with_contact_prohibited_nobody_was_unable_to_reach_her(self) -> None:
        command = replace(GIVE_UP, contact_prohibited=True, attempts=ENOUGH)
        given(*self.accepted).when(command).then_refused(Unfit, "contact-prohibited")

    def test_the_initiative_may_ask_for_less(self) -> None:
        rule = OutreachRule(attempts=1, days=0, modes=1)
        given(*self.accepted).when(replace(GIVE_UP, attempts=tried((0, PHONE)), rule=rule)).then(
            not_completed(Reason.UNABLE_TO_REACH)
        )
        assert outreach((), rule, None).enough is False

    @pytest.mark.parametrize(
        ("mode", "outcome", "counts"),
        [
            (PHONE, ContactOutcome.ATTEMPTED_NO_ANSWER, True),
            (HOME, ContactOutcome.NOT_HOME, True),
            (ContactMode.MAIL, ContactOutcome.COMPLETED, True),
            (ContactMode.TEXT_ONE_WAY, ContactOutcome.COMPLETED, True),
            (PHONE, ContactOutcome.COMPLETED, False),
            (HOME, ContactOutcome.MISSED, False),
            (PHONE, ContactOutcome.CLIENT_DECLINED, False),
        ],
    )
    def test_r17_what_is_an_attempt(self, mode: ContactMode, outcome: ContactOutcome, *, counts: bool) -> None:
        assert is_attempt(evidence(contacted(mode=mode, outcome=outcome, tags=())).contact, NOON) is counts

    @pytest.mark.parametrize(("sent", "counts"), [(later(days=3), True), (later(days=4), True), (later(days=5), False)])
    def test_r13_what_was_tried_before_it_was_sent_does_not_count(self, sent: datetime, *, counts: bool) -> None:
        tried = contacted(mode=PHONE, outcome=ContactOutcome.ATTEMPTED_NO_ANSWER, tags=(), at=later(days=3))
        assert is_attempt(evidence(tried).contact, sent) is counts


class TestExpired:
    EXPIRED = ReferralExpired(reason=Reason.NO_ANSWER, reason_owner=ReasonOwner.RECIPIENT, source=Source.TIMER)

    @pytest.mark.parametrize("status", [ReferralStatus.SENT, ReferralStatus.RECEIVED])
    def test_r15_what_nobody_answered_ends_and_the_sender_is_to_be_told(self, status: ReferralStatus) -> None:
        state = given(*referral_history(*WAY_TO[status])).when(EXPIRE).then(self.EXPIRED)
        assert (state.status, responded(state), closed(state)) == ("expired", None, None)
        assert referral.ReferralVerb.ACKNOWLEDGE in actions(state, Side.SENDER)

    def test_r15_not_a_moment_before_its_time(self) -> None:
        early = replace(EXPIRE, at=EXPIRE.not_before - timedelta(microseconds=1))
        given(*referral_history(send())).when(early).then_refused(WrongState)

    @pytest.mark.parametrize("way", [(ACCEPT,), (WAITLIST,), (RECEIVE, ASK_TO_STOP)])
    def test_r15_what_was_answered_or_is_being_stopped_does_not_expire(self, way: tuple[ReferralCommand, ...]) -> None:
        given(*referral_history(send(), *way)).when(EXPIRE).then_refused(WrongState)

    def test_r11_an_informational_one_never_expires(self) -> None:
        history = referral_history(send(mode=Mode.INFORMATIONAL))
        given(*history).when(EXPIRE).then_refused(WrongState, "referral-informational")

    def test_r12_it_expires_once(self) -> None:
        given(*referral_history(send(), EXPIRE)).when(replace(EXPIRE, at=later(days=20))).then_nothing()


BEFORE = [(), (RECEIVE,), (RECEIVE, WAITLIST), (RECEIVE, ACCEPT, ASK_TO_STOP)]
AFTER = [(ACCEPT,), (ACCEPT, START)]


class TestNoFurtherContact:
    @pytest.mark.parametrize("way", BEFORE)
    def test_r16_before_acceptance_it_is_cancelled(self, way: tuple[ReferralCommand, ...]) -> None:
        cancelled = ReferralCancelled(
            reason=Reason.NO_FURTHER_CONTACT, reason_owner=ReasonOwner.CLIENT, source=Source.SENDER
        )
        state = given(*referral_history(send(), *way)).when(STOP_CONTACT).then(cancelled)
        assert closed(state) == STOP_CONTACT.at, "who recorded it knows"

    @pytest.mark.parametrize("way", AFTER)
    def test_r16_after_it_it_is_not_completed(self, way: tuple[ReferralCommand, ...]) -> None:
        by_others = replace(STOP_CONTACT, agency=HUB)
        fact = not_completed(Reason.NO_FURTHER_CONTACT, Source.CLIENT)
        state = given(*referral_history(send(), *way)).when(by_others).then(fact)
        assert (state.status, closed(state)) == ("not_completed", None)

    def test_what_has_ended_stays_as_it_ended(self) -> None:
        given(*referral_history(send(), DECLINE)).when(STOP_CONTACT).then_refused(WrongState, "referral-already-ended")

    def test_an_informational_one_ends_too(self) -> None:
        history = referral_history(send(mode=Mode.INFORMATIONAL))
        cancelled = ReferralCancelled(
            reason=Reason.NO_FURTHER_CONTACT, reason_owner=ReasonOwner.CLIENT, source=Source.SENDER
        )
        given(*history).when(STOP_CONTACT).then(cancelled)


class TestReceiverLeft:
    @pytest.mark.parametrize("way", BEFORE)
    def test_r16_before_acceptance_it_is_declined_and_that_is_no_answer(self, way: tuple[ReferralCommand, ...]) -> None:
        history = referral_history(send(), *way)
        declined = ReferralDeclined(
            reason=Reason.AGENCY_LEFT, reason_owner=ReasonOwner.RECIPIENT, source=Source.RECIPIENT
        )
        state = given(*history).when(LEAVE).then(declined)
        before = referral.fold(history)
        assert before is not None
        assert responded(state) == responded(before)

    @pytest.mark.parametrize("way", AFTER)
    def test_r16_after_it_it_is_not_completed(self, way: tuple[ReferralCommand, ...]) -> None:
        given(*referral_history(send(), *way)).when(LEAVE).then(not_completed(Reason.AGENCY_LEFT))

    def test_its_sender_has_not_left(self) -> None:
        given(*referral_history(send())).when(replace(LEAVE, agency=CLINIC)).then_refused(WrongSide)


class TestAttested:
    @pytest.mark.parametrize("status", [ReferralStatus.COMPLETED, ReferralStatus.NOT_COMPLETED])
    def test_a_supervisor_of_the_receiver_says_once_what_was_found(self, status: ReferralStatus) -> None:
        history = referral_history(*WAY_TO[status])
        state = given(*history).when(ATTEST).then(ReferralAttested(decision=Attestation.VERIFIED))
        assert (state.status, state.attested) == (status, Attestation.VERIFIED)
        own = replace(ATTEST, own=True)
        given(*history).when(own).then_refused(WrongState, "attest-own-work")
        other = replace(ATTEST, decision=Attestation.NOT_VERIFIED)
        given(*referral_history(*WAY_TO[status], ATTEST)).when(other).then_refused(
            Conflict, "referral-already-attested"
        )

    @pytest.mark.parametrize("status", [ReferralStatus.IN_SERVICE, ReferralStatus.DECLINED, ReferralStatus.EXPIRED])
    def test_what_the_receiver_did_not_close_is_not_attested(self, status: ReferralStatus) -> None:
        history = referral_history(*WAY_TO[status])
        slug = None if status is ReferralStatus.IN_SERVICE else "referral-already-ended"
        given(*history).when(ATTEST).then_refused(WrongState, slug)


def test_each_side_has_its_own_number_of_it() -> None:
    accepted = replace(ACCEPT, identifier="FILL-0815")
    state = referral.fold(referral_history(send(identifier="PLAC-4711"), accepted))
    assert state is not None
    assert (state.sent.identifier, state.identifier) == ("PLAC-4711", "FILL-0815")


OWN, OTHER = "FILL-0815", "FILL-0816"


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ((replace(RECEIVE, identifier=OWN),), OWN),
        ((replace(RECEIVE, identifier=OWN), ACCEPT), OWN),
        ((replace(RECEIVE, identifier=OWN), replace(ACCEPT, identifier=OTHER)), OTHER),
        ((RECEIVE, replace(ACCEPT, identifier=OWN)), OWN),
        ((RECEIVE, ACCEPT), None),
    ],
)
def test_the_receivers_number_is_what_it_said_last(steps: tuple[ReferralCommand, ...], stands: str | None) -> None:
    state = referral.fold(referral_history(send(), *steps))
    assert state is not None
    assert state.identifier == stands


@pytest.mark.parametrize(
    ("command", "slug"), [(RECEIVE, "referral-already-received"), (ACCEPT, "referral-already-answered")]
)
def test_r12_a_number_is_not_lost_without_a_word(command: ReceiveReferral | AcceptReferral, slug: str) -> None:
    history = referral_history(send(), replace(command, identifier=OWN))
    for same in (OWN, None):
        given(*history).when(replace(command, identifier=same)).then_nothing()
    given(*history).when(replace(command, identifier=OTHER)).then_refused(Conflict, slug)
    given(*referral_history(send(), command)).when(replace(command, identifier=OWN)).then_refused(Conflict, slug)
