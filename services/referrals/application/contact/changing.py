"""Setting a contact right: amended, taken back, or entered in error; what it said first is kept beside (R14)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import silence
from services.referrals.application.acting import Acting
from services.referrals.application.contact.recording import command_of
from services.referrals.application.contact.said import Happening, named
from services.referrals.application.contact.seen import ContactSeen, read, seen
from services.referrals.application.contact.unproven import unproven
from services.referrals.application.contact.when import placed, require_possible
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import contact
from services.referrals.domain.contact import AmendContact, Contact, ContactFact, VoidContact
from services.referrals.domain.taking_back import TakeBack
from services.referrals.store.commit import Answer


async def amend(desk: Desk, acting: Acting, id: UUID, said: Happening, *, keep_time: bool = False) -> Done[ContactSeen]:
    """Say anew, and whole, what a contact of this agency was; without a note the first one stays with it.

    `keep_time`: it took place when it was said to have taken place, whatever `said.at` is.

    Raises NotASide, WrongState where nothing was recorded yet, Unfit where its class would have to change (R6).
    """
    note = None
    if said.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        note = await write_note(desk, acting, (await read(desk, acting, id)).client, said.note, of=[id])

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        before = await read(desk, acting, id)
        stands = before.state if isinstance(before.state, Contact) else None
        wish = replace(said, at=stands.at) if stands and keep_time else said
        found = await clients.look(desk, acting, before.client, wish.episode, wish.referral, wish.handoff, wish.need)
        names = named(desk, acting, before.client, wish, found)
        wish = placed(desk, acting, wish, names, stands)
        require_possible(desk, wish, clients.known(acting, found, before.client))
        command = command_of(AmendContact, acting, wish, note or (stands.recorded.note if stands else None), names)
        command = replace(command, cohort=stands.recorded.cohort if stands else None)
        draft = Draft(acting, before.client)
        with acting.call.meant_for(before.version):
            facts = contact.decide(command, before.state)
        if facts:
            acting.call.require(before.version)
        after = seen(acting, draft.add(before.history, facts, at=wish.at))
        await unproven(desk, draft, before, after)
        await silence.met(desk, draft, before.client)
        return Decided(draft, Answer(200, {"contact": id, "client": before.client}, after.version), after)

    return await carry_out(desk, acting, attempt)


async def take_back(desk: Desk, acting: Acting, id: UUID) -> Done[ContactSeen]:
    """The last step on a contact was pressed by mistake. Raises NotASide, WrongState when its time is over."""

    def decide(before: ContactSeen) -> Sequence[ContactFact]:
        return contact.take_back(TakeBack(agency=acting.agency, at=acting.at), before.history.happened())

    return await _set_right(desk, acting, id, decide)


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> Done[ContactSeen]:
    """It should never have been written: it stays in the history and counts nowhere. Raises NotASide, WrongState."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    note = await write_note(desk, acting, (await read(desk, acting, id)).client, why, "reason", of=[id])

    def decide(before: ContactSeen) -> Sequence[ContactFact]:
        first = before.history.events[0].envelope.event_id
        return contact.decide(VoidContact(agency=acting.agency, at=acting.at, event=first, note=note), before.state)

    return await _set_right(desk, acting, id, decide)


async def _set_right(
    desk: Desk, acting: Acting, id: UUID, decide: Callable[[ContactSeen], Sequence[ContactFact]]
) -> Done[ContactSeen]:
    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            facts = decide(before)
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(acting, draft.add(before.history, facts))
        await unproven(desk, draft, before, after)
        await silence.met(desk, draft, before.client)
        return Decided(draft, Answer(200, {"contact": id, "client": before.client}, after.version), after)

    return await carry_out(desk, acting, attempt)
