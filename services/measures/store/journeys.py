"""Reads the journeys of an initiative as they were known at a cutoff, one client after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Final, LiteralString, NamedTuple

import psycopg
from psycopg import sql

from contracts import registry
from contracts.events.client import ClientLinkedV1, ClientUnlinkedV1
from contracts.initiative import MeasurementConsent
from contracts.topic import load_topics
from services.measures.domain.journey import MOVED_BY, Journey, Observed, fold
from services.measures.domain.path import Moment
from services.measures.domain.person import one_woman
from services.runtime.postgres import Connection, conninfo

_WHERE: Final = (
    " FROM live.facts WHERE initiative = %(initiative)s AND recorded_at <= %(cutoff)s"
    " AND position <= %(last_position)s AND topic = ANY(%(topics)s)"
)
_FACTS: Final = (
    "SELECT subject, event_id, type, agency, occurred_at, recorded_at, position, topic, data::text"
    + _WHERE
    + " AND type = ANY(%(types)s)"
)
_OF_A_PART: Final = (
    " AND (subject = ANY(%(linked)s)) IS NOT TRUE"
    " AND (hashtextextended(subject, 0) & 9223372036854775807) %% %(parts)s = %(part)s"
)
_OF_SOME: Final = " AND subject = ANY(%(clients)s)"
_AT_MOST: Final = "SELECT count(*) FROM (SELECT" + _WHERE + " LIMIT %(most)s) AS facts"  # noqa: S608
_BY_SUBJECT: Final = " ORDER BY subject"
_HERS: Final = (
    "SELECT min(position) FROM live.facts AS hers WHERE initiative = %(initiative)s AND subject = facts.data->>'other'"
)
_TEXT: Final = f"CASE WHEN type = ANY(%(linking)s) THEN coalesce(({_HERS}), 0)::text ELSE data::text END"  # noqa: S608
_DIGESTS: Final = (
    "SELECT subject, count(*), min(position), max(position),"
    f" sha256(convert_to(string_agg(event_id::text || {_TEXT}, '' ORDER BY position), 'UTF8'))"
    + _WHERE
    + " AND (hashtextextended(subject, 0) & 9223372036854775807) %% %(parts)s = %(part)s GROUP BY subject"
)
RESTRICTED: Final = "care.restricted.v1"
LINKED_BY: Final = [ClientLinkedV1.TYPE, ClientUnlinkedV1.TYPE]
_NO_LIMIT: Final = 2**63 - 1
_PAGE: Final = 10_000


@dataclass(frozen=True)
class Basis:
    """What a figure rests on: facts recorded up to a cutoff and stored up to a position, and a hash of them.

    The hash is SHA-256 over that of the facts of each client, clients by the position of their first fact; hers is
    SHA-256 over id and data of each, in the order of positions. No pseudonym is in it, so that it is the same under
    every log key: whom a link names (R21) is said by the position of her first fact.
    `rule`: whether who said nothing of being counted is counted (R7), as it was configured then.
    `restricted`: facts of restricted classes are among them, for sensitive measures alone (R6).
    """

    initiative: str
    cutoff: datetime
    last_position: int = _NO_LIMIT
    facts: int = 0
    facts_sha256: str = ""
    rule: MeasurementConsent = "not_required"
    restricted: bool = False


def reading(dsn: str) -> Connection:
    """A connection whose transactions each read one state of the database and write nothing."""
    connection = psycopg.connect(conninfo(dsn, "closeknit measures read"))
    connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
    connection.set_read_only(True)
    return connection


def ordinary_topics() -> Sequence[str]:
    """Topics whose facts every measure may count; those of restricted classes are left out of all others (rule R6).

    A compacted one is none of them: it says how things are, not what happened, and no figure may rest on what goes.
    """
    listed = [topic for topic in load_topics() if topic.events and not topic.optional]
    return [topic.topic for topic in listed if topic.config.get("cleanup.policy") != "compact"]


def basis(
    connection: Connection,
    initiative: str,
    cutoff: datetime,
    rule: MeasurementConsent,
    last_position: int = _NO_LIMIT,
    *,
    restricted: bool = False,
) -> Basis:
    """What a figure at this cutoff rests on, as it stands now; `restricted` where sensitive measures are asked for."""
    of = Basis(initiative, cutoff, last_position, rule=rule, restricted=restricted)
    return stated(of, digests(connection, of))


def count(connection: Connection, of: Basis, most: int) -> int:
    """How many facts there are; of more than `most`, so many."""
    values = _values(of.initiative, of.cutoff, of.last_position, restricted=of.restricted) | {"most": most}
    found = connection.execute(_AT_MOST, values).fetchone()
    return int(found[0]) if found else 0


class Digest(NamedTuple):
    """How many facts of a client there are, the positions of the first and the last, and their hash."""

    client: str
    facts: int
    first: int
    last: int
    sha256: bytes


def digests(connection: Connection, of: Basis, share: Share | None = None) -> Sequence[Digest]:
    """Every client of whom anything is known up to the cutoff and last position of a basis, as it stands now."""
    part, parts = share or ALL
    values = _values(of.initiative, of.cutoff, of.last_position, restricted=of.restricted)
    rows = connection.execute(_DIGESTS, values | {"part": part, "parts": parts, "linking": LINKED_BY})
    return [Digest(*row) for row in rows]


def stated(of: Basis, clients: Iterable[Digest]) -> Basis:
    """A basis as it stands with these facts."""
    inorder = sorted(clients, key=attrgetter("first"))
    whole = hashlib.sha256(b"".join(each.sha256 for each in inorder)).hexdigest()
    last = max((each.last for each in inorder), default=0)
    return replace(of, last_position=last, facts=sum(each.facts for each in inorder), facts_sha256=whole)


@contextmanager
def one_moment(connection: Connection) -> Iterator[None]:
    """A transaction on a connection of a pool that sees one state of the database and writes nothing."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def same_moment(connection: Connection, snapshot: str) -> None:
    """Makes a `reading` connection see what another one sees (pg_export_snapshot), before it reads anything."""
    connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))


def begins(connection: Connection, of: Basis) -> datetime | None:
    """When the first thing happened that is known at the cutoff of a basis; None where nothing is."""
    values = _values(of.initiative, of.cutoff, of.last_position, restricted=False)
    found = connection.execute("SELECT min(occurred_at)" + _WHERE, values).fetchone()
    return found[0] if found else None


class Share(NamedTuple):
    """One of several parts of the clients, which as many readers take: the first of `of` is 0."""

    part: int
    of: int


ALL: Final = Share(0, 1)


def journeys(connection: Connection, on: Basis, share: Share = ALL) -> Iterator[tuple[str, Journey]]:
    """The journey on this basis of every client who has one, by pseudonym; of linked ones (R21) one for all, last.

    With a `share` of the clients' alone; whoever is linked is in the first.
    """
    values, least = (
        _values(on.initiative, on.cutoff, on.last_position, restricted=on.restricted),
        linked(connection, on),
    )
    of_it = {"linked": sorted(least), "part": share.part, "parts": share.of}
    yield from _folded(connection, _OF_A_PART, values | of_it)
    if share.part == 0:
        yield from together(connection, on, least)


def some(connection: Connection, on: Basis, clients: Sequence[str]) -> Iterator[tuple[str, Journey]]:
    """The journeys of these clients, none of whom is linked to another."""
    values = _values(on.initiative, on.cutoff, on.last_position, restricted=on.restricted)
    return _folded(connection, _OF_SOME, values | {"clients": list(clients)})


def _folded(connection: Connection, which: LiteralString, values: dict[str, object]) -> Iterator[tuple[str, Journey]]:
    with connection.cursor(name="journeys") as cursor:
        cursor.itersize = _PAGE
        for subject, rows in groupby(cursor.execute(_FACTS + which + _BY_SUBJECT, values), key=itemgetter(0)):
            yield subject, fold(_observed(rows))


def together(connection: Connection, on: Basis, least: Mapping[str, str]) -> Iterator[tuple[str, Journey]]:
    """One journey of all who are one woman, by the pseudonym that stands for them in `least`."""
    if not least:
        return
    values = _values(on.initiative, on.cutoff, on.last_position, restricted=on.restricted)
    found: dict[str, list[Observed]] = {}
    rows = connection.execute(_FACTS + _OF_SOME + _BY_SUBJECT, values | {"clients": sorted(least)})
    for subject, of_it in groupby(rows, key=itemgetter(0)):
        found.setdefault(least[subject], []).extend(_observed(of_it))
    for subject, observed in sorted(found.items()):
        yield subject, fold(observed)


def observed_with(
    connection: Connection, initiative: str, cutoff: datetime, agency: str
) -> Iterator[tuple[str, Sequence[Observed]]]:
    """What is known at a cutoff of every client of whom an agency recorded something, but for what is restricted."""
    values = _values(initiative, cutoff, _NO_LIMIT, restricted=False) | {"agency": agency}
    theirs = (
        " AND subject IN (SELECT subject FROM live.facts WHERE initiative = %(initiative)s AND agency = %(agency)s)"
    )
    with connection.cursor(name="own") as cursor:
        cursor.itersize = _PAGE
        for subject, rows in groupby(cursor.execute(_FACTS + theirs + _BY_SUBJECT, values), key=itemgetter(0)):
            yield subject, list(_observed(rows))


def linked(connection: Connection, on: Basis) -> dict[str, str]:
    """For each pseudonym that is one woman with another (R21), the one that stands for all."""
    values = _values(on.initiative, on.cutoff, on.last_position, restricted=on.restricted)
    rows = connection.execute(_FACTS + _BY_SUBJECT, values | {"types": LINKED_BY})
    said = [(subject, fold(_observed(of_it))) for subject, of_it in groupby(rows, key=itemgetter(0))]
    return one_woman((subject, other) for subject, journey in said for other in journey.others)


def _observed(rows: Iterator[Any]) -> Iterator[Observed]:
    for _, event_id, type_name, agency, occurred_at, recorded_at, position, topic, data in rows:
        event = registry.decode(type_name, data.encode())
        if not isinstance(event, registry.UnknownEvent):
            moment = Moment(occurred_at, position)
            yield Observed(event, moment, agency, event_id, recorded_at, restricted=topic == RESTRICTED)


def _values(initiative: str, cutoff: datetime, last_position: int, *, restricted: bool) -> dict[str, object]:
    return {
        "initiative": initiative,
        "cutoff": cutoff,
        "last_position": last_position,
        "topics": [*ordinary_topics(), *((RESTRICTED,) if restricted else ())],
        "types": sorted(MOVED_BY),
    }
