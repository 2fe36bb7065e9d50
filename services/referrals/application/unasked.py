"""What happens to a referral though no side presses it: the clock, the end of contact, an agency that leaves."""

from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.sight import folded
from services.referrals.application.visits import call_off_at_end
from services.referrals.domain import referral
from services.referrals.domain.referral import (
    CancelReferral,
    ExpireReferral,
    LapseCancellation,
    LeaveReferral,
    ReferralCommand,
    ReferralStatus,
    RequestCancellation,
    StopContact,
)
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import Reason

_UNANSWERED = frozenset({ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED})


async def lapse(desk: Desk, draft: Draft, history: History) -> History:
    """What follows when nobody confirmed that a referral is stopped (R15). Raises Refusal."""
    return await _ended(desk, draft, history, LapseCancellation(agency=draft.acting.agency, at=draft.acting.at))


async def expire(desk: Desk, draft: Draft, history: History) -> History:
    """What follows when nobody answered a referral in time (R15). Raises Refusal."""
    acting = draft.acting
    before = folded(history, referral.fold)
    not_before = desk.directory.expires(acting.initiative, before.sent_at, before.sent.category)
    command = ExpireReferral(agency=acting.agency, at=acting.at, not_before=not_before)
    return await _ended(desk, draft, history, command)


async def stop_contact(desk: Desk, draft: Draft, history: History) -> History:
    """What follows on an open referral when there is no further contact with her (R16, R20). Raises Refusal."""
    return await _ended(desk, draft, history, StopContact(agency=draft.acting.agency, at=draft.acting.at))


async def leave(desk: Desk, draft: Draft, history: History) -> History:
    """What follows on an open referral when its receiver, who acts, left the initiative (R16, R22). Raises Refusal."""
    return await _ended(desk, draft, history, LeaveReferral(agency=draft.acting.agency, at=draft.acting.at))


async def leave_behind(desk: Desk, draft: Draft, history: History) -> History:
    """What follows on a referral that nobody accepted when its sender, who acts, left the initiative (R22).

    Raises Refusal, for one that was accepted or has ended too.
    """
    acting, before = draft.acting, folded(history, referral.fold)
    if before.status is ReferralStatus.SENT:
        command: ReferralCommand = CancelReferral(agency=acting.agency, at=acting.at, reason=Reason.OTHER)
    elif before.status in _UNANSWERED:
        command = RequestCancellation(agency=acting.agency, at=acting.at, reason=Reason.OTHER)
    else:
        raise WrongState(before.status)
    return await _ended(desk, draft, history, command)


async def _ended(desk: Desk, draft: Draft, history: History, command: ReferralCommand) -> History:
    """The stream with what the command says behind it, and in the draft what follows for visits that lie ahead."""
    before = folded(history, referral.fold)
    after = draft.add(history, referral.decide(command, before))
    await call_off_at_end(desk, draft, history.stream, before, folded(after, referral.fold))
    return after
