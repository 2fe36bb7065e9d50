"""Reads everything from Kafka anew into a schema beside the one in use, which takes over at once when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from services.measures.projection import renaming
from services.measures.projection.record import handle, position_of
from services.measures.settings import MeasuresSettings
from services.measures.store.facts import NewFacts
from services.runtime.kafka import Partition, reader, spans
from services.runtime.postgres import Connection, conninfo
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Ledger, Lifecycle, Place, Work, Worker

Progress = Callable[[int, int], None]
"""Told how many records are read and how many there are."""

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('closeknit rebuild', 0))"
_FREE = "SELECT pg_advisory_unlock(hashtextextended('closeknit rebuild', 0))"
_BATCH = 5_000


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: the schema in use now, facts in it, in the one before, and how many of them differ."""

    schema: str
    before: str
    facts: int
    facts_before: int
    differing: int
    parked: int


@dataclass(frozen=True)
class Onto:
    """The log key that takes over: `relayed` returns once its topics hold all that is stored up to a position."""

    key: int
    relayed: Callable[[int], None]


class RebuildProblem(Exception):
    """The rebuild cannot run or its result cannot take over; the schema in use is untouched."""


def rebuild(
    settings: MeasuresSettings,
    topics: Iterable[str],
    telemetry: Telemetry,
    progress: Progress = lambda done, of: None,
    onto: Onto | None = None,
) -> Rebuilt:
    """Builds the facts anew from the first record of each topic and makes readers and the live consumer use them.

    The live consumer goes on meanwhile. It is held up only for the last records: the new schema takes over when it is
    nowhere behind the old one. With `onto` the topics are those under another log key: the new schema takes over
    when it says the same of everybody under her new name, and the consumer goes over to these topics.
    Raises RebuildProblem, KafkaProblem or TooManyInvalid, what `onto` raises, and then nothing has changed.
    """
    dsn = settings.measures_dsn
    with _alone(dsn) as connection:
        schema = str(_one(connection, "SELECT projection.make()"))
        consumer = reader(settings.broker, f"rebuild-{schema}")
        consumer.assign(list(spans(settings.broker, topics)))
        work = Work(None, handle, position_of, NewFacts(dsn, schema), settings.invalid_limit)
        worker = Worker(consumer, work, telemetry, Lifecycle())
        try:
            _read_to(worker, _ends(settings, topics), progress)
            connection.execute("SELECT projection.finish(%s)", [schema])
            _read_to(worker, _ends(settings, topics), progress)
            if onto is not None:
                return _take_over_under(connection, schema, worker, (settings, topics, onto))
            return _take_over(connection, schema, worker, settings)
        finally:
            worker.close()


def forget_unfinished(dsn: str) -> None:
    """Drops the schema that a killed rebuild left half built. Raises RebuildProblem while one is running."""
    with _alone(dsn) as connection:
        connection.execute("SELECT projection.forget_unfinished()")


@contextmanager
def _alone(dsn: str) -> Iterator[Connection]:
    with psycopg.connect(conninfo(dsn, "closeknit measures rebuild"), autocommit=True) as connection:
        if not _one(connection, _LOCK):
            raise RebuildProblem("another rebuild is running")
        try:
            yield connection
        finally:
            # The server notices the end of a connection a moment later: who rebuilds next need not wait for that.
            if not connection.closed:
                connection.execute(_FREE)


def _ends(settings: MeasuresSettings, topics: Iterable[str]) -> dict[Partition, int]:
    """Where each partition that holds anything ends now."""
    return {each: span.end for each, span in spans(settings.broker, topics).items() if span.end > span.start}


def _read_to(worker: Worker[bytes], ends: Mapping[Partition, int], progress: Progress = lambda done, of: None) -> None:
    """Reads until every partition is written up to its end."""
    total = sum(ends.values())
    while True:
        done = sum(min(end, worker.next_offset(each)) for each, end in ends.items())
        progress(done, total)
        if done >= total:
            return
        worker.step(timeout_ms=500, max_records=_BATCH)


def _take_over(connection: Connection, schema: str, worker: Worker[bytes], settings: MeasuresSettings) -> Rebuilt:
    """Holds the live consumer between two batches, reads what it had read, and switches."""
    with connection.transaction():
        before = str(_one(connection, "SELECT projection.hold(true)"))
        there = {each: place for each, place in _places(connection, before).items() if place.next_offset}
        ends = _ends(settings, {each.topic for each in there})
        if longer := [each for each, place in there.items() if place.next_offset > ends.get(each, 0)]:
            raise RebuildProblem(f"{len(longer)} partitions in Kafka are shorter than what was read of them")
        _read_to(worker, {each: place.next_offset for each, place in there.items()})
        here = _places(connection, schema)
        if behind := [each for each, place in there.items() if here.get(each, Place(0, 0)) < place]:
            raise RebuildProblem(f"{len(behind)} partitions of the new schema are behind the old one")
        result = _compared(connection, schema, before)
        connection.execute("SELECT projection.switch_to(%s, log_key) FROM projection.current", [schema])
    return result


def _take_over_under(
    connection: Connection, schema: str, worker: Worker[bytes], to: tuple[MeasuresSettings, Iterable[str], Onto]
) -> Rebuilt:
    """The same for a schema that was read under another log key: its partitions hold other clients."""
    settings, topics, onto = to
    with connection.transaction():
        before = str(_one(connection, "SELECT projection.hold(true)"))
        onto.relayed(max((place.position for place in _places(connection, before).values()), default=0))
        _read_to(worker, _ends(settings, topics))
        if unlike := renaming.differing(connection, schema, before):
            raise RebuildProblem(f"{unlike} facts under the new log key are not those under the old one")
        result = replace(_compared(connection, schema, before), differing=0)
        connection.execute("SELECT projection.switch_to(%s, %s)", [schema, onto.key])
    return result


def _places(connection: Connection, schema: str) -> dict[Partition, Place]:
    table = sql.Identifier(schema, "positions")
    found = connection.execute(sql.SQL("SELECT topic, partition, next_offset, position FROM {}").format(table))
    return {Partition(topic, number): Place(next_offset, at) for topic, number, next_offset, at in found}


def _compared(connection: Connection, schema: str, before: str) -> Rebuilt:
    """Facts that are in one schema and not, or otherwise, in the other, up to where the old one had come."""
    new, old = (sql.Identifier(each, "facts") for each in (schema, before))
    differing = sql.SQL(
        "SELECT count(*) FROM {new} AS new FULL JOIN {old} AS old USING (event_id)"
        " WHERE new.data::text IS DISTINCT FROM old.data::text OR new.subject IS DISTINCT FROM old.subject"
        " OR new.occurred_at IS DISTINCT FROM old.occurred_at OR new.type IS DISTINCT FROM old.type"
        " OR new.agency IS DISTINCT FROM old.agency OR new.initiative IS DISTINCT FROM old.initiative"
    ).format(new=new, old=old)
    count = sql.SQL("SELECT count(*) FROM {}")
    return Rebuilt(
        schema=schema,
        before=before,
        facts=int(_one(connection, count.format(new))),
        facts_before=int(_one(connection, count.format(old))),
        differing=int(_one(connection, differing)),
        parked=Ledger(schema).count_invalid(connection),
    )


def _one(connection: Connection, query: LiteralString | sql.Composed) -> Any:
    found = connection.execute(query).fetchone()
    if found is None:
        raise RebuildProblem("the measures database did not answer")
    return found[0]
