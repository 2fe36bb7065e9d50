"""What one command is about to store: facts with their envelopes and versions, gathered over several streams."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.identifiers import new_id
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Envelope, Written, changes, happened


@frozen
class History:
    """A stream as it was read: its id and its events, none for one that does not exist."""

    stream: UUID
    events: tuple[Written, ...] = ()

    @property
    def version(self) -> int:
        """How often it changed: what If-Match names. What is appended and what the clock rests on count all events."""
        return len(changes(self.events))

    @property
    def client(self) -> UUID | None:
        """The client whom it is about."""
        return self.events[0].envelope.client_id if self.events else None

    @property
    def initiative(self) -> str | None:
        return self.events[0].envelope.initiative if self.events else None

    def happened(self) -> tuple[Happened, ...]:
        return happened(self.events)

    def at(self, version: int) -> "History":
        """The stream as it stood at a version of its own."""
        changed = changes(self.events)[:version]
        return self.until(changed[-1].version) if changed else History(self.stream)

    def until(self, event: int) -> "History":
        """The stream up to its event of this number."""
        return History(self.stream, tuple(each for each in self.events if each.version <= event))


@dataclass(slots=True)
class Draft:
    """The events of one command, about one client or (`about`) several, in the order of their positions."""

    acting: Acting
    client: UUID
    events: list[Written] = field(default_factory=list)
    work: list[WorkRow] = field(default_factory=list)
    touched: dict[UUID, History] = field(default_factory=dict)
    """The streams that got events, as they stand after them."""
    cause: UUID | None = None
    """The event that led to the first of these, where one did."""

    def add(self, history: History, facts: Iterable[Fact], *, at: datetime | None = None) -> History:
        """The stream with `facts` behind what it holds; they happened `at`, or now. The first event causes the rest."""
        events = list(history.events)
        before = len(events)
        for fact in facts:
            version = events[-1].version + 1 if events else 1
            written = Written(history.stream, version, fact, self._envelope(at or self.acting.at))
            events.append(written)
            self.events.append(written)
        if len(events) == before:
            return history
        after = self.touched[history.stream] = History(history.stream, tuple(events))
        return after

    def about(self, client: UUID) -> "Draft":
        """The same draft for what it says of another client: all of it is stored together, or nothing."""
        return Draft(self.acting, client, self.events, self.work, self.touched, self.cause)

    def _envelope(self, at: datetime) -> Envelope:
        acting = self.acting
        return Envelope(
            event_id=new_id(),
            client_id=self.client,
            agency=acting.agency,
            initiative=acting.initiative,
            occurred_at=at,
            actor=acting.subject,
            correlation=acting.correlation,
            causation=self.events[0].envelope.event_id if self.events else self.cause,
            traceparent=acting.call.traceparent,
        )


def of_client(histories: Sequence[History], client: UUID) -> bool:
    """Whether every one of these streams exists and is about this client."""
    return all(history.client == client for history in histories)
