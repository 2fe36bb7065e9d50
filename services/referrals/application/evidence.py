"""Evidence: the contact by which an agency shows that it served or met a client (R17)."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain import appointment, handoff, referral
from services.referrals.domain import contact as contacts
from services.referrals.domain.appointment import AppointmentBooked, AppointmentStatus
from services.referrals.domain.contact import AnyContact, Contact, ContactAmended, ContactRecorded, Evidence, Said
from services.referrals.domain.handoff import Handoff
from services.referrals.domain.referral import Referral, ReferralFact, StartService
from services.referrals.domain.refusal import NoEvidence, NotASide


async def evidence_of(
    desk: Desk, acting: Acting, client: UUID, *, contact: UUID | None = None, visit: UUID | None = None
) -> Evidence:
    """A contact of this agency's own with this client, or a visit that she came to. Raises NotASide, NoEvidence."""
    if visit is not None:
        return await _attended(desk, acting, visit, client)
    if contact is None:
        raise NoEvidence
    return await _contact(desk, acting, contact, client)


async def _attended(desk: Desk, acting: Acting, id: UUID, client: UUID) -> Evidence:
    history = await desk.history(id)
    if history.client != client or history.initiative != acting.initiative:
        raise NotASide
    state = appointment.fold(history.happened())
    if state is None or state.booked.to_agency != acting.agency:
        raise NotASide
    if state.status is not AppointmentStatus.ATTENDED:
        raise NoEvidence
    return appointment.proof(id, state)


async def _contact(desk: Desk, acting: Acting, id: UUID, client: UUID) -> Evidence:
    state = await _own(desk, acting, id, client)
    if not isinstance(state, Contact):
        raise NoEvidence
    return Evidence(id, state)


async def is_unproven(desk: Desk, acting: Acting, id: UUID, client: UUID, state: Referral) -> bool:
    """Whether what showed its service was set right since, and no other contact shows it (R14, R17).

    What ended stays as it ended: this is said beside it.
    """
    if state.evidence is None or _is_service(await desk.history(state.evidence)):
        return False
    theirs = speaking_for(acting, state.sent.to_agency)
    async for other in evidence_for(desk, theirs, id, client):
        if contacts.is_service_evidence(other.contact.recorded):
            return False
    return True


def _is_service(history: History) -> bool:
    told = history.happened()
    if told and isinstance(told[0].fact, AppointmentBooked):
        visit = appointment.fold(told)
        return visit is not None and visit.status is AppointmentStatus.ATTENDED
    state = contacts.fold(told)
    return isinstance(state, Contact) and contacts.is_service_evidence(state.recorded)


async def is_unmet(desk: Desk, acting: Acting, id: UUID, client: UUID, state: Handoff) -> bool:
    """The same of a handoff that was completed: whether nothing shows any more that its receiver has met her."""
    if state.evidence is None or _is_meeting(await desk.history(state.evidence)):
        return False
    return not await met_otherwise(desk, acting, id, client, state)


async def met_otherwise(desk: Desk, acting: Acting, id: UUID, client: UUID, state: Handoff) -> bool:
    """Whether another contact of its receiver since it accepted shows a handoff than the one that completed it.

    Measures count it so, too (handoff_completion): nothing before the acceptance stands in for what was named.
    """
    theirs, since = speaking_for(acting, state.proposed.to_agency), state.accepted_at or acting.at
    async for other in _contacts(desk, theirs, client, lambda said: said.handoff in {None, id}):
        if other.id != state.evidence and other.contact.at >= since and handoff.met_since(other, id, state):
            return True
    return False


def _is_meeting(history: History) -> bool:
    state = contacts.fold(history.happened())
    return isinstance(state, Contact) and state.recorded.met


def evidence_for(desk: Desk, acting: Acting, referral: UUID, client: UUID) -> AsyncIterator[Evidence]:
    """The contacts of this agency's own that name a referral, the earliest first, whatever they prove."""
    return _contacts(desk, acting, client, lambda said: said.referral == referral)


async def _contacts(
    desk: Desk, acting: Acting, client: UUID, wanted: Callable[[Said], bool]
) -> AsyncIterator[Evidence]:
    told: set[UUID] = set()
    for event in await desk.timeline.of(acting.initiative, acting.agency, client):
        named = isinstance(event.fact, ContactRecorded | ContactAmended) and wanted(event.fact)
        if named and event.envelope.agency == acting.agency and event.stream not in told:
            told.add(event.stream)
            state = await _own(desk, acting, event.stream, client)
            if isinstance(state, Contact) and wanted(state.recorded):
                yield Evidence(event.stream, state)


async def _own(desk: Desk, acting: Acting, id: UUID, client: UUID) -> AnyContact:
    history = await desk.history(id)
    if history.client != client or history.initiative != acting.initiative:
        raise NotASide
    state = contacts.fold(history.happened())
    if state is None or state.agency != acting.agency:
        raise NotASide
    return state


async def served_before(
    desk: Desk, acting: Acting, id: UUID, client: UUID, accepted: Referral
) -> tuple[ReferralFact, ...]:
    """What follows from an acceptance: what the receiver did for her before it counts from now on (F2, R17)."""
    async for evidence in evidence_for(desk, acting, id, client):
        start = StartService(agency=acting.agency, at=acting.at, referral=id, evidence=evidence)
        try:
            return referral.decide(start, accepted)
        except NoEvidence:
            continue
    return ()
