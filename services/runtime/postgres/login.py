"""Owns which database roles a service may run as: none that PostgreSQL's own lines do not hold for."""

from typing import Any, Final, LiteralString

import psycopg

_STRONG: Final[LiteralString] = """
SELECT CASE
  WHEN r.rolsuper THEN 'is a superuser'
  WHEN r.rolbypassrls THEN 'passes by row-level security'
  WHEN EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
               AND pg_has_role(current_user, c.relowner, 'MEMBER')) THEN 'owns a table'
END FROM pg_roles r WHERE r.rolname = current_user
"""


class StrongRole(Exception):
    """The database role may do more than a service's; the message names what, and no address."""


def refuse_strong_at(dsn: str) -> None:
    """Raises StrongRole for the role of this connection string; nothing while the server is away (each connection of a
    service is asked again)."""
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            row = connection.execute(_STRONG).fetchone()
    except psycopg.OperationalError:
        return
    _refuse(row)


async def refuse_strong(connection: psycopg.AsyncConnection[Any]) -> None:
    """Raises StrongRole for the role of a new connection."""
    _refuse(await (await connection.execute(_STRONG)).fetchone())


def refuse_strong_now(connection: psycopg.Connection[Any]) -> None:
    """The same of a connection that blocks; it is in no transaction afterwards."""
    row = connection.execute(_STRONG).fetchone()
    if not connection.autocommit:
        connection.rollback()
    _refuse(row)


def _refuse(row: tuple[Any, ...] | None) -> None:
    if row is None or row[0] is not None:
        raise StrongRole(f"the database role {row[0] if row else 'is not known'}: a service runs as none like it")
