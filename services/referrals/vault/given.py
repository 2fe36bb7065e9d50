"""Owns the copies that clients agreed to give: one per referral or handoff, sealed for its receiver alone (rule R1).

A copy is made once. It is locked at once when its referral or handoff ends before the receiver accepted, and its
content is deleted 15 minutes later (rule R14); the empty row stays, so that no late follower makes it again. Where the
end was taken back, it stands again: who is told so by a later version than the row's unlocks it, or makes it anew.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from services.referrals.domain.frozen import frozen
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.held import GIVEN, Held, HeldRow, Holding
from services.referrals.vault.identity import Json
from services.referrals.vault.notes import Notes, Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Place, Sealed, key_of
from services.referrals.vault.terms import Changes, Ended, Step, StepTaken, Subject, Terms
from services.referrals.vault.words import Words
from services.runtime.postgres import AsyncPool

_TAKE_BACK, _NOTE = timedelta(minutes=15), "note"
_BETWEEN = 32  # copies are sealed in a row before others on the event loop get their turn

_STEP = "UPDATE followers SET position = %s WHERE name = %s AND position = %s"
_THERE = """
SELECT kind, subject_id, initiative, receiver, client_id, sealed,
  sealed IS NOT NULL AND (locked_at IS NULL OR given.version < asked.version) AND NOT accepted
FROM given JOIN unnest(%b::text[], %b::uuid[], %b::integer[]) AS asked (kind, subject_id, version)
  USING (kind, subject_id)
WHERE sealed IS NOT NULL OR given.version >= asked.version
"""
_MAKE = """
INSERT INTO given (kind, subject_id, initiative, receiver, client_id, sealed, accepted, version, made_at)
SELECT *, clock_timestamp() FROM unnest(
  %b::text[], %b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::bytea[], %b::boolean[], %b::integer[])
ON CONFLICT DO NOTHING
"""
_EMPTY = """
DELETE FROM given USING unnest(%b::text[], %b::uuid[], %b::integer[]) AS now (kind, subject_id, version)
WHERE given.kind = now.kind AND given.subject_id = now.subject_id AND sealed IS NULL AND given.version < now.version
"""
_STAND = """
UPDATE given SET locked_at = NULL, accepted = now.accepted, version = now.version
FROM unnest(%b::text[], %b::uuid[], %b::boolean[], %b::integer[]) AS now (kind, subject_id, accepted, version)
WHERE given.kind = now.kind AND given.subject_id = now.subject_id AND sealed IS NOT NULL
  AND (given.version < now.version AND (locked_at IS NOT NULL OR given.accepted <> now.accepted)
    OR given.version <= now.version AND locked_at IS NULL AND now.accepted AND NOT given.accepted)
"""
_LOCK = """
INSERT INTO given (kind, subject_id, locked_at, version)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::timestamptz[], %b::integer[])
ON CONFLICT (kind, subject_id) DO UPDATE
SET locked_at = excluded.locked_at, version = excluded.version, accepted = false
WHERE given.locked_at IS NULL AND (NOT given.accepted AND given.version <= excluded.version
  OR given.version < excluded.version)
"""
_INDEX = """
INSERT INTO search_words (word, place, client_id, row_id)
SELECT word, place, client_id, row_id FROM unnest(%b::bytea[], %b::uuid[], %b::uuid[]) AS new (word, place, row_id)
JOIN given ON subject_id = row_id AND accepted ON CONFLICT DO NOTHING
"""
_UNSAY = """
DELETE FROM search_words USING given, unnest(%b::text[], %b::uuid[]) AS now (kind, subject_id)
WHERE given.kind = now.kind AND given.subject_id = now.subject_id AND row_id = given.subject_id AND NOT given.accepted
"""
_DELETE = "UPDATE given SET sealed = NULL, deleted_at = %s WHERE sealed IS NOT NULL AND locked_at <= %s"
_READ = """
SELECT subject_id, initiative, receiver, client_id, sealed, locked_at FROM given
WHERE kind = %s AND subject_id = %s AND (receiver IS NULL OR (initiative = %s AND receiver = %s))
"""


class CopyGone(Exception):
    """What she gave was taken away again: it ended before the receiver accepted (rule R1)."""


@frozen
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

    async def apply(self, changes: Changes, step: Step | None = None) -> None:
        """Make, accept and lock copies in one transaction, and move the follower in the same. It can be repeated.

        With a step the transaction need not reach the disk before this returns: what a crash takes, it takes with the
        step, and the follower does it again. Raises `StepTaken`.
        """
        there = await self._there(changes.standing)
        made = [terms for terms in changes.standing if terms.subject not in there]
        rows = await self._sealed(made)
        accepted = [terms.subject for terms in changes.standing if terms.accepted]
        known = [row for subject in accepted if (row := there.get(subject))]
        words = await self._words_of(known + [row for row, terms in zip(rows, made, strict=True) if terms.accepted])
        async with self._pool.connection() as connection, connection.transaction():
            await _write(connection, changes, made, rows, words=words, step=step)

    async def position(self, follower: str) -> int:
        """How far a follower has come: the position of the last event whose copies are written; 0 at the beginning."""
        async with self._pool.connection() as connection:
            found = await connection.execute("SELECT position FROM followers WHERE name = %s", [follower])
            row = await found.fetchone()
            if row is None:
                await connection.execute("INSERT INTO followers VALUES (%s, 0) ON CONFLICT DO NOTHING", [follower])
        return int(row[0]) if row else 0

    async def delete_due(self, now: datetime) -> int:
        """Delete what was locked 15 minutes ago or longer; the number of copies."""
        async with self._pool.connection() as connection:
            return (await connection.execute(_DELETE, [now, now - _TAKE_BACK])).rowcount

    async def _there(self, standing: Sequence[Terms]) -> dict[Subject, HeldRow | None]:
        """The subjects that have a row which holds; with the copy where its receiver is not known to have accepted."""
        if not standing:
            return {}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_THERE, _versions(standing), binary=True)).fetchall()
        return {Subject(*row[:2]): HeldRow(GIVEN, *row[1:6]) if row[6] else None for row in rows}

    async def _sealed(self, made: Sequence[Terms]) -> list[HeldRow]:
        if not made:
            return []
        sources, targets = [terms.source for terms in made], [terms.target for terms in made]
        held = await self._held.of(sources, accepted=True)
        typed = [terms.note for terms in made if terms.note and _NOTE in terms.fields]
        notes = await self._notes.read_many(typed)
        keys = await self._keys.for_uses([(terms.target, terms.restricted) for terms in made])
        rows: list[HeldRow] = []
        for terms, source, target in zip(made, sources, targets, strict=True):
            if len(rows) % _BETWEEN == 0:
                await asyncio.sleep(0)
            document = _document(terms, source, held.get(source), notes)
            envelope = keys[target, terms.restricted].seal(Place(*target, terms.subject.id, GIVEN), document)
            rows.append(HeldRow(GIVEN, terms.subject.id, *target, envelope))
        return rows

    async def _words_of(self, rows: Sequence[HeldRow]) -> list[tuple[bytes, UUID, UUID]]:
        """Words, with the place of her whose they are and the row that says them."""
        if not rows:
            return []
        keys = await self._keys.by_id(key_of(row.sealed) for row in rows)
        return [
            (word, self._words.place(*row.holder), row.row_id)
            for row in rows
            if (key := keys.get(key_of(row.sealed)))
            for word in self._words.of(row.initiative, row.agency, row.opened(key).fields)
        ]


async def _write(
    connection: AsyncConnection[TupleRow],
    changes: Changes,
    made: Sequence[Terms],
    rows: Sequence[HeldRow],
    *,
    words: Sequence[tuple[bytes, UUID, UUID]],
    step: Step | None,
) -> None:
    known = {terms.subject for terms in changes.standing} - {terms.subject for terms in made}
    unread = [terms.subject for terms in changes.standing if terms.subject in known and not terms.accepted]
    async with connection.pipeline():
        moved = None
        if step:
            await connection.execute("SET LOCAL synchronous_commit = off")
            moved = await connection.execute(_STEP, [step.to, step.follower, step.after])
        if made:
            await connection.execute(_EMPTY, _versions(made))
            await connection.execute(_MAKE, _made_columns(made, rows))
        if known or any(terms.accepted for terms in made):
            await connection.execute(_STAND, _standing_columns(changes.standing))
        if changes.ended:
            await connection.execute(_LOCK, _ended_columns(changes.ended))
        if gone := [*changes.ended, *unread]:
            await connection.execute(_UNSAY, _columns(gone))
        if words:
            await connection.execute(_INDEX, [list(column) for column in zip(*words, strict=True)])
    if moved is not None and moved.rowcount != 1:
        raise StepTaken


def _document(terms: Terms, source: Holder, holding: Holding | None, notes: Mapping[UUID, Typed]) -> bytes:
    fields = holding.fields if holding else {}
    note = notes.get(terms.note) if terms.note else None
    document: Json = {"fields": {field: value for field, value in fields.items() if field in terms.fields}}
    if note and _NOTE in terms.fields and note.holder == source:
        document[_NOTE] = note.text.open()
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _made_columns(made: Sequence[Terms], rows: Sequence[HeldRow]) -> list[list[Any]]:
    return [
        *_columns([terms.subject for terms in made]),
        [row.initiative for row in rows],
        [row.agency for row in rows],
        [row.client_id for row in rows],
        [row.sealed for row in rows],
        [terms.accepted for terms in made],
        [terms.version for terms in made],
    ]


def _standing_columns(standing: Sequence[Terms]) -> list[list[Any]]:
    kinds, ids, versions = _versions(standing)
    return [kinds, ids, [terms.accepted for terms in standing], versions]


def _ended_columns(ended: Mapping[Subject, Ended]) -> list[list[Any]]:
    return [*_columns(ended), [end.at for end in ended.values()], [end.version for end in ended.values()]]


def _versions(standing: Sequence[Terms]) -> list[list[Any]]:
    return [*_columns([terms.subject for terms in standing]), [terms.version for terms in standing]]


def _columns(subjects: Collection[Subject]) -> list[list[Any]]:
    return [[subject.kind for subject in subjects], [subject.id for subject in subjects]]
