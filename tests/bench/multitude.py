"""Owns a county of many clients for a bench: a made-up history, and copies of it that are other women's."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Final, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from deploy.simulator.seed import Size, seed
from services.referrals.domain.episode import episode_id
from services.referrals.settings import ServeSettings
from services.referrals.vault.cohort import Entry
from services.referrals.vault.identity import Identity, Name
from services.referrals.vault.vault import open_vault
from services.runtime.clock import SystemClock
from services.runtime.postgres import pool
from tests.bench.ground import say
from tests.bench.stage import FRESNO, Stage

MODEL: Final = Size(clients=280, months=24)
"""About ten thousand events: every copy is as many again."""
IDLE: Final = 72_000
"""Women of whom nothing is known but that one agency registered them, so that a hundred copies are a hundred thousand
clients."""

GIVEN: Final = ("Mara", "Nora", "Lia", "Ida", "Rosa", "Testa", "Carla", "Dora", "Willa", "Fina", "Bela", "Lupe")
FAMILY: Final = ("Muster", "Example", "Sample", "Specimen", "Ejemplo", "Muestra", "Ficticia", "Invented", "Prueba")

_EVENT: Final = (
    *("notification_id", "originator_id", "event_id", "client_id", "originator_version", "occurred_at"),
    *("recorded_at", "correlation_id", "causation_id", "topic", "initiative", "agency", "actor", "traceparent"),
    *("state", "checksum"),
)
_IDS: Final = ("id", "client_id", "subject")
_MODEL_EVENTS: Final[LiteralString] = "client_id IN (SELECT client_id FROM history_clients) ORDER BY notification_id"
# Nobody seals for the copies: whoever reads first has it done, as for what has just been sent.
_FOLLOWED: Final = "UPDATE followers SET position = %s"
_INDEXES: Final = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), k.conname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
WHERE i.indrelid = 'stored_events'::regclass AND i.indpred IS NULL AND c.relname <> 'stored_events_position'
"""


@dataclass
class Multitude:
    """A county that grows: the women of the model by who registered them, all with a history, and the events stored."""

    stage: Stage
    model: dict[UUID, str]
    clients: dict[UUID, str]
    events: int

    @property
    def owner(self) -> str:
        return self.stage.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"]


def begun(running: Stage) -> Multitude:
    """The model: a simulated history, loaded as a demo's is."""
    asyncio.run(seed([FRESNO], MODEL, number=7, environ=running.settings))
    with psycopg.connect(running.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"], autocommit=True) as owner:
        registered = owner.execute("SELECT client_id, agency FROM stored_events WHERE topic = 'client.registered.v1'")
        model: dict[UUID, str] = dict(registered.fetchall())
        events = _stored(owner)
        owner.execute("VACUUM ANALYZE")
    say(f"{events} events, {len(model)} clients")
    return Multitude(running, model, dict(model), events)


def grow(county: Multitude, copies: int, idle: int, agency: str) -> None:
    """As many times other women with the same history, and idle ones of one agency: written behind the service's back,
    as nobody verifies a bench.
    """
    with psycopg.connect(county.owner, autocommit=True) as owner, _indexed_afterwards(owner):
        events = _lines(owner, "stored_events", _EVENT, _MODEL_EVENTS)
        columns = [row[0] for row in owner.execute("SELECT * FROM work_index LIMIT 0").description or ()]
        columns = [*_IDS, *(name for name in columns if name not in _IDS)]
        work = _lines(owner, "work_index", columns, "true")
        county.events = _stored(owner)  # what was read of others was written down meanwhile
        _followed(county, county.events + copies * len(events) + idle)
        for _ in range(copies):
            other = _Others(county.model)
            _write(owner, "stored_events", _EVENT, other.events(events, county.events))
            _write(owner, "work_index", columns, other.rows(work))
            county.events += len(events)
            county.clients |= {UUID(other.of(str(client))): by for client, by in county.model.items()}
        others = {client: by for client, by in county.clients.items() if client not in county.model}
        quiet = dict.fromkeys((uuid4() for _ in range(idle)), agency)
        first = next(line for line in events if "client.registered.v1" in line and agency in line)
        _write(owner, "stored_events", _EVENT, _registered(first, quiet, county.events))
        county.events += idle
    _register(county.stage, others | quiet, "C")
    with psycopg.connect(county.owner, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    say(f"{county.events} events, {len(county.clients) + idle} clients")


def _followed(county: Multitude, position: int) -> None:
    """Whoever seals has come so far, before it is written and no further: else it would look again without a pause."""
    with psycopg.connect(county.stage.settings["CLOSEKNIT_IDENTITY_OWNER_DSN"], autocommit=True) as owner:
        owner.execute(_FOLLOWED, [position])


def _registered(line: Sequence[str], clients: Iterable[UUID], after: int) -> Iterator[Sequence[str]]:
    """The event that begins each of these, after the pattern of another's; columns as in `_EVENT`."""
    for position, client in enumerate(clients, after + 1):
        yield str(position), str(client), str(uuid4()), str(client), *line[4:]


@contextmanager
def _indexed_afterwards(owner: psycopg.Connection[TupleRow]) -> Iterator[None]:
    """The large indexes of the events are made once all are there: that takes a third of the time."""
    indexes = owner.execute(_INDEXES).fetchall()
    for name, _, constraint in indexes:
        drop = "ALTER TABLE stored_events DROP CONSTRAINT {}" if constraint else "DROP INDEX {}"
        owner.execute(sql.SQL(drop).format(sql.Identifier(constraint or name)))
    yield
    owner.execute("SET maintenance_work_mem = '512MB'")
    for name, made, constraint in indexes:
        owner.execute(made)
        if constraint:
            keep = sql.SQL("ALTER TABLE stored_events ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}")
            owner.execute(keep.format(sql.Identifier(constraint), sql.Identifier(name)))


def _lines(
    owner: psycopg.Connection[TupleRow], table: str, columns: Sequence[str], which: LiteralString
) -> list[list[str]]:
    """Rows in PostgreSQL's own text form, by column."""
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(named, sql.Identifier(table), sql.SQL(which))
    with owner.cursor().copy(query) as copy:
        text = b"".join(copy).decode()
    return [line.split("\t") for line in text.splitlines()]


def _write(
    owner: psycopg.Connection[TupleRow], table: str, columns: Sequence[str], lines: Iterable[Sequence[str]]
) -> None:
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    with owner.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), named)) as copy:
        copy.write("".join("\t".join(line) + "\n" for line in lines))


def _stored(owner: psycopg.Connection[TupleRow]) -> int:
    (events,) = owner.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone() or (0,)
    return int(events)


class _Others:
    """Other ids for everything of the model, the same one each time; a pregnancy's follows from its client's."""

    def __init__(self, model: Iterable[UUID]) -> None:
        self._ids: dict[str, str] = {}
        for client in model:
            for before in range(2):
                self._ids[str(episode_id(client, before))] = str(episode_id(UUID(self.of(str(client))), before))

    def of(self, id: str) -> str:
        return self._ids.setdefault(id, str(uuid4()))

    def events(self, lines: Iterable[Sequence[str]], after: int) -> Iterator[Sequence[str]]:
        """Columns as in `_EVENT`, behind the position `after`."""
        for position, (_, stream, _, client, *rest) in enumerate(lines, after + 1):
            yield str(position), self.of(stream), str(uuid4()), self.of(client), *rest

    def rows(self, lines: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        """Columns as in `_IDS` first; a subject there need not be."""
        for id, client, subject, *rest in lines:
            yield self.of(id), self.of(client), subject if subject == r"\N" else self.of(subject), *rest


def named(running: Stage, agency: str, count: int) -> None:
    """As many women with invented names in the vault of one agency, without a history."""
    _register(running, {uuid4(): agency for _ in range(count)}, "B")
    say(f"{count} clients of {agency}")


def _register(running: Stage, clients: Mapping[UUID, str], numbers: str) -> None:
    async def write() -> None:
        settings = ServeSettings.from_env(running.settings)
        async with pool(settings.identity_dsn, "bench", task="import") as connections:
            vault = open_vault(connections, settings.keys, SystemClock())
            chance = Random(7)
            entries = [
                Entry(uuid4(), FRESNO, agency, _identity(chance, number, numbers), client)
                for number, (client, agency) in enumerate(clients.items())
            ]
            await vault.cohort.register(entries)

    asyncio.run(write())
    with psycopg.connect(running.settings["CLOSEKNIT_IDENTITY_OWNER_DSN"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def _identity(chance: Random, number: int, numbers: str) -> Identity:
    name = Name(given=chance.choice(GIVEN), family=f"{chance.choice(FAMILY)}{number % 997:03d}")
    return Identity(names=(name,), phones=(f"559 555 {number % 10_000:04d}",), mrn=f"{numbers}-{number}")
