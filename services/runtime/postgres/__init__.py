"""How a process talks to PostgreSQL: as whom, on whose behalf, by which connections, over which migrations."""

from services.runtime.postgres.connections import (
    AsyncPool,
    Connection,
    Cursor,
    MigrationProblem,
    Overloaded,
    Unavailable,
    apply_migrations,
    conninfo,
    ensure_database,
    ensure_login,
    is_busy,
    is_outage,
    pool,
)

__all__ = [
    "AsyncPool",
    "Connection",
    "Cursor",
    "MigrationProblem",
    "Overloaded",
    "Unavailable",
    "apply_migrations",
    "conninfo",
    "ensure_database",
    "ensure_login",
    "is_busy",
    "is_outage",
    "pool",
]
