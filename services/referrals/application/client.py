"""Clients: registering one, finding one's own again, and who may know of whom."""

from datetime import datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk, Found
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.work import UNANSWERED
from services.referrals.domain import client as domain
from services.referrals.domain.client import (
    Client,
    DemographicsStated,
    NoFurtherContact,
    OutreachPaused,
    OutreachResumed,
    RegisterClient,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, WrongState
from services.referrals.domain.safe_contact import safe_contact_id
from services.referrals.domain.vocabulary import Mode
from services.referrals.store.commit import Answer, WorkRow
from services.referrals.store.written import Written
from services.referrals.vault.held import Holding
from services.referrals.vault.identity import Identity
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.wrapping import KeyGone


@frozen
class ClientSeen:
    """A client as `reader`'s agency knows her `since` (UTC): its own words of her, and what holds for all.

    `brought` are the referrals and handoffs by which she came, where the agency did not register her.
    """

    history: History
    state: Client
    since: datetime
    reader: Acting
    brought: tuple[WorkRow, ...] = ()

    @property
    def id(self) -> UUID:
        return self.history.stream

    @property
    def own(self) -> bool:
        """Whether the agency registered her itself."""
        return self.state.agency == self.reader.agency

    @property
    def taken_on(self) -> bool:
        """Whether it registered her, or took on one of those by which she came."""
        waiting = (row.state in UNANSWERED and row.mode != Mode.INFORMATIONAL for row in self.brought)
        return self.own or not all(waiting)

    @property
    def version(self) -> int:
        """Of its own record of her: whoever was asked for her sees nothing of another's."""
        told = sum(1 for event in self.history.events if _is_told(event, self.reader.agency))
        return (0 if self.own else 1) + told

    @property
    def paused(self) -> bool:
        return self.state.paused

    @property
    def stopped(self) -> bool:
        return self.state.is_stopped(self.reader.agency)

    @property
    def stop_recorded(self) -> bool:
        """Whether it was this agency that recorded that she is not to be contacted (R20)."""
        return self.reader.agency in self.state.stopped

    @property
    def stop_corrected(self) -> bool:
        """Whether this agency recorded that once, and that it was a mistake."""
        return self.reader.agency in self.state.corrected - self.state.stopped.keys()

    @property
    def erased(self) -> datetime | None:
        """When (UTC) what this agency held of her was erased last."""
        return self.state.erased.get(self.reader.agency)

    @property
    def stated(self) -> DemographicsStated | None:
        """What this agency stated of her for measures (R7)."""
        return self.state.stated.get(self.reader.agency)

    @property
    def same(self) -> frozenset[UUID]:
        """The clients whom this agency takes for her, too (R21)."""
        return self.state.same.get(self.reader.agency, frozenset())


@frozen
class Record:
    """What an agency holds of who she is, as its own record; the number is the agency's own."""

    held: Holding
    mrn: Sealed[str] | None


async def register(desk: Desk, acting: Acting, identity: Identity) -> Done[UUID]:
    """Register a client by who she is; 201, or 200 where this agency has her under the same number (R21).

    The answer is the same whether anybody else knows her. Raises NumberInUse.
    """
    kept = await before_writing(desk, acting)
    if kept is not None:
        return Done(kept, None)
    client = await in_the_vault(desk, acting, identity)

    async def attempt(desk: Desk) -> Decided[UUID]:
        draft = Draft(acting, client)
        # Asked for with her, so that it is remembered that she has no plan when she is referred a moment later.
        found = await desk.look(client, safe_contact_id(client, acting.agency), work=False)
        history = put_down(draft, found[client])
        version = sum(1 for event in history.events if _is_told(event, acting.agency))
        answer = Answer(201 if draft.events else 200, {"client": client}, version)
        return Decided(draft, answer, client)

    return await carry_out(desk, acting, attempt)


async def in_the_vault(desk: Desk, acting: Acting, identity: Identity) -> UUID:
    """The client that this identity stands for, minted where the agency has none: before any event names her.

    With If-Match nothing new is minted: who asks so wants the first answer to this very request, or 412.
    """
    row = desk.vault.rows.of(acting.agency, acting.call.operation, typing_key(acting), "identity", identity.document())
    if acting.call.if_match is not None and not await desk.vault.identities.begun(row):
        acting.call.makes_new()
    return (await desk.vault.identities.register(acting.initiative, acting.agency, identity, row)).client_id


def put_down(draft: Draft, history: History) -> History:
    """Add her registration to a draft, where it is not there yet: a vault row without its event gets it now."""
    acting = draft.acting
    state = domain.fold(history.happened())
    return draft.add(history, domain.decide(RegisterClient(agency=acting.agency, at=acting.at), state))


def typing_key(acting: Acting) -> str:
    """What vault rows of this request hang on: the caller's key, or one of ours where none came."""
    return acting.call.idempotency_key or f"request {acting.call.request_id}"


async def known_client(desk: Desk, acting: Acting, id: UUID) -> ClientSeen:
    """The client, when this agency registered her, or has or had a referral or handoff that brought her.

    Raises NotASide for anybody else, whether there is such a client or not.
    """
    return known(acting, await look(desk, acting, id), id)


async def look(desk: Desk, acting: Acting, id: UUID, *streams: UUID | None) -> Found:
    """A client's stream and others, enough for `known`: her work only where it alone can say that she is known."""
    found = await desk.look(id, *streams, work=False)
    state = domain.fold(found[id].happened())
    return found if state is None or state.agency == acting.agency else await desk.look(id, *streams)


def known(acting: Acting, found: Found, id: UUID) -> ClientSeen:
    """`known_client` for what was read already."""
    history = found[id]
    state = domain.fold(history.happened())
    if state is None or history.initiative != acting.initiative:
        raise NotASide
    if state.agency == acting.agency:
        return ClientSeen(history, state, state.registered_at, acting)
    brought = tuple(row for row in found.work if is_brought(row, acting.agency))
    if not brought:
        raise NotASide
    return ClientSeen(history, state, min(row.sent_at for row in brought), acting, brought)


def _is_told(event: Written, agency: str) -> bool:
    """Whether an agency learns of an event of a client's: of its own, and of what holds for all (R5, R20)."""
    match event.fact:
        case OutreachPaused() | OutreachResumed():
            return True
        case NoFurtherContact(everything=everything):
            return everything or event.envelope.agency == agency
        case _:
            return event.envelope.agency == agency


def is_brought(row: WorkRow, agency: str) -> bool:
    """Whether it is a referral or handoff that came to an agency, and that it sees."""
    came = row.kind in {"referral", "handoff"} and row.to_agency == agency
    return came and row.receiver_until is None


async def all_of(desk: Desk, acting: Acting, id: UUID) -> list[UUID]:
    """The client, and all whom this agency takes for her (R21): what it has of any of them is one page of its own."""
    await known_client(desk, acting, id)
    found, near = [id], [id]
    while near:
        histories = await desk.histories(near)
        states = (domain.fold(history.happened()) for history in histories.values())
        others = (other for state in states if state is not None for other in state.same.get(acting.agency, ()))
        near = [other for other in dict.fromkeys(others) if other not in found]
        found += near
    return found


def taken_on(acting: Acting, found: Found, id: UUID) -> ClientSeen:
    """The same for who may act for her: not for a receiver that has not answered yet.

    It may say no, and what it did by then would be its own no more: a lead that nobody could see or hand on (R1, R19).
    Raises NotASide, WrongState.
    """
    seen = known(acting, found, id)
    if not seen.taken_on:
        raise WrongState(seen.brought[0].state)
    return seen


def in_contact(acting: Acting, found: Found, id: UUID) -> ClientSeen:
    """The same for who begins something new with her: not where she is not to be contacted any more (R20)."""
    seen = taken_on(acting, found, id)
    if seen.stopped:
        raise WrongState("stopped", "no-further-contact")
    return seen


async def identity(desk: Desk, acting: Acting, id: UUID) -> Record:
    """The agency's own record of who she is, under whichever reference (R21): what it stated, else what came with what
    it accepted (R1). Raises NotASide where it has neither registered nor accepted her, KeyGone where it was erased.
    """
    every = await all_of(desk, acting, id)
    for each in every:
        found = await desk.vault.identities.read(acting.initiative, acting.agency, each)
        if found is not None:
            return Record(Holding(found.fields()), Sealed(found.mrn) if found.mrn else None)
    holders = [Holder(acting.initiative, acting.agency, each) for each in every]
    held = await desk.vault.held.of(holders, accepted=True)
    for holder in holders:
        if holder in held:
            return Record(held[holder], None)
    states = [domain.fold(history.happened()) for history in (await desk.histories(every)).values()]
    raise KeyGone if any(state and acting.agency in state.erased for state in states) else NotASide
