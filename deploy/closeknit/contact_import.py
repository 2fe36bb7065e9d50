"""Owns the import of one contact log into the system that the settings name: read, record, put aside."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from contracts.topic import of_clients, under
from contracts.vocabulary import ContactMode
from deploy.closeknit.contact_csv import BadFile, Columns, LogRow, RefusedRow, check, rows, write_refused
from services.referrals.application.contact_log import STUB, Added, ContactLog, Source
from services.referrals.directory import Directory, NotInDirectory
from services.referrals.relay import LogKeys
from services.referrals.settings import DeskSettings
from services.referrals.vault.vault import reached_vault
from services.runtime.clock import Clock, SystemClock
from services.runtime.postgres import conninfo, pool

ROWS_AT_ONCE = 1_000
RELAYED_S = 15.0
POLL_S = 0.05
_LAST: Final = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
_RELAYED: Final = "SELECT coalesce(min(position), 0) FROM relay_checkpoint WHERE topic = ANY (%s)"
_RELAYS: Final = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'referrals relay'"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to import: a file, how to read it, and where refused rows go (None: beside the file)."""

    file: Path
    initiative: str
    columns: Columns
    mode: ContactMode
    source: str
    refused: Path | None = None


@dataclass
class Import:
    """What it came to."""

    added: Added = Added()
    refused: list[RefusedRow] = field(default_factory=list)
    refused_file: Path | None = None
    stubs: set[str] = field(default_factory=set)
    published: bool = True

    def facts(self) -> dict[str, object]:
        return {
            "contacts": self.added.contacts,
            "clients": self.added.clients,
            "there_already": self.added.known,
            "refused": len(self.refused),
            "refused_file": str(self.refused_file) if self.refused_file else None,
            "agencies_not_in_directory": len(self.stubs),
            "published": self.published,
        }

    def sentence(self) -> str:
        said = [f"{self.added.contacts} contacts of {self.added.clients} new clients added"]
        if self.added.known:
            said.append(f"{self.added.known} were there already")
        if self.stubs:
            said.append(f"{len(self.stubs)} agencies are not in the directory and are known by a code")
        if self.refused:
            said.append(f"{len(self.refused)} rows refused, with the reasons in {self.refused_file}")
        if not self.published:
            said.append("not all of it is on Kafka yet: the relay is behind or away")
        return "; ".join(said)


async def run(wanted: Wanted, environ: Mapping[str, str], told: Callable[[int, int], None]) -> Import:
    """Import the file. Raises BadFile, SettingsProblem, BadInitiative, KeyProblem, psycopg's errors."""
    settings = DeskSettings.from_env(environ)
    directory = Directory.read(settings.initiatives)
    try:
        directory.initiative(wanted.initiative)
    except NotInDirectory:
        raise BadFile(f"there is no initiative {wanted.initiative!r}") from None
    header = check(wanted.file, wanted.columns)
    target = _refused_file(wanted)
    done, clock = Import(), SystemClock()
    async with (
        pool(settings.identity_dsn, "closeknit import", task="import") as connections,
        reached_vault(connections, settings, clock) as vault,
    ):
        dsn = conninfo(settings.referrals_dsn, "closeknit import")
        source = Source(wanted.initiative, wanted.source, wanted.mode)
        with psycopg.connect(dsn, autocommit=True) as connection:
            log = ContactLog(source, vault, connection, directory, clock)
            for batch in _batches(wanted, done, clock, told):
                done.added += await log.add(batch)
                done.stubs |= {code for row in batch if (code := log.agency(row.agency)).startswith(STUB)}
            done.published = await asyncio.to_thread(_await_relay, connection)
    if done.refused:
        write_refused(target, header, done.refused)
        done.refused_file = target
    return done


def _batches(wanted: Wanted, done: Import, clock: Clock, told: Callable[[int, int], None]) -> Iterator[list[LogRow]]:
    batch: list[LogRow] = []
    for row in rows(wanted.file, wanted.columns, clock.now(), told):
        if isinstance(row, RefusedRow):
            done.refused.append(row)
            continue
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _await_relay(connection: psycopg.Connection) -> bool:
    """Wait a while until the relay has passed what is stored now, so that whoever reads next finds it on Kafka.

    False when it does not, at once where no relay runs.
    """
    deadline, pause = time.monotonic() + RELAYED_S, threading.Event()
    stored = _number(connection, _LAST)
    while _relayed(connection) < stored:
        if time.monotonic() > deadline or not _number(connection, _RELAYS):
            return False
        pause.wait(POLL_S)
    return True


def _relayed(connection: psycopg.Connection) -> int:
    """Up to where the topics of every open log key are written; those of a closed one stand still for ever."""
    names = [under(name, key) for key in LogKeys(connection).open() for name in of_clients()]
    return _number(connection, _RELAYED, [names])


def _number(connection: psycopg.Connection, query: LiteralString, values: Sequence[object] = ()) -> int:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else 0


def _refused_file(wanted: Wanted) -> Path:
    """Beside the file where that can be written, else in the working folder. Raises BadFile for the file itself."""
    name = f"{wanted.file.stem}.refused.csv"
    beside = wanted.file.parent / name
    target = wanted.refused or (beside if _writable(beside) else Path.cwd() / name)
    if target.resolve() == wanted.file.resolve():
        raise BadFile("refused rows cannot go into the file that they come from")
    if not _writable(target):
        raise BadFile(f"refused rows cannot be written to {target}")
    return target


def _writable(target: Path) -> bool:
    was_there = target.exists()
    try:
        with target.open("ab"):
            pass
    except OSError:
        return False
    if not was_there:
        target.unlink()
    return True
