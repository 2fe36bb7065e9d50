"""Keeps what one close of a period learned of each client for the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.measures.store.journeys import Share
from services.runtime.postgres import Connection


class Extent(NamedTuple):
    """From when to when a client has units. With `open_at` they do not hold for a period that reaches back to it."""

    first_at: datetime | None
    last_at: datetime | None
    open_at: datetime | None


class Kept(NamedTuple):
    """What is kept of one client: a digest of the facts behind it, and her units as text with their extent."""

    client: str
    facts: bytes
    extent: Extent
    content: str


def seen(
    connection: Connection, key: bytes, share: Share, since: datetime, cutoff: datetime
) -> Mapping[str, tuple[bytes, Extent]]:
    """Digest and extent of whoever is known under a key of a share of the clients, by pseudonym.

    Of whom something is kept at a cutoff no later than this one, and all that she has from `since` on.
    """
    with connection.cursor() as cursor:
        rows = cursor.execute(
            "SELECT client, facts, first_at, last_at, open_at FROM kept_units WHERE key = %s"
            " AND (hashtextextended(client, 0) & 9223372036854775807) %% %s = %s AND since <= %s AND cutoff <= %s",
            [key, share.of, share.part, since, cutoff],
        )
        return {client: (facts, Extent(*extent)) for client, facts, *extent in rows}


def contents(connection: Connection, key: bytes, clients: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was kept of some clients."""
    with connection.cursor() as cursor:
        yield from cursor.execute(
            "SELECT client, content FROM kept_units WHERE key = %s AND client = ANY(%s)", [key, list(clients)]
        )


def keep(
    connection: Connection, of: tuple[str, bytes], since: datetime, cutoff: datetime, clients: Sequence[Kept]
) -> None:
    """Puts this in the place of what was kept of these clients; `of` is an initiative and the only key it keeps."""
    initiative, key = of
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('closeknit kept units', 0))")
        cursor.execute("DELETE FROM kept_units WHERE initiative = %s AND key <> %s", [initiative, key])
        names = [each.client for each in clients]
        cursor.execute("DELETE FROM kept_units WHERE key = %s AND client = ANY(%s)", [key, names])
        with cursor.copy(
            "COPY kept_units (initiative, key, since, cutoff, client, facts, first_at, last_at, open_at, content)"
            " FROM STDIN"
        ) as copy:
            for each in clients:
                row = (each.client, each.facts, *each.extent, each.content)
                copy.write_row((initiative, key, since, cutoff, *row))


def forget(connection: Connection) -> None:
    """Drops what is kept under names that no fact has any more."""
    connection.execute(
        "DELETE FROM kept_units AS kept WHERE NOT EXISTS (SELECT FROM live.facts AS facts"
        " WHERE facts.initiative = kept.initiative AND facts.subject = kept.client)"
    )
