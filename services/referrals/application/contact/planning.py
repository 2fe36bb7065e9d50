"""The plan of contacts with a client: promising one, calling it off, and what is promised."""

from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.contact.said import Plan, links_of, named
from services.referrals.application.contact.seen import ContactSeen, read, seen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import contact
from services.referrals.domain.contact import CancelContact, ContactPlanned, ContactStatus, PlanContact, Planned
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import ContactOutcome
from services.referrals.store.commit import Answer


async def plan(desk: Desk, acting: Acting, client: UUID, said: Plan) -> Done[ContactSeen]:
    """Promise a contact to a client that this agency knows. Raises NotASide for what it does not know of, Unfit."""
    note = None
    if said.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        await clients.known_client(desk, acting, client)
        note = await write_note(desk, acting, client, said.note, of=links_of(said), tags=said.tags)
    id = new_id()

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        found = await clients.look(desk, acting, client, said.episode, said.referral, said.handoff, said.need)
        if clients.known(acting, found, client).stopped:
            raise WrongState("stopped", "no-further-contact")
        acting.call.makes_new()
        command = PlanContact(
            agency=acting.agency,
            at=acting.at,
            planned_for=said.planned_for,
            planned_on=said.planned_on,
            mode=said.mode,
            tags=said.tags,
            language=said.language,
            episode=said.episode,
            referral=said.referral,
            need=said.need,
            handoff=said.handoff,
            note=note,
            named_class=named(desk, acting, client, said, found).restricted,
        )
        draft = Draft(acting, client)
        planned = seen(acting, draft.add(History(id), contact.decide(command, None)))
        answer = Answer(201, {"contact": id, "client": client}, planned.version)
        return Decided(draft, answer, planned)

    return await carry_out(desk, acting, attempt)


async def call_off(desk: Desk, acting: Acting, id: UUID, outcome: ContactOutcome) -> Done[ContactSeen]:
    """What was planned will not take place. Raises NotASide, WrongState, Conflict where the other called it off."""
    command = CancelContact(agency=acting.agency, at=acting.at, outcome=outcome)

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            facts = contact.decide(command, before.state)
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(acting, draft.add(before.history, facts))
        return Decided(draft, Answer(200, {"contact": id, "client": before.client}, after.version), after)

    return await carry_out(desk, acting, attempt)


async def plan_of(desk: Desk, acting: Acting, client: UUID) -> list[ContactSeen]:
    """What this agency promised her and has neither recorded nor called off, the first due first."""
    await clients.known_client(desk, acting, client)
    events = await desk.timeline.of(acting.initiative, acting.agency, client)
    streams = [event.stream for event in events if isinstance(event.fact, ContactPlanned)]
    found = [seen(acting, history) for history in (await desk.histories(streams)).values()]
    waiting = [
        (each.state.plan.planned_for, each)
        for each in found
        if isinstance(each.state, Planned) and each.state.status is ContactStatus.PLANNED
    ]
    return [each for _, each in sorted(waiting, key=lambda one: (one[0], one[1].id))]
