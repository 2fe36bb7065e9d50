"""What follows when a contact shows no service any more: the referral whose service began with it is accepted again."""

from services.referrals.application import referral as referrals
from services.referrals.application.contact.seen import ContactSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.evidence import evidence_for
from services.referrals.domain import referral
from services.referrals.domain.contact import AnyContact, Contact, is_service_evidence
from services.referrals.domain.referral import ReferralServiceStarted, ReferralStatus, ReferralTakenBack
from services.referrals.domain.taking_back import counting


async def unproven(desk: Desk, draft: Draft, before: ContactSeen, after: ContactSeen) -> None:
    """Takes back that the service began, as long as nothing came after it and no other contact shows it (R14, R17)."""
    state = before.state
    if not isinstance(state, Contact) or not _shows(state) or _shows(after.state) or not draft.events:
        return
    named = state.recorded.referral
    history = await desk.history(named) if named else None
    if history is None or history.client is None:
        return
    sent = referral.fold(history.happened())
    last = counting(history.happened())[-1]
    rests = isinstance(last.fact, ReferralServiceStarted) and last.fact.evidence == before.id and last.id is not None
    if sent is None or not rests or sent.status is not ReferralStatus.IN_SERVICE:
        return
    async for other in evidence_for(desk, draft.acting, history.stream, history.client):
        if other.id != before.id and is_service_evidence(other.contact.recorded):
            return
    if last.id is not None:
        fact = ReferralTakenBack(event=last.id, restricted=sent.sent.restricted)
        draft.work.append(referrals.seen(desk, draft.acting, draft.add(history, [fact])).work)


def _shows(state: AnyContact) -> bool:
    return isinstance(state, Contact) and is_service_evidence(state.recorded)
