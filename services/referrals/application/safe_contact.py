"""Safe contact: how one agency may reach a client, and the words that its lists show of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client, look, taken_on
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.note import write_note
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.domain import safe_contact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.safe_contact import PlanSafeContact, SafeContact, safe_contact_id
from services.referrals.domain.vocabulary import ContactMode
from services.referrals.store.commit import Answer
from services.referrals.vault.data_keys import Holder
from services.runtime.http.freshness import fresh
from services.runtime.postgres import Unavailable, is_outage

WORDS, REASON = "safe_contact", "reason"
"""Kinds of what is typed beside a plan: words may stand on a list, a reason never does."""


@frozen(kw_only=True)
class Plan:
    """What is to be planned; `words` and `reason` as they were typed."""

    modes: Iterable[ContactMode] = ()
    prohibited: bool = False
    words: str | None = None
    reason: str | None = None


@frozen
class PlanSeen:
    """The plan of this agency as it stands, None where it has none; its words where the vault gives them."""

    state: SafeContact | None
    words: str | None = field(repr=False)
    version: int


@frozen
class Reach:
    """What a list says of contacting her: the words that the agency holds, and whether she may not be contacted."""

    words: str | None = field(repr=False)
    prohibited: bool = False


async def plan(desk: Desk, acting: Acting, client: UUID, wish: Plan) -> Done[UUID]:
    """Plan how she may be contacted from now on. What was typed goes to the vault first."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    if wish.words or wish.reason:
        await known_client(desk, acting, client)
    words = await write_note(desk, acting, client, wish.words, WORDS) if wish.words else None
    reason = await write_note(desk, acting, client, wish.reason, REASON) if wish.reason else None
    command = PlanSafeContact(
        agency=acting.agency, at=acting.at, modes=wish.modes, prohibited=wish.prohibited, words=words, reason=reason
    )

    async def attempt(desk: Desk) -> Decided[UUID]:
        stream = safe_contact_id(client, acting.agency)
        found = await look(desk, acting, client, stream)
        taken_on(acting, found, client)
        before = found[stream]
        acting.call.require(before.version) if before.version else acting.call.makes_new()
        draft = Draft(acting, client)
        after = draft.add(before, safe_contact.decide(command, safe_contact.fold(before.happened())))
        return Decided(draft, Answer(201 if draft.events else 200, {"client": client}, after.version), client)

    return await carry_out(desk, acting, attempt)


async def standing(desk: Desk, acting: Acting, client: UUID) -> SafeContact | None:
    """The plan of this agency for this client, of which R13 asks what it allows; None where it has none."""
    return safe_contact.fold((await desk.history(safe_contact_id(client, acting.agency))).happened())


async def read(desk: Desk, acting: Acting, client: UUID) -> PlanSeen:
    """The plan of this agency, as it stands. Raises NotASide for a client that it does not know."""
    await known_client(desk, acting, client)

    async def look() -> PlanSeen:
        history = await desk.history(safe_contact_id(client, acting.agency))
        reach = (await reaches(desk, acting, [client])).get(client)
        return PlanSeen(safe_contact.fold(history.happened()), reach.words if reach else None, history.version)

    return await fresh(acting.call, look)


async def reaches(desk: Desk, acting: Acting, clients: Collection[UUID]) -> dict[UUID, Reach]:
    """What lists say of contacting these clients: this agency's own plan, else what came with what it was given.

    No words while the vault is away; that she may not be contacted is known all the same.
    """
    if not clients:
        return {}
    streams = {safe_contact_id(client, acting.agency): client for client in clients}
    histories = await desk.histories(streams)
    states = {streams[id]: safe_contact.fold(history.happened()) for id, history in histories.items()}
    plans = {client: state.plan for client, state in states.items() if state is not None}
    given = set(clients) - plans.keys()
    try:
        typed = await desk.vault.notes.read_many([plan.words for plan in plans.values() if plan.words])
        words = {client: typed[plan.words].text.open() for client, plan in plans.items() if plan.words in typed}
        words |= await _given(desk, acting, given)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        words = {}
    prohibited = {client for client, plan in plans.items() if plan.prohibited}
    return {client: Reach(words.get(client), client in prohibited) for client in prohibited | words.keys()}


async def _given(desk: Desk, acting: Acting, clients: Collection[UUID]) -> Mapping[UUID, str]:
    """The words that came with her details from the agency that sent her, once they were accepted."""
    holders = [Holder(acting.initiative, acting.agency, client) for client in clients]
    held = await desk.vault.held.of(holders, accepted=True) if holders else {}
    return {holder.client_id: str(words) for holder, each in held.items() if (words := each.fields.get(WORDS))}
