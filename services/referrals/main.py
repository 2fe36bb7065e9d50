"""The composition root of referrals: HTTP process, relay, timers, migrations, put together from settings alone."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from uuid import UUID

from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict

from services.referrals.api import (
    access,
    appointments,
    boxes,
    checks,
    claims,
    clients,
    consents,
    contact_plan,
    contacts,
    demographics,
    directory,
    disclosures,
    drafts,
    entries,
    episode_steps,
    episodes,
    feedback,
    group_sessions,
    handoff_steps,
    handoffs,
    letters,
    links,
    needs,
    notes,
    outreach,
    questions,
    redirects,
    referral_steps,
    referrals,
    responsibility,
    safe_contact,
    screenings,
    staff,
    timeline,
    work,
)
from services.referrals.api.access import ClientAccess
from services.referrals.api.problems import problem_of
from services.referrals.application.letter_faces import faces
from services.referrals.application.opening import OUTAGE_SECONDS, bare_desk, whole_desk
from services.referrals.directory import Directory
from services.referrals.relay import Comparison, Ports, Publisher, Relay
from services.referrals.settings import MigrateSettings, RelaySettings, ServeSettings, TimersSettings
from services.referrals.store.mapper import FactMapper
from services.referrals.store.reader import Reader
from services.referrals.timers import Timers
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.auth import FetchKeys, IssuerKeys, keys_over_http
from services.runtime.clock import Clock, SystemClock
from services.runtime.garbage import settle
from services.runtime.http import HttpApp, create_app
from services.runtime.http.serve import serve
from services.runtime.postgres import Unavailable, apply_migrations, ensure_login, pool
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle

ROUTERS = tuple(
    module.router
    for module in (
        directory,
        entries,
        checks,
        clients,
        episodes,
        episode_steps,
        demographics,
        outreach,
        links,
        consents,
        contacts,
        contact_plan,
        group_sessions,
        staff,
        timeline,
        referrals,
        referral_steps,
        appointments,
        handoffs,
        needs,
        notes,
        screenings,
        work,
        boxes,
        claims,
        drafts,
        redirects,
        feedback,
        safe_contact,
        letters,
        access,
        disclosures,
        questions,
        handoff_steps,
        responsibility,
    )
)


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
        async with whole_desk(settings, directory, clock, told) as desk:
            app.state.desk = desk
            yield

    async def ready() -> Mapping[str, bool]:
        return {"store": await _answers(app.state.desk.reader)}

    door = ClientAccess.opened(root_key(settings.keys).derive("client token", "1"), settings)
    app = create_app(
        "Closeknit referrals",
        routers=ROUTERS,
        parts={
            "verifier": door.believing(settings, IssuerKeys(keys or keys_over_http(settings.jwks_url))),
            "public_url": settings.public_url,
            "client_access": door,
            "letter_faces": faces(settings.letter_faces),
        },
        translate=problem_of,
        telemetry=told,
        ready=ready,
        lifespan=lifespan,
    )
    return app


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
    return Ports(settings.referrals_dsn, settings.broker, restricted=bool(restricted_on)), publisher


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


@asynccontextmanager
async def timers(
    settings: TimersSettings, telemetry: Telemetry, lifecycle: Lifecycle, clock: Clock | None = None
) -> AsyncIterator[Timers]:
    """The timers with their connections. Raises BadInitiative."""
    directory = Directory.read(settings.initiatives)
    async with (
        bare_desk(settings, directory, clock or SystemClock(), telemetry) as (desk, _),
        pool(settings.referrals_dsn, "referrals timers", size=1, wait=OUTAGE_SECONDS) as turns,
    ):
        yield Timers(desk, turns, telemetry, lifecycle)


def run_timers(environ: Mapping[str, str] = os.environ) -> None:
    """Fire timers until SIGTERM or SIGINT. Raises SettingsProblem, BadInitiative."""
    settings = TimersSettings.from_env(environ)
    lifecycle = Lifecycle(settings.heartbeat)
    telemetry = Telemetry.start("timers", settings)

    async def work() -> None:
        async with timers(settings, telemetry, lifecycle) as process:
            await process.run()

    try:
        with lifecycle.signals():
            settle()
            asyncio.run(work())
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
