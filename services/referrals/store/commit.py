"""Owns what one command hands to the store, all of it or nothing, and what the store answers."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

import orjson

from services.referrals.domain.episode import of_lead_id
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.written import Written


@frozen
class Answer:
    """What is kept of the first answer to a command (rule R9): status, ids and version, never a body or an identity."""

    status: int
    ids: Mapping[str, UUID]
    version: int

    def text(self) -> str:
        """The answer as it is kept: JSON with sorted keys, the same text for every replay."""
        return orjson.dumps(
            {"ids": self.ids, "status": self.status, "version": self.version}, option=orjson.OPT_SORT_KEYS
        ).decode()

    @classmethod
    def of(cls, text: str) -> "Answer":
        """The answer that `text()` wrote."""
        kept = orjson.loads(text)
        ids = {name: UUID(id) for name, id in kept["ids"].items()}
        return cls(status=kept["status"], ids=ids, version=kept["version"])


@frozen
class IdempotencyKey:
    """The caller's key for one command; `fingerprint` is the body's HMAC under a key of the vault (rule R9)."""

    agency: str
    route: str
    key: str
    fingerprint: bytes


@frozen
class WorkRow:
    """One referral, handoff or other record with a clock, as work lists show it: a row of the work index.

    `waits_for` says what has to be done next (`answer`, `contact`, `acknowledge`, ...) and `waits_on` by which agency;
    both are None where nothing waits. `receiver_until` is the version after which the receiver sees nothing newer,
    because it ended without the receiver having accepted (rules R1, R8); None while it may see all.
    `watched_by` leads her coordination and watches over what another agency sent (R19).
    `subject` is the referral or handoff that a question is about. `held_by` is who at `to_agency` looks after it (R22).
    `fires` is the timer that runs out next, at `fires_at` (UTC), unless something is done before; None: there is none.
    `consent` is what a referral or handoff rests on, if she agreed to it yet, and `restricted` its class.
    """

    kind: str
    id: UUID
    initiative: str
    client_id: UUID
    from_agency: str
    to_agency: str
    state: str
    version: int
    sent_at: datetime
    category: str | None = None
    service: str | None = None
    domain: str | None = None
    priority: str | None = None
    mode: str | None = None
    due_at: datetime | None = None
    waits_for: str | None = None
    waits_on: str | None = None
    receiver_until: int | None = None
    watched_by: str | None = None
    fires: str | None = None
    fires_at: datetime | None = None
    subject: UUID | None = None
    held_by: str | None = None
    consent: UUID | None = None
    restricted: str | None = None

    @property
    def stream(self) -> UUID:
        """The stream from which it follows: its own, but for who leads a domain of a pregnancy."""
        return self.led[0] if self.led else self.id

    @property
    def led(self) -> tuple[UUID, ResponsibilityDomain] | None:
        """The pregnancy and the domain whose lead it is about; None for anything else."""
        return of_lead_id(self.id)


class WorkSeen(NamedTuple):
    """How a client's referrals and handoffs stood when they were looked at: how many, and the sum of their versions.

    Neither ever falls, so that both are the same only where nothing has happened since.
    """

    rows: int
    versions: int

    @classmethod
    def of(cls, rows: Collection[WorkRow]) -> Self:
        return cls(len(rows), sum([row.version for row in rows]))


@frozen
class Commit:
    """The outcome of one command: stored as a whole in one transaction, or not at all.

    `events` are in the order in which they get their positions; the versions of a stream continue what is there.
    `expect` names the version (0: nothing yet) at which a stream has to stand, for streams that were read and not
    written; for those that are written it follows from the events. `looked` says the same of the work of clients. `key`
    and `answer` are kept beside the events.
    """

    events: tuple[Written, ...]
    expect: Mapping[UUID, int] = field(default_factory=dict)
    looked: Mapping[UUID, WorkSeen] = field(default_factory=dict)
    work: tuple[WorkRow, ...] = ()
    key: IdempotencyKey | None = None
    answer: Answer | None = None

    def __post_init__(self) -> None:
        if self.key is not None and self.answer is None:
            raise ValueError("a commit with an idempotency key carries the answer that is kept for it")

    def expected(self) -> dict[UUID, int]:
        """The version at which every stream has to stand, read or written."""
        first: dict[UUID, int] = {}
        for event in self.events:
            first.setdefault(event.stream, event.version - 1)
        return {**self.expect, **first}


@frozen
class Stored:
    """The commit is durable. `position` is that of its last event (0 where it has none)."""

    position: int


@frozen
class Replayed:
    """The same key and body came before: nothing was stored, this was the first answer."""

    answer: Answer


@frozen
class KeyReused:
    """The same key came before with another body: nothing was stored (422 `idempotency-key-reused`)."""


@frozen
class Conflicted:
    """Nothing was stored: these streams, or these clients' work, stand elsewhere. Look again and decide anew."""

    streams: tuple[UUID, ...]


Outcome = Stored | Replayed | KeyReused | Conflicted
