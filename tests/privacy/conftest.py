"""Owns where the runs of this folder happen: a log that begins anew with each, fresh databases, one time."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from deploy.local.kafka import KafkaServer
from deploy.local.postgres import PostgresServer
from services.referrals.vault.keys import ensure_root_key
from tests.fix_servers import Databases
from tests.privacy.place import Place, fix_database_clock
from tests.referrals.relay.log import fresh_topics

MakePlace = Callable[[], Place]


@pytest.fixture(scope="module")
def at() -> datetime:
    """The time of all runs."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def make_place(  # noqa: PLR0913 - each argument is a fixture
    at: datetime,
    *,
    database_maker: Callable[[], Databases],
    postgres_server: PostgresServer,
    kafka_server: KafkaServer,
    server_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MakePlace]:
    """Where one run happens; the run before has ended."""
    keys = tmp_path_factory.mktemp("privacy") / "keys"
    ensure_root_key(keys)
    statements = server_folder / "postgres" / "postgres.log"
    made: list[Path] = []

    def make() -> Place:
        fresh_topics(kafka_server.bootstrap)
        databases, folder = database_maker(), tmp_path_factory.mktemp("run")
        made.append(folder)
        place = Place(databases, folder, keys, kafka_server.bootstrap, at, statements)
        fix_database_clock(place)
        for name in ("referrals", "identity", "measures"):
            log_statements(postgres_server, databases, name)
        return replace(place, logged_from=statements.stat().st_size)

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def log_statements(server: PostgresServer, databases: Databases, name: str) -> None:
    """The server writes down each statement that this database is given, without what is bound to it."""
    databases.dsn(name)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for setting in ("log_statement = 'all'", "log_parameter_max_length = 0"):
            connection.execute(f"ALTER DATABASE {name}_{databases.suffix} SET {setting}".encode())
