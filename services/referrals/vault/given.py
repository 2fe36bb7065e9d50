"""Owns the copies that clients agreed to give: one per referral or handoff, sealed for its receiver alone (rule R1).

A copy is made once. It is locked at once when its referral or handoff ends before the receiver accepted, and its
content is deleted 15 minutes later (rule R14); the empty row stays, so that no late follower makes it again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from services.referrals.vault.data_keys import DataKeys, Holder
from services.referrals.vault.held import GIVEN, Held, HeldRow
from services.referrals.vault.identity import Json
from services.referrals.vault.notes import Notes
from services.referrals.vault.seal import DataKey, Place, Sealed, key_of
from services.referrals.vault.words import Words
from services.runtime.postgres import AsyncPool

_TAKE_BACK = timedelta(minutes=15)
_NOTE = "note"

_STEP = "UPDATE followers SET position = %s WHERE name = %s AND position = %s"
_MAKE = """
INSERT INTO given (kind, subject_id, initiative, client_id, receiver, sealed, accepted, made_at)
SELECT *, clock_timestamp() FROM unnest(
  %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::bytea[], %s::boolean[])
ON CONFLICT DO NOTHING
"""
_ACCEPT = """
UPDATE given SET accepted = true FROM unnest(%s::text[], %s::uuid[]) AS now (kind, subject_id)
WHERE given.kind = now.kind AND given.subject_id = now.subject_id AND locked_at IS NULL
"""
_LOCK = """
INSERT INTO given (kind, subject_id, locked_at) SELECT * FROM unnest(%s::text[], %s::uuid[], %s::timestamptz[])
ON CONFLICT (kind, subject_id) DO UPDATE SET locked_at = excluded.locked_at
WHERE given.locked_at IS NULL AND NOT given.accepted
"""
_INDEX = """
INSERT INTO search_words (word, row_id)
SELECT word, row_id FROM unnest(%s::bytea[], %s::uuid[]) AS new (word, row_id)
WHERE EXISTS (SELECT FROM given WHERE subject_id = row_id AND locked_at IS NULL) ON CONFLICT DO NOTHING
"""
_DELETE = """
UPDATE given SET sealed = NULL, deleted_at = %s
WHERE sealed IS NOT NULL AND locked_at <= %s
"""
_READ = """
SELECT subject_id, initiative, receiver, client_id, sealed, locked_at FROM given
WHERE kind = %s AND subject_id = %s AND (receiver IS NULL OR (initiative = %s AND receiver = %s))
"""
_ROWS = """
SELECT subject_id, initiative, receiver, client_id, sealed
FROM given JOIN unnest(%s::text[], %s::uuid[]) AS asked (kind, subject_id) USING (kind, subject_id)
WHERE sealed IS NOT NULL AND locked_at IS NULL
"""


class CopyGone(Exception):
    """What she gave was taken away again: it ended before the receiver accepted (rule R1)."""


class StepTaken(Exception):
    """Another follower has moved on from this position: nothing was written."""


class Subject(NamedTuple):
    """The referral or handoff that a copy belongs to; `kind` is `referral` or `handoff`."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Terms:
    """What a copy is made of: `fields` of what the sender holds of the client, and the note that she agreed to give."""

    subject: Subject
    initiative: str
    client_id: UUID
    sender: str
    receiver: str
    fields: frozenset[str]
    note: UUID | None = None
    accepted: bool = False

    @property
    def source(self) -> Holder:
        """Whose record it is taken from."""
        return Holder(self.initiative, self.sender, self.client_id)

    @property
    def target(self) -> Holder:
        """Under whose key it is sealed."""
        return Holder(self.initiative, self.receiver, self.client_id)


class Step(NamedTuple):
    """How far a follower moves with what it writes."""

    follower: str
    after: int
    to: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a piece of the log means for the copies. A subject in `ended` ended before it was accepted."""

    made: Sequence[Terms] = ()
    accepted: Collection[Subject] = ()
    ended: Mapping[Subject, datetime] | None = None


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """What the receiver reads: the fields that she agreed to give and the sender held, and the note if she agreed."""

    fields: Sealed[Json]
    note: Sealed[str] | None


class Given:
    """The copies of all receivers."""

    def __init__(self, pool: AsyncPool, keys: DataKeys, held: Held, notes: Notes, words: Words) -> None:
        self._pool = pool
        self._keys = keys
        self._held = held
        self._notes = notes
        self._words = words

    async def apply(self, changes: Changes, step: Step | None = None) -> None:
        """Make, accept and lock copies in one transaction, and move the follower in the same. It can be repeated.

        With a step the transaction need not reach the disk before this returns: what a crash takes, it takes with the
        step, and the follower does it again. Raises `StepTaken`.
        """
        sealed = await self._sealed(changes.made)
        words = await self._accepted_words(changes, sealed)
        async with self._pool.connection() as connection, connection.transaction():
            if step:
                await connection.execute("SET LOCAL synchronous_commit = off")
                moved = await connection.execute(_STEP, [step.to, step.follower, step.after])
                if moved.rowcount != 1:
                    raise StepTaken
            await _write(connection, changes, sealed)
            if words:
                await connection.execute(_INDEX, [[word for word, _ in words], [row for _, row in words]])

    async def position(self, follower: str) -> int:
        """How far a follower has come: the position of the last event whose copies are written; 0 at the beginning."""
        async with self._pool.connection() as connection:
            await connection.execute("INSERT INTO followers VALUES (%s, 0) ON CONFLICT DO NOTHING", [follower])
            row = await (
                await connection.execute("SELECT position FROM followers WHERE name = %s", [follower])
            ).fetchone()
        return int(row[0]) if row else 0

    async def read(self, subject: Subject, initiative: str, receiver: str) -> GivenCopy | None:
        """The copy for this receiver; None while there is none. Raises `CopyGone`, `KeyGone`, `SealBroken`."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_READ, [*subject, initiative, receiver])).fetchone()
        if row is None:
            return None
        if row[-1] is not None:
            raise CopyGone
        copy = HeldRow(GIVEN, *row[:-1])
        key = await self._keys.one(key_of(copy.sealed))
        document = orjson.loads(key.open(Place(*copy.holder, subject.id, GIVEN), copy.sealed))
        note = document.get(_NOTE)
        return GivenCopy(Sealed(document["fields"]), Sealed(note) if note is not None else None)

    async def delete_due(self, now: datetime) -> int:
        """Delete what was locked 15 minutes ago or longer; the number of copies."""
        async with self._pool.connection() as connection:
            return (await connection.execute(_DELETE, [now, now - _TAKE_BACK])).rowcount

    async def _sealed(self, made: Sequence[Terms]) -> list[bytes]:
        if not made:
            return []
        held = await self._held.of([terms.source for terms in made], accepted=True)
        notes = await self._notes.read_many([terms.note for terms in made if terms.note])
        keys = await self._keys.for_writing([terms.target for terms in made])
        sealed = []
        for terms in made:
            holding = held.get(terms.source)
            held_fields = holding.fields if holding else {}
            document: Json = {"fields": {field: held_fields[field] for field in held_fields if field in terms.fields}}
            if terms.note and _NOTE in terms.fields and (note := notes.get(terms.note)):
                document[_NOTE] = note.text.open()
            sealed.append(_seal(keys[terms.target], terms, document))
        return sealed

    async def _accepted_words(self, changes: Changes, sealed: Sequence[bytes]) -> list[tuple[bytes, UUID]]:
        rows = [
            HeldRow(GIVEN, terms.subject.id, *terms.target, envelope)
            for terms, envelope in zip(changes.made, sealed, strict=True)
            if terms.accepted
        ]
        if changes.accepted:
            async with self._pool.connection() as connection:
                found = await connection.execute(_ROWS, _columns(changes.accepted))
                rows += [HeldRow(GIVEN, *row) for row in await found.fetchall()]
        keys = await self._keys.by_id(key_of(row.sealed) for row in rows)
        return [
            (word, row.row_id)
            for row in rows
            if (key := keys.get(key_of(row.sealed)))
            for word in self._words.of(row.initiative, row.agency, row.opened(key).fields)
        ]


async def _write(connection: AsyncConnection[TupleRow], changes: Changes, sealed: Sequence[bytes]) -> None:
    if changes.made:
        made = changes.made
        columns: list[list[Any]] = [
            *_columns([terms.subject for terms in made]),
            [terms.initiative for terms in made],
            [terms.client_id for terms in made],
            [terms.receiver for terms in made],
            list(sealed),
            [terms.accepted for terms in made],
        ]
        await connection.execute(_MAKE, columns)
    if changes.accepted:
        await connection.execute(_ACCEPT, _columns(changes.accepted))
    if changes.ended:
        await connection.execute(_LOCK, [*_columns(changes.ended), list(changes.ended.values())])


def _columns(subjects: Collection[Subject]) -> list[list[Any]]:
    return [[subject.kind for subject in subjects], [subject.id for subject in subjects]]


def _seal(key: DataKey, terms: Terms, document: Json) -> bytes:
    return key.seal(Place(*terms.target, terms.subject.id, GIVEN), orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
