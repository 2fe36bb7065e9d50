"""An agency leaves the initiative: what waits there goes back to its senders, and its leads to the hub (R22).

What it sent itself must not wait for an answer that nobody reads: unopened, it is withdrawn; what its receiver has
opened or put on a waiting list is asked to stop, which confirms itself after its days (R15). A receiver that has
accepted goes on: it serves her, not the agency that asked, and ends the referral as it would any other.

Its standing is saved first, so that nothing new reaches it; then each record ends in a commit of its own. Whoever was
interrupted presses once more: what has ended stays as it is, and the rest follows.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.referrals.application import handing_back, unasked
from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.desk import Desk
from services.referrals.application.directory import Saved, change_standing
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import check, episode, handoff
from services.referrals.domain.check import CheckStatus, CloseCheck
from services.referrals.domain.directory import AgencyVerb
from services.referrals.domain.episode import LeaveLead
from services.referrals.domain.handoff import DeclineHandoff, HandoffStatus, WithdrawHandoff
from services.referrals.domain.refusal import Refusal, WrongState
from services.referrals.domain.vocabulary import Reason, ResponsibilityDomain
from services.referrals.store.commit import Answer, WorkRow
from services.runtime.http.call import Call

ACTOR = "agency-left"
"""Stands as the person: nobody pressed anything for one record."""

Follows = Callable[[Desk, Draft, History], Awaitable[object]]


async def leave(desk: Desk, acting: Acting, agency: str) -> Saved:
    """Raises WrongState for the hub, which everything falls back to; NotASide for an agency that is not there."""
    if agency == desk.directory.initiative(acting.initiative).hub:
        raise WrongState("hub", "hub-cannot-leave")
    saved = await change_standing(desk, acting, agency, AgencyVerb.LEAVE)
    left = speaking_for(acting, agency, subject=ACTOR, is_system=False, call=_call(acting))
    for row in await desk.lists.open_of(acting.initiative, agency):
        await _end(desk, left, row.id, row.client_id, _follows(row, agency))
    for stream, client in await desk.lists.led_by(acting.initiative, agency):
        await _end(desk, left, stream, client, _give_up)
    return saved


async def _end(desk: Desk, acting: Acting, stream: UUID, client: UUID, follows: Follows) -> None:
    async def attempt(desk: Desk) -> Decided[bool]:
        draft = Draft(acting, client)
        await follows(desk, draft, await desk.history(stream))
        return Decided(draft, Answer(200, {}, 1), view=True)

    try:
        await carry_out(desk, acting, attempt)
    except Refusal:
        return  # it has ended meanwhile, or was never this agency's to answer


def _follows(row: WorkRow, agency: str) -> Follows:
    if row.kind == "referral":
        return unasked.leave if row.to_agency == agency else unasked.leave_behind
    return _end_check if row.kind == "check" else _end_handoff


async def _end_handoff(desk: Desk, draft: Draft, history: History) -> None:
    """Declined before it is accepted, failed after it; what this agency itself offered is withdrawn."""
    acting, state = draft.acting, handoff.fold(history.happened())
    if state is None:
        return
    if state.proposed.from_agency == acting.agency:
        withdraw = WithdrawHandoff(agency=acting.agency, at=acting.at, reason=Reason.OTHER)
        draft.add(history, handoff.decide(withdraw, state))
    elif state.status is HandoffStatus.ACCEPTED:
        draft.acting = speaking_for(acting, state.proposed.from_agency)
        await handing_back.fail(desk, draft, history)
    else:
        decline = DeclineHandoff(agency=acting.agency, at=acting.at, reason=Reason.OTHER)
        draft.add(history, handoff.decide(decline, state))


async def _end_check(desk: Desk, draft: Draft, history: History) -> None:
    """Nobody of it will answer, or send: the question is closed."""
    state = check.fold(history.happened())
    if state is not None and state.status is not CheckStatus.CLOSED:
        draft.acting = speaking_for(draft.acting, state.asked.from_agency)
        draft.add(history, check.decide(CloseCheck(agency=state.asked.from_agency), state))


async def _give_up(desk: Desk, draft: Draft, history: History) -> None:
    """Every domain that it leads goes to the hub."""
    acting = draft.acting
    hub = desk.directory.initiative(acting.initiative).hub
    for domain in ResponsibilityDomain:
        state = episode.fold(history.happened())
        if state is not None and state.lead(domain) == acting.agency:
            command = LeaveLead(agency=acting.agency, at=acting.at, domain=domain, hub=hub)
            history = draft.add(history, episode.decide(command, state))


def _call(acting: Acting) -> Call:
    return acting.call._replace(idempotency_key=None, if_match=None)
