"""Owns making a UUID of its number: `uuid.UUID` looks at every kind of argument first, in five times the time."""

from typing import Final
from uuid import UUID, SafeUUID

_UNKNOWN: Final = SafeUUID.unknown  # looked up once: an enum gives its members by a call


def uuid_of(number: int) -> UUID:
    """The UUID of a number of 128 bits, which the caller vouches for."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", _UNKNOWN)
    return made
