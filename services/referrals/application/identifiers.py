"""Identifiers that the application makes: time-ordered, so that neighbours in time are neighbours in every index."""

from uuid import UUID

from uuid_utils import uuid7

from services.referrals.domain.uuids import uuid_of


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562)."""
    return uuid_of(uuid7().int)
