"""Recording a contact, planned or not, and what follows from it for the referral or handoff that it names."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import handoff_seen, silence
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.contact.said import Happening, Named, as_planned, links_of, named
from services.referrals.application.contact.seen import ContactSeen, read, seen
from services.referrals.application.contact.when import not_before, placed, require_possible
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import contact, handoff, referral
from services.referrals.domain.contact import Contact, Evidence, RecordContact, Voided
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import CompleteHandoff, HandoffStatus
from services.referrals.domain.referral import ReferralStatus, StartService
from services.referrals.domain.refusal import NoEvidence
from services.referrals.domain.vocabulary import Side
from services.referrals.store.commit import Answer


async def record(desk: Desk, acting: Acting, client: UUID, said: Happening) -> Done[ContactSeen]:
    """Record a contact with a client that this agency knows. Raises NotASide for what it does not know of."""
    note = None
    if said.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        await clients.known_client(desk, acting, client)
        note = await write_note(desk, acting, client, said.note, of=links_of(said), tags=said.tags)
    id = new_id()

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        found = await clients.look(desk, acting, client, said.episode, said.referral, said.handoff, said.need)
        her = clients.known(acting, found, client)
        acting.call.makes_new()
        names = named(desk, acting, client, said, found)
        wish = placed(desk, acting, said, names)
        require_possible(desk, wish, her)
        draft = Draft(acting, client)
        recorded = put_down(desk, draft, History(id), wish, names, note=note)
        await silence.met(desk, draft, client)
        answer = Answer(201, {"contact": id, "client": client}, recorded.version)
        return Decided(draft, answer, recorded)

    return await carry_out(desk, acting, attempt)


async def record_planned(desk: Desk, acting: Acting, id: UUID, said: Happening) -> Done[ContactSeen]:
    """Say what came of a planned contact; what is not said is as it was planned. Raises NotASide, WrongState."""
    note = None
    if said.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        note = await write_note(
            desk, acting, (await read(desk, acting, id)).client, said.note, of=[id, *links_of(said)], tags=said.tags
        )

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        before = await read(desk, acting, id)
        plan = None if isinstance(before.state, Voided) else before.state.plan
        wish = as_planned(said, plan) if plan else said
        found = await clients.look(desk, acting, before.client, wish.episode, wish.referral, wish.handoff, wish.need)
        names = named(desk, acting, before.client, wish, found)
        wish = placed(desk, acting, wish, names, before.state if isinstance(before.state, Contact) else None)
        require_possible(desk, wish, clients.known(acting, found, before.client))
        draft = Draft(acting, before.client)
        with acting.call.meant_for(before.version):
            after = put_down(desk, draft, before.history, wish, names, note=note or (plan.note if plan else None))
        if draft.events:
            acting.call.require(before.version)
        await silence.met(desk, draft, before.client)
        return Decided(draft, Answer(200, {"contact": id, "client": before.client}, after.version), after)

    return await carry_out(desk, acting, attempt)


def put_down(
    desk: Desk,
    draft: Draft,
    history: History,
    said: Happening,
    names: Named,
    *,
    note: UUID | None = None,
    cohort: UUID | None = None,
) -> ContactSeen:
    """Adds the record of a contact to a draft, with what follows from it."""
    command = replace(command_of(RecordContact, draft.acting, said, note, names), cohort=cohort)
    state = contact.fold(history.happened())
    after = seen(draft.acting, draft.add(history, contact.decide(command, state), at=said.at))
    if isinstance(after.state, Contact) and draft.events:
        _follow(desk, draft, names, Evidence(after.id, after.state))
    return after


def command_of(
    kind: type[RecordContact], acting: Acting, said: Happening, note: UUID | None, names: Named
) -> RecordContact:
    """What staff say, as a command."""
    return kind(
        agency=acting.agency,
        at=said.at,
        now=acting.at,
        mode=said.mode,
        outcome=said.outcome,
        met=said.met,
        tags=said.tags,
        units=said.units,
        duration_min=said.duration_min,
        language=said.language,
        interpreter=said.interpreter,
        initiated_by=said.initiated_by,
        episode=said.episode,
        referral=said.referral,
        need=said.need,
        handoff=said.handoff,
        note=note,
        named_class=names.restricted,
    )


def _follow(desk: Desk, draft: Draft, named: Named, evidence: Evidence) -> None:
    """The policies: the receiver's first service starts an accepted referral, its first contact completes a handoff."""
    agency, at = draft.acting.agency, not_before(named, evidence.contact.at)
    sent, handed = named.referral, named.handoff
    if sent and sent.side is Side.RECEIVER and sent.state.status is ReferralStatus.ACCEPTED:
        start = StartService(agency=agency, at=at, referral=sent.id, evidence=evidence)
        started = _if_proven(lambda: referral.decide(start, sent.state))
        if started:
            draft.work.append(referrals.seen(desk, draft.acting, draft.add(sent.history, started, at=at)).work)
    if handed and handed.side is Side.RECEIVER and handed.state.status is HandoffStatus.ACCEPTED:
        complete = CompleteHandoff(agency=agency, at=at, handoff=handed.id, evidence=evidence)
        completed = _if_proven(lambda: handoff.decide(complete, handed.state))
        if completed:
            draft.work.append(handoff_seen.seen(desk, draft.acting, draft.add(handed.history, completed, at=at)).work)


def _if_proven(decide: Callable[[], tuple[Fact, ...]]) -> tuple[Fact, ...]:
    """What follows, or nothing where the contact proves nothing: it is recorded all the same."""
    try:
        return decide()
    except NoEvidence:
        return ()
