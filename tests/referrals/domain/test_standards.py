"""A referral in four other vocabularies: every row of each table, and BSeR's transitions walked one by one (R16)."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from services.referrals.domain import appointment, referral
from services.referrals.domain.appointment import (
    Appointment,
    AppointmentCommand,
    AppointmentStatus,
    AttendAppointment,
    BookAppointment,
    CancelAppointment,
    MissAppointment,
    RescheduleAppointment,
)
from services.referrals.domain.fact import Happened
from services.referrals.domain.referral import Referral, ReferralCommand, ReferralStatus
from services.referrals.domain.referral.machine import EDGES, ReferralVerb
from services.referrals.domain.refusal import Refusal
from services.referrals.domain.standards import (
    TAKEN_AS,
    TRANSITIONS,
    Business,
    DhcsReason,
    Hmis,
    Transition,
    Trigger,
    bser,
    dhcs,
    hmis,
    sdohcc,
)
from services.referrals.domain.standards.others import HOUSING
from services.referrals.domain.vocabulary import CalledBy, Category, Reason, ReasonOwner, Side
from tests.invented import (
    ACCEPT,
    ASK_TO_STOP,
    CLINIC,
    COMPLETE,
    DECLINE,
    NOON,
    PANTRY,
    RECEIVE,
    REFERRAL,
    START,
    STOP,
    later,
    referral_history,
    send,
    standing,
    visit,
)

HOUSED = Category.HOMELESSNESS


def at(status: ReferralStatus, owner: ReasonOwner | None = None, reason: Reason | None = None) -> Referral:
    """A housing referral that stands there, whatever way it took."""
    sent = referral.fold(referral_history(send(category=HOUSED)))
    assert sent is not None
    over = later(days=9) if status in referral.ENDED else None
    connected = later(days=3) if status in {ReferralStatus.IN_SERVICE, ReferralStatus.COMPLETED} else None
    accepted = later(days=1) if status not in {ReferralStatus.SENT, ReferralStatus.RECEIVED} else None
    return replace(
        sent,
        status=status,
        accepted_at=accepted,
        waitlisted_at=later(days=2) if status is ReferralStatus.WAITLISTED else None,
        connected_at=connected,
        ended_at=over,
        reason=reason,
        reason_owner=owner,
    )


S, BY = ReferralStatus, ReasonOwner
ROWS = [
    # state, whose reason | BSeR status, business | Gravity | DHCS status, reason | HMIS
    (S.SENT, None, "received", "2.0", "requested", "Pending", None, None),
    (S.RECEIVED, None, "received", "2.0", "requested", "Pending", None, None),
    (S.ACCEPTED, None, "accepted", "3.0", "accepted", "Accepted", None, None),
    (S.WAITLISTED, None, "accepted", "3.0", "on-hold", "Accepted", None, None),
    (S.IN_SERVICE, None, "in-progress", "5.1.4", "in-progress", "Referral Loop Closed", "Services Received", 1),
    (S.CANCEL_REQUESTED, BY.CLIENT, "in-progress", "5.2", "in-progress", None, None, None),
    (S.COMPLETED, None, "completed", "7.0", "completed", "Referral Loop Closed", "Services Received", 1),
    (S.NOT_COMPLETED, BY.CLIENT, "rejected", "4.0", "failed", "Referral Loop Closed",
     "Member No Longer Needs/Declines Services", 2),
    (S.NOT_COMPLETED, BY.RECIPIENT, "rejected", "4.0", "failed", "Referral Loop Closed",
     "Service Provider Declined", 3),
    (S.NOT_COMPLETED, BY.CONTACT, "rejected", "4.0", "failed", "Referral Loop Closed", "Unable to Reach Member", None),
    (S.NOT_COMPLETED, BY.OTHER, "rejected", "4.0", "failed", "Referral Loop Closed", "Other", None),
    (S.DECLINED, BY.RECIPIENT, "rejected", "4.0", "rejected", "Declined", "Service Provider Declined", 3),
    (S.DECLINED, BY.CLIENT, "rejected", "4.0", "rejected", "Declined", "Member No Longer Needs/Declines Services", 2),
    (S.CANCELLED, BY.CLIENT, "cancelled", "6.0", "cancelled", "Referral Loop Closed",
     "Member No Longer Needs/Declines Services", 2),
    (S.EXPIRED, None, "rejected", "4.0", "cancelled", None, None, 3),
    (S.REDIRECTED, None, "rejected", "4.0", "cancelled", None, None, None),
    (S.ENTERED_IN_ERROR, None, None, None, "entered-in-error", None, None, None),
]  # fmt: skip


class TestRows:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1] or ''}".strip())
    def test_r16_each_state_in_each_vocabulary(self, row: tuple[ReferralStatus, ReasonOwner | None, object]) -> None:
        status, owner, *expected = row
        state = at(status, owner)
        named, clr = bser(state, ()), dhcs(state, ())
        found = [named.status, named.business_status, sdohcc(state, ()), clr.status, clr.closure_reason, hmis(state)]
        assert found == expected

    def test_every_state_has_its_row(self) -> None:
        assert {row[0] for row in ROWS} == set(ReferralStatus)

    @pytest.mark.parametrize(
        ("status", "business"),
        [
            (AppointmentStatus.BOOKED, "5.1.1"),
            (AppointmentStatus.NO_SHOW, "5.1.2"),
            (AppointmentStatus.CANCELLED, "5.1.3"),
            (AppointmentStatus.ATTENDED, "5.1.4"),
        ],
    )
    def test_r16_the_latest_fact_of_a_visit_is_the_business_status(
        self, status: AppointmentStatus, business: str
    ) -> None:
        state, visits = at(ReferralStatus.ACCEPTED), [visit(status)]
        assert bser(state, visits) == ("in-progress", business)
        assert sdohcc(state, visits) == "in-progress"
        assert dhcs(state, visits) == ("Outreach Initiated", visits[0].booked_at, None)

    def test_r16_service_is_not_lost_by_another_booking_but_in_its_business_status(self) -> None:
        served, booked = (
            at(ReferralStatus.IN_SERVICE),
            replace(visit(AppointmentStatus.BOOKED), booked_at=later(days=5)),
        )
        assert bser(served, [booked]).business_status is Business.SCHEDULED
        assert referral.connected(served) is not None
        assert dhcs(served, [booked]).closure_reason is DhcsReason.SERVICES_RECEIVED

    @pytest.mark.parametrize("status", sorted(set(ReferralStatus) - {S.ACCEPTED, S.IN_SERVICE}))
    def test_an_end_says_all_whatever_became_of_visits(self, status: ReferralStatus) -> None:
        visits = [replace(visit(AppointmentStatus.CANCELLED), over_at=later(days=30))]
        assert bser(at(status), visits) == bser(at(status), ())

    @pytest.mark.parametrize("category", sorted(set(Category) - HOUSING))
    def test_r16_hmis_has_no_word_but_for_housing(self, category: Category) -> None:
        completed = at(ReferralStatus.COMPLETED)
        assert hmis(completed) is Hmis.CLIENT_ACCEPTED
        other = replace(completed, sent=completed.sent.model_copy(update={"category": category}))
        assert hmis(other) is None

    @pytest.mark.parametrize(
        ("reason", "owner", "closed"),
        [
            (Reason.UNABLE_TO_REACH, BY.CONTACT, DhcsReason.UNABLE_TO_REACH),
            (Reason.INELIGIBLE, BY.RECIPIENT, DhcsReason.NOT_ELIGIBLE),
            (Reason.NO_CAPACITY, BY.RECIPIENT, DhcsReason.PROVIDER_DECLINED),
            (Reason.CHOSE_OTHER, BY.CLIENT, DhcsReason.MEMBER_DECLINES),
            (Reason.DUPLICATE, BY.OTHER, DhcsReason.OTHER),
        ],
    )
    def test_dhcs_is_told_why(self, reason: Reason, owner: ReasonOwner, closed: DhcsReason) -> None:
        state = at(ReferralStatus.NOT_COMPLETED, owner, reason)
        assert dhcs(state, ()) == ("Referral Loop Closed", state.ended_at, closed)


class SameAgain(Exception):
    """It is so already: no transition (R12)."""


@dataclass
class Walk:
    """A referral and its visits, taken along by commands an hour apart."""

    history: tuple[Happened, ...] = ()
    visits: dict[int, tuple[Happened, ...]] = field(default_factory=dict)
    hours: Iterator[int] = field(default_factory=lambda: count(24))

    @property
    def state(self) -> Referral:
        state = referral.fold(self.history)
        assert state is not None
        return state

    def seen(self) -> list[Appointment]:
        folded = (appointment.fold(history) for history in self.visits.values())
        return [state for state in folded if state is not None]

    def business(self) -> str | None:
        return bser(self.state, self.seen()).business_status if self.history else None

    def now(self) -> datetime:
        return NOON + timedelta(hours=next(self.hours))

    def do(self, command: ReferralCommand) -> None:
        now = self.now()
        command = replace(command, at=now)
        facts = referral.decide(command, referral.fold(self.history))
        self.history += tuple(Happened(fact, now, command.agency) for fact in facts)

    def visit(self, number: int, command: Callable[[datetime], AppointmentCommand]) -> None:
        now = self.now()
        asked, before = command(now), self.visits.get(number, ())
        facts = appointment.decide(asked, appointment.fold(before))
        if not facts:
            raise SameAgain
        self.visits[number] = (*before, *(Happened(fact, now, asked.agency) for fact in facts))
        if isinstance(asked, AttendAppointment) and self.state.status is ReferralStatus.ACCEPTED:
            attended = appointment.fold(self.visits[number])
            assert attended is not None
            proof = appointment.proof(UUID(int=number + 1), attended)
            start = replace(START, evidence=proof)
            self.history += tuple(Happened(fact, now, PANTRY) for fact in referral.decide(start, self.state))


def book(walk: Walk, number: int, agency: str = PANTRY) -> None:
    walk.visit(
        number,
        lambda now: BookAppointment(
            agency=agency, at=now, due_at=now + timedelta(minutes=30), referral=REFERRAL, of=walk.state
        ),
    )


def reschedule(walk: Walk, number: int, agency: str = PANTRY) -> None:
    walk.visit(
        number,
        lambda now: RescheduleAppointment(
            agency=agency, at=now, due_at=now + timedelta(minutes=30), by=CalledBy.CLIENT, of=walk.state
        ),
    )


def cancel(walk: Walk, number: int, agency: str = PANTRY) -> None:
    walk.visit(number, lambda now: CancelAppointment(agency=agency, at=now, by=CalledBy.AGENCY))


def come_to(business: str | None, *, spare: bool = False) -> Walk:
    """A referral that has this business status; `spare`: another visit, number 1, is booked beside."""
    walk = Walk()
    if business is None:
        return walk
    walk.do(send())
    walk.do(RECEIVE)
    if business == "2.0":
        return walk
    walk.do(ACCEPT)
    if business == "5.2":
        walk.do(ASK_TO_STOP)
    if spare:
        book(walk, 1)
    if business in {"5.1.1", "5.1.2", "5.1.3", "5.1.4"}:
        book(walk, 0)
    match business:
        case "5.1.2":
            walk.visit(0, lambda now: MissAppointment(agency=PANTRY, at=now))
        case "5.1.3":
            cancel(walk, 0)
        case "5.1.4":
            walk.visit(0, lambda now: AttendAppointment(agency=PANTRY, at=now))
    assert walk.business() == business
    return walk


def take(walk: Walk, trigger: Trigger, agency: str) -> None:  # noqa: C901 - a trigger a line
    """What a trigger of BSeR is here (R16). Raises Refusal."""
    booked = [number for number, each in walk.visits.items() if _is_booked(each)]
    match trigger:
        case Trigger.PACKAGE:
            walk.do(send(agency=agency, to_agency=PANTRY if agency == CLINIC else CLINIC))
        case Trigger.ACCEPTANCE:
            walk.do(replace(ACCEPT, agency=agency))
        case Trigger.DECLINE:
            walk.do(replace(DECLINE, agency=agency))
        case Trigger.CANCELLATION_REQUEST:
            walk.do(replace(ASK_TO_STOP, agency=agency))
        case Trigger.SCHEDULE:
            book(walk, 7, agency)
        case Trigger.RESCHEDULED if booked:
            reschedule(walk, booked[-1], agency)
        case Trigger.RESCHEDULED:  # TID 18 is a new booking
            book(walk, 7, agency)
        case Trigger.NO_SHOW:
            walk.visit(booked[-1] if booked else 0, lambda now: MissAppointment(agency=agency, at=now))
        case Trigger.APPOINTMENT_CANCEL:
            cancel(walk, booked[0] if booked else 0, agency)
        case Trigger.INTERIM_NOTE if booked:
            walk.visit(booked[-1], lambda now: AttendAppointment(agency=agency, at=now))
        case Trigger.INTERIM_NOTE:
            walk.do(replace(START, agency=agency))
        case Trigger.OUTCOME:
            walk.do(replace(COMPLETE, agency=agency))
        case Trigger.CANCELLATION_CONFIRMATION:
            walk.do(replace(STOP, agency=agency))


def _is_booked(history: tuple[Happened, ...]) -> bool:
    state = appointment.fold(history)
    return state is not None and state.status is AppointmentStatus.BOOKED


AGENCIES = {Side.SENDER: CLINIC, Side.RECEIVER: PANTRY}
NEEDS_ANOTHER = {19, 27}
"""They cancel another booked visit (R16)."""


class TestTransitions:
    @pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"TID {row.tid:02}")
    def test_r16_the_right_side_walks_it(self, row: Transition) -> None:
        walk = come_to(row.source, spare=row.tid in NEEDS_ANOTHER)
        before = referral.connected(walk.state) if walk.history else None
        take(walk, row.trigger, AGENCIES[row.side])
        assert bser(walk.state, walk.seen()) == row.target
        if before is not None:
            assert referral.connected(walk.state) == before

    def test_r16_a_decline_after_service_is_a_close_that_keeps_the_connection(self) -> None:
        walk = come_to("5.1.4")
        take(walk, Trigger.DECLINE, PANTRY)
        assert (walk.state.status, walk.business()) == (ReferralStatus.NOT_COMPLETED, "4.0")
        assert referral.connected(walk.state) is not None

    def test_r16_those_of_5_1_are_taken_as_others_and_5_1_is_never_written(self) -> None:
        known = {row.tid for row in TRANSITIONS}
        assert known == set(range(1, 31))
        assert dict(TAKEN_AS) == {31: 6, 32: 8, 33: 10, 34: 14}
        assert set(TAKEN_AS.values()) < known
        assert "5.1" not in {business.value for business in Business}

    @pytest.mark.parametrize("row", TRANSITIONS[1:], ids=lambda row: f"TID {row.tid:02}")
    def test_r16_the_other_side_is_refused(self, row: Transition) -> None:
        walk = come_to(row.source, spare=row.tid in NEEDS_ANOTHER)
        other = CLINIC if row.side is Side.RECEIVER else PANTRY
        with pytest.raises(Refusal):
            take(walk, row.trigger, other)


# R16's first sentence makes visits no states of the referral: while it is taken on, each visit has its own state, and
# the receiver may end it as the referral itself stands. So these are possible where BSeR's one visit would forbid them.
BY_CONTACT = {("5.1.2", Trigger.INTERIM_NOTE), ("5.1.3", Trigger.INTERIM_NOTE)}  # a recorded contact (R17)
AS_IT_STANDS = {
    ("5.1.3", Trigger.DECLINE),  # the referral is accepted, whatever became of a visit
    ("5.1.2", Trigger.OUTCOME),  # by evidence alone, which a visit that was missed or cancelled is none of
    ("5.1.3", Trigger.OUTCOME),
}
A_NEW_BOOKING = {("3.0", Trigger.RESCHEDULED), ("5.1.1", Trigger.SCHEDULE), ("5.1.2", Trigger.SCHEDULE)} | {
    (state, Trigger.RESCHEDULED) for state in ("5.1.3", "5.1.4")
}  # 18 and 21 are a new booking: both triggers are one command
STATES = ("2.0", "3.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2")
ENDS: dict[str, ReferralCommand] = {"4.0": DECLINE, "7.0": COMPLETE}
LACKING = [
    (state, trigger, side)
    for state in STATES
    for trigger in Trigger
    for side in Side
    if trigger is not Trigger.PACKAGE
    and (state, trigger, side) not in {(row.source, row.trigger, row.side) for row in TRANSITIONS}
    and (side is Side.SENDER or (state, trigger) not in BY_CONTACT | AS_IT_STANDS | A_NEW_BOOKING)
]


class TestWhatTheTableLacks:
    @pytest.mark.parametrize(("state", "trigger", "side"), LACKING, ids=str)
    def test_r16_it_is_refused_or_so_already(self, state: str, trigger: Trigger, side: Side) -> None:
        walk = come_to(state)
        before = (walk.business(), walk.history, dict(walk.visits))
        with contextlib.suppress(Refusal, SameAgain):
            take(walk, trigger, AGENCIES[side])
        assert (walk.business(), walk.history, walk.visits) == before

    @pytest.mark.parametrize("business", sorted(ENDS))
    @pytest.mark.parametrize("trigger", sorted(set(Trigger) - {Trigger.PACKAGE}))
    @pytest.mark.parametrize("side", Side)
    def test_r16_an_end_has_no_way_out(self, business: str, trigger: Trigger, side: Side) -> None:
        walk = come_to("3.0")
        walk.do(ENDS[business])
        history = walk.history
        with contextlib.suppress(Refusal, SameAgain):
            take(walk, trigger, AGENCIES[side])
        assert (walk.history, walk.visits, walk.business()) == (history, {}, business)

    def test_a_missed_visit_is_no_evidence(self) -> None:
        walk = come_to("5.1.2")
        missed = walk.seen()[0]
        with pytest.raises(ValueError, match="attended"):
            appointment.proof(REFERRAL, missed)

    def test_r16_the_edges_beyond_the_table_are_these_by_name(self) -> None:
        named = {
            ReferralVerb.CANCEL,  # sender withdraws from sent
            ReferralVerb.EXPIRE,  # expiry
            ReferralVerb.WAITLIST,  # waitlisted, from sent too
            ReferralVerb.CONSENT_WITHDRAWN,  # consent_withdrawn
            ReferralVerb.LAPSE_CANCELLATION,  # F2: or S after N days
            ReferralVerb.CLOSE,  # F2: closed not completed; BSeR 25
            ReferralVerb.ENTERED_IN_ERROR,
            ReferralVerb.RECEIVE,  # R11, inside 2.0
            ReferralVerb.ACKNOWLEDGE,  # R11, after an end
            ReferralVerb.ATTEST,  # F2: closure attested, after an end
        }
        bsers = {
            ReferralVerb.ACCEPT,
            ReferralVerb.DECLINE,
            ReferralVerb.START_SERVICE,
            ReferralVerb.COMPLETE,
            ReferralVerb.REQUEST_CANCELLATION,
            ReferralVerb.CONFIRM_CANCELLATION,
        }
        named |= {
            ReferralVerb.STOP_CONTACT,  # S cancels, or makes it not completed: no_further_contact
            ReferralVerb.STOP_CONTACT_IN_SERVICE,
            ReferralVerb.AGENCY_LEFT,  # S declines, or makes it not completed: agency_left
            ReferralVerb.AGENCY_LEFT_IN_SERVICE,
        }
        assert {verb for verb in set(EDGES) - bsers - named if verb.value not in LATER} == set()


LATER = {"redirect"}
"""An edge that R16 names and whose command comes with its own rules (R3)."""


def test_the_shortest_ways_are_bsers_too() -> None:
    assert bser(standing(ReferralStatus.CANCELLED), ()) == ("cancelled", "6.0")
