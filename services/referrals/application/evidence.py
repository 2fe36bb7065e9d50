"""Evidence: the contact by which an agency shows that it served or met a client (R17)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.domain import contact
from services.referrals.domain.contact import Evidence
from services.referrals.domain.refusal import NotASide


async def evidence_of(desk: Desk, acting: Acting, id: UUID, client: UUID) -> Evidence:
    """A contact of this agency's own with this client. Raises NotASide for any other."""
    history = await desk.history(id)
    if history.client != client or history.initiative != acting.initiative:
        raise NotASide
    state = contact.fold(history.happened())
    if state is None or state.agency != acting.agency:
        raise NotASide
    return Evidence(id, state)
