"""Another system's contact log: each row a completed support contact, known again when it comes a second time (R26)."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.referrals.application.identifiers import new_id
from services.referrals.directory import Directory
from services.referrals.domain import client, contact
from services.referrals.domain.client import RegisterClient
from services.referrals.domain.contact import RecordContact
from services.referrals.domain.fact import Fact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ContactMode, ContactOutcome, ServiceTag, Unmapped, service_tag
from services.referrals.store.bulk import Connection, append_batch
from services.referrals.store.commit import Commit, Conflicted
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Envelope, Written
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.pairwise import base32
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault
from services.runtime.clock import Clock

ACTOR = "import"
STUB = "stub-"
_ROUTE = "import contacts"
_THERE = "SELECT originator_id FROM stored_events WHERE originator_id = ANY(%s) AND originator_version = 1"


class Row(Protocol):
    """A row as it was read: trimmed texts, `at` in UTC."""

    @property
    def client(self) -> str: ...

    @property
    def agency(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def activity(self) -> str: ...


@frozen
class Source:
    """Where rows come from: `name` is the number space of its clients within an initiative."""

    initiative: str
    name: str
    mode: ContactMode = ContactMode.OFFICE_VISIT


@frozen
class Added:
    """What some rows came to."""

    contacts: int = 0
    known: int = 0
    clients: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(self.contacts + other.contacts, self.known + other.known, self.clients + other.clients)


@dataclass(frozen=True, slots=True, repr=False)
class _Entry:
    """A row with what it is known by: its agency's id and the stream of its contact. `note`: where its text lies."""

    row: Row
    agency: str
    stream: UUID
    tag: ServiceTag
    note: UUID | None


class ContactLog:
    """Adds rows of one source in the order in which they come; `connection` is of role referrals_app, in autocommit."""

    def __init__(
        self, source: Source, vault: Vault, connection: Connection, directory: Directory, clock: Clock
    ) -> None:
        self._source = source
        self._vault = vault
        self._connection = connection
        self._clock = clock
        self._mapper = FactMapper()
        self._run = new_id()
        self._seen: Counter[tuple[str, str, datetime, str]] = Counter()
        self._agencies = {
            name.casefold(): agency.id
            for agency in directory.initiative(source.initiative).agencies
            for name in (agency.id, agency.name)
        }

    async def add(self, rows: Sequence[Row]) -> Added:
        """Record what is not there yet: numbers and texts into the vault, then the events that name them.

        Raises Unavailable and the errors of psycopg; what was added stays, and a second run adds the rest.
        """
        entries = [self._entry(row) for row in rows]
        numbers = {row.client for row in rows}
        clients = await self._vault.numbers.client_ids(self._source.initiative, self._source.name, numbers)
        there = await asyncio.to_thread(self._there, [entry.stream for entry in entries], set(clients.values()))
        new = [entry for entry in entries if entry.stream not in there]
        await self._keep_texts(new, clients)
        commits = list(self._commits(new, clients, there))
        outcomes = await asyncio.to_thread(append_batch, self._connection, commits, self._mapper)
        stored = [c for c, outcome in zip(commits, outcomes, strict=True) if not isinstance(outcome, Conflicted)]
        registered = sum(len(commit.events) - 1 for commit in stored)
        return Added(contacts=len(stored), known=len(rows) - len(stored), clients=registered)

    def agency(self, text: str) -> str:
        """The directory's agency of that id or name, else a stub: a code that tells nothing of the text.

        Texts that differ in a letter's case are two stubs: another system means what it writes.
        """
        known = self._agencies.get(text.casefold())
        return known or STUB + base32(self._id("agency", text, source="").bytes)

    def _entry(self, row: Row) -> _Entry:
        same = (row.client, row.agency, row.at, row.activity)
        self._seen[same] += 1
        known_by = (row.client, row.agency, row.at.isoformat(), row.activity, str(self._seen[same]))
        tag = service_tag(row.activity.casefold())
        note = self._id("activity", *known_by) if tag is Unmapped.UNMAPPED else None
        return _Entry(row, self.agency(row.agency), self._id("contact", *known_by), tag, note)

    def _id(self, field: str, *known_by: str, source: str | None = None) -> UUID:
        name = self._source.name if source is None else source
        return self._vault.rows.of(self._source.initiative, _ROUTE, name, field, "\0".join(known_by).encode())

    def _there(self, contacts: Sequence[UUID], clients: set[UUID]) -> set[UUID]:
        return {id for (id,) in self._connection.execute(_THERE, [[*contacts, *clients]])}

    async def _keep_texts(self, entries: Sequence[_Entry], clients: dict[str, UUID]) -> None:
        typed = [
            Typed(
                entry.note,
                Holder(self._source.initiative, entry.agency, clients[entry.row.client]),
                "activity",
                Sealed(entry.row.activity),
            )
            for entry in entries
            if entry.note
        ]
        if typed:
            await self._vault.notes.write(*typed)

    def _commits(self, entries: Sequence[_Entry], clients: dict[str, UUID], there: set[UUID]) -> Iterator[Commit]:
        """One a row; her first brings her registration too."""
        registered = set(there)
        for entry in entries:
            id, events = clients[entry.row.client], []
            if id not in registered:
                registered.add(id)
                facts: tuple[Fact, ...] = client.decide(RegisterClient(agency=entry.agency, at=entry.row.at), None)
                events += [self._written(id, fact, entry, id) for fact in facts]
            command = RecordContact(
                agency=entry.agency,
                at=entry.row.at,
                now=self._clock.now(),
                mode=self._source.mode,
                outcome=ContactOutcome.COMPLETED,
                met=True,
                tags=(entry.tag,),
                note=entry.note,
            )
            events += [self._written(entry.stream, fact, entry, id) for fact in contact.decide(command, None)]
            yield Commit(events=tuple(events))

    def _written(self, stream: UUID, fact: Fact, entry: _Entry, id: UUID) -> Written:
        envelope = Envelope(
            event_id=new_id(),
            client_id=id,
            agency=entry.agency,
            initiative=self._source.initiative,
            occurred_at=entry.row.at,
            actor=ACTOR,
            correlation=self._run,
        )
        return Written(stream, 1, fact, envelope)
