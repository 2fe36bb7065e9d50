"""Owns how one attempt at a command reads: from memory where it can, noting what the append has to find unchanged."""

from typing import Protocol
from uuid import UUID

from services.referrals.store.commit import IdempotencyKey, WorkSeen
from services.referrals.store.memory import Memory
from services.referrals.store.reader import Looked, Streams


class Reads(Protocol):
    """Reading streams and clients' work, as they stand or as they are remembered."""

    async def load(self, *streams: UUID) -> Streams:
        """Every event of each stream, in order; none for one that is not there."""
        ...

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        """Streams, a client's referrals and handoffs of all agencies (for guards), and what a key says: all at once."""
        ...


class Recall:
    """Reads for one attempt. `expect` and `looked` are what it read, for its commit; nothing else may rest on it.

    `remembered` says whether any of it came from memory. `anew`: nothing does, and memory is brought up to date.
    """

    __slots__ = ("_anew", "_memory", "_reader", "expect", "looked", "remembered")

    def __init__(self, reader: Reads, memory: Memory, *, anew: bool) -> None:
        self._reader = reader
        self._memory = memory
        self._anew = anew
        self.expect: dict[UUID, int] = {}
        self.looked: dict[UUID, WorkSeen] = {}
        self.remembered = False

    async def load(self, *streams: UUID) -> Streams:
        return (await self.look(*streams)).streams

    async def look(self, *streams: UUID, key: IdempotencyKey | None = None, work_of: UUID | None = None) -> Looked:
        found: Streams = {}
        missing: list[UUID] = []
        for id in streams:
            events = None if self._anew else self._memory.stream(id)
            if events is None:
                missing.append(id)
            else:
                found[id] = events
        known = None if work_of is None or self._anew else self._memory.work(work_of)
        self.remembered = self.remembered or bool(found) or known is not None
        work, before = tuple(known.values()) if known else (), None
        ask_work_of = work_of if known is None else None
        if missing or ask_work_of is not None or key is not None:
            looked = await self._reader.look(*missing, key=key, work_of=ask_work_of)
            self._memory.read_streams(looked.streams)
            found |= looked.streams
            before = looked.before
            if ask_work_of is not None:
                work = looked.work
                self._memory.read_work(ask_work_of, work)
        for id, events in found.items():
            self.expect[id] = len(events)
        if work_of is not None:
            self.looked[work_of] = WorkSeen.of(work)
        return Looked(found, work, before)
