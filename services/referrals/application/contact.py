"""Support contacts: recording what was done, and what follows from it for the referral or handoff that it names."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import handoff as handoffs
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk, Found
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import is_opener
from services.referrals.application.handoff import HandoffSeen
from services.referrals.application.identifiers import new_id
from services.referrals.application.note import write_note
from services.referrals.application.referral import ReferralSeen
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.domain import contact, handoff, referral
from services.referrals.domain.contact import Contact, Evidence, RecordContact, Units
from services.referrals.domain.fact import Fact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import CompleteHandoff, HandoffStatus
from services.referrals.domain.referral import ReferralStatus, StartService
from services.referrals.domain.refusal import NoEvidence, NotASide
from services.referrals.domain.vocabulary import ContactMode, ContactOutcome, InitiatedBy, ServiceTag, Side
from services.referrals.store.commit import Answer
from services.runtime.http.freshness import fresh


@frozen(kw_only=True)
class Happening:
    """What staff say of a contact: when (UTC), how, what came of it, what it belongs to; `note` goes to the vault."""

    at: datetime
    mode: ContactMode
    outcome: ContactOutcome
    met: bool | None = None
    tags: tuple[ServiceTag, ...] = ()
    units: tuple[Units, ...] = ()
    duration_min: int | None = None
    language: str | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: str | None = None


@frozen
class ContactSeen:
    """A contact as the agency that recorded it sees it."""

    id: UUID
    client: UUID
    state: Contact
    version: int


@frozen
class _Named:
    """The referral and the handoff that a contact names."""

    referral: ReferralSeen | None
    handoff: HandoffSeen | None


async def record(desk: Desk, acting: Acting, client: UUID, said: Happening) -> Done[ContactSeen]:
    """Record a contact with a client that this agency knows. Raises NotASide for what it does not know of."""
    note = None
    if said.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        await clients.known_client(desk, acting, client)
        note = await write_note(desk, acting, client, said.note)
    id = new_id()

    async def attempt(desk: Desk) -> Decided[ContactSeen]:
        found = await clients.look(desk, acting, client, said.episode, said.referral, said.handoff)
        clients.known(acting, found, client)
        acting.call.makes_new()
        named = _named(desk, acting, client, said, found)
        draft = Draft(acting, client)
        history = draft.add(History(id), contact.decide(_command(acting, said, note, named), None), at=said.at)
        state = contact.fold(history.happened())
        if state is None:
            raise NotASide
        _follow(desk, draft, named, Evidence(id, state))
        answer = Answer(201, {"contact": id, "client": client}, history.version)
        return Decided(draft, answer, ContactSeen(id, client, state, history.version))

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> ContactSeen:
    """A contact that this agency recorded. Raises NotASide for any other."""

    async def look() -> ContactSeen:
        history = await desk.history(id)
        if history.client is None or history.initiative != acting.initiative:
            raise NotASide
        state = contact.fold(history.happened())
        if state is None or state.agency != acting.agency:
            raise NotASide
        return ContactSeen(id, history.client, state, history.version)

    return await fresh(acting.call, look)


def _named(desk: Desk, acting: Acting, client: UUID, said: Happening, found: Found) -> _Named:
    """What the contact names, each of this client and with this agency as a side. Raises NotASide."""
    if any(each is not None and found[each].client != client for each in (said.episode, said.referral, said.handoff)):
        raise NotASide
    if said.episode is not None and not is_opener(acting, found[said.episode]):
        raise NotASide
    return _Named(
        referrals.seen(desk, acting, found[said.referral]) if said.referral else None,
        handoffs.seen(desk, acting, found[said.handoff]) if said.handoff else None,
    )


def _command(acting: Acting, said: Happening, note: UUID | None, named: _Named) -> RecordContact:
    sent = named.referral.state.sent if named.referral else None
    proposed = named.handoff.state.proposed if named.handoff else None
    return RecordContact(
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
        named_class=(sent.restricted if sent else None) or (proposed.restricted if proposed else None),
    )


def _follow(desk: Desk, draft: Draft, named: _Named, evidence: Evidence) -> None:
    """The policies: the receiver's first service starts an accepted referral, its first contact completes a handoff."""
    agency, at = draft.acting.agency, evidence.contact.at
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
            draft.work.append(handoffs.seen(desk, draft.acting, draft.add(handed.history, completed, at=at)).work)


def _if_proven(decide: Callable[[], tuple[Fact, ...]]) -> tuple[Fact, ...]:
    """What follows, or nothing where the contact proves nothing: it is recorded all the same."""
    try:
        return decide()
    except NoEvidence:
        return ()
