"""The lead moves with a handoff and goes back; and what the clock, or the end of consent or contact, makes of one."""

from collections.abc import Sequence

from services.referrals.application.acting import Acting
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
)
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.commit import WorkRow
from services.referrals.store.handoff_row import ACKNOWLEDGE, handoff_row


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
