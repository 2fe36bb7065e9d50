"""Owns what benches and proofs stand on: servers of their own with their real settings, calibration, the last line."""

import hashlib
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from deploy.databases import DATABASES, migrate
from deploy.local import kafka, ports, postgres


@dataclass(frozen=True)
class Ground:
    """A PostgreSQL that syncs to disk as in service, its databases migrated; `environ` as processes read it."""

    folder: Path
    server: postgres.PostgresServer
    environ: Mapping[str, str]

    def dsn(self, setting: str) -> str:
        """The connection string under a setting's name, such as `REFERRALS_DSN`."""
        return self.environ[f"CLOSEKNIT_{setting}"]


@contextmanager
def ground(*, settings: Mapping[str, str] | None = None) -> Iterator[Ground]:
    """A fresh database server for one bench or proof, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="closeknit-bench-") as place:
        folder = Path(place)
        server = postgres.start(folder / "postgres", ports.any_free(), settings=settings)
        try:
            yield Ground(folder, server, _migrated(server))
        finally:
            server.stop()


def _migrated(server: postgres.PostgresServer) -> dict[str, str]:
    environ = {"CLOSEKNIT_ENVIRONMENT": "development"}
    with psycopg.connect(server.dsn(), autocommit=True) as owner:
        for database in DATABASES:
            owner.execute(f"CREATE DATABASE {database.name}")
            owner.execute(f"ALTER DATABASE {database.name} SET closeknit.environment = 'development'")
            environ[database.owner_setting] = server.dsn(database.name)
            for role, setting in database.logins.items():
                password = secrets.token_urlsafe(12)
                environ[setting] = make_conninfo(server.dsn(database.name), user=role, password=password)
    migrate(environ)
    return environ


@contextmanager
def broker() -> Iterator[kafka.KafkaServer]:
    """A Kafka of its own with the topics that the contracts declare, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="closeknit-bench-") as place:
        server = kafka.start(Path(place) / "kafka", ports.any_free())
        try:
            yield server
        finally:
            server.stop()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def percentile(values: Sequence[float], share: float) -> float:
    """In the values' unit."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def last_line(
    name: str, ours: Sequence[float], floor: Sequence[float], latencies: Sequence[float], **more: float
) -> str:
    """The line that ends a bench (interface page, section 1): rates per second of each round, latencies in seconds.

    The ratio is the median of the rounds' own ratios: floor and ours of one round saw the same machine.
    """
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    extra = "".join(f" {key}={value:.2f}" for key, value in more.items())
    return (
        f"{name} ratio={ratio:.2f}{extra} ours={statistics.median(ours):.0f} floor={statistics.median(floor):.0f}"
        f" p50_ms={percentile(latencies, 0.5) * 1e3:.2f} p99_ms={percentile(latencies, 0.99) * 1e3:.2f}"
    )


def calibration(folder: Path) -> str:
    """What the machine gives at this moment: SHA-256 of 64 KiB and fdatasync of 8 KiB, per second."""
    block, began, count = os.urandom(65_536), time.perf_counter(), 0
    while time.perf_counter() - began < 0.25:
        hashlib.sha256(block)
        count += 1
    hashes = count / (time.perf_counter() - began)
    descriptor = os.open(folder / "calibration", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < 0.25:
            os.pwrite(descriptor, block[:8192], 0)
            os.fdatasync(descriptor)
            count += 1
        syncs = count / (time.perf_counter() - began)
    finally:
        os.close(descriptor)
    load = os.getloadavg()[0]
    return f"machine: {hashes:.0f} sha256 of 64 KiB/s, {syncs:.0f} fdatasync/s, load {load:.1f}"
