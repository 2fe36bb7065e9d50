"""A handoff as one side of it sees it, and no further than it may look (R1)."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.application.sight import Between, sight
from services.referrals.domain import handoff
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import Handoff, HandoffStatus, HandoffVerb
from services.referrals.domain.taking_back import WITHIN
from services.referrals.domain.vocabulary import Side
from services.referrals.store.commit import WorkRow
from services.referrals.store.handoff_row import handoff_row
from services.runtime.http.freshness import fresh

_BETWEEN: Final = Between(handoff.fold, handoff.side_of, handoff_row)


@frozen
class HandoffSeen:
    """A handoff as one side sees it; `history` ends where the receiver lost sight of it (R1).

    `client` is None for a receiver that never accepted what has ended. `work` says what it waits for; `whole` is
    everything that happened, never to be shown; `reader` is who sees it. `opened`: as far as is known, the receiver has
    read of an offer what she agreed to give.
    """

    id: UUID
    client: UUID | None
    state: Handoff
    side: Side
    history: History
    whole: History
    work: WorkRow
    reader: Acting
    opened: bool = True

    @property
    def due(self) -> datetime | None:
        """When the step that is waited for is due, UTC."""
        return self.work.due_at

    @property
    def version(self) -> int:
        return self.history.version

    @property
    def take_back_until(self) -> datetime | None:
        """Until when (UTC) this side may take its last step back; None where it may not (R14)."""
        return handoff.take_back_until(self.whole.happened(), self.reader.agency, self.reader.at, opened=self.opened)

    @property
    def actions(self) -> tuple[HandoffVerb, ...]:
        steps = handoff.actions(self.state, self.side)
        return (*steps, HandoffVerb.TAKE_BACK) if self.take_back_until else steps


async def read(desk: Desk, acting: Acting, id: UUID) -> HandoffSeen:
    """The handoff. Raises NotASide for one that is not there, or is none of this agency's (yet)."""

    async def look() -> HandoffSeen:
        found = seen(desk, acting, await desk.history(id))
        return replace(found, opened=await _opened(desk, found)) if _may_be_unopened(found) else found

    return await fresh(acting.call, look)


def _may_be_unopened(seen: HandoffSeen) -> bool:
    """Whether its sender may still take the offer back, if nobody has read it (R14)."""
    offered = seen.state.offered_at if seen.state.status is HandoffStatus.OFFERED else None
    return seen.side is Side.SENDER and offered is not None and seen.reader.at < offered + WITHIN


async def _opened(desk: Desk, seen: HandoffSeen) -> bool:
    """Whether something of hers was read there since: what is written down once an hour may be of just before (R1)."""
    receiver, offered = seen.state.proposed.to_agency, seen.state.offered_at
    events = await desk.timeline.of(seen.reader.initiative, receiver, seen.work.client_id)
    since = offered.replace(minute=0, second=0, microsecond=0) if offered else seen.reader.at
    read = (each.envelope for each in events if isinstance(each.fact, DisclosureRecorded))
    return any(each.agency == receiver and each.occurred_at >= since for each in read)


def seen(desk: Desk, acting: Acting, history: History) -> HandoffSeen:
    """The handoff that a stream tells of. Raises NotASide."""
    client, state, side, shown, work = sight(desk, acting, history, _BETWEEN)
    return HandoffSeen(history.stream, client, state, side, shown, history, work, acting)
