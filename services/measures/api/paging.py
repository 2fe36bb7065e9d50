"""Owns cursors of what measures lists: the place of an entry, good for one list of one initiative."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b
from typing import Final

from services.runtime.http.problem import FieldError, Problem, malformed

_PLACE_BYTES: Final = 4
_TAG_BYTES: Final = 8


def next_url(path: str, initiative: str, limit: int, place: int | None) -> str | None:
    """The address of the part behind a place, None behind the last."""
    if place is None:
        return None
    raw = _tag(path, initiative, place) + place.to_bytes(_PLACE_BYTES)
    return f"{path}?limit={limit}&cursor={base64.urlsafe_b64encode(raw).decode().rstrip('=')}"


def place_of(path: str, initiative: str, cursor: str | None) -> int | None:
    """The place that a cursor means, None for none. Raises 422 for one of another list or initiative."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "==")
    except (binascii.Error, ValueError):
        raw = b""
    place = int.from_bytes(raw[_TAG_BYTES:])
    if len(raw) != _TAG_BYTES + _PLACE_BYTES or raw[:_TAG_BYTES] != _tag(path, initiative, place):
        raise _unknown()
    return place


def _tag(path: str, initiative: str, place: int) -> bytes:
    return blake2b(f"{path}\0{initiative}\0{place}".encode(), digest_size=_TAG_BYTES).digest()


def _unknown() -> Problem:
    return malformed([FieldError("/query/cursor", "unknown_cursor", "Take the cursor from the last answer's next.")])
