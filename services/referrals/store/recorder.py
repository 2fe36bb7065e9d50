"""Owns our recorder for eventsourcing: its events go through our append function and carry our envelope."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import orjson
from eventsourcing.persistence import InterfaceError, OperationalError, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.sql import SQL

from services.referrals.store.recorded import COLUMNS, Recorded, recorded_row, select
from services.referrals.store.written import Envelope

TABLE: Final = "stored_events"

_APPEND: Final = "SELECT append_commits(%s, '@import') AS answer"

_in_order = itemgetter(*COLUMNS.replace(",", "").split())


class Recorder(PostgresApplicationRecorder):
    """Passes eventsourcing's own recorder tests; its tables are made by migrations alone.

    Never with `POSTGRES_ENABLE_DB_FUNCTIONS`: that switch loses events for readers by position.
    """

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = TABLE) -> None:
        if events_table_name != TABLE or datastore.schema != "public" or datastore.enable_db_functions:
            raise ProgrammingError("the append function writes public.stored_events and nothing else")
        super().__init__(datastore, events_table_name=events_table_name)

    def create_table(self) -> None:
        """Nothing: migrations make the tables, and this role may not."""

    def envelope(self, event: StoredEvent) -> Envelope:
        """The envelope of an event that is to be stored."""
        if not isinstance(event, Recorded):
            raise ProgrammingError("an event is stored with its envelope: give a Recorded")
        return event.envelope

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Store all or none; the positions. Raises IntegrityError when a version is there already."""
        if not stored_events:
            return None
        rows = [_row(event, self.envelope(event)) for event in stored_events]
        positions: Sequence[int] = self._append(orjson.dumps({"events": rows, "expect": []}).decode(), len(rows))
        return positions

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _append(self, text: str, count: int) -> Sequence[int]:
        # A repeated try is safe: the function knows events that it has stored already by their ids.
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(_APPEND, [text], prepare=True)
            row = cursor.fetchone()
        if row is None:
            raise ProgrammingError("append_commits gave no answer")
        said = orjson.loads(row["answer"])
        last: int = (said["refused"] or {}).get("1", {}).get("stored", said["last"])
        return list(range(last - count + 1, last + 1))

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, `Recorded`, by version."""
        query = SQL(
            select(
                "WHERE originator_id = %(stream)s"
                " AND (%(gt)s::bigint IS NULL OR originator_version > %(gt)s)"
                " AND (%(lte)s::bigint IS NULL OR originator_version <= %(lte)s)"
                " ORDER BY originator_version {} LIMIT %(limit)s"
            )
        ).format(SQL("DESC" if desc else "ASC"))
        given = {"stream": originator_id, "gt": gt, "lte": lte, "limit": limit}
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(query, given, prepare=True)
            return [recorded_row(_in_order(row)) for row in cursor.fetchall()]


def _row(event: StoredEvent, envelope: Envelope) -> dict[str, Any]:
    return {
        "c": 1,
        "i": event.originator_id,
        "v": event.originator_version,
        "o": envelope.occurred_at,
        "e": envelope.event_id,
        "p": envelope.client_id,
        "r": envelope.correlation,
        "u": envelope.causation,
        "t": event.topic,
        "n": envelope.initiative,
        "a": envelope.agency,
        "w": envelope.actor,
        "x": envelope.traceparent,
        "s": event.state.decode(),
    }
