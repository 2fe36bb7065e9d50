"""Invented agencies, days, consents, contacts and commands, valid as they are; a test replaces what it cares about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.referrals.domain import appointment, consent, contact, handoff, referral
from services.referrals.domain.appointment import (
    Appointment,
    AppointmentCommand,
    AppointmentStatus,
    AppointmentVerb,
    AttendAppointment,
    BookAppointment,
    CallOffAppointment,
    CancelAppointment,
    EnterAppointmentInError,
    MissAppointment,
    RescheduleAppointment,
)
from services.referrals.domain.consent import Agreement, Consent, ConsentRecorded, RecordConsent
from services.referrals.domain.contact import Contact, ContactStatus, Evidence, RecordContact
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.handoff import (
    AcceptHandoff,
    AcknowledgeHandoff,
    ClientAgrees,
    ClientDeclines,
    CompleteHandoff,
    ConsentTakenBack,
    DeclineHandoff,
    EndContact,
    ExpireHandoff,
    FailHandoff,
    HandoffCommand,
    HandoffStatus,
    HandoffVerb,
    IntroduceClient,
    OfferHandoff,
    ProposeHandoff,
    WithdrawHandoff,
)
from services.referrals.domain.referral import (
    AcceptReferral,
    AcknowledgeReferral,
    AttestReferral,
    CancelReferral,
    CloseReferral,
    CompleteReferral,
    ConfirmCancellation,
    DeclineReferral,
    EnterInError,
    ExpireReferral,
    LapseCancellation,
    LeaveReferral,
    ReceiveReferral,
    RedirectReferral,
    Referral,
    ReferralCommand,
    ReferralStatus,
    RequestCancellation,
    SendReferral,
    StartService,
    StopContact,
    WaitlistReferral,
    WithdrawConsent,
)
from services.referrals.domain.vocabulary import (
    Attestation,
    CalledBy,
    Category,
    ContactMode,
    ContactOutcome,
    GivenField,
    HandoffKind,
    How,
    Outcome,
    Reason,
    ResponsibilityDomain,
    ToldBy,
)

CLINIC = "example-clinic-north"
PANTRY = "example-food-pantry"
HUB = "sample-county-chw-hub"
STRANGER = "specimen-family-center"

CLIENT = UUID("0e0c8a56-0000-4000-8000-00000000c11e")
REFERRAL = UUID("0194a000-0000-7000-8000-000000000001")
HANDOFF = UUID("0194a000-0000-7000-8000-000000000002")
CONTACT = UUID("0194a000-0000-7000-8000-000000000003")
CONSENT = UUID("0194a000-0000-7000-8000-000000000004")
NOTE = UUID("0194a000-0000-7000-8000-000000000005")
SCREENING = UUID("0194a000-0000-7000-8000-000000000009")
NEED = UUID("0194a000-0000-7000-8000-000000000006")
COHORT = UUID("7d0f5b1e-0000-5000-8000-000000000008")
CHILD = UUID("0194a000-0000-7000-8000-000000000009")
EPISODE = UUID("7d0f5b1e-0000-5000-8000-000000000007")

APPOINTMENT = UUID("0194a000-0000-7000-8000-000000000008")

NOON = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)

FIELDS = (GivenField.NAME, GivenField.PHONES, GivenField.LANGUAGE)


def later(days: float = 0, hours: float = 0) -> datetime:
    """That much after noon of the first day."""
    return NOON + timedelta(days=days, hours=hours)


def agreement(**changed: object) -> Agreement:
    """She agreed on the first day that the pantry gets her name, phones and language."""
    said = ConsentRecorded(agreed=True, how=How.SPOKEN, on=TODAY, fields=FIELDS, recipient=PANTRY)
    return Agreement(CONSENT, Consent(said.model_copy(update=changed), NOON, CLINIC))


def contacted(**changed: object) -> RecordContact:
    """The pantry was at her home with a box, on the third day."""
    command = RecordContact(
        agency=PANTRY,
        at=later(days=3),
        now=later(days=3),
        mode=ContactMode.HOME_VISIT,
        outcome=ContactOutcome.COMPLETED,
        tags=(Category.FOOD_INSECURITY,),
    )
    return replace(command, **changed)  # type: ignore[arg-type]  # a test names fields of the command


def evidence(command: RecordContact | None = None, contact_id: UUID = CONTACT) -> Evidence:
    """The contact that a command makes, as evidence."""
    command = command or contacted()
    (recorded,) = contact.decide(command, None)
    state = contact.evolve(None, recorded, command.at, command.agency)
    assert isinstance(state, Contact)
    assert state.status in ContactStatus
    return Evidence(contact_id, state)


def send(**changed: object) -> SendReferral:
    """The clinic asks the pantry for food, as she agreed; another category is that of the service too."""
    command = SendReferral(
        agency=CLINIC,
        at=NOON,
        today=TODAY,
        to_agency=PANTRY,
        service="weekly-food-boxes",
        service_category=Category.FOOD_INSECURITY,
        category=Category.FOOD_INSECURITY,
        agreement=agreement(),
        given=FIELDS,
        need=NEED,
    )
    fitting = {"service_category": changed.get("category", command.category)}
    return replace(command, **(fitting | changed))  # type: ignore[arg-type]  # a test names fields of the command


RECEIVE = ReceiveReferral(agency=PANTRY, at=later(hours=1))
ACCEPT = AcceptReferral(agency=PANTRY, at=later(days=1), person="staff-pantry-1", on=date(2026, 11, 5))
DECLINE = DeclineReferral(agency=PANTRY, at=later(days=1), reason=Reason.NO_CAPACITY)
WAITLIST = WaitlistReferral(agency=PANTRY, at=later(days=1), reason=Reason.NO_CAPACITY)
START = StartService(agency=PANTRY, at=later(days=3), referral=REFERRAL, evidence=evidence())
COMPLETE = CompleteReferral(
    agency=PANTRY, at=later(days=9), referral=REFERRAL, outcome=Outcome.SERVICE_RECEIVED, evidence=evidence()
)
CANCEL = CancelReferral(agency=CLINIC, at=later(days=4), reason=Reason.NEED_RESOLVED)
ASK_TO_STOP = RequestCancellation(agency=CLINIC, at=later(days=4), reason=Reason.NEED_RESOLVED)
STOP = ConfirmCancellation(agency=PANTRY, at=later(days=5))
WITHDRAW_CONSENT = WithdrawConsent(agency=CLINIC, at=later(days=4))
LAPSE = LapseCancellation(agency=CLINIC, at=later(days=12))
ACKNOWLEDGE = AcknowledgeReferral(agency=CLINIC, at=later(days=10), channel=ToldBy.PAGE)

ATTEST = AttestReferral(agency=PANTRY, at=later(days=21), decision=Attestation.VERIFIED)
CLOSE = CloseReferral(agency=PANTRY, at=later(days=20), reason=Reason.CLIENT_DECLINED)
EXPIRE = ExpireReferral(agency=CLINIC, at=later(days=14), not_before=later(days=14))
STOP_CONTACT = StopContact(agency=CLINIC, at=later(days=12))
LEAVE = LeaveReferral(agency=PANTRY, at=later(days=12))
ERROR = EnterInError(agency=CLINIC, at=later(days=11), event=UUID(int=1), note=NOTE)


def referral_history(*commands: ReferralCommand) -> tuple[Happened, ...]:
    """What these commands left behind, one after the other."""
    history: tuple[Happened, ...] = ()
    for command in commands:
        facts: tuple[Fact, ...] = referral.decide(command, referral.fold(history))
        history = told(history, facts, command.at, command.agency)
    return history


def told(history: Sequence[Happened], facts: Iterable[Fact], at: datetime, agency: str) -> tuple[Happened, ...]:
    """The history with these facts of one command behind it, each with an id; the first of them causes the rest."""
    first = len(history) + 1
    new = [
        Happened(fact, at, agency, UUID(int=id), None if id == first else UUID(int=first))
        for id, fact in enumerate(facts, first)
    ]
    return (*history, *new)


REDIRECT = RedirectReferral(
    agency=PANTRY,
    at=later(days=1),
    child=CHILD,
    waiting=True,
    to_agency=HUB,
    service="county-food-line",
    service_category=Category.FOOD_INSECURITY,
    reason=Reason.NO_CAPACITY,
)

WAY_TO: dict[ReferralStatus, tuple[ReferralCommand, ...]] = {
    ReferralStatus.SENT: (send(),),
    ReferralStatus.RECEIVED: (send(), RECEIVE),
    ReferralStatus.ACCEPTED: (send(), RECEIVE, ACCEPT),
    ReferralStatus.IN_SERVICE: (send(), RECEIVE, ACCEPT, START),
    ReferralStatus.COMPLETED: (send(), RECEIVE, ACCEPT, START, COMPLETE),
    ReferralStatus.DECLINED: (send(), RECEIVE, DECLINE),
    ReferralStatus.WAITLISTED: (send(), RECEIVE, WAITLIST),
    ReferralStatus.CANCEL_REQUESTED: (send(), RECEIVE, ACCEPT, ASK_TO_STOP),
    ReferralStatus.CANCELLED: (send(), RECEIVE, ASK_TO_STOP, STOP),
    ReferralStatus.NOT_COMPLETED: (send(), RECEIVE, ACCEPT, CLOSE),
    ReferralStatus.EXPIRED: (send(), RECEIVE, EXPIRE),
    ReferralStatus.REDIRECTED: (send(), RECEIVE, REDIRECT),
    ReferralStatus.ENTERED_IN_ERROR: (send(), RECEIVE, ERROR),
}
"""The shortest way to each state that can be reached."""


def standing(status: ReferralStatus) -> Referral:
    state = referral.fold(referral_history(*WAY_TO[status]))
    assert state is not None
    assert state.status is status
    return state


def book(**changed: object) -> BookAppointment:
    """The pantry, which has accepted, books a visit for the fifth day."""
    command = BookAppointment(
        agency=PANTRY,
        at=later(days=2),
        due_at=later(days=4),
        referral=REFERRAL,
        of=standing(ReferralStatus.ACCEPTED),
    )
    return replace(command, **changed)  # type: ignore[arg-type]  # a test names fields of the command


RESCHEDULE = RescheduleAppointment(
    agency=PANTRY,
    at=later(days=3),
    due_at=later(days=6),
    by=CalledBy.CLIENT,
    of=standing(ReferralStatus.ACCEPTED),
)
ATTEND = AttendAppointment(agency=PANTRY, at=later(days=7))
MISS = MissAppointment(agency=PANTRY, at=later(days=7))
CANCEL_VISIT = CancelAppointment(agency=PANTRY, at=later(days=3, hours=1), by=CalledBy.CLIENT)
CALL_OFF = CallOffAppointment(agency=CLINIC, at=later(days=3), by=CalledBy.CLIENT)
VISIT_IN_ERROR = EnterAppointmentInError(agency=PANTRY, at=later(days=7), event=NEED, note=NOTE)
VISIT_COMMANDS: dict[AppointmentVerb, AppointmentCommand] = {
    AppointmentVerb.BOOK: book(due_at=later(days=8)),
    AppointmentVerb.RESCHEDULE: RESCHEDULE,
    AppointmentVerb.ATTEND: ATTEND,
    AppointmentVerb.NO_SHOW: MISS,
    AppointmentVerb.CANCEL: CANCEL_VISIT,
    AppointmentVerb.CALL_OFF: CALL_OFF,
    AppointmentVerb.ENTERED_IN_ERROR: VISIT_IN_ERROR,
}
VISIT_WAY_TO: dict[AppointmentStatus, tuple[AppointmentCommand, ...]] = {
    AppointmentStatus.BOOKED: (book(),),
    AppointmentStatus.ATTENDED: (book(), ATTEND),
    AppointmentStatus.NO_SHOW: (book(), MISS),
    AppointmentStatus.CANCELLED: (book(), CANCEL_VISIT),
    AppointmentStatus.ENTERED_IN_ERROR: (book(), VISIT_IN_ERROR),
}
"""The shortest way to each state."""


def visit_history(*commands: AppointmentCommand) -> tuple[Happened, ...]:
    """What these commands left behind, one after the other."""
    history: tuple[Happened, ...] = ()
    for command in commands:
        facts: tuple[Fact, ...] = appointment.decide(command, appointment.fold(history))
        history += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return history


def visit(status: AppointmentStatus) -> Appointment:
    """A visit in this state."""
    state = appointment.fold(visit_history(*VISIT_WAY_TO[status]))
    assert state is not None
    assert state.status is status
    return state


def propose(**changed: object) -> ProposeHandoff:
    """The clinic, which leads coordination, would hand it to the hub."""
    command = ProposeHandoff(
        agency=CLINIC,
        at=NOON,
        to_agency=HUB,
        domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
        kind=HandoffKind.WARM_REMOTE,
        episode=EPISODE,
        lead=CLINIC,
    )
    return replace(command, **changed)  # type: ignore[arg-type]  # a test names fields of the command


TO_HUB = agreement(recipient=HUB)
AGREES = ClientAgrees(agency=CLINIC, at=later(hours=1), today=TODAY, agreement=TO_HUB)
OFFER = OfferHandoff(agency=CLINIC, at=later(hours=2), today=TODAY, agreement=TO_HUB, given=FIELDS)
ACCEPT_HANDOFF = AcceptHandoff(agency=HUB, at=later(days=1), person="staff-hub-1", lead=CLINIC, on=date(2026, 11, 6))
DECLINE_HANDOFF = DeclineHandoff(agency=HUB, at=later(days=1), reason=Reason.NO_CAPACITY)
MET_BY_HUB = evidence(contacted(agency=HUB, mode=ContactMode.VIDEO, tags=(), handoff=HANDOFF))
SHE_DECLINES = ClientDeclines(agency=CLINIC, at=later(hours=3))
WITHDRAW = WithdrawHandoff(agency=CLINIC, at=later(hours=3), reason=Reason.DUPLICATE)
INTRODUCE = IntroduceClient(agency=CLINIC, at=later(hours=4), client_present=True)
EXPIRE_HANDOFF = ExpireHandoff(agency=CLINIC, at=later(days=4))
FAIL_HANDOFF = FailHandoff(agency=CLINIC, at=later(days=16))
CONSENT_BACK = ConsentTakenBack(agency=CLINIC, at=later(hours=5))
READ_HANDOFF = AcknowledgeHandoff(agency=CLINIC, at=later(days=17))
END_CONTACT = EndContact(agency=CLINIC, at=later(days=2))
COMPLETE_HANDOFF = CompleteHandoff(agency=HUB, at=later(days=3), handoff=HANDOFF, evidence=MET_BY_HUB)


def handoff_history(*commands: HandoffCommand) -> tuple[Happened, ...]:
    """What these commands left behind, one after the other."""
    history: tuple[Happened, ...] = ()
    for command in commands:
        facts: tuple[Fact, ...] = handoff.decide(command, handoff.fold(history))
        history = told(history, facts, command.at, command.agency)
    return history


HANDOFF_WAY_TO: dict[HandoffStatus, tuple[HandoffCommand, ...]] = {
    HandoffStatus.PROPOSED: (propose(),),
    HandoffStatus.AGREED: (propose(), AGREES),
    HandoffStatus.OFFERED: (propose(), AGREES, OFFER),
    HandoffStatus.ACCEPTED: (propose(), AGREES, OFFER, ACCEPT_HANDOFF),
    HandoffStatus.COMPLETED: (propose(), AGREES, OFFER, ACCEPT_HANDOFF, COMPLETE_HANDOFF),
    HandoffStatus.DECLINED: (propose(), AGREES, OFFER, DECLINE_HANDOFF),
    HandoffStatus.CLIENT_DECLINED: (propose(), AGREES, OFFER, SHE_DECLINES),
    HandoffStatus.WITHDRAWN: (propose(), AGREES, OFFER, WITHDRAW),
    HandoffStatus.EXPIRED: (propose(), AGREES, OFFER, EXPIRE_HANDOFF),
    HandoffStatus.FAILED: (propose(), AGREES, OFFER, ACCEPT_HANDOFF, FAIL_HANDOFF),
}
"""The shortest way to each state that can be reached."""

HANDOFF_COMMANDS: dict[HandoffVerb, HandoffCommand] = {
    HandoffVerb.CLIENT_AGREES: AGREES,
    HandoffVerb.OFFER: OFFER,
    HandoffVerb.ACCEPT: ACCEPT_HANDOFF,
    HandoffVerb.DECLINE: DECLINE_HANDOFF,
    HandoffVerb.COMPLETE: COMPLETE_HANDOFF,
    HandoffVerb.CLIENT_DECLINES: SHE_DECLINES,
    HandoffVerb.WITHDRAW: WITHDRAW,
    HandoffVerb.INTRODUCE: INTRODUCE,
    HandoffVerb.EXPIRE: EXPIRE_HANDOFF,
    HandoffVerb.FAIL: FAIL_HANDOFF,
    HandoffVerb.ACKNOWLEDGE: READ_HANDOFF,
    HandoffVerb.CONSENT_TAKEN_BACK: CONSENT_BACK,
    HandoffVerb.END_CONTACT: END_CONTACT,
    HandoffVerb.END_CONTACT_AFTER: END_CONTACT,
}


def record_consent(**changed: object) -> RecordConsent:
    """She agreed, by word of mouth, that the pantry gets three fields."""
    command = RecordConsent(
        agency=CLINIC, at=NOON, today=TODAY, agreed=True, how=How.SPOKEN, on=TODAY, fields=FIELDS, recipient=PANTRY
    )
    (*_,) = consent.decide(command, None)
    return replace(command, **changed)  # type: ignore[arg-type]  # a test names fields of the command
