"""What belongs beside a referral or handoff on its page: the caller's own contacts, and what she agreed to."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.domain import consent as consents
from services.referrals.domain.consent import Consent
from services.referrals.domain.contact import ContactAmended, ContactPlanned, ContactRecorded
from services.referrals.domain.frozen import frozen
from services.referrals.store.written import Written


@frozen
class About:
    """The caller's own contacts that name it, in order, and the consent that it rests on."""

    contacts: list[Written]
    consent: Consent | None


async def about(desk: Desk, acting: Acting, id: UUID, client: UUID | None, consent: UUID | None) -> About:
    """Both, for a referral or handoff with this id that the caller may see; nothing of a client that it may not."""
    contacts: list[Written] = []
    if client is not None:
        events = await desk.timeline.of(acting.initiative, acting.agency, client)
        contacts = [event for event in events if event.envelope.agency == acting.agency and _names(event, id)]
    found = None
    if consent is not None:
        found = consents.fold((await desk.history(consent)).happened())
    return About(contacts, found)


def _names(event: Written, id: UUID) -> bool:
    fact = event.fact
    return isinstance(fact, ContactPlanned | ContactRecorded | ContactAmended) and id in {fact.referral, fact.handoff}
