"""Lists: what waits for an agency, what came to it and what it sent, a part at a time."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.domain.frozen import frozen
from services.referrals.store.commit import WorkRow
from services.referrals.store.work_lists import Box, Counts

Kind = Literal[
    "answer", "contact", "complete", "acknowledge", "review", "client_agrees", "offer", "confirm_cancellation"
]
Place = tuple[datetime | None, UUID]
"""Where an entry stands in its list: its time (UTC; None at the end) and its id."""


@frozen
class Part:
    """At most `limit` entries behind the place `after`."""

    limit: int
    after: Place | None = None


@frozen
class Listed:
    """A part of a list; `next` is the place of its last entry where there are more."""

    rows: list[WorkRow]
    next: Place | None


async def waiting(desk: Desk, acting: Acting, part: Part, *, kind: Kind | None, overdue: bool) -> tuple[Listed, Counts]:
    """What waits for the agency, the first due first, and how much of each kind."""
    rows = await desk.lists.waiting(
        acting.initiative,
        acting.agency,
        now=acting.at,
        waits_for=kind,
        overdue=overdue,
        limit=part.limit + 1,
        after=part.after,
    )
    last = rows[part.limit - 1] if len(rows) > part.limit else None
    listed = Listed(rows[: part.limit], (last.due_at, last.id) if last else None)
    return listed, await desk.lists.counts(acting.initiative, acting.agency, acting.at)


async def box(
    desk: Desk, acting: Acting, part: Part, which: Box, *, states: tuple[str, ...] | None, overdue: bool
) -> Listed:
    """Referrals that came to the agency or that it sent, the newest first."""
    after = (part.after[0], part.after[1]) if part.after and part.after[0] else None
    rows = await desk.lists.box(
        acting.initiative,
        acting.agency,
        which,
        now=acting.at,
        states=states,
        overdue=overdue,
        limit=part.limit + 1,
        after=after,
    )
    last = rows[part.limit - 1] if len(rows) > part.limit else None
    return Listed(rows[: part.limit], (last.sent_at, last.id) if last else None)
