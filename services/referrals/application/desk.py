"""The desk: everything a use case may reach for, put together once in `main.build`."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Self
from uuid import UUID

from services.referrals.application.draft import History
from services.referrals.application.sealing import Sealer
from services.referrals.directory import Directory
from services.referrals.domain.frozen import frozen
from services.referrals.store.accounting import Accounting
from services.referrals.store.claims import Claims
from services.referrals.store.commit import WorkRow
from services.referrals.store.memory import Memory
from services.referrals.store.reader import Streams
from services.referrals.store.recall import Reads, Recall
from services.referrals.store.timeline import Timeline
from services.referrals.store.work_lists import WorkLists
from services.referrals.store.writer import Writer
from services.referrals.vault.vault import Vault
from services.runtime.clock import Clock
from services.runtime.http.call import in_step


@frozen
class Found:
    """Streams that were read together, and the referrals and handoffs of one client: for guards, never to be shown."""

    streams: Streams
    work: tuple[WorkRow, ...]

    def __getitem__(self, stream: UUID) -> History:
        return History(stream, self.streams[stream])


class NoVault(LookupError):
    """This process has no vault: what it does may read and write no identity."""


@frozen
class Desk:
    """The event store to read and write, its work lists, the directory, what time it is, and the vault.

    `safe` is the vault with who seals its copies; None at the desk of a process that has no business with identity.
    """

    reader: Reads
    writer: Writer
    lists: WorkLists
    claims: Claims
    timeline: Timeline
    accounting: Accounting
    directory: Directory
    clock: Clock
    memory: Memory
    safe: tuple[Vault, Sealer] | None

    @property
    def vault(self) -> Vault:
        """Raises NoVault."""
        if self.safe is None:
            raise NoVault
        return self.safe[0]

    @property
    def sealer(self) -> Sealer:
        """Raises NoVault."""
        if self.safe is None:
            raise NoVault
        return self.safe[1]

    def attempting(self, *, anew: bool) -> tuple[Self, Recall]:
        """The desk for one attempt at a command, which reads from memory unless `anew`, and what it will have read."""
        recall = Recall(self.reader, self.memory, anew=anew)
        return replace(self, reader=recall), recall

    async def look(self, client: UUID, *streams: UUID | None, work: bool = True) -> Found:
        """A client's stream, others with it, and her referrals and handoffs of all agencies, in one question.

        Without `work` these are not asked for: it is one statement less.
        """
        wanted = [stream for stream in streams if stream is not None]
        looked = await self.reader.look(client, *wanted, work_of=client if work else None)
        await in_step()
        return Found(looked.streams, looked.work)

    async def history(self, stream: UUID) -> History:
        """One stream, empty where there is none."""
        return History(stream, (await self.reader.load(stream))[stream])

    async def histories(self, streams: Iterable[UUID | None]) -> dict[UUID, History]:
        """Several streams in one question; None stands for "not asked"."""
        wanted = [stream for stream in streams if stream is not None]
        found = await self.reader.load(*wanted)
        return {stream: History(stream, events) for stream, events in found.items()}
