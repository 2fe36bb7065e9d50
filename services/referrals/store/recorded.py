"""Owns the shape of a row of stored_events in Python: eventsourcing's stored event with our envelope beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from services.referrals.domain.fact import Fact
from services.referrals.store.written import Envelope, Written

# In the order in which `written_row` takes them.
COLUMNS: Final[LiteralString] = (
    "originator_id, originator_version, topic, state, event_id, client_id, agency, initiative, occurred_at, actor,"
    " correlation_id, causation_id, traceparent, notification_id, recorded_at"
)


def select(rest: LiteralString) -> LiteralString:
    """A query of these columns of the event table; `rest` is its WHERE, ORDER BY and LIMIT."""
    return "SELECT " + COLUMNS + " FROM stored_events " + rest  # noqa: S608 - both are literals of our own


Row = tuple[Any, ...]
Decode = Callable[[str, bytes], Fact]


@dataclass(frozen=True)
class Recorded(StoredEvent):
    """A stored event and its envelope; `position` and `recorded_at` are None until it is stored."""

    envelope: Envelope
    position: int | None = None
    recorded_at: datetime | None = None

    @property
    def stream(self) -> UUID:
        """The stream's id, which is a UUID with us."""
        if not isinstance(self.originator_id, UUID):
            raise TypeError("a stream's id is a UUID")
        return self.originator_id


def written_row(row: Row, decode: Decode) -> Written:
    """The event of a row of `COLUMNS`."""
    return Written(row[0], row[1], decode(row[2], row[3]), Envelope(*row[4:13]), row[13], row[14])


def position_in(row: Row) -> int:
    """The position of the event of a row."""
    position: int = row[13]
    return position


def recorded_row(row: Row) -> Recorded:
    """The same without reading its fact."""
    return Recorded(row[0], row[1], row[2], row[3], Envelope(*row[4:13]), row[13], row[14])
