"""A visit for a referral: booked, moved, attended, missed, cancelled by whom with what notice (F2, R12, R16)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.referrals.domain import appointment, referral
from services.referrals.domain.appointment import (
    EDGES,
    TAKEN_ON,
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCommand,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentStatus,
    AppointmentTakenBack,
    AppointmentVerb,
    actions,
    proof,
    side_of,
)
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import (
    ENDED,
    CompleteReferral,
    ReferralServiceStarted,
    ReferralStatus,
    StartService,
)
from services.referrals.domain.refusal import Conflict, NoEvidence, NotASide, Refusal, Unfit, WrongSide, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import CalledBy, Category, Outcome, RestrictedClass, Side
from tests.invented import (
    ACCEPT,
    APPOINTMENT,
    ATTEND,
    CALL_OFF,
    CANCEL_VISIT,
    CLINIC,
    MISS,
    PANTRY,
    REFERRAL,
    RESCHEDULE,
    STRANGER,
    VISIT_COMMANDS,
    VISIT_WAY_TO,
    WAY_TO,
    book,
    later,
    referral_history,
    send,
    standing,
    visit,
    visit_history,
)
from tests.scenario import Rules

given = Rules(appointment.decide, appointment.fold).given
DUE = later(days=4)
BOOKED = AppointmentBooked(referral=REFERRAL, from_agency=CLINIC, to_agency=PANTRY, due_at=DUE)


class TestBooking:
    def test_the_receiver_books_a_time_that_lies_ahead(self) -> None:
        state = given().when(book()).then(BOOKED)
        assert (state.status, state.due_at, state.booked_at) == (AppointmentStatus.BOOKED, DUE, later(days=2))

    @pytest.mark.parametrize("due_at", [later(days=2), later(days=1), datetime(1990, 1, 1, tzinfo=UTC)])
    def test_nothing_is_booked_in_the_past(self, due_at: datetime) -> None:
        given().when(book(due_at=due_at)).then_refused(Unfit, "visit-in-past")

    def test_r16_booking_is_the_receivers(self) -> None:
        given().when(book(agency=CLINIC)).then_refused(WrongSide)
        given().when(book(agency=STRANGER)).then_refused(NotASide)

    @pytest.mark.parametrize("status", [status for status in WAY_TO if status not in TAKEN_ON])
    def test_r16_it_is_booked_for_what_was_taken_on_alone(self, status: ReferralStatus) -> None:
        slug = "referral-already-ended" if status in ENDED else None
        given().when(book(of=standing(status))).then_refused(WrongState, slug)

    @pytest.mark.parametrize("status", sorted(TAKEN_ON))
    def test_r16_and_for_that_at_any_time(self, status: ReferralStatus) -> None:
        given().when(book(of=standing(status))).then(BOOKED)

    def test_r12_another_time_for_the_same_visit_is_no_booking(self) -> None:
        given(*visit_history(book())).when(book(due_at=later(days=9))).then_refused(
            Conflict, "appointment-already-booked"
        )

    def test_r6_the_class_is_that_of_the_referral(self) -> None:
        of = referral.fold(referral_history(send(category=Category.INTIMATE_PARTNER_VIOLENCE), ACCEPT))
        for _, *rest in VISIT_WAY_TO.values():
            for happened in visit_history(book(of=of), *rest):
                assert getattr(happened.fact, "restricted", None) is RestrictedClass.IPV


class TestMoving:
    def test_it_has_another_time_on_her_wish_a_day_before(self) -> None:
        moved = AppointmentRescheduled(by=CalledBy.CLIENT, notice_hours=24, due_at=later(days=6))
        state = given(*visit_history(book())).when(RESCHEDULE).then(moved)
        assert (state.status, state.due_at, state.by) == (AppointmentStatus.BOOKED, later(days=6), CalledBy.CLIENT)

    def test_not_to_the_past(self) -> None:
        command = replace(RESCHEDULE, due_at=later(days=3))
        given(*visit_history(book())).when(command).then_refused(Unfit, "visit-in-past")

    @pytest.mark.parametrize("status", [status for status in WAY_TO if status not in TAKEN_ON])
    def test_r16_not_for_what_has_ended_or_is_to_stop(self, status: ReferralStatus) -> None:
        command = replace(RESCHEDULE, of=standing(status))
        slug = "referral-already-ended" if status in ENDED else None
        given(*visit_history(book())).when(command).then_refused(WrongState, slug)


class TestWhatCameOfIt:
    def test_she_came(self) -> None:
        state = given(*visit_history(book())).when(ATTEND).then(AppointmentAttended(due_at=DUE))
        assert (state.status, state.attended_at) == (AppointmentStatus.ATTENDED, DUE)

    def test_she_may_come_an_hour_early_and_no_earlier(self) -> None:
        history = visit_history(book())
        given(*history).when(replace(ATTEND, at=DUE - timedelta(hours=1))).then(AppointmentAttended(due_at=DUE))
        given(*history).when(replace(ATTEND, at=DUE - timedelta(minutes=61))).then_refused(
            WrongState, "appointment-lies-ahead"
        )

    def test_nobody_has_missed_what_lies_ahead(self) -> None:
        history = visit_history(book())
        given(*history).when(replace(MISS, at=DUE)).then(AppointmentNoShow(due_at=DUE))
        given(*history).when(replace(MISS, at=DUE - timedelta(seconds=1))).then_refused(
            WrongState, "appointment-lies-ahead"
        )

    def test_her_coming_survives_another_booking(self) -> None:
        attended = visit(AppointmentStatus.ATTENDED)
        another = appointment.fold(visit_history(book(at=later(days=8), due_at=later(days=12))))
        assert another is not None
        assert (attended.status, another.status) == (AppointmentStatus.ATTENDED, AppointmentStatus.BOOKED)
        assert attended.attended_at == DUE

    def test_who_moved_it_is_not_how_it_ended(self) -> None:
        state = appointment.fold(visit_history(book(), RESCHEDULE, ATTEND))
        assert state is not None
        assert (state.by, state.notice_hours, state.due_at) == (None, None, later(days=6))


class TestNotice:
    @pytest.mark.parametrize(
        ("before", "hours"),
        [
            (timedelta(hours=48), 48),
            (timedelta(hours=24), 24),
            (timedelta(hours=23, minutes=59), 23),
            (timedelta(minutes=1), 0),
            (timedelta(hours=-5), 0),
        ],
    )
    @pytest.mark.parametrize("by", CalledBy)
    def test_whole_hours_before_its_time(self, before: timedelta, hours: int, by: CalledBy) -> None:
        command = replace(CANCEL_VISIT, at=DUE - before, by=by)
        cancelled = AppointmentCancelled(by=by, notice_hours=hours, due_at=DUE)
        given(*visit_history(book())).when(command).then(cancelled)

    def test_r12_by_the_other_is_another_answer(self) -> None:
        history = visit_history(book(), CANCEL_VISIT)
        given(*history).when(replace(CANCEL_VISIT, by=CalledBy.AGENCY)).then_refused(
            Conflict, "appointment-already-over"
        )

    def test_r20_an_end_calls_off_what_is_booked_and_nothing_else(self) -> None:
        called_off = AppointmentCancelled(by=CalledBy.CLIENT, notice_hours=24, due_at=DUE)
        given(*visit_history(book())).when(CALL_OFF).then(called_off)
        for status in (AppointmentStatus.ATTENDED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED):
            given(*visit_history(*VISIT_WAY_TO[status])).when(CALL_OFF).then_nothing()


class TestProof:
    def test_a_visit_that_she_came_to_starts_the_service_and_completes_it(self) -> None:
        evidence = proof(APPOINTMENT, visit(AppointmentStatus.ATTENDED))
        accepted = standing(ReferralStatus.ACCEPTED)
        start = StartService(agency=PANTRY, at=later(days=7), referral=REFERRAL, evidence=evidence)
        started = ReferralServiceStarted(evidence=APPOINTMENT, evidence_visit=True)
        assert referral.decide(start, accepted) == (started,)
        complete = CompleteReferral(
            agency=PANTRY,
            at=later(days=9),
            referral=REFERRAL,
            outcome=Outcome.SERVICE_RECEIVED,
            evidence=evidence,
        )
        (completed,) = referral.decide(complete, accepted)
        assert getattr(completed, "evidence_visit", None) is True

    def test_of_another_referral_it_proves_nothing(self) -> None:
        evidence = proof(APPOINTMENT, visit(AppointmentStatus.ATTENDED))
        start = StartService(agency=PANTRY, at=later(days=7), referral=APPOINTMENT, evidence=evidence)
        with pytest.raises(NoEvidence):
            referral.decide(start, standing(ReferralStatus.ACCEPTED))

    @pytest.mark.parametrize("status", [status for status in VISIT_WAY_TO if status is not AppointmentStatus.ATTENDED])
    def test_no_other_visit_proves_anything(self, status: AppointmentStatus) -> None:
        with pytest.raises(ValueError, match="attended"):
            proof(APPOINTMENT, visit(status))


def outcome(command: AppointmentCommand, status: AppointmentStatus) -> str | type[Refusal]:
    try:
        return "moved" if appointment.decide(command, visit(status)) else "the same again"
    except Refusal as refusal:
        return type(refusal)


PRESSED = [verb for verb, edge in EDGES.items() if edge.pressed and verb is not AppointmentVerb.BOOK]


class TestSides:
    @pytest.mark.parametrize("status", AppointmentStatus)
    @pytest.mark.parametrize("verb", PRESSED)
    def test_r16_the_wrong_side_and_a_stranger_are_refused_in_every_state(
        self, status: AppointmentStatus, verb: AppointmentVerb
    ) -> None:
        command = VISIT_COMMANDS[verb]
        assert outcome(replace(command, agency=CLINIC), status) is WrongSide
        assert outcome(replace(command, agency=STRANGER), status) is NotASide

    @pytest.mark.parametrize("status", AppointmentStatus)
    @pytest.mark.parametrize("verb", PRESSED)
    def test_r16_a_step_moves_it_just_where_the_table_says(
        self, status: AppointmentStatus, verb: AppointmentVerb
    ) -> None:
        edge, found = EDGES[verb], outcome(VISIT_COMMANDS[verb], status)
        if status in edge.sources:
            (fact,) = appointment.decide(VISIT_COMMANDS[verb], visit(status))
            assert appointment.evolve(visit(status), fact, ATTEND.at, PANTRY).status is edge.target
        else:
            assert found == ("the same again" if status is edge.target else WrongState)

    @pytest.mark.parametrize("status", AppointmentStatus)
    @pytest.mark.parametrize("side", Side)
    def test_a_button_is_shown_just_where_the_step_is_possible(self, status: AppointmentStatus, side: Side) -> None:
        moving = [verb for verb in PRESSED if outcome(VISIT_COMMANDS[verb], status) == "moved"]
        shown = moving if side is Side.RECEIVER else []
        assert actions(visit(status), side, later(days=7)) == tuple(shown)

    def test_before_its_time_it_can_be_moved_and_cancelled_alone(self) -> None:
        booked = visit(AppointmentStatus.BOOKED)
        assert actions(booked, Side.RECEIVER, later(days=2)) == (
            AppointmentVerb.RESCHEDULE,
            AppointmentVerb.CANCEL,
            AppointmentVerb.ENTERED_IN_ERROR,
        )

    def test_side_of_names_the_two_sides_of_the_referral_alone(self) -> None:
        booked = visit(AppointmentStatus.BOOKED)
        assert [side_of(booked, agency) for agency in (CLINIC, PANTRY, STRANGER)] == [Side.SENDER, Side.RECEIVER, None]

    @pytest.mark.parametrize("verb", [verb for verb in EDGES if verb is not AppointmentVerb.BOOK])
    def test_what_was_never_booked_is_nobodys(self, verb: AppointmentVerb) -> None:
        given().when(VISIT_COMMANDS[verb]).then_refused(NotASide)

    def test_a_stream_that_does_not_begin_with_booking_is_damaged(self) -> None:
        with pytest.raises(ForeignFact):
            appointment.fold((Happened(AppointmentNoShow(due_at=DUE), DUE, PANTRY),))
        with pytest.raises(ForeignFact):
            appointment.fold((*visit_history(book()), *referral_history(send())))


def stored(*commands: AppointmentCommand) -> tuple[Happened, ...]:
    """The history as the store tells it, each event with its id."""
    return tuple(replace(happened, id=UUID(int=number)) for number, happened in enumerate(visit_history(*commands), 1))


class TestMistakes:
    def test_r14_the_last_step_is_taken_back_within_the_quarter_of_an_hour(self) -> None:
        history = stored(book(), ATTEND)
        soon = TakeBack(agency=PANTRY, at=ATTEND.at + timedelta(minutes=14))
        (taken,) = appointment.take_back(soon, history)
        assert taken == AppointmentTakenBack(event=UUID(int=2))
        after = appointment.fold((*history, Happened(taken, soon.at, PANTRY, id=UUID(int=9))))
        assert after == appointment.fold(history[:1])
        with pytest.raises(WrongState, match="too-late"):
            appointment.take_back(replace(soon, at=ATTEND.at + timedelta(minutes=15)), history)

    def test_r14_a_booking_is_cancelled_and_nobody_else_takes_anything_back(self) -> None:
        history = stored(book())
        with pytest.raises(WrongState, match="nothing-to-take-back"):
            appointment.take_back(TakeBack(agency=PANTRY, at=book().at), history)
        for agency, refusal in ((CLINIC, WrongSide), (STRANGER, NotASide)):
            with pytest.raises(refusal):
                appointment.take_back(TakeBack(agency=agency, at=book().at), history)

    def test_r14_what_is_in_error_proves_nothing_any_more(self) -> None:
        state = visit(AppointmentStatus.ENTERED_IN_ERROR)
        assert actions(state, Side.RECEIVER, later(days=9)) == ()
        with pytest.raises(ValueError, match="attended"):
            proof(APPOINTMENT, state)
