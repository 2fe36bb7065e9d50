"""Owns what becomes of one stored event on its way out: its record, its partition, its span."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from kafka.partitioner.default import murmur2

from services.referrals.publishing import RESTRICTED_TOPIC, PublishedRecord, publish
from services.referrals.store.written import Written

Pseudonym = Callable[[str, UUID], str]
TurnedOn = Callable[[str], bool]

_REMEMBERED: Final = 100_000
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """A record and where it goes; `position` is the event's. `written_ms`: when it was recorded, ms since 1970."""

    position: int
    record: PublishedRecord
    partition: int
    written_ms: int

    def __repr__(self) -> str:
        return f"Outgoing({self.position}, {self.record.topic}, {self.partition})"


class Publisher:
    """Turns stored events into what goes out. `pseudonym` names a client on the log of an initiative.

    `restricted_on` says whether an initiative has turned its restricted topic on (rule R6): where it has not, its
    restricted events stay in the store.
    """

    def __init__(self, pseudonym: Pseudonym, restricted_on: TurnedOn) -> None:
        self._pseudonym = pseudonym
        self._restricted_on = restricted_on
        self._subjects: dict[UUID, tuple[str, int]] = {}

    def outgoing(self, event: Written, partitions: int) -> Outgoing | None:
        """What goes out for an event, None for what stays; `partitions` of its topic, which are all alike."""
        envelope = event.envelope
        subject, hashed = self._subject(envelope.initiative, envelope.client_id)
        record = publish(event, subject)
        if record is None or event.position is None or event.recorded_at is None:
            return None
        if record.topic == RESTRICTED_TOPIC and not self._restricted_on(envelope.initiative):
            return None
        written_ms = int(event.recorded_at.timestamp() * 1000)
        return Outgoing(event.position, record, hashed % partitions, written_ms)

    def _subject(self, initiative: str, client: UUID) -> tuple[str, int]:
        known = self._subjects.get(client)
        if known is None:
            subject = self._pseudonym(initiative, client)
            if len(self._subjects) >= _REMEMBERED:
                self._subjects.clear()
            # As Kafka's own default partitioner does: murmur2 of the key, made positive.
            known = self._subjects[client] = (subject, murmur2(subject.encode()) & 0x7FFFFFFF)
        return known
