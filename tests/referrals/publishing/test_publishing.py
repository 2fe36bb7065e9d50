"""What of a stored event others may read: no identity, no person, restricted classes on their own topic (R6)."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import pytest

from contracts.canonical import canonical_json
from contracts.envelope import Headers
from contracts.registry import EVENTS, UnknownEvent, decode
from contracts.topic import load_topics
from services.referrals.domain.appointment import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentEnteredInError,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentTakenBack,
)
from services.referrals.domain.break_glass import GlassBroken
from services.referrals.domain.catalogue import FACTS, StoredFact
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.check import CheckAnswered, CheckAsked, CheckClosed
from services.referrals.domain.claim import ClaimMade, ClaimReleased, ClaimTakenOver
from services.referrals.domain.client import (
    ClientLinked,
    ClientNamed,
    ClientRegistered,
    ClientUnlinked,
    ClientUnnamed,
    DemographicsStated,
    DetailsErased,
    HoldPlaced,
    HoldReleased,
    NoFurtherContact,
    NoFurtherContactCorrected,
    OutreachPaused,
    OutreachResumed,
)
from services.referrals.domain.consent import (
    ConsentAcknowledged,
    ConsentChanged,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentRecorded,
    ConsentRevoked,
)
from services.referrals.domain.contact import (
    ContactAmended,
    ContactCancelled,
    ContactEnteredInError,
    ContactPlanned,
    ContactRecorded,
    ContactTakenBack,
)
from services.referrals.domain.directory import AgencyStated, CapacityStated, DirectoryFact, ServiceStated
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.episode import (
    AgeBandStated,
    BirthRecorded,
    EpisodeClosed,
    EpisodeDated,
    EpisodeEndRecorded,
    EpisodeEnteredInError,
    EpisodeJoined,
    EpisodeLost,
    EpisodeOpened,
    EpisodeParted,
    EpisodeResumed,
    EpisodeSuperseded,
    EpisodeTakenBack,
    PostpartumVisitRecorded,
    PrenatalCareStarted,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.fact import Fact
from services.referrals.domain.feedback import FeedbackAnswered, FeedbackAsked
from services.referrals.domain.handoff import (
    HandoffAccepted,
    HandoffAcknowledged,
    HandoffClientAgreed,
    HandoffClientDeclined,
    HandoffCompleted,
    HandoffDeclined,
    HandoffExpired,
    HandoffFailed,
    HandoffIntroduced,
    HandoffOffered,
    HandoffProposed,
    HandoffTakenBack,
    HandoffWithdrawn,
)
from services.referrals.domain.inquiry import InquiryAnswered, InquiryOpened
from services.referrals.domain.need import NeedEnteredInError, NeedIdentified, NeedResolved
from services.referrals.domain.note import NoteKept
from services.referrals.domain.question import QuestionAnswered, QuestionAsked
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralAttested,
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralSent,
    ReferralServiceStarted,
    ReferralTakenBack,
    ReferralWaitlisted,
)
from services.referrals.domain.safe_contact import SafeContactPlanned
from services.referrals.domain.screening import NeedScreened, ScreeningEnteredInError, ScreeningRecorded
from services.referrals.domain.timer import TimerFired, TimerSet
from services.referrals.domain.vocabulary import (
    ResponsibilityDomain,
    RestrictedClass,
)
from services.referrals.domain.watch import WatchMoved
from services.referrals.publishing import (
    CARE_TOPIC,
    DIRECTORY_TOPIC,
    RESTRICTED_TOPIC,
    contract_event,
    topic_of,
)
from services.referrals.publishing import publish as publish_named
from services.referrals.publishing.episode import of_episode
from services.referrals.publishing.record import PublishedRecord
from tests.invented import (
    CHILD,
    CLIENT,
    CLINIC,
    CONTACT,
    EPISODE,
    HANDOFF,
    HUB,
    NEED,
    NOTE,
    PANTRY,
    REFERRAL,
    SCREENING,
)
from tests.stored_facts import STORED

OTHER = "nfrggzdfmztwq2lknnwg23tpoa"
SUBJECT = "mfrggzdfmztwq2lknnwg23tpoa"
DUE = "2026-11-05T18:00:00Z"
STREAM = UUID("0194a000-0000-7000-8000-0000000000ff")

DATA: dict[type[Fact], dict[str, Any] | None] = {
    AppointmentBooked: {"appointment": STREAM, "referral": REFERRAL, "due_at": DUE},
    AppointmentRescheduled: {"appointment": STREAM, "by": "client", "notice_hours": 26, "due_at": DUE},
    AppointmentAttended: {"appointment": STREAM, "due_at": DUE},
    AppointmentNoShow: {"appointment": STREAM, "due_at": DUE},
    AppointmentCancelled: {"appointment": STREAM, "by": "agency", "notice_hours": 3, "due_at": DUE},
    AppointmentTakenBack: {"appointment": STREAM, "event": HANDOFF},
    AppointmentEnteredInError: {"appointment": STREAM, "event": HANDOFF},
    ClientRegistered: {},
    DemographicsStated: {
        "race_ethnicity": ["american_indian_alaska_native", "hispanic_latino"],
        "detailed": ["mixteco"],
        "declined": False,
        "source": "self_reported",
        "language": "mix",
        "interpreter": True,
        "payer": "medi_cal",
        "zip_group": "fresno-city",
        "county": "fresno",
    },
    OutreachPaused: {},
    OutreachResumed: {},
    NoFurtherContact: {},
    NoFurtherContactCorrected: {},
    ClientLinked: {"other": OTHER},
    ClientUnlinked: {"other": OTHER},
    ClientNamed: None,
    ClientUnnamed: None,
    DetailsErased: None,
    HoldPlaced: None,
    HoldReleased: None,
    FeedbackAsked: {"feedback": STREAM, "referral": REFERRAL},
    FeedbackAnswered: {
        "feedback": STREAM,
        "referral": REFERRAL,
        "declined": False,
        "need_met": "yes",
        "respectful_care": "partly",
    },
    ConsentRecorded: {
        "consent": STREAM,
        "agreed": True,
        "how": "signed",
        "on": "2026-11-02",
        "purpose": "coordination",
        "expires": "2027-11-02",
        "measurement": "yes",
    },
    ConsentChanged: {
        "consent": STREAM,
        "agreed": True,
        "how": "signed",
        "on": "2026-11-02",
        "purpose": "coordination",
        "expires": "2027-11-02",
        "measurement": "yes",
    },
    ConsentRevoked: {"consent": STREAM, "on": "2026-11-02", "measurement": "no"},
    ConsentExpired: {"consent": STREAM, "on": "2026-11-02", "measurement": "not_asked"},
    ConsentEnteredInError: {"consent": STREAM, "event": REFERRAL},
    EpisodeOpened: {"episode": STREAM, "identified_on": "2026-11-02", "age_band": "40+"},
    GlassBroken: None,
    InquiryOpened: None,
    InquiryAnswered: None,
    QuestionAsked: None,
    QuestionAnswered: None,
    NoteKept: None,
    SafeContactPlanned: None,
    ChargeHandedOn: None,
    ClaimMade: None,
    ClaimTakenOver: None,
    ClaimReleased: None,
    EpisodeJoined: None,
    EpisodeParted: None,
    EpisodeEnteredInError: {"episode": STREAM, "event": REFERRAL},
    EpisodeTakenBack: {"episode": STREAM, "event": REFERRAL},
    EpisodeEndRecorded: None,
    EpisodeDated: {"episode": STREAM, "edd": "2027-05-01", "basis": "ultrasound"},
    PrenatalCareStarted: {"episode": STREAM, "on": "2026-11-02"},
    EpisodeLost: {"episode": STREAM},
    EpisodeResumed: {"episode": STREAM},
    EpisodeSuperseded: {"episode": STREAM, "by": EPISODE},
    EpisodeClosed: {"episode": STREAM, "reason": "other"},
    AgeBandStated: {"episode": STREAM, "age_band": "25-29"},
    BirthRecorded: {
        "episode": STREAM,
        "delivered_on": "2027-04-27",
        "gestational_days": 276,
        "live_children": 2,
        "weight_band": "1500-2499",
    },
    PostpartumVisitRecorded: {"episode": STREAM, "on": "2027-06-08"},
    TimerFired: None,
    HandoffAcknowledged: None,
    ConsentAcknowledged: None,
    TimerSet: None,
    WatchMoved: None,
    ResponsibilityAssigned: {
        "episode": STREAM,
        "domain": "primary_care_coordination",
        "agency": HUB,
        "basis": "handoff",
        "handoff": HANDOFF,
    },
    ReferralSent: {
        "referral": STREAM,
        "from_agency": CLINIC,
        "to_agency": PANTRY,
        "to_channel": "system",
        "service": "weekly-food-boxes",
        "category": "food-insecurity",
        "need": NEED,
        "mode": "direct",
        "priority": "urgent",
        "parent": HANDOFF,
        "supersedes": CONTACT,
    },
    ReferralReceived: {"referral": STREAM},
    ReferralAccepted: {"referral": STREAM},
    ReferralCancellationRequested: {"referral": STREAM, "reason": "need_resolved", "reason_owner": "client"},
    ReferralCancelled: {"referral": STREAM, "reason": "duplicate", "reason_owner": "other", "source": "sender"},
    ReferralRedirected: {
        "referral": STREAM,
        "child": CHILD,
        "reason": "no_capacity",
        "reason_owner": "recipient",
        "source": "recipient",
        "waiting": True,
    },
    ReferralWaitlisted: {"referral": STREAM, "reason": "no_capacity", "reason_owner": "recipient"},
    ReferralDeclined: {"referral": STREAM, "reason": "moved", "reason_owner": "client", "source": "recipient"},
    ReferralServiceStarted: {"referral": STREAM, "evidence": CONTACT},
    ReferralCompleted: {"referral": STREAM, "outcome": "enrolled", "evidence": CONTACT, "source": "recipient"},
    ReferralAcknowledged: {"referral": STREAM},
    ReferralNotCompleted: {
        "referral": STREAM,
        "reason": "unable_to_reach",
        "reason_owner": "contact",
        "source": "recipient",
    },
    ReferralExpired: {"referral": STREAM, "reason": "no_answer", "reason_owner": "recipient", "source": "timer"},
    ReferralAttested: {"referral": STREAM, "decision": "verified"},
    ReferralTakenBack: {"event": str(REFERRAL), "referral": STREAM},
    ReferralEnteredInError: {"event": str(REFERRAL), "referral": STREAM},
    HandoffProposed: {
        "handoff": STREAM,
        "from_agency": CLINIC,
        "to_agency": HUB,
        "domain": "primary_care_coordination",
        "kind": "cold",
        "episode": EPISODE,
    },
    HandoffClientAgreed: {"handoff": STREAM},
    HandoffOffered: {"handoff": STREAM},
    HandoffAccepted: {"handoff": STREAM},
    HandoffDeclined: {"handoff": STREAM, "reason": "no_capacity", "reason_owner": "recipient"},
    HandoffCompleted: {"handoff": STREAM, "evidence": CONTACT},
    HandoffClientDeclined: {"handoff": STREAM},
    HandoffWithdrawn: {"handoff": STREAM, "reason": "duplicate", "reason_owner": "other"},
    HandoffIntroduced: {"handoff": STREAM, "client_present": True},
    HandoffExpired: {"handoff": STREAM},
    HandoffTakenBack: {"event": str(REFERRAL), "handoff": STREAM},
    HandoffFailed: {"handoff": STREAM, "reason": "no_further_contact", "reason_owner": "client"},
    ResponsibilityLeft: {"episode": STREAM, "domain": "primary_care_coordination", "agency": "sample-county-chw-hub"},
    ContactRecorded: {
        "contact": STREAM,
        "mode": "goods_delivery",
        "outcome": "completed",
        "met": True,
        "tags": ["food-insecurity"],
        "units": [{"kind": "box", "count": 2}],
        "episode": EPISODE,
        "referral": REFERRAL,
        "need": NEED,
        "handoff": HANDOFF,
    },
    ContactAmended: {
        "contact": STREAM,
        "mode": "home_visit",
        "outcome": "not_home",
        "met": False,
        "tags": ["doula"],
        "units": [{"kind": "diapers", "count": 1}],
        "episode": EPISODE,
        "referral": REFERRAL,
        "need": NEED,
        "handoff": HANDOFF,
    },
    ContactPlanned: {
        "contact": STREAM,
        "planned_on": "2026-12-02",
        "mode": "home_visit",
        "tags": ["doula"],
        "episode": EPISODE,
        "referral": REFERRAL,
        "need": NEED,
        "handoff": HANDOFF,
    },
    ContactTakenBack: {"contact": STREAM, "event": REFERRAL},
    ContactEnteredInError: {"contact": STREAM, "event": REFERRAL},
    NeedIdentified: {"need": STREAM, "category": "food-insecurity", "screening": SCREENING},
    NeedResolved: {"need": STREAM, "how": "served"},
    NeedEnteredInError: {"need": STREAM, "event": REFERRAL},
    NeedScreened: {
        "screening": STREAM,
        "instrument": "hunger_vital_sign",
        "category": "food-insecurity",
        "result": "positive",
    },
    ScreeningRecorded: {"screening": STREAM, "instrument": "epds", "result": "positive"},
    ScreeningEnteredInError: {"screening": STREAM, "event": REFERRAL},
    ContactCancelled: {"contact": STREAM, "outcome": "cancelled_by_client"},
    CheckAsked: None,
    CheckAnswered: None,
    CheckClosed: None,
    AgencyStated: {
        "addresses": [
            {"address_1": "200 Sample Street", "city": "Exampleville", "postal_code": "93700", "state_province": "CA"}
        ],
        "agency": PANTRY,
        "languages": ["en", "es"],
        "name": "Example Food Pantry",
        "on_system": False,
        "phones": [{"description": "8 am to 5 pm", "number": "559-555-0151", "type": "voice"}],
        "standing": "paused",
        "type": "community_organisation",
    },
    ServiceStated: {
        "agency": PANTRY,
        "category": "food-insecurity",
        "languages": ["es"],
        "maximum_age": 60,
        "minimum_age": 12,
        "name": "Weekly food boxes",
        "service": "weekly-food-boxes",
        "status": "temporarily closed",
        "zips": ["937", "93650"],
    },
    CapacityStated: {
        "agency": PANTRY,
        "from_on": "2026-12-01",
        "on": "2026-11-02",
        "room": "waitlist",
        "service": "weekly-food-boxes",
        "waitlist_length": 4,
    },
    DisclosureRecorded: {"disclosure": STREAM, "kind": "given_fields", "referral": REFERRAL, "handoff": HANDOFF},
}
"""What leaves, in full: a field that is not here stays in the store."""

ALWAYS_RESTRICTED: set[type[Fact]] = {BirthRecorded, PostpartumVisitRecorded, ScreeningRecorded}


@dataclass(frozen=True)
class Envelope:
    event_id: UUID = UUID("0194a000-0000-7000-8000-0000000000ee")
    client_id: UUID = CLIENT
    agency: str = CLINIC
    initiative: str = "fresno-ptbi"
    occurred_at: datetime = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    actor: str = "staff-clinic-1"
    traceparent: str | None = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True)
class Event:
    """A stored event, as the store gives it back."""

    fact: Fact
    stream: UUID = STREAM
    envelope: Envelope = Envelope()
    position: int | None = 4711
    recorded_at: datetime | None = datetime(2026, 11, 2, 20, 0, 5, tzinfo=UTC)


def publish(event: Event, subject: str) -> PublishedRecord | None:
    """The record, where another client is called `OTHER` on the log."""
    return publish_named(event, subject, lambda _: OTHER)


def test_every_kind_of_fact_is_tried() -> None:
    assert set(STORED) == set(DATA) == set(FACTS.values())


@pytest.mark.parametrize("kind", FACTS.values(), ids=list(FACTS))
def test_every_field_is_tried(kind: type[Fact]) -> None:
    empty = {name for name in kind.model_fields if getattr(STORED[kind], name) is None}
    assert empty <= {"restricted"}


@pytest.mark.parametrize("kind", FACTS.values(), ids=list(FACTS))
def test_just_the_listed_fields_leave(kind: type[Fact]) -> None:
    record = publish(Event(STORED[kind]), SUBJECT)
    expected = DATA[kind]
    if expected is None:
        assert record is None
        return
    assert record is not None
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in expected.items()}
    assert record.value == canonical_json(plain)
    topic = RESTRICTED_TOPIC if kind in ALWAYS_RESTRICTED else CARE_TOPIC
    entry = issubclass(kind, DirectoryFact)
    where = (DIRECTORY_TOPIC, str(Event(STORED[kind]).stream)) if entry else (topic, SUBJECT)
    assert (record.topic, record.key.decode()) == where
    assert Headers.read(record.headers).subject == where[1]
    assert isinstance(decode(Headers.read(record.headers).type, record.value), EVENTS[kind.TYPE])


def test_the_headers_say_where_it_stands_in_the_store() -> None:
    event = Event(STORED[ReferralSent])
    record = publish(event, SUBJECT)
    assert record is not None
    assert Headers.read(record.headers) == Headers(
        id=event.envelope.event_id,
        type="referral.sent.v1",
        initiative="fresno-ptbi",
        agency=CLINIC,
        time=event.envelope.occurred_at,
        subject=SUBJECT,
        position=4711,
        recorded_time=datetime(2026, 11, 2, 20, 0, 5, tzinfo=UTC),
        traceparent=event.envelope.traceparent,
    )


@pytest.mark.parametrize("kind", FACTS.values(), ids=list(FACTS))
def test_neither_client_nor_staff_nor_a_payload_of_the_vault_is_named(kind: type[Fact]) -> None:
    record = publish(Event(STORED[kind]), SUBJECT)
    if record is None:
        return
    whole = b" ".join([record.key, record.value, *(value for _, value in record.headers)]).decode()
    for secret in (str(CLIENT), CLIENT.hex, "staff-", str(NOTE), "Z59.41", "Z60.2", "PLAC-4711"):
        assert secret not in whole
    assert SUBJECT not in repr(record)


def test_the_same_event_gives_the_same_bytes() -> None:
    event = Event(STORED[ContactRecorded])
    assert publish(event, SUBJECT) == publish(replace(event), SUBJECT)


@pytest.mark.parametrize("missing", ["position", "recorded_at"])
def test_an_event_that_was_not_read_back_is_not_published(missing: str) -> None:
    event = replace(Event(STORED[ReferralReceived]), **{missing: None})  # type: ignore[arg-type]  # a field's name
    with pytest.raises(ValueError, match="not read back"):
        publish(event, SUBJECT)


def test_stored_and_published_names_agree_while_both_are_in_version_one() -> None:
    for fact in STORED.values():
        assert isinstance(fact, get_args(StoredFact))
        event = contract_event(fact, STREAM, lambda _: OTHER)
        assert event is None or event.TYPE == fact.TYPE


class TestRestricted:
    """R6: what has a class is never on the care topic."""

    classed = [kind for kind in FACTS.values() if "restricted" in kind.model_fields]

    @pytest.mark.parametrize("kind", classed, ids=lambda kind: kind.TYPE)
    @pytest.mark.parametrize("restricted", RestrictedClass)
    def test_r6_a_fact_with_a_class_goes_to_the_restricted_topic(
        self, kind: type[Fact], restricted: RestrictedClass
    ) -> None:
        record = publish(Event(STORED[kind].model_copy(update={"restricted": restricted})), SUBJECT)
        assert record is not None
        assert (record.topic, record.key) == (RESTRICTED_TOPIC, SUBJECT.encode())

    def test_r6_a_lead_in_a_restricted_domain_does_too(self) -> None:
        lead = STORED[ResponsibilityAssigned]
        hidden = lead.model_copy(update={"domain": ResponsibilityDomain.BEHAVIORAL_HEALTH})
        assert (topic_of(lead), topic_of(hidden)) == (CARE_TOPIC, RESTRICTED_TOPIC)

    @pytest.mark.parametrize("kind", [ReferralServiceStarted, ReferralCompleted, HandoffCompleted])
    def test_r6_a_restricted_contact_is_not_named_on_the_care_topic(self, kind: type[Fact]) -> None:
        hidden = STORED[kind].model_copy(update={"evidence_restricted": True})
        record = publish(Event(hidden), SUBJECT)
        assert record is not None
        assert record.topic == CARE_TOPIC
        assert "evidence" not in json.loads(record.value)
        own = publish(Event(hidden.model_copy(update={"restricted": RestrictedClass.IPV})), SUBJECT)
        assert own is not None
        assert json.loads(own.value)["evidence"] == str(CONTACT)

    def test_each_topic_declares_just_what_can_come_to_it(self) -> None:
        declared = {topic.topic: set(topic.events) for topic in load_topics()}
        published = {kind.TYPE for kind, data in DATA.items() if data is not None and kind not in ALWAYS_RESTRICTED}
        with_class = {kind.TYPE for kind in (*self.classed, *ALWAYS_RESTRICTED)} | {
            ResponsibilityAssigned.TYPE,
            ResponsibilityLeft.TYPE,
        }
        entries = {kind.TYPE for kind in get_args(DirectoryFact)}
        assert declared[DIRECTORY_TOPIC] == entries
        assert declared[CARE_TOPIC] == published - entries
        assert declared[RESTRICTED_TOPIC] == with_class
        assert not any(isinstance(decode(name, b"{}"), UnknownEvent) for name in published & {"client.registered.v1"})


def test_r4_an_error_of_one_agency_alone_is_told_to_nobody() -> None:
    assert of_episode(EpisodeEnteredInError(event=REFERRAL, note=NOTE, whole=False), STREAM) is None
    assert of_episode(EpisodeEnteredInError(event=REFERRAL, note=NOTE, whole=True), STREAM) is not None
    assert of_episode(EpisodeEnteredInError(event=REFERRAL, note=NOTE, whole=False, dating=True), STREAM) is not None
