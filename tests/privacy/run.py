"""Owns a run: many journeys one after the other, then timers, relay and consumer, then every low channel captured."""

import asyncio
import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg

from services.measures import consumer
from services.measures.settings import MeasuresSettings
from services.measures.store.progress import existing_topics, lag
from services.referrals import timers as referral_timers
from services.referrals.application.sealing import FOLLOWER as SEALING
from services.referrals.relay import Ports, Publisher, Relay
from services.referrals.settings import TimersSettings
from services.referrals.store.mapper import FactMapper
from services.referrals.vault.erasure import FOLLOWER as ERASING
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.chance import drawing_from
from services.runtime.worker import Lifecycle
from tests.condition import until
from tests.privacy import low
from tests.privacy.drawn import Fixed, begin
from tests.privacy.house import House, house
from tests.privacy.journey import Journey, Walked
from tests.privacy.low import Item
from tests.privacy.place import Place, Seams
from tests.privacy.scripts import walk as walk_by_number
from tests.privacy.women import Woman
from tests.referrals.api.conftest import INITIATIVES


@dataclass
class Run:
    """What one run wrote and said where others may read it, and which operations it came by."""

    items: list[Item] = field(default_factory=list)
    operations: Counter[str] = field(default_factory=Counter)


def run(place: Place, women: Mapping[int, Woman], seams: Seams | None = None, walk: Walked = walk_by_number) -> Run:
    """Each woman's journey, by her number."""
    made, seams = Run(), seams or Seams()
    last, owners = 0, seams.owners
    dsn = place.databases.dsn("referrals", "closeknit_owner")
    with house(place, seams) as at, psycopg.connect(dsn, autocommit=True) as store:
        for number, woman in women.items():
            journey = Journey(number, woman, at)
            seams.begins(journey)
            walk(journey)
            made.items += [
                Item("http", number, b"%s\n%s" % (each.where.encode(), each.content)) for each in journey.heard
            ]
            seams.ended(journey)
            last = owned(store, owners, number, last)
        sealed(place)
    late(at, seams)
    at.close()
    for channel in (low.logs, low.spans, low.metrics, low.tables, low.records, low.files, low.queries):
        made.items += low.named(channel(at), owners)
    made.items = list(low.renamed(made.items, low.row_ids(at)))
    seams.over(at)  # last: what it asks of the databases stands in their logs
    return made


def owned(store: psycopg.Connection[Any], owners: dict[bytes, int], number: int, last: int) -> int:
    """Remembers whose the ids are that a journey brought into the store; gives the last position."""
    rows = store.execute(
        "SELECT notification_id, event_id, originator_id, client_id FROM stored_events WHERE notification_id > %s",
        [last],
    ).fetchall()
    for row in rows:
        owners.update({str(id).encode(): number for id in row[1:] if str(id).encode() not in owners})
    return max((row[0] for row in rows), default=last)


def sealed(place: Place) -> None:
    """Return when the vault has followed all that is stored."""
    with (
        psycopg.connect(place.databases.dsn("referrals", "closeknit_owner"), autocommit=True) as store,
        psycopg.connect(place.databases.dsn("identity", "closeknit_owner"), autocommit=True) as vault,
    ):
        (last,) = store.execute("SELECT max(notification_id) FROM stored_events").fetchone() or (0,)

        def there() -> bool:
            row = vault.execute("SELECT count(*), min(position) FROM followers").fetchone()
            return row is not None and row[0] == len((SEALING, ERASING)) and row[1] >= last

        until(there, 60, every=0.05)


def late(at: House, seams: Seams) -> None:
    """What the processes without HTTP make of it: weeks pass, timers fire; the log is written, and read."""
    fixed = Fixed(int(at.place.at.timestamp() * 1000))
    at.clock.at += timedelta(days=21)
    in_own_context("timers", fixed, lambda: asyncio.run(timers(at)))
    in_own_context("relay", fixed, lambda: relay(at, seams))
    in_own_context("consume", fixed, lambda: consume(at))


def in_own_context(name: str, fixed: Fixed, work: Callable[[], None]) -> None:
    def whole() -> None:
        begin(name)
        with drawing_from(fixed.chance):
            work()

    contextvars.copy_context().run(whole)


async def timers(at: House) -> None:
    settings = TimersSettings(
        environment="development", referrals_dsn=at.place.databases.dsn("referrals"), initiatives=INITIATIVES
    )
    async with referral_timers.timers(settings, at.telemetry["timers"], Lifecycle(), at.clock) as process:
        while await process.turn():
            pass


def relay(at: House, seams: Seams) -> None:
    """Everything that is stored goes out, in one leadership."""
    place, lifecycle = at.place, Lifecycle()
    dsn = place.databases.dsn("referrals")
    publisher = seams.publisher(Publisher(LogPseudonyms(root_key(place.folder / "keys")).of, lambda initiative: True))
    ports = Ports(dsn, place.kafka, restricted=True)
    made = Relay(ports, lambda _: publisher, FactMapper(), at.telemetry["relay"], lifecycle)
    context = contextvars.copy_context()
    thread = threading.Thread(target=lambda: context.run(made.run))
    thread.start()
    try:
        with psycopg.connect(dsn, autocommit=True) as store:

            def is_out() -> bool:
                row = store.execute(
                    "SELECT (SELECT max(notification_id) FROM stored_events)"
                    " <= coalesce((SELECT min(position) FROM relay_checkpoint), 0)"
                ).fetchone()
                return row == (True,)

            until(is_out, 120, every=0.05)
    finally:
        lifecycle.stop()
        thread.join(30)


def consume(at: House) -> None:
    """All that is published is in the rows of measures."""
    dsn = at.place.databases.dsn("measures")
    settings = MeasuresSettings(
        environment="development", measures_dsn=dsn, kafka=at.place.kafka, initiatives=INITIATIVES
    )
    worker = consumer.build(settings, existing_topics(settings.kafka), at.telemetry["consume"], Lifecycle())
    try:
        with psycopg.connect(dsn, autocommit=True) as rows:
            while lag(rows, settings.kafka) > 0:
                worker.step(timeout_ms=200)
    finally:
        worker.close()
