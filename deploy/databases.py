"""Owns which databases there are, which roles may enter each, where each one's migrations stand, and its ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from contracts.initiative import load_initiatives
from services.runtime.clock import SystemClock
from services.runtime.postgres import apply_migrations, conninfo, ensure_login

INITIATIVES = "deploy/initiatives"


@dataclass(frozen=True)
class Database:
    """One database: `logins` maps a role to the setting that holds its connection string."""

    name: str
    folder: str
    logins: Mapping[str, str]

    @property
    def owner_setting(self) -> str:
        return f"CLOSEKNIT_{self.name.upper()}_OWNER_DSN"

    @property
    def migrations(self) -> Traversable:
        return files("services").joinpath(self.folder)


DATABASES = (
    Database(
        "referrals",
        "referrals/migrations",
        {"referrals_app": "CLOSEKNIT_REFERRALS_DSN", "referrals_history": "CLOSEKNIT_REFERRALS_HISTORY_DSN"},
    ),
    Database("identity", "referrals/vault/migrations", {"identity_app": "CLOSEKNIT_IDENTITY_DSN"}),
    Database("measures", "measures/migrations", {"measures_app": "CLOSEKNIT_MEASURES_DSN"}),
)


def migrate(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Bring every database whose owner's setting is there to its newest version; returns the files applied now.

    The logins get the passwords of their own connection strings. Running it again changes nothing.
    """
    applied = {}
    for database in DATABASES:
        owner = environ.get(database.owner_setting)
        if not owner:
            continue
        for role, setting in database.logins.items():
            if dsn := environ.get(setting):
                ensure_login(owner, role, str(conninfo_to_dict(dsn)["password"]))
        if database.migrations.is_dir():
            applied[database.name] = apply_migrations(owner, database.migrations)
    return applied


def load_directory(environ: Mapping[str, str]) -> int | None:
    """Bring what the initiatives' files say of agencies and services into the store; how many entries were said anew.

    None where no login of the store is in the settings. An entry that was edited stands. Raises BadInitiative.
    """
    dsn = environ.get("CLOSEKNIT_REFERRALS_DSN")
    if not dsn:
        return None
    # With this come all of the service's commands: who asks how a system is shall not wait for them.
    from services.referrals.application import configuration  # noqa: PLC0415
    from services.referrals.store.mapper import FactMapper  # noqa: PLC0415

    initiatives = load_initiatives(Path(environ.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    with psycopg.connect(conninfo(dsn, "closeknit migrate"), autocommit=True) as connection:
        return configuration.load(connection, initiatives.values(), SystemClock(), FactMapper())
