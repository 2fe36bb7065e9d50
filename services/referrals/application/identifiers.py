"""Identifiers that the application makes: time-ordered, so that neighbours in time are neighbours in every index."""

from uuid import UUID

from services.referrals.domain.uuids import uuid_of
from services.runtime.chance import ordered_number


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562)."""
    return uuid_of(ordered_number())
