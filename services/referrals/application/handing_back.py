"""The lead moves with a handoff and goes back; and what the clock, or the end of consent or contact, makes of one."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.sight import folded
from services.referrals.application.watching import hand_on
from services.referrals.domain import episode, handoff
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.episode import GiveBack, TakeOver
from services.referrals.domain.handoff import (
    AcknowledgeHandoff,
    ConsentTakenBack,
    EndContact,
    ExpireHandoff,
    FailHandoff,
    Handoff,
    HandoffCommand,
    HandoffProposed,
    WithdrawHandoff,
)
from services.referrals.domain.vocabulary import Reason, ResponsibilityDomain
from services.referrals.store.commit import WorkRow
from services.referrals.store.handoff_row import ACKNOWLEDGE, handoff_row

PREGNANCY_OVER = "pregnancy-over"
"""Stands as the person of an agency whose offer ended because its pregnancy was closed by others, or by the clock."""


async def expire(desk: Desk, draft: Draft, history: History) -> History:
    """Nobody answered the offer in time (R15): the sender leads as before. Raises Refusal."""
    return _decided(draft, history, ExpireHandoff(agency=draft.acting.agency, at=draft.acting.at))


async def fail(desk: Desk, draft: Draft, history: History) -> History:
    """Nobody met her in time (R15): the lead goes back, to the hub where the sender has left (R19). Raises Refusal."""
    after = _decided(draft, history, FailHandoff(agency=draft.acting.agency, at=draft.acting.at))
    await give_back(desk, draft, after)
    return after


async def leads_now(desk: Desk, proposed: HandoffProposed) -> str | None:
    """The agency that leads what a handoff is about; None where nobody does."""
    state = episode.fold((await desk.history(proposed.episode)).happened())
    return state.lead(proposed.domain) if state else None


async def take_over(desk: Desk, draft: Draft, after: History) -> None:
    """What follows from an acceptance: the receiver leads the domain, and watches over what it names (R19).

    Raises Conflict where another leads.
    """
    accepted = folded(after, handoff.fold)
    proposed = accepted.proposed
    history = await desk.history(proposed.episode)
    command = TakeOver(
        agency=proposed.to_agency,
        at=draft.acting.at,
        domain=proposed.domain,
        from_agency=proposed.from_agency,
        handoff=after.stream,
    )
    lead = draft.add(history, episode.decide(command, episode.fold(history.happened())))
    if accepted.person is not None and accepted.person != draft.acting.subject:
        draft.add(lead, [ChargeHandedOn(person=accepted.person, domain=proposed.domain)])
    await hand_on(desk, draft, proposed.watch, after.stream, proposed.to_agency)


async def give_back(desk: Desk, draft: Draft, after: History) -> None:
    """The lead that moved with the acceptance of a handoff goes back, and with it the watch (R19).

    Where the receiver has handed it on meanwhile, nothing goes back.
    """
    proposed = folded(after, handoff.fold).proposed
    command = GiveBack(
        agency=proposed.from_agency,
        at=draft.acting.at,
        domain=proposed.domain,
        from_agency=proposed.to_agency,
        handoff=after.stream,
        hub=desk.directory.initiative(draft.acting.initiative).hub,
    )
    lead = await desk.history(proposed.episode)
    moved = draft.add(lead, episode.decide(command, episode.fold(lead.happened())))
    state = episode.fold(moved.happened())
    if moved.version != lead.version and state is not None:
        await hand_on(desk, draft, proposed.watch, after.stream, state.lead(proposed.domain) or proposed.from_agency)


async def acted_upon(desk: Desk, draft: Draft, work: Sequence[WorkRow], domain: ResponsibilityDomain) -> None:
    """Who does something about a domain of hers knows that a handoff of it was not taken up: nobody reads it then."""
    acting = draft.acting
    unread = [
        row.id
        for row in work
        if row.kind == "handoff" and row.domain == domain and row.waits_for == ACKNOWLEDGE
        if row.waits_on == acting.agency
    ]
    for history in (await desk.histories(unread)).values() if unread else ():
        _decided(draft, history, AcknowledgeHandoff(agency=acting.agency, at=acting.at))


async def pregnancy_over(desk: Desk, draft: Draft, episode: UUID, *, for_all: bool) -> None:
    """A pregnancy was closed: what is offered of it and not accepted yet is withdrawn, for no reason that tells more
    than that (R5); what nobody took up needs no reading any more.

    Of the agency that closed it; `for_all`, where nobody has it open any more, of every agency: then nobody is asked
    for a first contact either, and what was accepted ends, for the same reason; no lead goes back, it ended too (R19).
    """
    agency = draft.acting.agency
    rows = [row for row in (await desk.look(draft.client)).work if row.kind == "handoff"]
    rows = [row for row in rows if _is_unsettled(row) and (for_all or row.from_agency == agency)]
    found = await desk.histories([row.id for row in rows]) if rows else {}
    for row in rows:
        if folded(found[row.id], handoff.fold).proposed.episode == episode:
            _over(desk, draft, row, found[row.id], for_all=for_all)


async def taken_back(desk: Desk, draft: Draft, history: History) -> None:
    """A step of a handoff was taken back: where its pregnancy was closed meanwhile, it is over all the same (R14)."""
    state = folded(history, handoff.fold)
    pregnancy = episode.fold((await desk.history(state.proposed.episode)).happened())
    own = pregnancy.own.get(state.proposed.from_agency) if pregnancy else None
    if pregnancy and (pregnancy.is_left or (own and (own.closed or (own.ended and pregnancy.superseded)))):
        row = handoff_row(history.events, state, desk.directory.due)
        _over(desk, draft, row, history, for_all=pregnancy.is_left)


def _over(desk: Desk, draft: Draft, row: WorkRow, history: History, *, for_all: bool) -> None:
    state, at = folded(history, handoff.fold), draft.acting.at
    own, sender = on_behalf(draft, row, PREGNANCY_OVER), row.from_agency
    if state.status in handoff.BEFORE_ACCEPTANCE:
        _with_row(desk, own, history, WithdrawHandoff(agency=sender, at=at, reason=Reason.OTHER))
    elif state.status is handoff.HandoffStatus.ACCEPTED:
        if for_all:
            _with_row(desk, own, history, EndContact(agency=sender, at=at, reason=Reason.OTHER))
    elif row.waits_on == draft.acting.agency:
        _with_row(desk, own, history, AcknowledgeHandoff(agency=row.from_agency, at=at))


def on_behalf(draft: Draft, row: WorkRow, by: str) -> Draft:
    """The same draft for a record of other agencies, with `by` as the person: no third one stands in their history
    (R8)."""
    if draft.acting.agency in {row.from_agency, row.to_agency}:
        return draft
    acting = speaking_for(draft.acting, row.from_agency, subject=by)
    return replace(draft, acting=acting)


def _is_unsettled(row: WorkRow) -> bool:
    return row.state not in handoff.ENDED or row.waits_for == ACKNOWLEDGE


def consent_taken_back(desk: Desk, draft: Draft, history: History) -> History:
    """She took back what it rests on: it ends where nobody has accepted it (R1)."""
    return _with_row(desk, draft, history, ConsentTakenBack(agency=draft.acting.agency, at=draft.acting.at))


def end_contact(desk: Desk, draft: Draft, history: History) -> History:
    """There is no further contact with her (R20): it ends, and no lead goes back."""
    return _with_row(desk, draft, history, EndContact(agency=draft.acting.agency, at=draft.acting.at))


def state_of(acting: Acting, history: History) -> Handoff | None:
    """The handoff that a stream of the same initiative tells of."""
    return handoff.fold(history.happened()) if history.initiative == acting.initiative else None


def _with_row(desk: Desk, draft: Draft, history: History, command: HandoffCommand) -> History:
    after = _decided(draft, history, command)
    if after.version != history.version:
        draft.work.append(handoff_row(after.events, folded(after, handoff.fold), desk.directory.due))
    return after


def _decided(draft: Draft, history: History, command: HandoffCommand) -> History:
    return draft.add(history, handoff.decide(command, folded(history, handoff.fold)))
