"""Owns what becomes of one stored event on its way out: its record, its partition, its span."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from kafka.partitioner.default import murmur2

from contracts.envelope import header_pairs
from contracts.topic import FIRST_KEY, under
from services.referrals.publishing import (
    CARE_TOPIC,
    DIRECTORY_TOPIC,
    RESTRICTED_TOPIC,
    PublishedRecord,
    plain_value,
    publish,
)
from services.referrals.store.recorded import Decode, Row, written_row
from services.referrals.store.written import Written

Pseudonym = Callable[[str, UUID], str]
TurnedOn = Callable[[str], bool]

_REMEMBERED: Final = 100_000


class Outgoing(NamedTuple):
    """A record and where it goes; `position` is the event's. `written_ms`: when it was recorded, ms since 1970."""

    position: int
    record: PublishedRecord
    partition: int
    written_ms: int
    traceparent: str | None

    def __repr__(self) -> str:
        return f"Outgoing({self.position}, {self.record.topic}, {self.partition})"


class Publisher:
    """Turns stored events into what goes out. `pseudonym` names a client on the log of an initiative.

    `restricted_on` says whether an initiative has turned its restricted topic on (rule R6): where it has not, its
    restricted events stay in the store. `key` is the log key of the pseudonyms: its topics are other ones.
    """

    def __init__(self, pseudonym: Pseudonym, restricted_on: TurnedOn, key: int = FIRST_KEY) -> None:
        self._pseudonym = pseudonym
        self._restricted_on = restricted_on
        self._topics = {CARE_TOPIC: under(CARE_TOPIC, key), RESTRICTED_TOPIC: under(RESTRICTED_TOPIC, key)}
        self._keys: dict[UUID, tuple[bytes, int]] = {}

    def outgoing(self, event: Written, partitions: int) -> Outgoing | None:
        """What goes out for an event, None for what stays; `partitions` of the topics of clients, which are all alike.

        The directory's topic has one partition: a reader gets all of it in order.
        """
        envelope = event.envelope
        key, hashed = self._key(envelope.initiative, envelope.client_id)
        record = publish(event, key.decode(), lambda client: self._pseudonym(envelope.initiative, client))
        if record is None or event.position is None or event.recorded_at is None:
            return None
        if record.topic == RESTRICTED_TOPIC and not self._restricted_on(envelope.initiative):
            return None
        partition = 0 if record.topic == DIRECTORY_TOPIC else hashed % partitions
        record = record._replace(topic=self._topics.get(record.topic, record.topic))
        return Outgoing(event.position, record, partition, _milliseconds(event.recorded_at), envelope.traceparent)

    def outgoing_row(self, row: Row, decode: Decode, partitions: int) -> Outgoing | None:
        """The same for a row of the store, in half the time where its fact is a plain one."""
        stream, _, type_name, state, event_id, client, agency, initiative, at, _, _, _, trace, position, recorded = row
        value = plain_value(type_name, state, stream)
        if value is None:
            return self.outgoing(written_row(row, decode), partitions)
        key, hashed = self._key(initiative, client)
        headers = header_pairs(
            id=event_id,
            type=type_name,
            initiative=initiative,
            agency=agency,
            time=at,
            key=key,
            position=position,
            recorded_time=recorded,
            traceparent=trace,
        )
        record = PublishedRecord(self._topics[CARE_TOPIC], key, headers, value)
        return Outgoing(position, record, hashed % partitions, _milliseconds(recorded), trace)

    def _key(self, initiative: str, client: UUID) -> tuple[bytes, int]:
        known = self._keys.get(client)
        if known is None:
            key = self._pseudonym(initiative, client).encode()
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            # As Kafka's own default partitioner does: murmur2 of the key, made positive.
            known = self._keys[client] = (key, murmur2(key) & 0x7FFFFFFF)
        return known


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
