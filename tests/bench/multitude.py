"""Owns a county of many clients for a bench: a made-up history, and copies of it that are other women's."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

import psycopg
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

MODEL: Final = Size(clients=1_000, months=24)
"""About ten thousand events: every copy is as many again."""

GIVEN: Final = ("Mara", "Nora", "Lia", "Ida", "Rosa", "Testa", "Carla", "Dora", "Willa", "Fina", "Bela", "Lupe")
FAMILY: Final = ("Muster", "Example", "Sample", "Specimen", "Ejemplo", "Muestra", "Ficticia", "Invented", "Prueba")

_EVENTS: Final[LiteralString] = (
    "originator_id, originator_version, notification_id, occurred_at, recorded_at, event_id, client_id,"
    " correlation_id, causation_id, topic, initiative, agency, actor, traceparent, state, checksum"
)
_MODEL_EVENTS: Final[LiteralString] = (
    "SELECT " + _EVENTS + " FROM stored_events"  # noqa: S608 - literals of our own
    " WHERE client_id IN (SELECT client_id FROM history_clients) ORDER BY notification_id"
)


@dataclass
class Multitude:
    """A county that grows: the women of the model by who registered them, all of them, and the events stored."""

    stage: Stage
    model: dict[UUID, str]
    clients: dict[UUID, str]
    events: int

    @property
    def owner(self) -> str:
        return self.stage.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"]

    def of(self, agency: str) -> list[UUID]:
        """The women whom an agency registered."""
        return [client for client, by in self.clients.items() if by == agency]


def begun(running: Stage) -> Multitude:
    """The model: a simulated history of a thousand clients, loaded as a demo's is."""
    asyncio.run(seed([FRESNO], MODEL, number=7, environ=running.settings))
    with psycopg.connect(running.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"], autocommit=True) as owner:
        registered = owner.execute("SELECT client_id, agency FROM stored_events WHERE topic = 'client.registered.v1'")
        model: dict[UUID, str] = dict(registered.fetchall())
        events = _stored(owner)
        owner.execute("VACUUM ANALYZE")
    say(f"{events} events, {len(model)} clients")
    return Multitude(running, model, dict(model), events)


def grow(county: Multitude, copies: int) -> None:
    """As many other women with the same history each, written behind the service's back: nobody verifies a bench."""
    with psycopg.connect(county.owner) as owner:
        events = owner.execute(_MODEL_EVENTS).fetchall()
        first = owner.execute("SELECT * FROM work_index")
        columns = [column.name for column in first.description or ()]
        work = first.fetchall()
        county.events = _stored(owner)  # what was read of others was written down meanwhile
        for _ in range(copies):
            other = _Others(county.model)
            with owner.cursor().copy(f"COPY stored_events ({_EVENTS}) FROM STDIN".encode()) as copy:
                for event in events:
                    county.events += 1
                    copy.write_row(other.event(event, county.events))
            with owner.cursor().copy(f"COPY work_index ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in work:
                    copy.write_row(other.row(dict(zip(columns, row, strict=True))))
            county.clients |= {other.of(client): agency for client, agency in county.model.items()}
            owner.commit()
    with psycopg.connect(county.owner, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    say(f"{county.events} events, {len(county.clients)} clients")


def _stored(owner: psycopg.Connection[TupleRow]) -> int:
    (events,) = owner.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone() or (0,)
    return int(events)


class _Others:
    """Other ids for everything of the model, the same one each time; a pregnancy's follows from its client's."""

    def __init__(self, model: Iterable[UUID]) -> None:
        self._ids: dict[UUID, UUID] = {}
        for client in model:
            self._ids[episode_id(client, 0)] = episode_id(self.of(client), 0)

    def of(self, id: UUID) -> UUID:
        return self._ids.setdefault(id, uuid4())

    def event(self, row: Sequence[Any], position: int) -> list[Any]:
        """Columns as in `_EVENTS`."""
        stream, version, _, occurred, recorded, event, client, *rest = row
        return [self.of(stream), version, position, occurred, recorded, self.of(event), self.of(client), *rest]

    def row(self, work: dict[str, Any]) -> list[Any]:
        return list((work | {"id": self.of(work["id"]), "client_id": self.of(work["client_id"])}).values())


def named(running: Stage, agency: str, count: int) -> None:
    """As many women with invented names in the vault of one agency, without a history."""

    async def write() -> None:
        settings = ServeSettings.from_env(running.settings)
        async with pool(settings.identity_dsn, "bench") as connections:
            vault = open_vault(connections, settings.keys, SystemClock())
            chance = Random(7)
            await vault.cohort.register([Entry(uuid4(), FRESNO, agency, _identity(chance, n)) for n in range(count)])

    asyncio.run(write())
    with psycopg.connect(running.settings["CLOSEKNIT_IDENTITY_OWNER_DSN"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    say(f"{count} clients of {agency}")


def _identity(chance: Random, number: int) -> Identity:
    name = Name(given=chance.choice(GIVEN), family=f"{chance.choice(FAMILY)}{number % 997:03d}")
    return Identity(names=(name,), phones=(f"559 555 {number % 10_000:04d}",), mrn=f"B-{number}")
