"""Owns the commits of the store's tests: invented clients, agencies and events in their right order."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from services.referrals.directory import Stage
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import HandoffAccepted, HandoffClientAgreed, HandoffOffered, HandoffProposed
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralDeclined,
    ReferralReceived,
    ReferralSent,
)
from services.referrals.domain.vocabulary import (
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    GivenField,
    HandoffKind,
    Mode,
    Priority,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
    ToldBy,
)
from services.referrals.store.commit import Answer, Commit, IdempotencyKey, WorkRow
from services.referrals.store.work_index import work_rows
from services.referrals.store.written import Envelope, Written

FRESNO = "fresno-ptbi"
CLINIC = "example-clinic-north"
WIC = "sample-wic-east"
HUB = "sample-county-hub"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

ANSWERED = Answer(201, {"referral": UUID(int=0x0198)}, 1)


def due(
    initiative: str,
    stage: Stage,
    since: datetime | date,
    *,
    urgent: bool = False,
    category: Category | None = None,
) -> datetime:
    """A due time that tells the stages apart, without a calendar; a day is over at its midnight (UTC)."""
    if not isinstance(since, datetime):
        return datetime(since.year, since.month, since.day, tzinfo=UTC) + timedelta(days=1)
    of_referrals = {
        Stage.ANSWER: 7,
        Stage.ACKNOWLEDGE: 5,
        Stage.WAITLIST_REVIEW: 30,
        Stage.CONFIRM_CANCELLATION: 7,
        Stage.EXPIRY: 14,
        Stage.VISIT: 1,
        Stage.SILENCE: 21,
        Stage.CLAIM: 1,
    }
    days = of_referrals | {Stage.HANDOFF_OFFER: 3, Stage.HANDOFF_CONTACT: 14}
    return since + (timedelta(hours=24) if urgent else timedelta(days=days[stage]))


def envelope(client: UUID, *, agency: str = CLINIC, at: datetime = NOON, initiative: str = FRESNO) -> Envelope:
    return Envelope(
        event_id=uuid7(),
        client_id=client,
        agency=agency,
        initiative=initiative,
        occurred_at=at,
        actor="staff-1",
        correlation=uuid7(),
        traceparent=f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00",
    )


def event(fact: Fact, *, client: UUID | None = None, stream: UUID | None = None, version: int = 1) -> Written:
    return Written(stream or uuid7(), version, fact, envelope(client or uuid.uuid4()))


def registered(client: UUID | None = None, *, key: IdempotencyKey | None = None, version: int = 1) -> Commit:
    """The smallest commit: one event on the client's own stream."""
    client = client or uuid.uuid4()
    written = event(ClientRegistered(), client=client, stream=client, version=version)
    return Commit((written,), key=key, answer=ANSWERED if key else None)


def some_key(text: str = "", *, body: bytes = b"body") -> IdempotencyKey:
    return IdempotencyKey(CLINIC, "send_referral", text or str(uuid7()), body)


SENT = ReferralSent(
    from_agency=CLINIC,
    to_agency=WIC,
    to_channel=Channel.SYSTEM,
    service="wic-east-food",
    category=Category.FOOD_INSECURITY,
    mode=Mode.DIRECT,
    priority=Priority.ROUTINE,
    given=(GivenField.NAME, GivenField.PHONES),
    consent=UUID(int=7),
)
RECEIVED = ReferralReceived()
ACCEPTED = ReferralAccepted(person="staff-2", on=date(2026, 3, 4))
DECLINED = ReferralDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, source=Source.RECIPIENT)
ACKNOWLEDGED = ReferralAcknowledged(channel=ToldBy.PAGE)
PROPOSED = HandoffProposed(
    from_agency=CLINIC,
    to_agency=HUB,
    domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
    kind=HandoffKind.COLD,
    episode=UUID(int=9),
)
AGREED = HandoffClientAgreed(consent=UUID(int=7))
OFFERED = HandoffOffered(given=(GivenField.NAME,))
TAKEN_ON = HandoffAccepted(person="staff-3")
CONTACT = ContactRecorded(mode=ContactMode.HOME_VISIT, outcome=ContactOutcome.COMPLETED, met=True)


@dataclass
class Story:
    """The events of one client, told one by one: each call gives the commit that stores it, with its work row."""

    client: UUID = field(default_factory=uuid.uuid4)
    initiative: str = FRESNO
    told: dict[UUID, list[Written]] = field(default_factory=dict)
    hours: Callable[[], int] = field(default_factory=lambda: itertools.count().__next__)

    def tell(self, stream: UUID, fact: Fact, agency: str, *, at: datetime | None = None) -> Commit:
        history = self.told.setdefault(stream, [])
        when = at or NOON + timedelta(hours=self.hours())
        made = envelope(self.client, agency=agency, at=when, initiative=self.initiative)
        history.append(Written(stream, len(history) + 1, fact, made))
        return Commit((history[-1],), work=self.row(stream))

    def row(self, stream: UUID) -> tuple[WorkRow, ...]:
        return work_rows(self.told[stream], due)


def recorded(commit: Commit, at: datetime) -> Commit:
    """The same commit as history: it says itself when it was recorded."""
    return replace(commit, events=tuple(replace(each, recorded_at=at) for each in commit.events))
