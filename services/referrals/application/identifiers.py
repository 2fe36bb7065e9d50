"""Identifiers that the application makes: time-ordered, so that neighbours in time are neighbours in every index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562)."""
    return uuid7()
