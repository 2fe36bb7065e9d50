"""Owns what names are drawn by chance: ids of records and of requests, from a source that a context may bring itself.

Keys, nonces and codes are never drawn here: whoever proves by two equal runs that nothing leaks names things alike in
both, and no source that can be foreseen is ever near a secret.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from uuid_utils import uuid4, uuid7


def _random() -> int:
    return uuid4().int


def _ordered() -> int:
    return uuid7().int


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of UUIDs, as numbers: version 4, and version 7 (RFC 9562)."""

    random: Callable[[], int] = _random
    ordered: Callable[[], int] = _ordered


_SOURCE: ContextVar[Chance] = ContextVar("chance", default=Chance())  # noqa: B039 - it cannot be changed


def random_id() -> UUID:
    """A UUIDv4."""
    return UUID(int=_SOURCE.get().random())


def ordered_number() -> int:
    """The number of a UUIDv7: neighbours in time are neighbours in every index."""
    return _SOURCE.get().ordered()


@contextmanager
def drawing_from(source: Chance) -> Iterator[None]:
    """All that runs in this context, and the tasks that it starts, draw from `source`."""
    before = _SOURCE.set(source)
    try:
        yield
    finally:
        _SOURCE.reset(before)
