"""From a stored event to the Kafka record that tells of it: topic, key, headers and value."""

from datetime import datetime
from typing import Final, NamedTuple, Protocol, cast
from uuid import UUID

from contracts.envelope import Headers
from contracts.registry import encode
from services.referrals.domain.catalogue import StoredFact
from services.referrals.domain.directory import DirectoryFact
from services.referrals.domain.fact import Fact
from services.referrals.publishing.client import Named
from services.referrals.publishing.events import contract_event, restricted

CARE_TOPIC: Final = "care.events.v1"
RESTRICTED_TOPIC: Final = "care.restricted.v1"
DIRECTORY_TOPIC: Final = "care.directory.v1"


class StoredEnvelope(Protocol):
    """The part of a stored event's envelope that is published."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def agency(self) -> str: ...
    @property
    def initiative(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def traceparent(self) -> str | None: ...


class Stored(Protocol):
    """A stored event as the store gives it back."""

    @property
    def stream(self) -> UUID: ...
    @property
    def fact(self) -> Fact: ...
    @property
    def envelope(self) -> StoredEnvelope: ...
    @property
    def position(self) -> int | None: ...
    @property
    def recorded_at(self) -> datetime | None: ...


class PublishedRecord(NamedTuple):
    """One Kafka record. Where the initiative has not turned the restricted topic on, the relay leaves it out (R6)."""

    topic: str
    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes

    def __repr__(self) -> str:
        return f"PublishedRecord({self.topic})"


def topic_of(fact: Fact) -> str:
    """Where a fact is published, if it is: restricted ones are never on the care topic (R6)."""
    if isinstance(fact, DirectoryFact):
        return DIRECTORY_TOPIC
    return RESTRICTED_TOPIC if restricted(cast(StoredFact, fact)) else CARE_TOPIC


def publish(stored: Stored, subject: str, named: Named) -> PublishedRecord | None:
    """The record of a stored event about the client with log pseudonym `subject`; None for what is stored only.

    An entry of the directory is about no client: its subject, and record key, is the id of the entry.

    `named` gives the log pseudonym of another client that the event names (R21). The same event gives the same bytes
    whenever it is asked. Raises ValueError for an event without its position.
    """
    fact = cast(StoredFact, stored.fact)
    event = contract_event(fact, stored.stream, named)
    if event is None:
        return None
    if stored.position is None or stored.recorded_at is None:
        raise ValueError("the event was not read back from the store")
    envelope = stored.envelope
    headers = Headers(
        id=envelope.event_id,
        type=event.TYPE,
        initiative=envelope.initiative,
        agency=envelope.agency,
        time=envelope.occurred_at,
        subject=str(stored.stream) if isinstance(fact, DirectoryFact) else subject,
        position=stored.position,
        recorded_time=stored.recorded_at,
        traceparent=envelope.traceparent,
    )
    return PublishedRecord(topic_of(fact), headers.key, headers.pairs(), encode(event))
