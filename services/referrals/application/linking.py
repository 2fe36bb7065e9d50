"""One agency, one woman, one record (R21): what came in of a client whom the agency has of its own shows as one."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.client import ClientSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.person import PersonStepped, told
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import client as domain
from services.referrals.domain.client import LinkClient, NameClient, UnlinkClient, UnnameClient
from services.referrals.domain.refusal import Unfit
from services.referrals.store.commit import Answer

Follow = Callable[[Desk, Draft, Any], Awaitable[None]]


def on_accepting(own: UUID | None) -> Follow | None:
    """What follows from an acceptance that names a client of the receiver's own; None where it names none."""
    if own is None:
        return None

    async def follow(desk: Desk, draft: Draft, after: Any) -> None:
        del after
        await _link(desk, draft, own)

    return follow


async def link(desk: Desk, acting: Acting, client: UUID, own: UUID) -> PersonStepped:
    """Two references of this agency are one woman; its sender is told nothing. Raises NotASide, Unfit."""
    return await _step(desk, acting, client, lambda desk, draft: _link(desk, draft, own))


async def unlink(desk: Desk, acting: Acting, client: UUID, own: UUID) -> PersonStepped:
    """They are two after all."""
    return await _step(desk, acting, client, lambda desk, draft: _unlink(desk, draft, own))


async def _step(
    desk: Desk, acting: Acting, client: UUID, change: Callable[[Desk, Draft], Awaitable[None]]
) -> PersonStepped:
    async def attempt(desk: Desk) -> Decided[ClientSeen]:
        found = await clients.look(desk, acting, client)
        before = clients.taken_on(acting, found, client)
        draft = Draft(acting, client)
        with acting.call.meant_for(before.version):
            await change(desk, draft)
        if draft.events:
            acting.call.require(before.version)
        history = draft.touched.get(client, found[client])
        after = ClientSeen(history, told(history), before.since, acting)
        return Decided(draft, Answer(200, {"client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return PersonStepped(done.view, replayed=False)
    return PersonStepped(await clients.known_client(desk, acting, client), replayed=True)


async def _link(desk: Desk, draft: Draft, own: UUID) -> None:
    acting = draft.acting
    await _are_two(desk, draft, own)
    found = await desk.histories([draft.client, own])
    hers = LinkClient(agency=acting.agency, at=acting.at, other=own)
    draft.add(found[draft.client], domain.decide(hers, told(found[draft.client])))
    ours = NameClient(agency=acting.agency, at=acting.at, by=draft.client)
    draft.about(own).add(found[own], domain.decide(ours, told(found[own])))


async def _unlink(desk: Desk, draft: Draft, own: UUID) -> None:
    acting = draft.acting
    await _are_two(desk, draft, own)
    found = await desk.histories([draft.client, own])
    hers = UnlinkClient(agency=acting.agency, at=acting.at, other=own)
    draft.add(found[draft.client], domain.decide(hers, told(found[draft.client])))
    ours = UnnameClient(agency=acting.agency, at=acting.at, by=draft.client)
    draft.about(own).add(found[own], domain.decide(ours, told(found[own])))


async def _are_two(desk: Desk, draft: Draft, own: UUID) -> None:
    """One that somebody else brought, and one that this agency registered itself. Raises NotASide, Unfit."""
    acting = draft.acting
    ours = await clients.known_client(desk, acting, own)
    brought = told(await desk.history(draft.client)).agency != acting.agency
    if own == draft.client or not ours.own or not brought:
        raise Unfit("not-two-references")
