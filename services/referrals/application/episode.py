"""Pregnancies: opening one, reading one's own words, and who leads as far as an agency may know."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.referrals.application import births
from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode_seen import EpisodeSeen, fold, is_opener, seen
from services.referrals.application.handing_back import pregnancy_over
from services.referrals.application.saving import Decided, Done, carry_out
from services.referrals.domain import episode, handoff
from services.referrals.domain.age import band_in_pregnancy
from services.referrals.domain.client import fold as fold_client
from services.referrals.domain.episode import Episode, OpenEpisode, Supersede
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain
from services.referrals.store.commit import Answer
from services.referrals.store.lead_rows import left_by
from services.referrals.store.written import Written, happened
from services.runtime.http.freshness import fresh

AT_ONCE = 3
"""So many pregnancies are looked for in one question; few are in the care of agencies more often."""


@frozen
class LeadSeen:
    """Who leads a domain of a pregnancy, since when (UTC) and why. `agreed`: nothing but her yes tells it here."""

    episode: UUID
    domain: ResponsibilityDomain
    agency: str
    since: datetime
    basis: Basis
    agreed: bool = False


async def pregnancies(desk: Desk, client: UUID) -> list[History]:
    """The streams of her pregnancies, the first first."""
    found: list[History] = []
    while len(found) % AT_ONCE == 0:
        some = [episode.episode_id(client, len(found) + number) for number in range(AT_ONCE)]
        read = await desk.histories(some)
        there = [read[id] for id in some if read[id].events]
        found += there
        if len(there) < AT_ONCE:
            break
    return found


async def open_one(desk: Desk, acting: Acting, client: UUID, identified_on: date | None) -> Done[EpisodeSeen]:
    """Open her pregnancy. An agency that comes second is answered like the first, and does not lead (R4, R19).

    After an end of its own it is the next one (R18), in whose favour the old one stands back for all (R5), and with it
    what is offered or promised of it. Raises Unfit where she would be of no age for it on that day.
    """
    born = await births.born(desk, acting, client)

    async def attempt(desk: Desk) -> Decided[EpisodeSeen]:
        found = await clients.look(desk, acting, client)
        clients.in_contact(acting, found, client)
        told = await pregnancies(desk, client)
        choice = episode.to_open([fold(each) for each in told], acting.agency, acting.today)
        stream = told[choice.number] if choice.number < len(told) else None
        id = episode.episode_id(client, choice.number)
        history = stream or await desk.history(id)
        command = OpenEpisode(
            agency=acting.agency,
            at=acting.at,
            today=acting.today,
            identified_on=identified_on,
            age_band=band_in_pregnancy(born, identified_on or acting.today),
        )
        draft = Draft(acting, client)
        history = draft.add(history, episode.decide(command, episode.fold(history.happened())))
        if choice.supersedes is not None:
            old = told[choice.supersedes]
            gone = draft.add(old, episode.decide(Supersede(agency=acting.agency, at=acting.at, by=id), fold(old)))
            await pregnancy_over(desk, draft, old.stream, for_all=fold(gone).is_left)
        if draft.events:
            acting.call.makes_new()
        status = 201 if draft.events else 200
        opened = seen(acting, history)
        answer = Answer(status, {"episode": id, "client": client}, opened.version)
        return Decided(draft, answer, opened)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> EpisodeSeen:
    """A pregnancy that this agency opened. Raises NotASide for any other."""

    async def look() -> EpisodeSeen:
        history = await desk.history(id)
        if history.initiative != acting.initiative or not is_opener(acting, history):
            raise NotASide
        return replace(seen(acting, history), quiet=await _is_quiet(desk, acting, history.client))

    return await fresh(acting.call, look)


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[EpisodeSeen]:
    """The pregnancies that this agency opened for her, under whichever reference (R21)."""
    her = await clients.known_client(desk, acting, client)
    quiet = her.paused or her.stopped
    hers = await clients.all_of(desk, acting, client)
    told = [each for one in hers for each in await pregnancies(desk, one) if is_opener(acting, each)]
    return [replace(seen(acting, each), quiet=quiet) for each in told]


async def _is_quiet(desk: Desk, acting: Acting, client: UUID | None) -> bool:
    """Whether outreach to her is paused, or stopped for this agency (R5, R20)."""
    state = fold_client((await desk.history(client)).happened()) if client else None
    return state is not None and (state.paused or state.is_stopped(acting.agency))


def to_lead_in(acting: Acting, told: Sequence[History], domain: ResponsibilityDomain) -> History | None:
    """The pregnancy that an agency means when it speaks of a lead: where it leads this, else the last of its own."""
    states = [(each, fold(each)) for each in reversed(told)]
    near = [(each, state) for each, state in states if _is_near(acting, each, state) and not state.closed]
    led = next((each for each, state in near if state.lead(domain) == acting.agency), None)
    return led or next((each for each, _ in near), None)


async def leads(
    desk: Desk,
    acting: Acting,
    client: UUID,
    holds: Callable[[Written], bool] = lambda event: True,
    told: Collection[tuple[UUID, ResponsibilityDomain, str]] = (),
) -> list[LeadSeen]:
    """Who leads, where this agency leads itself, left it to who does, or was a side of the handoff that moved it (R19).

    `holds` leaves out what had not happened, or was not known, at the time that is asked about. `told`: which agency
    leads what in which pregnancy, as she agreed that this agency may know.
    """
    await clients.known_client(desk, acting, client)
    found: list[LeadSeen] = []
    for history in await pregnancies(desk, client):
        held = [event for event in history.events if holds(event)]
        state = episode.fold(happened(held))
        if state is None:
            continue
        handoffs = await desk.histories(lead.handoff for lead in state.leads.values())
        sides = {id for id, each in handoffs.items() if _is_side(acting, each)}
        fell = left_by(held)
        for domain, lead in state.leads.items():
            own = acting.agency in {lead.agency, fell.get(domain)} or lead.handoff in sides
            if own or (history.stream, domain, lead.agency) in told:
                found.append(LeadSeen(history.stream, domain, lead.agency, lead.since, lead.basis, agreed=not own))
    return found


def lead_of(state: Episode | None, domain: ResponsibilityDomain) -> str | None:
    """The agency that leads a domain of an episode, None where nobody does."""
    return None if state is None else state.lead(domain)


def _is_near(acting: Acting, history: History, state: Episode) -> bool:
    leads_in = any(lead.agency == acting.agency for lead in state.leads.values())
    return leads_in or (is_opener(acting, history) and not state.own[acting.agency].closed)


def _is_side(acting: Acting, history: History) -> bool:
    state = handoff.fold(history.happened())
    return state is not None and handoff.side_of(state, acting.agency) is not None
