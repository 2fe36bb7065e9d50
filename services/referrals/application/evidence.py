"""Evidence: the contact by which an agency shows that it served or met a client (R17)."""

from collections.abc import AsyncIterator
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.domain import contact
from services.referrals.domain.contact import Contact, ContactAmended, ContactRecorded, Evidence
from services.referrals.domain.refusal import NoEvidence, NotASide


async def evidence_of(desk: Desk, acting: Acting, id: UUID, client: UUID) -> Evidence:
    """A contact of this agency's own with this client. Raises NotASide for any other, NoEvidence for a mere plan."""
    history = await desk.history(id)
    if history.client != client or history.initiative != acting.initiative:
        raise NotASide
    state = contact.fold(history.happened())
    if state is None or state.agency != acting.agency:
        raise NotASide
    if not isinstance(state, Contact):
        raise NoEvidence
    return Evidence(id, state)


async def evidence_for(desk: Desk, acting: Acting, referral: UUID, client: UUID) -> AsyncIterator[Evidence]:
    """The contacts of this agency's own that name a referral, the earliest first, whatever they prove."""
    told: set[UUID] = set()
    for event in await desk.timeline.of(acting.initiative, acting.agency, client):
        named = isinstance(event.fact, ContactRecorded | ContactAmended) and event.fact.referral == referral
        if named and event.envelope.agency == acting.agency and event.stream not in told:
            told.add(event.stream)
            evidence = await evidence_of(desk, acting, event.stream, client)
            if evidence.contact.recorded.referral == referral:
                yield evidence
