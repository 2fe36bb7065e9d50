"""Owns a backup of the identity database, restored beside the one in use, to be read with the keys as they are."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.runtime.postgres import apply_migrations, ensure_database, ensure_login

_TABLES = ("epochs", "data_keys", "identities", "search_words", "notes", "given", "drafts", "file_pieces", "followers")
Backup = dict[str, bytes]


def backed_up(owner: str) -> Backup:
    """All of it, as it stands in one moment."""
    kept: Backup = {}
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for name in _TABLES:
            copying = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))
            with connection.cursor().copy(copying) as copy:
                kept[name] = b"".join(bytes(part) for part in copy)
    return kept


@contextmanager
def restored(owner: str, login: str, backup: Backup) -> Iterator[str]:
    """The connection string, for the role of `login`, of a database of its own that holds the backup."""
    name = f"restored_{uuid4().hex[:12]}"
    ensure_database(owner, name)
    beside = make_conninfo(owner, dbname=name)
    role = conninfo_to_dict(login)
    ensure_login(beside, str(role["user"]), str(role["password"]))
    apply_migrations(beside, files("services.referrals") / "vault" / "migrations")
    with psycopg.connect(beside) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, rows in backup.items():
            copying = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with connection.cursor().copy(copying) as copy:
                copy.write(rows)
    try:
        yield make_conninfo(login, dbname=name)
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def copied_keys(folder: Path, to: Path) -> Path:
    """The key folder as it is, to be aged without harm to who uses it."""
    return Path(shutil.copytree(folder, to))
