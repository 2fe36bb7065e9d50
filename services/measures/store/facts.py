"""Writes facts into the schema that counts, and reads them back client by client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg
from psycopg import sql

from contracts.topic import FIRST_KEY
from services.runtime.postgres import Connection, Cursor, conninfo
from services.runtime.worker import Ledger, Overtaken

COLUMNS: Final = (
    "event_id, initiative, subject, type, agency, occurred_at, recorded_at,"
    " position, topic, partition, offset_, traceparent, data"
)
_COPY: Final = sql.SQL("COPY {} (" + COLUMNS + ") FROM STDIN")


class OtherKey(Exception):
    """What readers see was read under another log key by now: from other topics."""


class LiveFacts:
    """The sink of the live consumer: rows go where readers look, and follow when a rebuild takes over.

    Those of the topics under `key` alone; raises OtherKey once others are read.
    """

    def __init__(self, dsn: str, key: int = FIRST_KEY) -> None:
        self._dsn = conninfo(dsn, "closeknit measures consume")
        self._key = key

    def connect(self) -> Connection:
        """A connection in autocommit mode."""
        return psycopg.connect(self._dsn, autocommit=True)

    def ledger(self, connection: Connection) -> Ledger:
        """Positions and park of the schema that counts now. Raises OtherKey."""
        schema, key = current(connection)
        if key != self._key:
            raise OtherKey
        return Ledger(schema)

    def write(self, cursor: Cursor, ledger: Ledger, rows: Sequence[bytes]) -> None:
        """Copies rows; raises Overtaken when another schema has taken over."""
        if cursor.execute("SELECT projection.hold(false)").fetchone() != (ledger.schema,):
            raise Overtaken
        copy_rows(cursor, ledger.schema, rows)


class NewFacts:
    """The sink of a rebuild: a schema that nobody reads yet."""

    def __init__(self, dsn: str, schema: str) -> None:
        self._dsn = conninfo(dsn, "closeknit measures rebuild")
        self._schema = schema

    def connect(self) -> Connection:
        """A connection whose commits do not wait for the disk: what is lost with it is read again."""
        return psycopg.connect(self._dsn, autocommit=True, options="-c synchronous_commit=off")

    def ledger(self, connection: Connection) -> Ledger:
        """Positions and park of the new schema."""
        del connection
        return Ledger(self._schema)

    def write(self, cursor: Cursor, ledger: Ledger, rows: Sequence[bytes]) -> None:
        """Copies rows."""
        copy_rows(cursor, ledger.schema, rows)


def current(connection: Connection) -> tuple[str, int]:
    """The schema that readers see, and its log key; raises RuntimeError before the first migration."""
    found = connection.execute("SELECT schema, log_key FROM projection.current").fetchone()
    if found is None:
        raise RuntimeError("the measures database has no projection; run `closeknit migrate`")
    return str(found[0]), int(found[1])


def copy_rows(cursor: Cursor, schema: str, rows: Sequence[bytes]) -> None:
    """Appends rows, each a line of COPY text format in the order of COLUMNS, to the facts of a schema."""
    if not rows:
        return
    with cursor.copy(_COPY.format(sql.Identifier(schema, "facts"))) as copy:
        copy.write(b"".join(rows))
