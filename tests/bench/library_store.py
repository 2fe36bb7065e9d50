"""Owns the bench's other store: the same reader and writer on eventsourcing's default recorder and mapper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import DatetimeAsISO, IntegrityError, JSONTranscoder, Mapper, UUIDAsHex
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.referrals.domain.catalogue import FACTS
from services.referrals.store.commit import Commit, Conflicted, IdempotencyKey, Outcome, Stored
from services.referrals.store.reader import Looked
from services.referrals.store.written import Envelope, Written


@dataclass(frozen=True)
class LibraryEvent(DomainEvent):
    """What the library stores of one of our events: all of it in the state, as its mapper does it."""

    name: str
    fact: dict[str, Any]
    event_id: UUID
    client_id: UUID
    agency: str
    initiative: str
    actor: str
    correlation: UUID
    causation: UUID | None
    traceparent: str | None


class LibraryStore:
    """`look` and `append` as the application asks for them, statement by statement, in the calling thread."""

    def __init__(self, dsn: str, *, pool_size: int) -> None:
        place = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
        self._datastore = PostgresDatastore(
            dbname=place["dbname"],
            host=place["host"],
            port=place["port"],
            user=place["user"],
            password=place["password"],
            pool_size=pool_size,
            max_overflow=pool_size,
        )
        self._recorder = PostgresApplicationRecorder(self._datastore, events_table_name="stored_events")
        self._recorder.create_table()
        transcoder = JSONTranscoder()
        transcoder.register(UUIDAsHex())
        transcoder.register(DatetimeAsISO())
        self._mapper: Mapper[UUID] = Mapper(transcoder=transcoder)

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        del key, work_of  # the library has neither: nothing is asked for them, which is to its advantage
        return Looked({stream: tuple(self._stream(stream)) for stream in streams}, (), None)

    async def append(self, commit: Commit) -> Outcome:
        try:
            ids = self._recorder.insert_events([self._mapper.to_stored_event(_library(each)) for each in commit.events])
        except IntegrityError:
            return Conflicted(tuple(event.stream for event in commit.events))
        return Stored((ids or [0])[-1])

    def close(self) -> None:
        self._datastore.close()

    def _stream(self, stream: UUID) -> Iterable[Written]:
        for stored in self._recorder.select_events(stream):
            event = self._mapper.to_domain_event(stored)
            assert isinstance(event, LibraryEvent)
            yield _ours(event)


def _library(event: Written) -> LibraryEvent:
    envelope = event.envelope
    return LibraryEvent(
        originator_id=event.stream,
        originator_version=event.version,
        timestamp=envelope.occurred_at,
        name=event.fact.TYPE,
        fact=event.fact.model_dump(mode="json"),
        event_id=envelope.event_id,
        client_id=envelope.client_id,
        agency=envelope.agency,
        initiative=envelope.initiative,
        actor=envelope.actor,
        correlation=envelope.correlation,
        causation=envelope.causation,
        traceparent=envelope.traceparent,
    )


def _ours(event: LibraryEvent) -> Written:
    at: datetime = event.timestamp
    envelope = Envelope(
        event.event_id,
        event.client_id,
        event.agency,
        event.initiative,
        at,
        event.actor,
        event.correlation,
        event.causation,
        event.traceparent,
    )
    fact = FACTS[event.name].model_validate(event.fact, strict=False)
    return Written(event.originator_id, event.originator_version, fact, envelope)
