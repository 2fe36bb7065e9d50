"""The composition root of referrals: its HTTP process, its relay, its migrations, put together from settings alone."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from uuid import UUID

from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict

from services.referrals.api import (
    boxes,
    claims,
    clients,
    consents,
    contact_plan,
    contacts,
    directory,
    episodes,
    handoffs,
    notes,
    referral_steps,
    referrals,
    timeline,
    work,
)
from services.referrals.api.problems import problem_of
from services.referrals.application.desk import Desk
from services.referrals.application.housekeeping import Housekeeping
from services.referrals.application.sealing import Sealer
from services.referrals.directory import Directory
from services.referrals.relay import Comparison, Ports, Publisher, Relay
from services.referrals.settings import MigrateSettings, RelaySettings, ServeSettings
from services.referrals.store.claims import Claims
from services.referrals.store.mapper import FactMapper
from services.referrals.store.memory import Memory
from services.referrals.store.pump import Served
from services.referrals.store.reader import Reader
from services.referrals.store.timeline import Timeline
from services.referrals.store.trail import Trail
from services.referrals.store.work_lists import WorkLists
from services.referrals.store.writer import Writer
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.referrals.vault.vault import open_vault
from services.runtime.auth import FetchKeys, IssuerKeys, Verifier, keys_over_http
from services.runtime.clock import Clock, SystemClock
from services.runtime.garbage import settle
from services.runtime.http import HttpApp, create_app
from services.runtime.http.serve import serve
from services.runtime.postgres import Unavailable, apply_migrations, ensure_login, pool
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle

OUTAGE_SECONDS = 2.0  # how long a request waits for a database that is away before it is told so

ROUTERS = tuple(
    module.router
    for module in (
        directory, clients, episodes, consents, contacts, contact_plan, timeline, referrals, referral_steps, handoffs,
        notes, work, boxes, claims,
    )
)  # fmt: skip


def build(
    settings: ServeSettings,
    *,
    clock: Clock | None = None,
    telemetry: Telemetry | None = None,
    keys: FetchKeys | None = None,
) -> HttpApp:
    """The HTTP app. Its parts live as long as its lifespan; the databases may be away when it starts.

    `keys` fetches the issuer's public keys, over HTTP unless a test brings its own. Raises BadInitiative.
    """
    clock = clock or SystemClock()
    told = telemetry or Telemetry.start("referrals", settings)
    directory = Directory.read(settings.initiatives)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _parts(settings, directory, clock, told) as desk:
            app.state.desk = desk
            yield

    async def ready() -> Mapping[str, bool]:
        return {"store": await _answers(app.state.desk.reader)}

    verifier = Verifier(settings.issuer, IssuerKeys(keys or keys_over_http(settings.jwks_url)))
    app = create_app(
        "Closeknit referrals",
        routers=ROUTERS,
        parts={"verifier": verifier},
        translate=problem_of,
        telemetry=told,
        ready=ready,
        lifespan=lifespan,
    )
    return app


@asynccontextmanager
async def _parts(settings: ServeSettings, directory: Directory, clock: Clock, told: Telemetry) -> AsyncIterator[Desk]:
    """The desk with its connections, the sealer and the housekeeping running beside the requests."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(pool(settings.referrals_dsn, "referrals lists", wait=OUTAGE_SECONDS))
        identity = await stack.enter_async_context(pool(settings.identity_dsn, "referrals vault", wait=OUTAGE_SECONDS))
        mapper, memory = FactMapper(), Memory()
        reader = await stack.enter_async_context(Reader(settings.referrals_dsn, mapper))
        writer = await stack.enter_async_context(
            Writer(settings.referrals_dsn, mapper, memory=memory, served=_served(told))
        )
        vault, trail = open_vault(identity, settings.keys, clock), Trail(store, mapper)
        sealer = Sealer(trail, reader, vault.given, told, quiet_seconds=lambda: writer.quiet_seconds)
        await stack.enter_async_context(_running(sealer.follow()))
        await stack.enter_async_context(_running(Housekeeping(trail, vault, clock, told).keep()))
        yield Desk(
            reader=reader,
            writer=writer,
            lists=WorkLists(store),
            claims=Claims(store, mapper),
            timeline=Timeline(store, mapper),
            vault=vault,
            sealer=sealer,
            directory=directory,
            clock=clock,
            memory=memory,
        )


def _served(telemetry: Telemetry) -> Served:
    def served(size: int, seconds: float, waiting: int) -> None:
        telemetry.metrics.record("closeknit.append.batch.size", size)
        telemetry.metrics.level("closeknit.append.queue", waiting)

    return served


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """A task beside the requests, cancelled at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _answers(reader: Reader) -> bool:
    try:
        async with asyncio.timeout(1.0):
            await reader.load(UUID(int=0))
    except (Unavailable, TimeoutError):
        return False
    return True


def run_serve(environ: Mapping[str, str] = os.environ) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsProblem, KeyProblem, BadInitiative; OSError for a taken port."""
    settings = ServeSettings.from_env(environ)
    serve(build(settings), host=settings.referrals_host, port=settings.referrals_port, unix=settings.referrals_socket)


def build_relay(settings: RelaySettings, lifecycle: Lifecycle, telemetry: Telemetry) -> Relay:
    """The relay: event store to Kafka. Raises KeyProblem, BadInitiative."""
    ports, publisher = _way_out(settings)
    return Relay(ports, publisher, FactMapper(), telemetry, lifecycle)


def build_comparison(settings: RelaySettings) -> Comparison:
    """What `closeknit verify` asks: do store, Kafka and measures say the same? Raises KeyProblem, BadInitiative."""
    ports, publisher = _way_out(settings)
    return Comparison(ports, publisher, FactMapper())


def _way_out(settings: RelaySettings) -> tuple[Ports, Publisher]:
    initiatives = Directory.read(settings.initiatives).initiatives
    restricted_on = {initiative.slug for initiative in initiatives if initiative.restricted_topic}
    publisher = Publisher(LogPseudonyms(root_key(settings.keys)).of, restricted_on.__contains__)
    return Ports(settings.referrals_dsn, settings.kafka, restricted=bool(restricted_on)), publisher


def run_relay(environ: Mapping[str, str] = os.environ) -> None:
    """Relay until SIGTERM or SIGINT. Raises SettingsProblem, KeyProblem, BadInitiative, LogDamaged."""
    settings = RelaySettings.from_env(environ)
    lifecycle = Lifecycle(settings.heartbeat)
    telemetry = Telemetry.start("relay", settings)
    try:
        with lifecycle.signals():
            relay = build_relay(settings, lifecycle, telemetry)
            settle()
            relay.run()
    finally:
        telemetry.close()


def migrate(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Bring both databases to their newest version, with the logins' passwords; gives the files applied now."""
    settings = MigrateSettings.from_env(environ)
    here = files("services.referrals")
    applied: list[str] = []
    for owner, login, folder in (
        (settings.referrals_owner_dsn, settings.referrals_dsn, here / "migrations"),
        (settings.identity_owner_dsn, settings.identity_dsn, here / "vault" / "migrations"),
    ):
        wanted = conninfo_to_dict(login)
        ensure_login(owner, str(wanted["user"]), str(wanted["password"]))
        applied += apply_migrations(owner, folder)
    return applied
