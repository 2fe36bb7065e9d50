"""Handoffs: proposing one, reading it as its sides may, and the steps by which responsibility moves."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from services.referrals.application import consent, handing_back
from services.referrals.application.acting import Acting
from services.referrals.application.consent import Said
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.evidence import evidence_of
from services.referrals.application.handoff_seen import HandoffSeen, read, seen
from services.referrals.application.identifiers import new_id
from services.referrals.application.linking import Follow, on_accepting
from services.referrals.application.listing import must_accept_here
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import handoff
from services.referrals.domain.consent import Agreement
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import (
    AcceptHandoff,
    AcknowledgeHandoff,
    ClientAgrees,
    ClientDeclines,
    CompleteHandoff,
    DeclineHandoff,
    HandoffCommand,
    HandoffFact,
    HandoffStatus,
    IntroduceClient,
    OfferHandoff,
    WithdrawHandoff,
)
from services.referrals.domain.refusal import NotAgreed, NotASide, WrongSide
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import GivenField, Reason, Side
from services.referrals.store.commit import Answer


@frozen
class Stepped:
    """What a step came to; `replayed`: it was the first answer, once more."""

    seen: HandoffSeen
    replayed: bool


Asked = HandoffCommand | TakeBack
Command = Asked | Callable[[Desk, HandoffSeen, Draft], Awaitable[HandoffCommand]]


async def client_agrees(desk: Desk, acting: Acting, id: UUID, by: UUID | Said | None) -> Stepped:
    """She agreed: by a consent that is recorded, or by what she says now, recorded with it."""
    new = new_id()

    async def command(desk: Desk, before: HandoffSeen, draft: Draft) -> HandoffCommand:
        _only(Side.SENDER, before)
        match by:
            case None:
                raise NotAgreed("consent-missing")
            case UUID():
                agreement = await _agreement(desk, acting, draft, by)
            case _:
                stands = before.state.consent
                found = await _agreement(desk, acting, draft, stands) if stands else None
                if found is not None and consent.is_said(acting, found.consent, by):
                    agreement = found
                else:
                    agreement = await _says_now(desk, draft, new, by)
        return ClientAgrees(agency=acting.agency, at=acting.at, today=acting.today, agreement=agreement)

    return await _step(desk, acting, id, command)


async def _agreement(desk: Desk, acting: Acting, draft: Draft, id: UUID) -> Agreement:
    found = await desk.look(draft.client, id)
    refusals = await consent.refusals(desk, acting, found.work)
    return consent.agreement_of(acting, draft.client, found[id], refusals)


async def _says_now(desk: Desk, draft: Draft, id: UUID, said: Said) -> Agreement:
    work = (await desk.look(draft.client)).work
    agreement, _ = consent.put_down(draft, id, said, await consent.refusals(desk, draft.acting, work))
    await consent.asked_anew(desk, draft, work, agreement.consent.recorded)
    return agreement


async def client_declines(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """She does not want it: the sender leads as before, and a receiver that was asked knows no more."""
    return await _step(desk, acting, id, ClientDeclines(agency=acting.agency, at=acting.at))


async def withdraw(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The sender wants it no more."""
    return await _step(desk, acting, id, WithdrawHandoff(agency=acting.agency, at=acting.at, reason=reason))


async def introduce(desk: Desk, acting: Acting, id: UUID, *, client_present: bool) -> Stepped:
    """The two agencies spoke about her, with her or without."""
    command = IntroduceClient(agency=acting.agency, at=acting.at, client_present=client_present)
    return await _step(desk, acting, id, command)


async def offer(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The sender asks the receiver, and gives what she agreed to give.

    Raises WrongState for an agency that has paused since it was proposed (R22).
    """

    async def command(desk: Desk, before: HandoffSeen, draft: Draft) -> HandoffCommand:
        _only(Side.SENDER, before)
        if before.state.status is HandoffStatus.AGREED:
            must_accept_here(desk.directory, acting.initiative, before.state.proposed.to_agency)
        agreement = await _agreement(desk, acting, draft, before.state.consent) if before.state.consent else None
        fields = set(agreement.consent.recorded.fields) if agreement else set()
        given = fields if before.state.proposed.note else fields - {GivenField.NOTE}
        lead = await handing_back.leads_now(desk, before.state.proposed)
        return OfferHandoff(
            agency=acting.agency, at=acting.at, today=acting.today, agreement=agreement, given=given, lead=lead
        )

    return await _step(desk, acting, id, command)


async def accept(
    desk: Desk, acting: Acting, id: UUID, person: str | None, on: date | None, *, own_client: UUID | None = None
) -> Stepped:
    """The receiver leads from now on: the lead moves in the same commit, and only now.

    `own_client`: the receiver's own client whom it takes for her (R21).
    """

    async def command(desk: Desk, before: HandoffSeen, draft: Draft) -> HandoffCommand:
        proposed = before.state.proposed
        lead = proposed.from_agency if before.state.accepted_at else await handing_back.leads_now(desk, proposed)
        return AcceptHandoff(agency=acting.agency, at=acting.at, person=person or acting.subject, lead=lead, on=on)

    return await _step(desk, acting, id, command, on_accepting(own_client))


async def decline(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The receiver cannot take it on: the sender keeps the lead."""
    return await _step(desk, acting, id, DeclineHandoff(agency=acting.agency, at=acting.at, reason=reason))


async def complete(desk: Desk, acting: Acting, id: UUID, contact: UUID) -> Stepped:
    """The receiver met her. Raises NotASide for a contact of others."""

    async def command(desk: Desk, before: HandoffSeen, draft: Draft) -> HandoffCommand:
        _only(Side.RECEIVER, before)
        evidence = await evidence_of(desk, acting, draft.client, contact=contact)
        return CompleteHandoff(agency=acting.agency, at=acting.at, handoff=id, evidence=evidence)

    return await _step(desk, acting, id, command)


async def acknowledge(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The sender has read that nobody took it up: it leads on, or again."""
    return await _step(desk, acting, id, AcknowledgeHandoff(agency=acting.agency, at=acting.at))


async def take_back(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The side that pressed the last step takes it back (R14); a lead that moved with it goes back too."""
    return await _step(desk, acting, id, TakeBack(agency=acting.agency, at=acting.at))


async def _step(desk: Desk, acting: Acting, id: UUID, command: Command, follow: Follow | None = None) -> Stepped:
    async def attempt(desk: Desk) -> Decided[HandoffSeen]:
        before = await read(desk, acting, id)
        if before.whole.client is None:
            raise NotASide
        draft = Draft(acting, before.whole.client)
        with acting.call.meant_for(before.version):
            asked = await command(desk, before, draft) if callable(command) else command
            facts = _decided(asked, before)
        if facts:
            acting.call.require(before.version)
        if not facts:
            draft = Draft(acting, draft.client)
        after = seen(desk, acting, draft.add(before.whole, facts))
        if facts and isinstance(asked, AcceptHandoff):
            await handing_back.take_over(desk, draft, after.whole)
        if isinstance(asked, TakeBack) and before.state.accepted_at and not after.state.accepted_at:
            await handing_back.give_back(desk, draft, after.whole)
        if facts and isinstance(asked, TakeBack):
            await handing_back.taken_back(desk, draft, after.whole)
            after = seen(desk, acting, draft.touched[id])
        if facts and follow is not None:
            await follow(desk, draft, after)
        return Decided(draft, Answer(200, {"handoff": id}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return Stepped(done.view, replayed=False)
    first = (await desk.history(id)).at(done.answer.version)
    return Stepped(seen(desk, acting, first), replayed=True)


def _decided(asked: Asked, before: HandoffSeen) -> tuple[HandoffFact, ...]:
    if isinstance(asked, TakeBack):
        return handoff.take_back(asked, before.whole.happened(), opened=before.opened)
    return handoff.decide(asked, before.state)


def _only(side: Side, before: HandoffSeen) -> None:
    if before.side is not side:
        raise WrongSide
