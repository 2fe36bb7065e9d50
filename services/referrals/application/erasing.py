"""Erasing what an agency holds of a client, and holds that forbid it: an operator's commands for that agency."""

import math
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from services.referrals.application import unsent
from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.identifiers import new_id
from services.referrals.application.inquiry import done_by_operator
from services.referrals.application.person import told
from services.referrals.application.saving import Decided, carry_out
from services.referrals.application.work import Part
from services.referrals.domain import client as domain
from services.referrals.domain.client import (
    Client,
    ClientCommand,
    EraseDetails,
    ErasureReason,
    HoldReason,
    PlaceHold,
    ReleaseHold,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer
from services.referrals.vault.erasure import Erasing
from services.referrals.vault.open_keys import Holder
from services.runtime.http.call import Call
from services.runtime.postgres.behalf import ask_for

OPERATOR = "operator"
_DRAFTS_AT_ONCE = 200


@frozen
class Erased:
    """What an erasure came to: how many keys were destroyed and drafts thrown away; `again`: nothing was left."""

    keys: int
    drafts: int
    again: bool


@frozen
class Held:
    """Why the agency has to keep what it holds of a client, if it has to; `again`: it stood so already."""

    reasons: frozenset[HoldReason]
    again: bool


def operator(desk: Desk, initiative: str, agency: str, operation: str) -> Acting:
    """The operator, who acts on the machine and for an agency that asked. Raises NotInDirectory."""
    desk.directory.agency(initiative, agency)
    at = desk.clock.now()
    call = Call(operation, str(new_id()), None, None, None, deadline=math.inf, fingerprint_text=b"")
    today = desk.directory.local_date(initiative, at)
    ask_for(agency)
    return Acting(agency, initiative, OPERATOR, is_system=False, at=at, today=today, call=call)


async def erase(desk: Desk, acting: Acting, reference: str, reason: ErasureReason) -> Erased:
    """Erase what the agency holds of a client, under whichever of its references (R21): first it is written down, so
    that it is done whatever happens next, then it is done.

    Raises NotASide for no client of the agency's, WrongState where it has to be kept.
    """
    every = await _named(desk, acting, reference)
    holders = _holders(acting, every)
    left = await _left(desk, holders)

    def command(client: UUID) -> EraseDetails:
        return EraseDetails(agency=acting.agency, at=acting.at, reason=reason, anew=client in left)

    states, _ = await _tell(desk, acting, every, command)
    keys = 0
    for holder in holders:
        registered = states[holder.client_id].agency == acting.agency
        keys += await desk.vault.erasure.erase(Erasing(holder, registered))
    drafts = await _throw_away(desk, acting, set(every))
    return Erased(keys, drafts, again=not keys and not drafts)


async def hold(desk: Desk, acting: Acting, reference: str, command: PlaceHold | ReleaseHold) -> Held:
    """Place or release a hold on what the agency holds of a client; one that stands stays as it is.

    Raises NotASide, WrongState where everything was erased before.
    """
    every = await _named(desk, acting, reference)
    if isinstance(command, PlaceHold):
        command = replace(command, anew=bool(await _left(desk, _holders(acting, every))))
    asked = command
    states, written = await _tell(desk, acting, every, lambda _: asked)
    held = (state.held.get(acting.agency) for state in states.values())
    return Held(frozenset(reason for reason in held if reason), again=not written)


def _holders(acting: Acting, every: list[UUID]) -> list[Holder]:
    return [Holder(acting.initiative, acting.agency, each) for each in every]


async def _left(desk: Desk, holders: list[Holder]) -> set[UUID]:
    """Of whom of these anything can still be read."""
    return {holder.client_id for holder in holders if await desk.vault.erasure.left(holder)}


async def _named(desk: Desk, acting: Acting, reference: str) -> list[UUID]:
    client = desk.vault.pairwise.back(acting.agency, "client", reference)
    if client is None:
        raise NotASide
    return await all_of(desk, acting, client)


async def _tell(
    desk: Desk, acting: Acting, every: list[UUID], command: Callable[[UUID], ClientCommand]
) -> tuple[dict[UUID, Client], bool]:
    """Write it down of each of these clients, together or not at all; gives them as they stand then, and whether there
    was anything to write.
    """

    async def attempt(desk: Desk) -> Decided[tuple[dict[UUID, Client], bool]]:
        draft = Draft(acting, every[0])
        found = await desk.histories(every)
        after: dict[UUID, Client] = {}
        for client in every:
            facts, seen = domain.decide(command(client), told(found[client])), bool(draft.events)
            history = draft.about(client).add(found[client], facts)
            after[client] = told(history)
            if facts and not seen:  # one look at it is enough, under however many references
                await done_by_operator(desk, draft.about(client), history)
        return Decided(draft, Answer(200, {"client": every[0]}, 1), (after, bool(draft.events)))

    done = await carry_out(desk, acting, attempt)
    if done.view is None:  # only a key of the caller's brings a first answer again, and an operator sends none
        raise RuntimeError("a command without a key was replayed")
    return done.view


async def _throw_away(desk: Desk, acting: Acting, clients: set[UUID]) -> int:
    """Throw away the agency's drafts for these clients; how many."""
    thrown, after = 0, None
    while True:
        drafts, after = await unsent.listed(desk, acting, Part(_DRAFTS_AT_ONCE, after))
        for each in drafts:
            named = each.fields.get("client")
            if named and desk.vault.pairwise.back(acting.agency, "client", named) in clients:
                thrown += await desk.vault.drafts.delete(acting.initiative, acting.agency, each.id)
        if after is None:
            return thrown
