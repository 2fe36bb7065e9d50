"""Needs: what an agency knows that a client lacks; a referral or contact may name one that exists."""

from collections.abc import Sequence
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import need
from services.referrals.domain.frozen import frozen
from services.referrals.domain.need import IdentifyNeed, Need, NeedIdentified, NeedStatus, ResolveNeed, VoidNeed
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Category, Resolution
from services.referrals.store.commit import Answer
from services.runtime.http.freshness import fresh


@frozen
class NeedSeen:
    """A need as the agency that knows of it sees it; nobody else sees any."""

    client: UUID
    state: Need
    history: History

    @property
    def id(self) -> UUID:
        return self.history.stream

    @property
    def version(self) -> int:
        return self.history.version


async def identify(desk: Desk, acting: Acting, client: UUID, category: Category) -> Done[NeedSeen]:
    """This agency knows of a need; 200 where it knew of it already (R12). Raises NotASide."""

    async def attempt(desk: Desk) -> Decided[NeedSeen]:
        found = await clients.look(desk, acting, client)
        clients.known(acting, found, client)
        draft = Draft(acting, client)
        known = await known_needs(desk, acting, client)
        seen = await put_down(desk, draft, known, category)
        if draft.events:
            acting.call.makes_new()
        answer = Answer(201 if draft.events else 200, {"need": seen.id, "client": client}, seen.version)
        return Decided(draft, answer, seen)

    return await carry_out(desk, acting, attempt)


async def put_down(
    desk: Desk, draft: Draft, known: Sequence[NeedSeen], category: Category, *, screening: UUID | None = None
) -> NeedSeen:
    """Adds a need to a draft, unless one of the category is open: then that is the one."""
    acting = draft.acting
    same = [each for each in known if each.state.identified.category is category]
    for each in same:
        if each.state.status is NeedStatus.IDENTIFIED:
            return each
    id = need.need_id(draft.client, acting.agency, category, len(same))
    history = await desk.history(id)
    command = IdentifyNeed(agency=acting.agency, at=acting.at, category=category, screening=screening)
    return seen(acting, draft.add(history, need.decide(command, need.fold(history.happened()))))


async def resolve(desk: Desk, acting: Acting, id: UUID, how: Resolution) -> Done[NeedSeen]:
    """She has it no more, or wants no help. Raises NotASide, WrongState, Conflict where it ended otherwise."""
    return await _step(desk, acting, id, ResolveNeed(agency=acting.agency, at=acting.at, how=how))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> Done[NeedSeen]:
    """It should never have been written: it stays in the history and counts nowhere (R14). Raises NotASide."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    before = await read(desk, acting, id)
    note = await write_note(desk, acting, before.client, why, "reason", of=[id])
    event = before.history.events[0].envelope.event_id
    return await _step(desk, acting, id, VoidNeed(agency=acting.agency, at=acting.at, event=event, note=note))


async def _step(desk: Desk, acting: Acting, id: UUID, command: ResolveNeed | VoidNeed) -> Done[NeedSeen]:
    async def attempt(desk: Desk) -> Decided[NeedSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            facts = need.decide(command, before.state)
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(acting, draft.add(before.history, facts))
        return Decided(draft, Answer(200, {"need": id, "client": before.client}, after.version), after)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> NeedSeen:
    """A need of this agency's own. Raises NotASide for any other."""

    async def look() -> NeedSeen:
        return seen(acting, await desk.history(id))

    return await fresh(acting.call, look)


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[NeedSeen]:
    """The needs that this agency knows of, the first known first. Raises NotASide."""
    await clients.known_client(desk, acting, client)
    return await known_needs(desk, acting, client)


async def known_needs(desk: Desk, acting: Acting, client: UUID) -> list[NeedSeen]:
    """The same for a client that was looked at already."""
    events = await desk.timeline.of(acting.initiative, acting.agency, client)
    streams = [event.stream for event in events if isinstance(event.fact, NeedIdentified)]
    histories = await desk.histories(streams)
    return [seen(acting, histories[stream]) for stream in streams]


def seen(acting: Acting, history: History) -> NeedSeen:
    """The need that a stream tells of. Raises NotASide for one of another agency or initiative, and for none."""
    state = need.fold(history.happened()) if history.initiative == acting.initiative else None
    if state is None or history.client is None or state.agency != acting.agency:
        raise NotASide
    return NeedSeen(history.client, state, history)


def named(acting: Acting, client: UUID, history: History) -> Need:
    """A need that a referral or contact names: of this client, known to this agency, not void. Raises NotASide."""
    found = seen(acting, history)
    if found.client != client or found.state.status is NeedStatus.ENTERED_IN_ERROR:
        raise NotASide
    return found.state
