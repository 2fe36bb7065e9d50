"""The watch over a client's open referrals: it goes with the lead of her coordination, and comes back with it (R19)."""

from collections.abc import Sequence
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.domain import referral
from services.referrals.domain.referral import ENDED
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.domain.watch import WatchMoved
from services.referrals.store.commit import WorkRow

COORDINATION = ResponsibilityDomain.PRIMARY_CARE_COORDINATION
MOST = 200


async def open_ones(
    desk: Desk, acting: Acting, work: Sequence[WorkRow], domain: ResponsibilityDomain
) -> tuple[UUID, ...]:
    """What a handoff of coordination names: the open referrals that this agency sent or watches, restricted ones never.

    The rest of R8: its receiver sees of them to whom, which service, where they stand and when, and nothing more.
    """
    if domain is not COORDINATION:
        return ()
    own = [row for row in work if row.kind == "referral" and acting.agency in {row.from_agency, row.watched_by}]
    ids = [row.id for row in own if row.state not in ENDED and row.mode != "informational"]
    histories = await desk.histories(ids) if ids else {}
    return tuple(id for id, history in histories.items() if _is_ordinary(history))


async def hand_on(desk: Desk, draft: Draft, watch: Sequence[UUID], handoff: UUID, by: str) -> None:
    """`by` watches over those of these that are open still."""
    for history in (await desk.histories(watch)).values() if watch else ():
        state = referral.fold(history.happened())
        if state is not None and state.status not in ENDED:
            draft.add(history, [WatchMoved(by=by, handoff=handoff)])


async def watched(desk: Desk, acting: Acting) -> list[WorkRow]:
    """Open referrals of others that this agency watches over, the first due first."""
    return await desk.lists.watched(acting.initiative, acting.agency, MOST)


def _is_ordinary(history: History) -> bool:
    state = referral.fold(history.happened())
    return state is not None and state.sent.restricted is None
