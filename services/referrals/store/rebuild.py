"""Owns the work index built anew from the events: readers see the old one until the new one is whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter
from typing import Final, LiteralString, get_args

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from services.referrals.domain.charge import ChargeFact
from services.referrals.domain.timer import TimerFact
from services.referrals.domain.watch import WatchFact
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import select, written_row
from services.referrals.store.work_index import FACTS, work_rows

Connection = psycopg.Connection[TupleRow]

_NAMES: Final = tuple(field.name for field in fields(WorkRow))
_MOOT: Final[LiteralString] = (
    "UPDATE rebuilt q SET moot = TRUE WHERE subject IS NOT NULL AND NOT EXISTS ("
    "SELECT FROM rebuilt a WHERE a.id = q.subject AND unanswered(a.state))"
)
_WHOLE: Final = (*_NAMES, "moot")
_COLUMNS: Final = sql.SQL(", ").join(map(sql.Identifier, _NAMES))
# Beside a stream's own facts, others stand in the stream of their record: a firing, a lead's watch, a charge.
_BESIDE: Final = tuple(kind for union in (TimerFact, WatchFact, ChargeFact) for kind in get_args(union) or (union,))
_INDEXED: Final = sorted(kind.TYPE for kind in (*FACTS, *_BESIDE))
_UP_TO: Final = select("WHERE notification_id <= %s AND topic = ANY (%s) ORDER BY originator_id, originator_version")
_MOVED: Final = select(
    "WHERE originator_id IN (SELECT originator_id FROM stored_events WHERE notification_id > %s AND topic = ANY (%s))"
    " ORDER BY originator_id, originator_version"
)
_LOCK: Final[LiteralString] = "SELECT pg_advisory_xact_lock(hashtextextended('public.stored_events', 0))"
_FETCH: Final = 2_000


@dataclass(frozen=True)
class Rebuilt:
    """How many rows the index has now, and how many of them were not so before (gone ones among them)."""

    rows: int
    changed: int


def rebuild_work_index(connection: Connection, mapper: FactMapper, due: Due) -> Rebuilt:
    """Fold every stream that has rows and put right what differs, in one transaction at the end.

    `connection` is the owner's, in autocommit. Writers wait only while the events that came meanwhile are folded and
    the differences are written.
    """
    last = _position(connection)
    connection.execute("CREATE TEMP TABLE rebuilt (LIKE work_index INCLUDING ALL) ON COMMIT PRESERVE ROWS")
    try:
        with connection.transaction():
            _load(connection, _folded(connection, _UP_TO, last, mapper, due))
        connection.execute("ANALYZE rebuilt")
        with connection.transaction():
            connection.execute(_LOCK)
            for row in _folded(connection, _MOVED, last, mapper, due):
                connection.execute("DELETE FROM rebuilt WHERE id = %s", [row.id])
                _load(connection, [row])
            return _put_right(connection)
    finally:
        connection.execute("DROP TABLE rebuilt")


def work_index_differences(connection: Connection, mapper: FactMapper, due: Due) -> int:
    """How many rows of the index are not what the events say. Nothing is changed."""
    with connection.transaction(force_rollback=True):
        connection.execute(_LOCK)
        connection.execute("CREATE TEMP TABLE rebuilt (LIKE work_index INCLUDING ALL) ON COMMIT DROP")
        _load(connection, _folded(connection, _UP_TO, _position(connection), mapper, due))
        return _put_right(connection).changed


def _position(connection: Connection) -> int:
    row = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone()
    return int(row[0]) if row else 0


def _folded(connection: Connection, query: LiteralString, last: int, mapper: FactMapper, due: Due) -> Iterator[WorkRow]:
    with connection.cursor("rebuild", binary=True) as cursor:
        cursor.itersize = _FETCH
        cursor.execute(query, [last, _INDEXED])
        events = (written_row(row, mapper.decode) for row in cursor)
        for _, history in groupby(events, key=attrgetter("stream")):
            yield from work_rows(list(history), due)


def _load(connection: Connection, rows: Iterable[WorkRow]) -> None:
    listed = list(rows)
    copy = sql.SQL("COPY rebuilt ({}) FROM STDIN").format(_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(copy) as into:
        for row in listed:
            into.write_row([getattr(row, name) for name in _NAMES])


def _put_right(connection: Connection) -> Rebuilt:
    connection.execute(_MOOT)
    gone = connection.execute(
        "DELETE FROM work_index w WHERE NOT EXISTS (SELECT 1 FROM rebuilt r WHERE r.id = w.id)"
    ).rowcount
    put = sql.SQL(
        "INSERT INTO work_index AS w ({columns}) SELECT {columns} FROM rebuilt"
        " ON CONFLICT (id) DO UPDATE SET ({columns}) = ROW ({excluded})"
        " WHERE ({current}) IS DISTINCT FROM ({excluded})"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, _WHOLE)),
        excluded=sql.SQL(", ").join(sql.Identifier("excluded", name) for name in _WHOLE),
        current=sql.SQL(", ").join(sql.Identifier("w", name) for name in _WHOLE),
    )
    changed = connection.execute(put).rowcount
    row = connection.execute("SELECT count(*) FROM rebuilt").fetchone()
    return Rebuilt(int(row[0]) if row else 0, gone + changed)
