"""A support contact as the agency that it belongs to sees it; nobody else sees any."""

from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain import contact
from services.referrals.domain.contact import AnyContact, ContactPlanned, ContactRecorded
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.runtime.http.freshness import fresh


@frozen
class ContactSeen:
    """A contact as its agency sees it."""

    client: UUID
    state: AnyContact
    history: History

    @property
    def id(self) -> UUID:
        return self.history.stream

    @property
    def version(self) -> int:
        return self.history.version


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[ContactSeen]:
    """What this agency planned or recorded with her. Raises NotASide where it does not know her (R8)."""
    await clients.known_client(desk, acting, client)
    events = await desk.timeline.of(acting.initiative, acting.agency, client)
    own = (each for each in events if each.envelope.agency == acting.agency)
    streams = dict.fromkeys(each.stream for each in own if isinstance(each.fact, ContactPlanned | ContactRecorded))
    return [seen(acting, history) for history in (await desk.histories([*streams])).values()] if streams else []


async def read(desk: Desk, acting: Acting, id: UUID) -> ContactSeen:
    """A contact of this agency's own. Raises NotASide for any other."""

    async def look() -> ContactSeen:
        return seen(acting, await desk.history(id))

    return await fresh(acting.call, look)


def seen(acting: Acting, history: History) -> ContactSeen:
    """The same for a stream that was read already."""
    if history.client is None or history.initiative != acting.initiative:
        raise NotASide
    state = contact.fold(history.happened())
    if state is None or state.agency != acting.agency:
        raise NotASide
    return ContactSeen(history.client, state, history)
