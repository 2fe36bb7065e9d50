"""Published events as they stand on Kafka, built for tests: who, when, what, in the order of an event store."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from contracts import registry
from contracts.envelope import Headers
from contracts.events.appointment import AppointmentBookedV1, AppointmentEvent
from contracts.events.consent import ConsentChangedV1, ConsentRecordedV1
from contracts.events.contact import ContactAmendedV1, ContactRecordedV1
from contracts.events.event import Published
from contracts.events.handoff import HandoffCompletedV1, HandoffOfferedV1, HandoffProposedV1
from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralEnteredInErrorV1,
    ReferralSentV1,
    ReferralTakenBackV1,
    ReferralWaitlistedV1,
)
from contracts.vocabulary import (
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    HandoffKind,
    How,
    Measurement,
    Mode,
    Outcome,
    Priority,
    Purpose,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
)
from services.measures.domain.journey import Journey, Observed, fold
from services.measures.domain.path import Moment
from services.runtime.kafka import Producer

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
_CATEGORIES = [Category.DOULA] * 20 + [Category.WIC] * 20 + [Category.LACTATION] * 20 + [Category.SAFE_SLEEP]
_MODES = [Mode.DIRECT] * 19 + [Mode.INFORMATIONAL]
CLINIC, DOULAS = "example-clinic-north", "example-doulas"
SENDERS = (CLINIC, "example-clinic-south", "example-wic-office")
RECEIVERS = (DOULAS, "example-doulas-east", "example-food-pantry")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@dataclass(frozen=True)
class Fact:
    """One event with everything that its headers say."""

    headers: Headers
    event: Published
    restricted: bool = False

    def recorded_at(self, at: datetime) -> Fact:
        """The same, written down at another time."""
        return replace(self, headers=replace(self.headers, recorded_time=at))

    @property
    def observed(self) -> Observed:
        """The event as a journey takes it."""
        known = registry.decode(self.headers.type, registry.encode(self.event))
        assert not isinstance(known, registry.UnknownEvent)
        headers = self.headers
        moment = Moment(headers.time, headers.position)
        return Observed(known, moment, headers.agency, headers.id, headers.recorded_time, restricted=self.restricted)


def _cancelled(referral: UUID, source: Source) -> ReferralCancelledV1:
    return ReferralCancelledV1(
        reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT, referral=referral, source=source
    )


@dataclass
class Log:
    """An event store in miniature: positions count up, ids are made from a seed."""

    initiative: str = "fresno-ptbi"
    seed: int = 1
    first: int = 1
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._positions = itertools.count(self.first)

    def id(self) -> UUID:
        """The next id."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def known_later(self, at: datetime) -> None:
        """Everything in this log was recorded at `at`."""
        self.facts = [replace(fact, headers=replace(fact.headers, recorded_time=at)) for fact in self.facts]

    def journeys(self) -> Sequence[tuple[str, Journey]]:
        """The journey of each client, by pseudonym, whenever anything was recorded."""
        known: dict[str, list[Observed]] = {}
        for fact in self.facts:
            known.setdefault(fact.headers.subject, []).append(fact.observed)
        return [(client, fold(events)) for client, events in known.items()]

    def skip(self) -> None:
        """Leaves a position out, as a rolled back append does."""
        next(self._positions)

    def add(
        self,
        event: Published,
        client: str,
        at: datetime,
        agency: str = CLINIC,
        recorded: datetime | None = None,
        *,
        restricted: bool = False,
    ) -> Fact:
        """Appends one event of a client, on the restricted topic where it is said (R6)."""
        headers = Headers(
            id=self.id(),
            type=event.TYPE,
            initiative=self.initiative,
            agency=agency,
            time=at,
            subject=client,
            position=next(self._positions),
            recorded_time=recorded or at,
            traceparent=TRACEPARENT,
        )
        self.facts.append(Fact(headers, event, restricted))
        return self.facts[-1]

    def consented(
        self,
        client: str,
        at: datetime,
        measurement: Measurement | None,
        consent: UUID | None = None,
        agency: str = CLINIC,
    ) -> Fact:
        """She says something of being counted: in a consent of its own, or otherwise in this one."""
        kind = ConsentRecordedV1 if consent is None else ConsentChangedV1
        said = kind(agreed=True, consent=consent or self.id(), how=How.SPOKEN, measurement=measurement,
                    on=at.date(), purpose=Purpose.COORDINATION)  # fmt: skip
        return self.add(said, client, at, agency)

    def contact(
        self,
        client: str,
        at: datetime,
        agency: str = CLINIC,
        *,
        met: bool = True,
        mode: ContactMode = ContactMode.PHONE,
        referral: UUID | None = None,
    ) -> UUID:
        """A contact in which she was met, or an attempt."""
        outcome = ContactOutcome.COMPLETED if met else ContactOutcome.ATTEMPTED_NO_ANSWER
        contact = self.id()
        said = ContactRecordedV1(contact=contact, met=met, mode=mode, outcome=outcome, referral=referral)
        self.add(said, client, at, agency)
        return contact

    def amended(self, client: str, contact: UUID, at: datetime, agency: str = CLINIC, *, met: bool) -> None:
        """A contact that reads so after all, and took place then after all."""
        outcome = ContactOutcome.COMPLETED if met else ContactOutcome.ATTEMPTED_NO_ANSWER
        event = ContactAmendedV1(contact=contact, met=met, mode=ContactMode.PHONE, outcome=outcome)
        self.add(event, client, at, agency)

    def sent(
        self,
        client: str,
        at: datetime,
        *,
        category: Category = Category.DOULA,
        mode: Mode = Mode.DIRECT,
        channel: Channel = Channel.SYSTEM,
        between: tuple[str, str] = (CLINIC, DOULAS),
    ) -> UUID:
        """A referral that was sent, from one agency to another."""
        referral = self.id()
        event = ReferralSentV1(
            category=category,
            from_agency=between[0],
            mode=mode,
            priority=Priority.ROUTINE,
            referral=referral,
            service="doula-support",
            to_agency=between[1],
            to_channel=channel,
        )
        self.add(event, client, at, between[0])
        return referral

    def accepted(self, client: str, referral: UUID, at: datetime) -> None:
        """The receiver's yes."""
        self.add(ReferralAcceptedV1(referral=referral), client, at, DOULAS)

    def declined(self, client: str, referral: UUID, at: datetime) -> None:
        """The receiver's no."""
        event = ReferralDeclinedV1(
            reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, referral=referral, source=Source.RECIPIENT
        )
        self.add(event, client, at, DOULAS)

    def waitlisted(self, client: str, referral: UUID, at: datetime) -> None:
        """The receiver's not yet."""
        event = ReferralWaitlistedV1(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, referral=referral)
        self.add(event, client, at, DOULAS)

    def withdrawn(self, client: str, referral: UUID, at: datetime) -> None:
        """The sender took it back."""
        self.add(_cancelled(referral, Source.SENDER), client, at)

    def stopped(self, client: str, referral: UUID, at: datetime) -> None:
        """The receiver stopped, as it was asked."""
        self.add(_cancelled(referral, Source.RECIPIENT), client, at, DOULAS)

    def completed(self, client: str, referral: UUID, at: datetime) -> None:
        """The end with service."""
        event = ReferralCompletedV1(outcome=Outcome.SERVICE_RECEIVED, referral=referral, source=Source.RECIPIENT)
        self.add(event, client, at, DOULAS)

    def acknowledged(self, client: str, referral: UUID, at: datetime) -> None:
        """The sender knows."""
        self.add(ReferralAcknowledgedV1(referral=referral), client, at)

    def taken_back(self, client: str, fact: Fact, referral: UUID, at: datetime) -> Fact:
        """A step of a referral does not count."""
        return self.add(ReferralTakenBackV1(event=fact.headers.id, referral=referral), client, at, DOULAS)

    def in_error(self, client: str, referral: UUID, at: datetime) -> Fact:
        """It should never have been sent."""
        return self.add(ReferralEnteredInErrorV1(event=self.id(), referral=referral), client, at)

    def booked(self, client: str, referral: UUID, at: datetime, due_at: datetime) -> UUID:
        """A visit that was booked."""
        visit = self.id()
        self.add(AppointmentBookedV1(appointment=visit, referral=referral, due_at=due_at), client, at, DOULAS)
        return visit

    def visit(self, client: str, event: AppointmentEvent, at: datetime) -> None:
        """What came of it."""
        self.add(event, client, at, DOULAS)

    def offered(self, client: str, at: datetime) -> UUID:
        """A handoff that was offered."""
        handoff = self.id()
        self.add(HandoffOfferedV1(handoff=handoff), client, at)
        return handoff

    def proposed(self, client: str, at: datetime, between: tuple[str, str]) -> UUID:
        """A handoff from one agency to another that was offered."""
        handoff = self.id()
        event = HandoffProposedV1(
            domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
            episode=self.id(),
            from_agency=between[0],
            handoff=handoff,
            kind=HandoffKind.COLD,
            to_agency=between[1],
        )
        self.add(event, client, at, between[0])
        self.add(HandoffOfferedV1(handoff=handoff), client, at, between[0])
        return handoff

    def handed_over(self, client: str, handoff: UUID, at: datetime) -> None:
        """The handoff is complete."""
        self.add(HandoffCompletedV1(handoff=handoff), client, at, DOULAS)


def pseudonym(number: int) -> str:
    """A log pseudonym as it looks: 26 characters of base32."""
    return f"{number:0>26}".translate(str.maketrans("0189", "abcd"))


def busy(
    clients: int,
    per_client: int = 6,
    *,
    log: Log | None = None,
    seed: int = 1,
    hours: float = 1,
    whose: Callable[[datetime], str] | None = None,
) -> Log:
    """A log of some length, a story every so many hours: contacts by six agencies, referrals, handoffs.

    Of any of the clients, or of whom `whose` names for a time.
    """
    log, dice = log or Log(seed=seed), random.Random(seed)
    for step in range(clients * per_client):
        number = dice.randrange(clients)
        at = START + timedelta(hours=step * hours, minutes=dice.randrange(90))
        client = whose(at) if whose else pseudonym(number)
        match dice.randrange(4):
            case 0:
                category, mode = dice.choice(_CATEGORIES), dice.choice(_MODES)
                referral = log.sent(client, at, category=category, mode=mode, between=_between(dice))
                if dice.random() < 0.8:
                    log.accepted(client, referral, at + timedelta(days=dice.randrange(30)))
                if dice.random() < 0.5:
                    log.completed(client, referral, at + timedelta(days=40))
                    log.acknowledged(client, referral, at + timedelta(days=41))
            case 1:
                handoff = log.proposed(client, at, _between(dice))
                if dice.random() < 0.7:
                    log.handed_over(client, handoff, at + timedelta(days=dice.randrange(20)))
            case _:
                log.contact(client, at, dice.choice(SENDERS + RECEIVERS), met=dice.random() < 0.9)
    return log


def _between(dice: random.Random) -> tuple[str, str]:
    return dice.choice(SENDERS), dice.choice(RECEIVERS)


def publish(producer: Producer, topic: str, facts: Iterable[Fact]) -> None:
    """Sends events as the relay does and waits for every acknowledgement."""
    for batch in _batches(facts, 2_000):
        promised = [
            producer.send(topic, registry.encode(fact.event), fact.headers.key, fact.headers.pairs()) for fact in batch
        ]
        for promise in promised:
            promise.get(30)


def _batches(facts: Iterable[Fact], size: int) -> Iterator[Sequence[Fact]]:
    rest = iter(facts)
    while batch := list(itertools.islice(rest, size)):
        yield batch
