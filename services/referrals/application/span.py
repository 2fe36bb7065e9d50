"""Owns which part of a history is asked for: what had happened by a time, of what was known by a time."""

from datetime import datetime

from services.referrals.domain.frozen import frozen
from services.referrals.store.written import Written


@frozen
class Span:
    """What had happened by `as_of`, of what was known by `known_at` (aware; None: now)."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    def holds(self, event: Written) -> bool:
        """Whether an event had happened by then and was known by then."""
        happened = self.as_of is None or event.envelope.occurred_at <= self.as_of
        return happened and (self.known_at is None or event.recorded_at is None or event.recorded_at <= self.known_at)
