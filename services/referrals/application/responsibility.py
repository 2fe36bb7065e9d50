"""Responsibility: taking a domain that nobody leads, and leaving one that somebody takes over (R19)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import taken_on
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import LeadSeen, pregnancies, to_lead_in
from services.referrals.application.episode_seen import fold, is_opener
from services.referrals.application.handing_back import acted_upon
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import episode
from services.referrals.domain.episode import Episode, LeaveLead, TakeLead
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, WrongState
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.commit import Answer


@frozen
class Taken:
    """A domain that this agency leads now: 201, or 200 where it did already."""

    lead: LeadSeen
    status: int
    replayed: bool


@frozen
class Left:
    """A domain that this agency leads no more. `leads`: who took over from it, None where it did not lead any more."""

    leads: str | None
    replayed: bool


async def take(desk: Desk, acting: Acting, client: UUID, domain: ResponsibilityDomain) -> Taken:
    """Take what nobody leads in her open pregnancy. Raises Conflict where somebody does, without a name."""

    async def attempt(desk: Desk) -> Decided[LeadSeen]:
        taken_on(acting, await desk.look(client), client)
        # Whoever neither opened one nor leads in it is not told that there is one (R4).
        history = to_lead_in(acting, await pregnancies(desk, client), domain)
        if history is None:
            raise WrongState("none", "episode-not-open")
        as_hub = acting.agency == desk.directory.initiative(acting.initiative).hub
        draft = Draft(acting, client)
        command = TakeLead(agency=acting.agency, at=acting.at, domain=domain, as_hub=as_hub)
        after = draft.add(history, episode.decide(command, fold(history)))
        if draft.events:
            acting.call.makes_new()
        return Decided(
            draft, Answer(201 if draft.events else 200, {"episode": history.stream}, 1), _lead(after, domain)
        )

    done = await carry_out(desk, acting, attempt)
    lead = done.view or _lead(await desk.history(done.answer.ids["episode"]), domain)
    return Taken(lead, done.answer.status, replayed=done.view is None)


async def leave(desk: Desk, acting: Acting, id: UUID, domain: ResponsibilityDomain) -> Left:
    """Leave a domain of a pregnancy. Raises WrongState where this agency does not lead it, or nobody takes over."""
    hub = desk.directory.initiative(acting.initiative).hub

    async def attempt(desk: Desk) -> Decided[str | None]:
        history = await desk.history(id)
        state = episode.fold(history.happened())
        if state is None or history.client is None or history.initiative != acting.initiative:
            raise NotASide
        if not (is_opener(acting, history) or _has_led(history, acting.agency)):
            raise NotASide
        draft = Draft(acting, history.client)
        command = LeaveLead(agency=acting.agency, at=acting.at, domain=domain, hub=hub)
        led = state.lead(domain)
        draft.add(history, episode.decide(command, state))
        if draft.events:
            await acted_upon(desk, draft, (await desk.look(history.client)).work, domain)
        return Decided(draft, Answer(200, {"episode": id}, 1), hub if led == acting.agency else None)

    done = await carry_out(desk, acting, attempt)
    return Left(done.view, replayed=False)


def _lead(history: History, domain: ResponsibilityDomain) -> LeadSeen:
    state: Episode | None = episode.fold(history.happened())
    if state is None or domain not in state.leads:
        raise NotASide
    lead = state.leads[domain]
    return LeadSeen(history.stream, domain, lead.agency, lead.since, lead.basis)


def _has_led(history: History, agency: str) -> bool:
    return any(
        isinstance(event.fact, episode.ResponsibilityAssigned) and event.fact.agency == agency
        for event in history.events
    )
