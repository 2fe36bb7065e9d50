"""The composition root of referrals: its processes, relay, timers, migrations, put together from settings alone."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import psycopg
from psycopg.conninfo import conninfo_to_dict

from contracts.topic import FIRST_KEY
from services.referrals.directory import Directory
from services.referrals.relay import Comparison, LogKeys, Ports, Publisher, Publishing, Relay
from services.referrals.settings import MigrateSettings, RelaySettings, ServeSettings, TimersSettings
from services.referrals.store.mapper import FactMapper
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.garbage import settle
from services.runtime.postgres import apply_migrations, conninfo, ensure_login
from services.runtime.postgres.login import refuse_strong_at
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle


def run_serve(environ: Mapping[str, str] = os.environ) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises SettingsProblem, StrongRole, KeyProblem, BadInitiative; OSError for a taken port.
    """
    from services.referrals.serving import run  # noqa: PLC0415 -- relay and timers start a second sooner without HTTP

    settings = ServeSettings.from_env(environ)
    refuse_strong_at(settings.referrals_dsn)
    refuse_strong_at(settings.identity_dsn)
    run(settings)


def build_relay(settings: RelaySettings, lifecycle: Lifecycle, telemetry: Telemetry) -> Relay:
    """The relay: event store to Kafka. Raises KeyProblem, BadInitiative."""
    ports, publishing = _way_out(settings)
    return Relay(ports, publishing, FactMapper(), telemetry, lifecycle)


def build_comparison(settings: RelaySettings, key: int) -> Comparison:
    """What `closeknit verify` asks: do store, Kafka under this log key, and measures say the same?

    Raises KeyProblem, BadInitiative.
    """
    ports, publishing = _way_out(settings)
    return Comparison(replace(ports, keys=(key,)), publishing(key), FactMapper())


def copy_log(settings: RelaySettings, key: int) -> None:
    """Copy everything that is stored to the topics of a log key, which have to be there, from wherever a copy ended.

    Raises KeyProblem, BadInitiative, LogDamaged.
    """
    ports, publishing = _way_out(settings)
    Relay(ports, publishing, FactMapper(), Telemetry.off(), Lifecycle(), copied=key).run()


def open_log_keys(dsn: str) -> tuple[int, ...]:
    """The log keys under which the relay writes, the oldest first."""
    with psycopg.connect(conninfo(dsn, "closeknit keys"), autocommit=True) as connection:
        return LogKeys(connection).open()


def log_keys(dsn: str) -> tuple[int, ...]:
    """The log keys whose topics have to be there, the oldest first; the first one before the first migration."""
    with psycopg.connect(conninfo(dsn, "closeknit keys"), autocommit=True) as connection:
        try:
            return LogKeys(connection).used()
        except psycopg.errors.UndefinedTable:
            return (FIRST_KEY,)


def newest_log_key(dsn: str) -> int:
    """The highest number of a log key that there ever was; the first one before the first migration."""
    with psycopg.connect(conninfo(dsn, "closeknit keys"), autocommit=True) as connection:
        try:
            return LogKeys(connection).newest()
        except psycopg.errors.UndefinedTable:
            return FIRST_KEY


def _way_out(settings: RelaySettings) -> tuple[Ports, Publishing]:
    initiatives = Directory.read(settings.initiatives).initiatives
    restricted_on = {initiative.slug for initiative in initiatives if initiative.restricted_topic}
    root = root_key(settings.keys)

    def publishing(key: int) -> Publisher:
        return Publisher(LogPseudonyms(root, key).of, restricted_on.__contains__, key)

    return Ports(settings.referrals_dsn, settings.broker, restricted=bool(restricted_on)), publishing


def run_relay(environ: Mapping[str, str] = os.environ) -> None:
    """Relay until SIGTERM or SIGINT. Raises SettingsProblem, StrongRole, KeyProblem, BadInitiative, LogDamaged."""
    settings = RelaySettings.from_env(environ)
    refuse_strong_at(settings.referrals_dsn)
    lifecycle = Lifecycle(settings.heartbeat)
    telemetry = Telemetry.start("relay", settings)
    try:
        with lifecycle.signals():
            relay = build_relay(settings, lifecycle, telemetry)
            settle()
            relay.run()
    finally:
        telemetry.close()


def run_timers(environ: Mapping[str, str] = os.environ) -> None:
    """Fire timers until SIGTERM or SIGINT. Raises SettingsProblem, StrongRole, BadInitiative."""
    from services.referrals.timers import timers  # noqa: PLC0415 -- the relay starts sooner without a desk

    settings = TimersSettings.from_env(environ)
    refuse_strong_at(settings.referrals_dsn)
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
