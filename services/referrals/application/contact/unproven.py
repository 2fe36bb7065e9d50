"""What follows when a contact shows nothing any more: the service or handoff that rested on it alone is open again."""

from uuid import UUID

from services.referrals.application import referral as referrals
from services.referrals.application.contact.seen import ContactSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.evidence import evidence_for, met_otherwise
from services.referrals.application.handing_back import taken_back
from services.referrals.domain import handoff, referral
from services.referrals.domain.contact import AnyContact, Contact, ContactTakenBack, is_service_evidence
from services.referrals.domain.handoff import HandoffCompleted, HandoffTakenBack
from services.referrals.domain.referral import ReferralServiceStarted, ReferralStatus, ReferralTakenBack
from services.referrals.domain.taking_back import counting


async def unproven(desk: Desk, draft: Draft, before: ContactSeen, after: ContactSeen) -> None:
    """As long as nothing came after it and no other contact shows it (R14, R17).

    A completed handoff has ended, and stays as it ended but where the press that ended it is taken back at once.
    """
    state = before.state
    if not isinstance(state, Contact) or not draft.events:
        return
    if is_service_evidence(state.recorded) and not _shows(after.state) and state.recorded.referral:
        await _not_begun(desk, draft, state.recorded.referral, before.id)
    if isinstance(after.history.events[-1].fact, ContactTakenBack) and state.recorded.handoff:
        await _not_completed(desk, draft, state.recorded.handoff, before.id)


async def _not_begun(desk: Desk, draft: Draft, named: UUID, contact: UUID) -> None:
    history = await desk.history(named)
    sent, last = referral.fold(history.happened()), counting(history.happened())[-1]
    rests = isinstance(last.fact, ReferralServiceStarted) and last.fact.evidence == contact
    if sent is None or last.id is None or not rests or sent.status is not ReferralStatus.IN_SERVICE:
        return
    async for other in evidence_for(desk, draft.acting, named, draft.client):
        if other.id != contact and is_service_evidence(other.contact.recorded):
            return
    fact = ReferralTakenBack(event=last.id, restricted=sent.sent.restricted)
    draft.work.append(referrals.seen(desk, draft.acting, draft.add(history, [fact])).work)


async def _not_completed(desk: Desk, draft: Draft, named: UUID, contact: UUID) -> None:
    history = await desk.history(named)
    state, last = handoff.fold(history.happened()), counting(history.happened())[-1]
    rests = isinstance(last.fact, HandoffCompleted) and last.fact.evidence == contact
    if state is None or last.id is None or not rests:
        return
    if not await met_otherwise(desk, draft.acting, named, draft.client, state):
        fact = HandoffTakenBack(event=last.id, restricted=state.proposed.restricted)
        await taken_back(desk, draft, draft.add(history, [fact]))


def _shows(state: AnyContact) -> bool:
    return isinstance(state, Contact) and is_service_evidence(state.recorded)
