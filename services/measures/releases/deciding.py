"""What the backbone decides of a release: one person builds it, another approves it, and either may withdraw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.measures.releases import ledger
from services.measures.releases.ledger import Release


class OwnRelease(Exception):
    """Who built a release does not approve it."""


class Withdrawn(Exception):
    """It was withdrawn, and stays so."""


@dataclass
class Overlaps(Exception):
    """These releases, by name, were published since it was built, about a time that overlaps: it must be built anew."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Says:
    """Who decides: a person (a sign-in, or an operator's name), of this initiative where one is named.

    `before` is told of the release as it stands before anything is decided; what it raises is raised.
    """

    person: str
    initiative: str | None = None
    before: Callable[[Release], None] = lambda found: None


def approve(connection: Connection[Any], release: UUID, says: Says) -> Release:
    """Publishes a draft; one that is published stays as it is.

    Raises UnknownRelease, OwnRelease, Withdrawn, Overlaps.
    """
    with connection.transaction():
        found = _held(connection, release, says.initiative)
        if found.approved and not found.withdrawn:
            return found
        says.before(found)
        if found.withdrawn:
            raise Withdrawn
        if found.built_by == says.person:
            raise OwnRelease
        _beside_all(connection, found)
        _decide(connection, release, "approved", says.person, None)
    return ledger.find(connection, release)


def withdraw(connection: Connection[Any], release: UUID, says: Says, reason: str) -> Release:
    """Takes its figures away; the reason stays. With the same reason again it is so already.

    Raises UnknownRelease; Withdrawn where another reason stands.
    """
    with connection.transaction():
        found = _held(connection, release, says.initiative)
        if found.withdrawn is not None:
            if found.withdrawn.reason == reason:
                return found
            raise Withdrawn
        says.before(found)
        _decide(connection, release, "withdrawn", says.person, reason)
    return ledger.find(connection, release)


def _held(connection: Connection[Any], release: UUID, initiative: str | None) -> Release:
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('closeknit releases', 0))")
    return ledger.find(connection, release, initiative)


def _beside_all(connection: Connection[Any], found: Release) -> None:
    """What it hides was chosen beside all that is published; nobody can publish more meanwhile."""
    known = {each.release for each in found.beside}
    others = ledger.overlapping(connection, found.initiative, found.span)
    if later := tuple(each.name for each in others if each.id not in known):
        raise Overlaps(later)


def _decide(connection: Connection[Any], release: UUID, decision: str, person: str, reason: str | None) -> None:
    connection.execute(
        "INSERT INTO release_decisions (release, decision, decided_by, reason) VALUES (%s, %s, %s, %s)",
        [release, decision, person, reason],
    )
