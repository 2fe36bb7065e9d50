"""What a referral or handoff waits for, and that the index written by and by equals the one built anew."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from services.referrals.domain.appointment import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentNoShow,
    AppointmentRescheduled,
)
from services.referrals.domain.contact import ContactCancelled, ContactPlanned
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import (
    HandoffAcknowledged,
    HandoffClientDeclined,
    HandoffCompleted,
    HandoffDeclined,
    HandoffExpired,
    HandoffFailed,
    HandoffIntroduced,
    HandoffWithdrawn,
)
from services.referrals.domain.question import QuestionAnswered, QuestionAsked
from services.referrals.domain.referral import (
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCompleted,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralServiceStarted,
    ReferralTakenBack,
    ReferralWaitlisted,
)
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.domain.vocabulary import (
    CalledBy,
    Channel,
    ContactMode,
    ContactOutcome,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    RestrictedClass,
    Source,
)
from services.referrals.store.commit import WorkRow
from services.referrals.store.work_index import work_rows
from tests.referrals.store.commits import (
    ACCEPTED,
    ACKNOWLEDGED,
    AGREED,
    CLINIC,
    CONTACT,
    DECLINED,
    FRESNO,
    HUB,
    NOON,
    OFFERED,
    PROPOSED,
    RECEIVED,
    SENT,
    TAKEN_ON,
    WIC,
    Story,
    due,
)

PLANNED_CONTACT = ContactPlanned(planned_for=NOON + timedelta(days=2), planned_on=NOON.date(), mode=ContactMode.PHONE)
NOT_KEPT = ContactCancelled(outcome=ContactOutcome.CANCELLED_BY_CLIENT)
WAITLISTED = ReferralWaitlisted(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)
ASKED_TO_STOP = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
TAKEN_BACK = ReferralCancelled(reason=Reason.DUPLICATE, reason_owner=ReasonOwner.OTHER, source=Source.SENDER)
STOPPED = TAKEN_BACK.model_copy(update={"source": Source.RECIPIENT})
STARTED = ReferralServiceStarted(evidence=uuid7())
COMPLETED = ReferralCompleted(outcome=Outcome.SERVICE_RECEIVED, evidence=uuid7(), source=Source.RECIPIENT)
REFUSED = HandoffDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)
MET = HandoffCompleted(evidence=uuid7())
IN_A_WEEK, IN_TWO = NOON + timedelta(days=7), NOON + timedelta(days=14)
BOOKED = AppointmentBooked(referral=uuid7(), from_agency=CLINIC, to_agency=WIC, due_at=IN_A_WEEK)
MOVED = AppointmentRescheduled(by=CalledBy.CLIENT, notice_hours=100, due_at=IN_TWO)
CAME, MISSED = AppointmentAttended(due_at=IN_A_WEEK), AppointmentNoShow(due_at=IN_A_WEEK)
CALLED_OFF = AppointmentCancelled(by=CalledBy.AGENCY, notice_hours=2, due_at=IN_A_WEEK)
SHE_SAID_NO = HandoffClientDeclined()
WITHDRAWN = HandoffWithdrawn(reason=Reason.DUPLICATE, reason_owner=ReasonOwner.OTHER)
INTRODUCED = HandoffIntroduced(client_present=True)
EXPIRED, FAILED, READ = HandoffExpired(), HandoffFailed(), HandoffAcknowledged()
LEFT = HandoffFailed(reason=Reason.NO_FURTHER_CONTACT, reason_owner=ReasonOwner.CLIENT)


ERROR = ReferralEnteredInError(event=uuid7(), note=uuid7())
GIVEN_UP = ReferralNotCompleted(
    reason=Reason.UNABLE_TO_REACH, reason_owner=ReasonOwner.CONTACT, source=Source.RECIPIENT
)
UNANSWERED = ReferralExpired(reason=Reason.NO_ANSWER, reason_owner=ReasonOwner.RECIPIENT, source=Source.TIMER)
BACK = ReferralTakenBack(event=uuid7())
"""In a story: the step before was a mistake."""


def row_of(*told: Fact) -> WorkRow:
    """The row after facts of one stream, a day apart from noon on."""
    story, stream = Story(), uuid7()
    for day, fact in enumerate(told):
        said = fact
        if fact is BACK:
            said = BACK.model_copy(update={"event": story.told[stream][-1].envelope.event_id})
        story.tell(stream, said, CLINIC, at=NOON + timedelta(days=day))
    (row,) = work_rows(story.told[stream], due)
    return row


def test_r1_a_row_says_what_a_look_at_it_rests_on() -> None:
    part_2 = {"restricted": RestrictedClass.PART_2}
    sent = row_of(SENT, RECEIVED, ACCEPTED)
    assert (sent.consent, sent.restricted) == (SENT.consent, None)
    assert row_of(SENT.model_copy(update={"consent": None} | part_2)).consent is None
    assert row_of(SENT.model_copy(update=part_2), DECLINED).restricted == "part2"
    proposed = PROPOSED.model_copy(update=part_2)
    assert row_of(proposed).consent is None
    assert row_of(proposed, AGREED).consent == AGREED.consent
    assert row_of(proposed, AGREED, OFFERED, REFUSED).restricted == "part2"


@pytest.mark.parametrize("about", ["referral", "handoff"])
def test_a_question_waits_for_whoever_was_asked(about: str) -> None:
    subject = uuid7()
    asked = QuestionAsked(to_agency=WIC, text=uuid7(), **{about: subject})
    row = row_of(asked)
    assert (row.waits_for, row.waits_on, row.subject, row.due_at) == (
        "question",
        WIC,
        subject,
        NOON + timedelta(days=1),
    )
    row = row_of(asked, QuestionAnswered(text=uuid7()))
    assert (row.waits_for, row.waits_on, row.state, row.due_at) == (None, None, "answered", None)


BY_LETTER = SENT.model_copy(update={"to_channel": Channel.LETTER})


@pytest.mark.parametrize(
    ("told", "waits_for", "waits_on", "due_in"),
    [
        ([SENT], "answer", WIC, 7),
        ([SENT, RECEIVED], "answer", WIC, 7),
        ([SENT, RECEIVED, ACCEPTED], "contact", WIC, 2 + 7),
        ([SENT, ACCEPTED, STARTED], "complete", WIC, None),
        ([SENT, ACCEPTED, STARTED, COMPLETED], "acknowledge", CLINIC, 3 + 5),
        ([SENT, ACCEPTED, STARTED, COMPLETED, ACKNOWLEDGED], None, None, None),
        ([SENT, DECLINED], "acknowledge", CLINIC, 1 + 5),
        ([SENT, DECLINED, ACKNOWLEDGED], None, None, None),
        ([SENT, RECEIVED, ASKED_TO_STOP], "confirm_cancellation", WIC, 2 + 7),
        ([SENT, RECEIVED, ASKED_TO_STOP, STOPPED], "acknowledge", CLINIC, 3 + 5),
        ([SENT, TAKEN_BACK], None, None, None),
        ([SENT, ACCEPTED, GIVEN_UP], "acknowledge", CLINIC, 2 + 5),
        ([SENT, UNANSWERED], "acknowledge", CLINIC, 1 + 5),
        ([SENT, DECLINED, BACK], "answer", WIC, 7),
        ([SENT, DECLINED, BACK, WAITLISTED], "review", WIC, 3 + 30),
        ([SENT, DECLINED, ERROR], None, None, None),
        ([SENT, ERROR, BACK], "answer", WIC, 7),
        ([SENT, WAITLISTED], "review", WIC, 1 + 30),
        ([SENT.model_copy(update={"priority": Priority.URGENT})], "answer", WIC, 1),
        ([BY_LETTER], "answer", CLINIC, 7),
        ([BY_LETTER, ACCEPTED], "contact", CLINIC, 1 + 7),
        ([BY_LETTER, ACCEPTED, STARTED], "complete", CLINIC, None),
        ([BY_LETTER, WAITLISTED], "review", CLINIC, 1 + 30),
        ([BY_LETTER, DECLINED], "acknowledge", CLINIC, 1 + 5),
        ([SENT.model_copy(update={"mode": Mode.INFORMATIONAL})], None, None, None),
        ([PROPOSED], "client_agrees", CLINIC, 3),
        ([PROPOSED, AGREED], "offer", CLINIC, 1 + 3),
        ([PROPOSED, AGREED, OFFERED], "answer", HUB, 2 + 3),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON], "contact", HUB, 3 + 14),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, MET], None, None, None),
        ([PROPOSED, AGREED, OFFERED, REFUSED], "acknowledge", CLINIC, 3 + 5),
        ([PROPOSED, AGREED, OFFERED, REFUSED, READ], None, None, None),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, LEFT], None, None, None),
        ([BOOKED], "visit", WIC, 7 + 1),
        ([BOOKED, MOVED], "visit", WIC, 14 + 1),
        ([BOOKED, CAME], None, None, None),
        ([BOOKED, MISSED], None, None, None),
        ([BOOKED, CALLED_OFF], None, None, None),
        ([PROPOSED, AGREED, OFFERED, INTRODUCED], "answer", HUB, 2 + 3),
        ([PROPOSED, AGREED, SHE_SAID_NO], None, None, None),
        ([PROPOSED, AGREED, OFFERED, WITHDRAWN], None, None, None),
        ([PROPOSED, AGREED, OFFERED, EXPIRED], "acknowledge", CLINIC, 3 + 5),
        ([PROPOSED, AGREED, OFFERED, EXPIRED, READ], None, None, None),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, FAILED], "acknowledge", CLINIC, 4 + 5),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, FAILED, READ], None, None, None),
    ],
)
def test_what_has_to_be_done_next_by_whom_and_until_when(
    told: list[Fact], waits_for: str | None, waits_on: str | None, due_in: int | None
) -> None:
    row = row_of(*told)
    due_at = None if due_in is None else NOON + timedelta(days=due_in)
    assert (row.waits_for, row.waits_on, row.due_at, row.version) == (waits_for, waits_on, due_at, len(told))


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ([SENT], None),
        ([SENT, ACCEPTED, STARTED, COMPLETED, ACKNOWLEDGED], None),
        ([SENT, RECEIVED, DECLINED], 3),
        ([SENT, RECEIVED, WAITLISTED], None),
        ([SENT, TAKEN_BACK], 2),
        ([SENT, RECEIVED, ASKED_TO_STOP, STOPPED], 4),
        ([SENT, ACCEPTED, ASKED_TO_STOP, STOPPED], None),
        ([SENT, WAITLISTED, DECLINED], 3),
        ([SENT, DECLINED, BACK], None),
        ([SENT, DECLINED, BACK, DECLINED], 4),
        ([SENT, ACCEPTED, BACK, DECLINED], 4),
        ([SENT, WAITLISTED, GIVEN_UP], 3),
        ([SENT, ACCEPTED, GIVEN_UP], None),
        ([SENT, RECEIVED, UNANSWERED], 3),
        ([SENT, ERROR], 2),
        ([SENT, DECLINED, ACKNOWLEDGED, ERROR], 4),
        ([SENT, ACCEPTED, ERROR], None),
        ([SENT, RECEIVED, DECLINED, ACKNOWLEDGED], 3),
        ([PROPOSED, AGREED], 0),
        ([PROPOSED, AGREED, OFFERED], None),
        ([PROPOSED, AGREED, OFFERED, REFUSED], 4),
        ([PROPOSED, AGREED, SHE_SAID_NO], 0),
        ([PROPOSED, AGREED, OFFERED, SHE_SAID_NO], 4),
        ([PROPOSED, AGREED, OFFERED, INTRODUCED, WITHDRAWN], 5),
        ([PROPOSED, AGREED, OFFERED, EXPIRED], 4),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, FAILED], None),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, MET], None),
    ],
)
def test_how_far_the_receiver_sees(told: list[Fact], until: int | None) -> None:
    """R1, R8: nothing before it is a side, nothing newer after it declined."""
    assert row_of(*told).receiver_until == until


@pytest.mark.parametrize(
    ("told", "late_in", "ends", "ends_in"),
    [
        ([SENT], 7, "expire", 14),
        ([SENT, RECEIVED], 7, "expire", 14),
        ([SENT, DECLINED], 1 + 5, None, None),
        ([SENT, DECLINED, BACK], 7, "expire", 14),
        ([SENT, ACCEPTED], 1 + 7, None, None),
        ([SENT, ACCEPTED, STARTED], None, None, None),
        ([SENT, WAITLISTED], 1 + 30, None, None),
        ([SENT.model_copy(update={"mode": Mode.INFORMATIONAL})], None, None, None),
        ([SENT, RECEIVED, ASKED_TO_STOP], None, "confirm_cancellation", 2 + 7),
        ([SENT, RECEIVED, ASKED_TO_STOP, STOPPED], 3 + 5, None, None),
        ([SENT, DECLINED, ACKNOWLEDGED], None, None, None),
        ([PROPOSED], 3, None, None),
        ([PROPOSED, AGREED], 1 + 3, None, None),
        ([PROPOSED, AGREED, OFFERED], None, "expire_handoff", 2 + 3),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON], None, "fail_handoff", 3 + 14),
        ([PROPOSED, AGREED, OFFERED, TAKEN_ON, MET], None, None, None),
        ([PROPOSED, AGREED, OFFERED, WITHDRAWN], None, None, None),
        ([BOOKED], 7 + 1, None, None),
        ([BOOKED, CAME], None, None, None),
        ([PLANNED_CONTACT], 2 + 1, None, None),
        ([PLANNED_CONTACT, CONTACT], None, None, None),
    ],
)
def test_r15_a_stage_is_overdue_once_then_it_ends_by_itself(
    told: list[Fact], late_in: int | None, ends: str | None, ends_in: int | None
) -> None:
    """What ends a stage at its due time says so alone."""
    row, after = row_of(*told), (ends, ends_in and NOON + timedelta(days=ends_in))
    if late_in is not None:
        late_at = NOON + timedelta(days=late_in)
        assert (row.fires, row.fires_at, row.due_at) == ("overdue", late_at, late_at)
        other = TimerFired(timer=Timer.OVERDUE, due_at=late_at - timedelta(days=1))
        assert row_of(*told, other).fires == "overdue"
        row = row_of(*told, TimerFired(timer=Timer.OVERDUE, due_at=late_at))
        assert row.due_at == late_at
    assert (row.fires, row.fires_at) == after


def test_r15_another_due_time_is_overdue_anew() -> None:
    late = TimerFired(timer=Timer.OVERDUE, due_at=NOON + timedelta(days=7 + 1))
    assert row_of(BOOKED, late).fires is None
    assert row_of(BOOKED, late, MOVED).fires == "overdue"


def test_a_row_says_what_the_first_event_said() -> None:
    row = row_of(SENT, RECEIVED)
    assert (row.kind, row.initiative, row.from_agency, row.to_agency) == ("referral", FRESNO, CLINIC, WIC)
    assert (row.category, row.service, row.domain) == (SENT.category, SENT.service, None)
    assert (row.state, row.sent_at) == ("received", NOON)
    taken = row_of(PROPOSED, AGREED, OFFERED)
    assert (taken.kind, taken.domain, taken.service) == ("handoff", PROPOSED.domain, None)
    assert taken.sent_at == NOON + timedelta(days=2)
    visit = row_of(BOOKED, MOVED)
    assert (visit.kind, visit.state, visit.from_agency, visit.to_agency) == ("appointment", "booked", CLINIC, WIC)
    assert (visit.sent_at, visit.receiver_until) == (NOON, None)


@pytest.mark.parametrize("told", [[CONTACT], []])
def test_other_streams_have_no_row(told: list[Fact]) -> None:
    story, stream = Story(), uuid7()
    for fact in told:
        story.tell(stream, fact, CLINIC)
    assert work_rows(story.told.get(stream, []), due) == ()


@pytest.mark.parametrize(
    ("facts", "waits"),
    [((PLANNED_CONTACT,), "promised"), ((PLANNED_CONTACT, CONTACT), None), ((PLANNED_CONTACT, NOT_KEPT), None)],
)
def test_f4_a_contact_that_is_promised_waits_on_its_agency(facts: tuple[Fact, ...], waits: str | None) -> None:
    story, stream = Story(), uuid7()
    (row,) = [story.tell(stream, fact, CLINIC) for fact in facts][-1].work
    assert (row.kind, row.waits_for, row.from_agency) == ("contact", waits, row.to_agency)
    assert (row.due_at is None) == (waits is None)


def test_a_contact_that_nobody_promised_has_no_row() -> None:
    assert Story().tell(uuid7(), CONTACT, CLINIC).work == ()
