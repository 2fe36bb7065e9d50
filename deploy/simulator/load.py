"""Owns how a made-up history gets into a system: people into the vault, then what happened into the store."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from deploy.simulator.history import Tally
from deploy.simulator.paper import paper
from deploy.simulator.people import Person
from deploy.simulator.records import Recorded
from services.referrals.application.file_check import PDF
from services.referrals.directory import Directory
from services.referrals.store.bulk import Connection, append_history
from services.referrals.store.commit import Commit, Conflicted
from services.referrals.store.mapper import FactMapper
from services.referrals.vault.cohort import Entry
from services.referrals.vault.files import KIND as FILE
from services.referrals.vault.files import Check
from services.referrals.vault.identity import Address, Identity, Name
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault

EVENTS_AT_ONCE = 2_000

Told = Callable[[int], None]
"""Called with the number of clients so far."""


class AlreadyOtherwise(Exception):
    """The store holds other events of these clients: this history cannot be loaded beside them."""


@dataclass
class Piece:
    """A stretch of history that is stored as a whole."""

    recorded: list[Recorded] = field(default_factory=list)
    events: int = 0

    def add(self, one: Recorded) -> None:
        self.recorded.append(one)
        self.events += len(one.events)

    def commit(self) -> Commit:
        """All its events, and the work rows as they stand at its end."""
        streams = {stream.id: stream for one in self.recorded for stream in one.streams}
        events = tuple(event for one in self.recorded for event in one.events)
        return Commit(events=events, work=tuple(row for stream in streams.values() for row in stream.rows))


class Loader:
    """Loads pieces in their order. `connection` is of role referrals_history, in autocommit; development only."""

    def __init__(self, vault: Vault, connection: Connection, directory: Directory) -> None:
        self._vault = vault
        self._connection = connection
        self._directory = directory
        self._mapper = FactMapper()

    async def load(self, history: Iterable[Recorded], told: Told = lambda _: None, *, hashing: bool = True) -> Tally:
        """Load all of it; while PostgreSQL stores one piece, the next is made. The same history again adds nothing.

        Raises AlreadyOtherwise; psycopg.errors.InsufficientPrivilege outside development.
        """
        tally = Tally(hashing=hashing)
        storing: asyncio.Future[None] | None = None
        try:
            for piece in _pieces(history, tally):
                await self._seal(piece)
                commit = piece.commit()
                if storing:
                    await storing
                storing = asyncio.ensure_future(asyncio.to_thread(self._store, commit))
                await asyncio.sleep(0)
                told(tally.clients)
        finally:
            if storing:
                await storing
        return tally

    async def _seal(self, piece: Piece) -> None:
        slugs = {one.client: one.events[0].envelope.initiative for one in piece.recorded if one.events}
        entries = [
            Entry(one.row, slugs[one.client], one.agency, _identity(*one.person), client=one.client)
            for one in piece.recorded
            if one.person
        ]
        await self._vault.cohort.register(entries)
        notes = [
            Typed(
                one.typed.id,
                Holder(slugs[one.client], one.agency, one.client),
                one.typed.kind,
                Sealed(one.typed.text),
            )
            for one in piece.recorded
            if one.typed
        ]
        await self._keep([each for each in notes if each.kind == FILE])
        if texts := [each for each in notes if each.kind != FILE]:
            await self._vault.notes.write(*texts)

    async def _keep(self, papers: Iterable[Typed]) -> None:
        """Papers, each under its id, once."""

        async def pieces() -> AsyncIterator[bytes]:
            yield paper()

        for each in papers:
            holder, name = each.holder, each.text.open()
            if await self._vault.notes.read(holder.initiative, holder.agency, each.id) is None:
                await self._vault.files.write(holder, name, pieces(), lambda _: PDF, Check(), id=each.id)

    def _store(self, commit: Commit) -> None:
        if isinstance(append_history(self._connection, [commit], self._mapper), Conflicted):
            raise AlreadyOtherwise("the store holds other events of these clients: use another seed or a fresh system")


def _pieces(history: Iterable[Recorded], tally: Tally) -> Iterator[Piece]:
    piece = Piece()
    for one in history:
        tally.add(one)
        piece.add(one)
        if piece.events >= EVENTS_AT_ONCE:
            yield piece
            piece = Piece()
    if piece.recorded:
        yield piece


def _identity(person: Person, number: str | None) -> Identity:
    line, city, zip_code = person.address or (None, None, None)
    return Identity(
        names=(Name(given=person.given, family=person.family),),
        birth_date=person.birth_date,
        phones=(person.phone,) if person.phone else (),
        address=Address(line=line, city=city, zip=zip_code) if line else None,
        language=person.language,
        mrn=number,
    )
