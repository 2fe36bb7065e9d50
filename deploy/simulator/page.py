"""Owns one step of a made-up journey being written down, and whatever the clock writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from deploy.simulator import steps
from deploy.simulator.known import Aggregate, Stream
from services.referrals.application.firing import ACTOR, cause_of
from services.referrals.application.stopping import BY_ITSELF
from services.referrals.domain.fact import Fact
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Envelope, Written, happened

if TYPE_CHECKING:
    from deploy.simulator.records import Records


@dataclass
class Page:
    """One step being written down: the first of its events causes the others, and its id is their correlation."""

    records: "Records"
    step: steps.Step
    by_clock: bool
    events: list[Written] = field(default_factory=list)
    touched: dict[UUID, Stream] = field(default_factory=dict)

    def decide(
        self,
        word: str,
        aggregate: Aggregate,
        command: Any,
        happened: datetime,
        *,
        by: str | None = None,
        actor: str = BY_ITSELF,
    ) -> None:
        """Add what follows from a command to the stream of a word; `by`: an agency other than the step's."""
        stream = self.records.stream(word, aggregate, self.step.at)
        self.touched[stream.id] = stream
        for fact in aggregate.decide(command, stream.state):
            envelope = self.envelope(happened)
            if by is not None and by != envelope.agency:
                envelope = replace(envelope, agency=by, actor=actor)
            stream.state = aggregate.evolve(stream.state, fact, happened, envelope.agency)
            self.write(stream, fact, envelope)

    def take_back(self, stream: Stream, facts: Sequence[Fact]) -> None:
        """Add that steps were taken back: the state is that of what still counts (R14)."""
        for fact in facts:
            self.write(stream, fact, self.envelope(self.step.at))
        self.fold(stream)

    def fold(self, stream: Stream) -> None:
        """Its state anew, of what still counts."""
        stream.state = stream.aggregate.fold(happened(stream.events))

    def fired(self, stream: Stream, timer: Timer, row: WorkRow | None = None) -> None:
        """The clock's own word before what follows from it, as the process writes it (services/referrals/timers)."""
        domain = row.led[1] if row and row.led else None
        due_at = row.fires_at if row and row.fires_at else self.step.at
        envelope = replace(self.envelope(self.step.at), causation=cause_of(stream.events, domain))
        self.write(stream, TimerFired(timer=timer, due_at=due_at, domain=domain), envelope)

    def write(self, stream: Stream, fact: Fact, envelope: Envelope) -> None:
        self.touched[stream.id] = stream
        written = Written(stream.id, len(stream.events) + 1, fact, envelope, recorded_at=self.step.at)
        stream.events.append(written)
        self.events.append(written)

    def envelope(self, happened: datetime) -> Envelope:
        id = self.records.new_id(self.step.at)
        first = self.events[0].envelope.event_id if self.events else None
        return Envelope(
            event_id=id,
            client_id=self.records.client,
            agency=self.step.agency,
            initiative=self.records.county.initiative.slug,
            occurred_at=happened,
            actor=ACTOR if self.by_clock else self.records.county.actor(self.step.agency),
            correlation=first or id,
            causation=first,
        )
