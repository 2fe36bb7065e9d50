"""What belongs beside a referral or handoff on its page: the caller's own contacts, its visits, what she agreed to."""

from collections.abc import Sequence
from uuid import UUID

from services.referrals.application import appointment as appointments
from services.referrals.application.acting import Acting
from services.referrals.application.appointment import AppointmentSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.application.letter_plan import Printed
from services.referrals.domain import consent as consents
from services.referrals.domain.appointment import AppointmentBooked
from services.referrals.domain.consent import Consent
from services.referrals.domain.contact import ContactAmended, ContactPlanned, ContactRecorded
from services.referrals.domain.frozen import frozen
from services.referrals.domain.outreach import Outreach
from services.referrals.domain.vocabulary import GivenField
from services.referrals.store.written import Written


@frozen
class About:
    """The caller's own contacts that name it, in order; its visits, by their time; the consent that it rests on;
    what its receiver tried to reach her; whether she may not be contacted; the letter that went out for it; what
    she agreed to give and its sender does not hold; of a handoff, which agency leads now; and whether
    what showed its service, or completed it, was set right since."""

    contacts: list[Written]
    visits: list[AppointmentSeen]
    consent: Consent | None
    tried: Outreach | None = None
    contact_prohibited: bool = False
    letter: Printed | None = None
    not_held: tuple[GivenField, ...] | None = None
    lead: str | None = None
    unproven: bool = False

    @property
    def events(self) -> list[Written]:
        """What happened beside it: contacts, and what became of visits."""
        return [*self.contacts, *(event for visit in self.visits for event in visit.history.events)]


async def about(desk: Desk, acting: Acting, id: UUID, client: UUID | None, consent: UUID | None) -> About:
    """All of it, for a referral or handoff that the caller may see; nothing of a client that it may not."""
    events: list[Written] = []
    if client is not None:
        events = await desk.timeline.of(acting.initiative, acting.agency, client)
    contacts = [event for event in events if event.envelope.agency == acting.agency and _names(event, id)]
    found = None
    if consent is not None:
        found = consents.fold((await desk.history(consent)).happened())
    return About(contacts, _visits(desk, acting, id, events), found)


def _names(event: Written, id: UUID) -> bool:
    fact = event.fact
    return isinstance(fact, ContactPlanned | ContactRecorded | ContactAmended) and id in {fact.referral, fact.handoff}


def _visits(desk: Desk, acting: Acting, id: UUID, events: Sequence[Written]) -> list[AppointmentSeen]:
    mine = {event.stream for event in events if isinstance(event.fact, AppointmentBooked) and event.fact.referral == id}
    told: dict[UUID, list[Written]] = {stream: [] for stream in mine}
    for event in events:
        if event.stream in told:
            told[event.stream].append(event)
    histories = (History(stream, tuple(sorted(each, key=lambda event: event.version))) for stream, each in told.items())
    return appointments.in_order(appointments.seen(desk, acting, history) for history in histories)
