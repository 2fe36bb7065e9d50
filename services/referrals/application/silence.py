"""What was said of a contact sets the timer of who leads her anew: she is silent since the last that counts."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import pregnancies
from services.referrals.application.episode_seen import fold
from services.referrals.domain import appointment, contact
from services.referrals.domain.appointment import AppointmentBooked
from services.referrals.domain.contact import Contact, ContactPlanned, ContactRecorded
from services.referrals.domain.timer import Timer, TimerSet
from services.referrals.store.lead_rows import met_since

_FIRST = (ContactPlanned, ContactRecorded, AppointmentBooked)
"""What a stream of a contact or visit begins with."""


async def met(desk: Desk, draft: Draft, client: UUID) -> None:
    """Adds to a draft that says something of contacts or visits what it means for what its agency leads for her.

    A day before the one that the timer runs from changes nothing; one that does not count any more sets it back to the
    last that does. The pregnancy that a contact names is meant, or any where it names none (R18).
    """
    if not draft.events:
        return
    hers = await clients.all_of(desk, draft.acting, client)
    said = [each for each in draft.touched.values() if each.client in hers and isinstance(each.events[0].fact, _FIRST)]
    for history in [each for one in hers for each in await pregnancies(desk, one)]:
        stands = draft.touched.get(history.stream, history)
        state = fold(stands)
        since = met_since(stands.events, state)
        led = {domain: lead.since for domain, lead in state.leads.items() if lead.agency == draft.acting.agency}
        if not led.keys() & since.keys():
            continue
        new, set_right = _latest(draft, said, history.stream), _counted(draft, said, history.stream)
        last = await _last(desk, draft, hers, history.stream) if set_right else new
        facts = []
        for domain, began in led.items():
            runs_from = max(filter(None, (began, last, None if set_right else since.get(domain))))
            if domain in since and runs_from != since[domain]:
                facts.append(TimerSet(timer=Timer.SILENCE, domain=domain, since=runs_from))
        draft.about(stands.client or client).add(stands, facts)


def _latest(draft: Draft, said: Iterable[History], pregnancy: UUID) -> datetime | None:
    return max((at for each in said if (at := _met_at(draft, each, pregnancy))), default=None)


def _counted(draft: Draft, said: Iterable[History], pregnancy: UUID) -> bool:
    """Whether any of them counted before the draft: then another may be the last now."""
    new = {event.envelope.event_id for event in draft.events}
    before = (tuple(e for e in each.events if e.envelope.event_id not in new) for each in said)
    return any(_met_at(draft, History(each[0].stream, each), pregnancy) for each in before if each)


async def _last(desk: Desk, draft: Draft, hers: Sequence[UUID], pregnancy: UUID) -> datetime | None:
    """When (UTC) the agency last met her, as the draft leaves it."""
    found = [at async for each in _all(desk, draft, hers) if (at := _met_at(draft, each, pregnancy))]
    return max(found, default=None)


async def _all(desk: Desk, draft: Draft, hers: Sequence[UUID]) -> AsyncIterator[History]:
    """Each contact and visit of hers that the agency may see."""
    acting, streams = draft.acting, dict.fromkeys(draft.touched)
    for one in hers:
        for event in await desk.timeline.of(acting.initiative, acting.agency, one):
            if isinstance(event.fact, _FIRST):
                streams.setdefault(event.stream)
    stored = await desk.histories(id for id in streams if id not in draft.touched)
    for id in streams:
        yield draft.touched[id] if id in draft.touched else stored[id]


def _met_at(draft: Draft, history: History, pregnancy: UUID) -> datetime | None:
    """When (UTC) a contact or visit of the agency's own took place, if it counts and is for no other pregnancy."""
    first, agency = history.events[0].fact, draft.acting.agency
    if isinstance(first, AppointmentBooked):
        visit = appointment.fold(history.happened())
        return visit.attended_at if visit and first.to_agency == agency else None
    state = contact.fold(history.happened()) if isinstance(first, ContactPlanned | ContactRecorded) else None
    if not isinstance(state, Contact) or state.agency != agency or not state.recorded.met:
        return None
    return state.at if state.recorded.episode in (None, pregnancy) else None
