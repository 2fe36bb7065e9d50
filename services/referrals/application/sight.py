"""What a side may see of a referral or handoff (R1): all of it, or until its receiver lost sight of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain.fact import Happened
from services.referrals.domain.handoff import Handoff
from services.referrals.domain.referral import Referral
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Side
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written

State = TypeVar("State", Referral, Handoff)
Fold = Callable[[Iterable[Happened]], State | None]


class Between(NamedTuple, Generic[State]):
    """How something between two sides is read: its fold, which side an agency is, and its row of the work index."""

    fold: Fold[State]
    side_of: Callable[[State, str], Side | None]
    row_of: Callable[[Sequence[Written], State, Due], WorkRow]


def sight(
    desk: Desk, acting: Acting, whole: History, between: Between[State]
) -> tuple[UUID | None, State, Side, History, WorkRow]:
    """The client (None for a receiver that never accepted what has ended), the state, the side, and the history as
    that side may see them, and the row of the whole. Raises NotASide."""
    state = folded(whole, between.fold)
    side = between.side_of(state, acting.agency) if whole.initiative == acting.initiative else None
    if side is None:
        raise NotASide
    work = between.row_of(whole.events, state, desk.directory.due)
    if side is not Side.RECEIVER or work.receiver_until is None:
        return whole.client, state, side, whole, work
    until = whole.until(work.receiver_until)
    state = folded(until, between.fold)
    return whole.client if state.accepted_at else None, state, side, until, work


def folded(history: History, fold: Fold[State]) -> State:
    """What a stream tells of. Raises NotASide for an empty one."""
    state = fold(history.happened())
    if state is None:
        raise NotASide
    return state
