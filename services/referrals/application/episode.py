"""Pregnancies: opening one, and who leads in it as far as an agency may know."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from services.referrals.application import births
from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, carry_out
from services.referrals.domain import episode, handoff
from services.referrals.domain.age import band_in_pregnancy
from services.referrals.domain.episode import Episode, EpisodeJoined, EpisodeOpened, OpenEpisode
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain
from services.referrals.store.commit import Answer
from services.referrals.store.written import Written, happened
from services.runtime.http.freshness import fresh


@frozen
class EpisodeSeen:
    """A pregnancy as one of its openers sees it: its own words alone, whoever else opened it (R4)."""

    id: UUID
    client: UUID
    opened_at: datetime
    identified_on: date | None

    @property
    def version(self) -> int:
        """That of its own words: the stream's would tell a second opener that there was a first (R4)."""
        return 1


@frozen
class LeadSeen:
    """Who leads a domain, since when (UTC) and why."""

    domain: ResponsibilityDomain
    agency: str
    since: datetime
    basis: Basis


def current(client: UUID) -> UUID:
    """The stream of the client's pregnancy that is not ended; no command ends one yet."""
    return episode.episode_id(client, 0)


async def open_one(desk: Desk, acting: Acting, client: UUID, identified_on: date | None) -> Done[EpisodeSeen]:
    """Open her pregnancy. An agency that comes second is answered like the first, and does not lead (R4, R19).

    Raises Unfit where she would be of no age for it on that day.
    """
    born = await births.born(desk, acting, client)
    id = current(client)

    async def attempt(desk: Desk) -> Decided[EpisodeSeen]:
        found = await clients.look(desk, acting, client, id)
        clients.taken_on(acting, found, client)
        band = band_in_pregnancy(born, identified_on or acting.today)
        command = OpenEpisode(
            agency=acting.agency, at=acting.at, today=acting.today, identified_on=identified_on, age_band=band
        )
        draft = Draft(acting, client)
        history = draft.add(found[id], episode.decide(command, episode.fold(found[id].happened())))
        if draft.events:
            acting.call.makes_new()
        status = 201 if draft.events else 200
        opened = _seen(acting, history)
        answer = Answer(status, {"episode": id, "client": client}, opened.version)
        return Decided(draft, answer, opened)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> EpisodeSeen:
    """A pregnancy that this agency opened. Raises NotASide for any other."""

    async def look() -> EpisodeSeen:
        history = await desk.history(id)
        if history.initiative != acting.initiative or not is_opener(acting, history):
            raise NotASide
        return _seen(acting, history)

    return await fresh(acting.call, look)


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[EpisodeSeen]:
    """The pregnancies that this agency opened for her."""
    await clients.known_client(desk, acting, client)
    history = await desk.history(current(client))
    return [_seen(acting, history)] if is_opener(acting, history) else []


async def leads(
    desk: Desk, acting: Acting, client: UUID, holds: Callable[[Written], bool] = lambda event: True
) -> list[LeadSeen]:
    """Who leads, where this agency leads itself or was a side of the handoff that moved the lead (R4, R8).

    `holds` leaves out what had not happened, or was not known, at the time that is asked about.
    """
    await clients.known_client(desk, acting, client)
    history = await desk.history(current(client))
    state = episode.fold(happened([event for event in history.events if holds(event)]))
    if state is None:
        return []
    handoffs = await desk.histories(lead.handoff for lead in state.leads.values())
    sides = {id for id, each in handoffs.items() if _is_side(acting, each)}
    return [
        LeadSeen(domain, lead.agency, lead.since, lead.basis)
        for domain, lead in state.leads.items()
        if lead.agency == acting.agency or lead.handoff in sides
    ]


def lead_of(state: Episode | None, domain: ResponsibilityDomain) -> str | None:
    """The agency that leads a domain of an episode, None where nobody does."""
    return None if state is None else state.lead(domain)


def is_opener(acting: Acting, history: History) -> bool:
    """Whether this agency opened the pregnancy that a stream tells of, first or later."""
    return any(
        isinstance(event.fact, EpisodeOpened | EpisodeJoined) and event.envelope.agency == acting.agency
        for event in history.events
    )


def _seen(acting: Acting, history: History) -> EpisodeSeen:
    envelope, since = next(
        (event.envelope, event.fact.identified_on)
        for event in history.events
        if isinstance(event.fact, EpisodeOpened | EpisodeJoined) and event.envelope.agency == acting.agency
    )
    return EpisodeSeen(history.stream, envelope.client_id, envelope.occurred_at, since)


def _is_side(acting: Acting, history: History) -> bool:
    state = handoff.fold(history.happened())
    return state is not None and handoff.side_of(state, acting.agency) is not None
