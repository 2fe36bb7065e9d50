"""Owns the unwrapped data keys that a process keeps at hand, and whose each is."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.keys import joined
from services.referrals.vault.seal import DataKey


class Holder(NamedTuple):
    """Whose key it is: what this agency holds of this client."""

    initiative: str
    agency: str
    client_id: UUID

    def context(self, key_id: UUID, restricted: RestrictedClass | None = None) -> bytes:
        """What the wrapping of the key is bound to; a restricted class has keys of its own."""
        of_class = () if restricted is None else (restricted,)
        return joined("data key", self.initiative, self.agency, self.client_id.bytes, key_id.bytes, *of_class)


OPEN_SECONDS: Final = 300.0
MOST_OPEN: Final = 8192

Use = tuple[Holder, RestrictedClass | None]
"""What a key is for: what an agency holds of a client, the ordinary or of a class."""


class OpenKeys:
    """Unwrapped keys, at most `limit` of them and none longer than `seconds`; the one unused longest goes first."""

    def __init__(
        self, *, limit: int = MOST_OPEN, seconds: float = OPEN_SECONDS, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._tick = tick
        self._keys: OrderedDict[UUID, tuple[float, Use, DataKey]] = OrderedDict()
        self._in_use: dict[Use, UUID] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def of(self, holder: Holder, restricted: RestrictedClass | None = None) -> DataKey | None:
        """The key in use of a holder, if it is open."""
        id = self._in_use.get((holder, restricted))
        return self.get(id) if id else None

    def get(self, id: UUID) -> DataKey | None:
        """The key with this id, if it is open."""
        found = self._keys.get(id)
        if found is None:
            return None
        if found[0] < self._tick():
            self.drop(id)
            return None
        self._keys.move_to_end(id)
        return found[2]

    def put(
        self, holder: Holder, key: DataKey, *, restricted: RestrictedClass | None = None, in_use: bool = True
    ) -> None:
        """Keep a key open; `in_use`: it is the one under which this holder's next row is sealed."""
        self._keys[key.id] = (self._tick() + self._seconds, (holder, restricted), key)
        if in_use:
            self._in_use[holder, restricted] = key.id
        while len(self._keys) > self._limit:
            self.drop(next(iter(self._keys)))

    def drop(self, id: UUID) -> None:
        """Forget a key now."""
        found = self._keys.pop(id, None)
        if found and self._in_use.get(found[1]) == id:
            del self._in_use[found[1]]

    def ids(self) -> list[UUID]:
        """The keys that are open."""
        return list(self._keys)

    def drop_all(self) -> None:
        """Forget every key now."""
        self._keys.clear()
        self._in_use.clear()
