"""Owns the shape of an event as it is stored: the fact, its place in its stream, and its envelope."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.timer import TimerFired, TimerSet
from services.referrals.domain.watch import WatchMoved


@frozen
class Envelope:
    """Who recorded a fact, about whom, when it happened and what caused it. Kept in columns, never in the fact.

    `occurred_at` is aware. `agency` and `initiative` are slugs; `actor` is the sign-in's subject. `correlation` is one
    id for everything that one request set off, `causation` the event that led to this one, `traceparent` the W3C one.
    """

    event_id: UUID
    client_id: UUID
    agency: str
    initiative: str
    occurred_at: datetime
    actor: str
    correlation: UUID
    causation: UUID | None = None
    traceparent: str | None = None


@frozen
class Written:
    """One event: `version` is 1 for the first of its stream. `position` and `recorded_at` are set by the store."""

    stream: UUID
    version: int
    fact: Fact
    envelope: Envelope
    position: int | None = None
    recorded_at: datetime | None = None

    @property
    def originator_id(self) -> UUID:
        """The stream, as eventsourcing calls it."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, as eventsourcing calls it."""
        return self.version

    def stored(self, position: int, recorded_at: datetime) -> Self:
        """The same event as the store gave it back."""
        return replace(self, position=position, recorded_at=recorded_at)


BESIDE: Final = (ChargeHandedOn, TimerFired, TimerSet, WatchMoved)
"""What stands in a stream and changes nothing of what it tells of."""


def changes(events: Sequence[Written]) -> list[Written]:
    """The events that changed what the stream tells of: that a clock said that a time has passed changed nothing."""
    return [event for event in events if not isinstance(event.fact, BESIDE)]


def happened(events: Sequence[Written]) -> tuple[Happened, ...]:
    """What the domain's folds take: each fact with its event's id, when it happened, by which agency and from what.

    That a timer was set or ran out, or who watches over it or whose it is, changes nothing by itself: it is left out.
    """
    return tuple(
        [
            Happened(event.fact, told.occurred_at, told.agency, told.event_id, told.causation, event.recorded_at)
            for event in events
            for told in (event.envelope,)
            if not isinstance(event.fact, BESIDE)
        ]
    )
