"""What was a mistake on a referral: the last step, or the whole of it (R14)."""

from dataclasses import replace
from uuid import UUID

from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.ending import presses
from services.referrals.application.referral import ReferralSeen, Stepped, client_of, read, seen, step, stepped
from services.referrals.application.saving import Decided, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import contact
from services.referrals.domain.referral import EnterInError, ReferralServiceStarted, ReferralTakenBack
from services.referrals.domain.refusal import WrongSide, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import Side
from services.referrals.store.commit import Answer


async def take_back(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """Whose step was the last takes it back; the sender what it wrote down for a letter's receiver (R14)."""
    before = await read(desk, acting, id)
    if before.met is not None:
        return await _met_beside(desk, acting, id)
    theirs = speaking_for(acting, presses(before.whole, before.state, acting.agency))
    if theirs == acting:
        return await step(desk, acting, id, TakeBack(agency=acting.agency, at=acting.at))
    command = TakeBack(agency=theirs.agency, at=acting.at, with_contact=True)
    done = await step(desk, theirs, id, command, _with_contact)
    return replace(done, seen=seen(desk, acting, done.seen.whole))


async def _met_beside(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """That she was met, written down while a cancellation is asked for, moved nothing: its contact alone goes."""

    async def attempt(desk: Desk) -> Decided[ReferralSeen]:
        before = await read(desk, acting, id)
        if before.met is None:
            raise WrongState("nothing", "nothing-to-take-back")
        theirs = speaking_for(acting, before.state.sent.to_agency)
        with acting.call.meant_for(before.version):
            facts = contact.take_back(TakeBack(agency=theirs.agency, at=acting.at), before.met.happened())
        if facts:
            acting.call.require(before.version)
        draft = Draft(theirs, client_of(before.whole))
        draft.add(before.met, facts)
        return Decided(draft, Answer(200, {"referral": id}, before.version), before)

    return await stepped(desk, acting, id, await carry_out(desk, acting, attempt))


async def _with_contact(desk: Desk, draft: Draft, after: ReferralSeen) -> None:
    """That she was met was written down with the service that it began: it goes with it."""
    taken = [event.fact.event for event in draft.events if isinstance(event.fact, ReferralTakenBack)]
    began = [event.fact for event in after.whole.events if event.envelope.event_id in taken]
    if len(began) == 1 and isinstance(began[0], ReferralServiceStarted):
        history = await desk.history(began[0].evidence)
        command = TakeBack(agency=draft.acting.agency, at=draft.acting.at)
        draft.add(history, contact.take_back(command, history.happened()))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, reason: str) -> Stepped:
    """The sender says that it should never have been sent; `reason` goes to the vault.

    Raises NotASide, WrongSide before anything is written there.
    """
    before = await read(desk, acting, id)
    if before.side is not Side.SENDER:
        raise WrongSide
    why = await write_note(desk, acting, client_of(before.whole), reason, "reason", of=[id])
    event = before.whole.events[0].envelope.event_id
    return await step(desk, acting, id, EnterInError(agency=acting.agency, at=acting.at, event=event, note=why))
