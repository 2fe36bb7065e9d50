"""Owns the table of what a local run consists of: each process, its command, how one knows it is ready, its order."""

import functools
import http.client
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy import topics
from deploy.databases import DATABASES, load_directory, migrate
from deploy.local import child, kafka, ports, postgres
from deploy.local.settings import Ports, environment_of
from deploy.local.state import State
from deploy.local.supervisor import Step
from services.runtime.postgres import ensure_database
from services.runtime.worker import read_heartbeat

Told = Callable[[int, int], None]


def parts(
    state: State, chosen: Ports, home: postgres.Home, settings: Mapping[str, str], told: Told
) -> list[child.Spec | Step]:
    """Return the whole system, in an order in which each part stands after what it needs."""
    python = functools.partial(process, state, settings)
    served = functools.partial(healthy, "/health/ready")
    return [
        postgres.spec(home, chosen["postgres"]),
        kafka.spec(state.within("kafka"), chosen["kafka"], chosen["controller"], told=told),
        Step("databases", functools.partial(migrated, settings), after=("postgres",)),
        Step("topics", functools.partial(with_topics, settings), after=("kafka", "databases")),
        issuer(chosen["issuer"], settings),
        python("referrals", "services.referrals", "serve", ready=functools.partial(served, chosen["referrals"])),
        python("measures", "services.measures", "serve", ready=functools.partial(served, chosen["measures"])),
        python("relay", "services.referrals", "relay", after=("databases", "topics", "postgres", "kafka")),
        python("timers", "services.referrals", "timers"),
        python("consume", "services.measures", "consume", after=("databases", "topics", "postgres", "kafka")),
        python(
            *("gateway", "services.gateway", "serve"),
            # Of itself: a bench or a test may run it without every service that it could pass on to.
            ready=functools.partial(healthy, "/health/live", chosen["gateway"]),
            after=("issuer", "referrals", "measures"),
        ),
    ]


def process(
    state: State,
    settings: Mapping[str, str],
    name: str,
    *command: str,
    ready: Callable[[], bool] | None = None,
    after: tuple[str, ...] = ("databases", "postgres"),
) -> child.Spec:
    """Return a Python process of ours; one without HTTP is ready when its heartbeat is fresh."""
    beat = state.heartbeat(name)
    env = {**environment_of(name, settings), "CLOSEKNIT_HEARTBEAT": str(beat)}
    return child.Spec(
        name=name,
        command=(sys.executable, "-m", *command),
        env=env,
        ready=ready or functools.partial(beats, beat),
        prepare=functools.partial(beat.unlink, missing_ok=True),
        after=after,
        stop_s=6.0,
    )


def issuer(port: int, settings: Mapping[str, str]) -> child.Spec:
    """Return the development issuer; its signing key is its own, beside the vault's."""
    return child.Spec(
        name="issuer",
        command=(sys.executable, "-m", "deploy.local.sign_ins"),
        env={**environment_of("issuer", settings), "CLOSEKNIT_KEYS": settings["CLOSEKNIT_ISSUER_KEYS"]},
        ready=functools.partial(healthy, "/health/ready", port),
        stop_s=3.0,
    )


def migrated(settings: Mapping[str, str]) -> None:
    """Create the databases, mark them as a development system's, and bring each to its newest version."""
    for database in DATABASES:
        owner = settings[database.owner_setting]
        server = make_conninfo(owner, dbname="postgres")
        ensure_database(server, database.name)
        with psycopg.connect(server, autocommit=True) as connection:
            statement = "ALTER DATABASE {} SET closeknit.environment = 'development'"
            connection.execute(sql.SQL(statement).format(sql.Identifier(database.name)))
    migrate(settings)
    load_directory(settings)


def with_topics(settings: Mapping[str, str]) -> None:
    topics.create(settings)


def healthy(path: str, port: int) -> bool:
    """Say whether a process answers its health check with 200."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def beats(path: Path) -> bool:
    """Say whether a worker's heartbeat is fresh and says that it has what it needs."""
    beat = read_heartbeat(path)
    return beat is not None and beat.fresh(time.time())


def connects(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True
