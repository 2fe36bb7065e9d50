"""Referrals: reading one as its two sides may, and the steps that either side takes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.ending import ended_by, met_last, presses
from services.referrals.application.evidence import evidence_of, served_before
from services.referrals.application.linking import on_accepting
from services.referrals.application.saving import Decided, Done, carry_out
from services.referrals.application.sight import Between, sight
from services.referrals.application.visits import call_off_at_end
from services.referrals.domain import contact, referral
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import (
    AcceptReferral,
    AcknowledgeReferral,
    CancelReferral,
    CompleteReferral,
    ConfirmCancellation,
    DeclineReferral,
    ReceiveReferral,
    Referral,
    ReferralCommand,
    ReferralFact,
    ReferralVerb,
    RequestCancellation,
    WaitlistReferral,
)
from services.referrals.domain.refusal import NotASide, WrongSide
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import Outcome, Reason, Side, ToldBy
from services.referrals.store.commit import Answer, WorkRow
from services.referrals.store.referral_row import referral_row
from services.runtime.http.freshness import fresh

_BETWEEN: Final = Between(referral.fold, referral.side_of, referral_row)


@frozen
class ReferralSeen:
    """A referral as one side sees it; `history` ends where the receiver lost sight of it (R1).

    `client` is None for a receiver that never accepted what has ended. `work` says what it waits for. `whole` is
    everything that happened, to decide on and to go on from, never to be shown; `reader` is who sees it. `met`: what
    a letter's sender wrote down last, beside the referral (`met_last`).
    """

    id: UUID
    client: UUID | None
    state: Referral
    side: Side
    history: History
    whole: History
    work: WorkRow
    reader: Acting
    met: History | None = None

    @property
    def due(self) -> datetime | None:
        """When the step that is waited for is due, UTC."""
        return self.work.due_at

    @property
    def version(self) -> int:
        return self.history.version

    @property
    def take_back_until(self) -> datetime | None:
        """Until when (UTC) this side may take its last step back; None where it may not (R14)."""
        if self.met is not None:
            return contact.take_back_until(self.met.happened(), self.state.sent.to_agency, self.reader.at)
        presser = presses(self.whole, self.state, self.reader.agency)
        for_them = presser != self.reader.agency
        return referral.take_back_until(self.whole.happened(), presser, self.reader.at, with_contact=for_them)

    @property
    def actions(self) -> tuple[ReferralVerb, ...]:
        steps = referral.actions(self.state, self.side)
        if not self.reader.supervises or ended_by(self.whole) == self.reader.subject:  # somebody else attests
            steps = tuple(step for step in steps if step is not ReferralVerb.ATTEST)
        return (*steps, ReferralVerb.TAKE_BACK) if self.take_back_until else steps


@frozen
class Stepped:
    """What a step came to; `replayed`: it was the first answer, once more."""

    seen: ReferralSeen
    replayed: bool


async def read(desk: Desk, acting: Acting, id: UUID) -> ReferralSeen:
    """The referral. Raises NotASide for one that is not there, of another initiative, or between two others."""

    async def look() -> ReferralSeen:
        found = seen(desk, acting, await desk.history(id))
        return replace(found, met=await met_last(desk, acting, found.whole, found.state))

    return await fresh(acting.call, look)


def seen(desk: Desk, acting: Acting, history: History) -> ReferralSeen:
    """The referral that a stream tells of. Raises NotASide."""
    client, state, side, shown, work = sight(desk, acting, history, _BETWEEN)
    return ReferralSeen(history.stream, client, state, side, shown, history, work, acting)


async def receive(desk: Desk, acting: Acting, id: UUID, number: str | None = None) -> Stepped:
    """A person of the receiver opened it, or its system says so (R11); `number`: its own number of the referral."""
    return await step(desk, acting, id, ReceiveReferral(agency=acting.agency, at=acting.at, identifier=number))


async def accept(
    desk: Desk,
    acting: Acting,
    id: UUID,
    person: str | None,
    on: date | None,
    *,
    own_client: UUID | None = None,
    number: str | None = None,
) -> Stepped:
    """The receiver takes it on; `person` is the caller where nobody is named. Who was served already is connected.

    `own_client`: the receiver's own client whom it takes for her (R21); `number`: its own number of the referral.
    """
    who, said = person or acting.subject, acting.source
    command = AcceptReferral(agency=acting.agency, at=acting.at, person=who, on=on, source=said, identifier=number)
    return await step(desk, acting, id, command, on_accepting(own_client))


async def decline(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The receiver cannot, or she does not want it."""
    command = DeclineReferral(agency=acting.agency, at=acting.at, reason=reason, source=acting.source)
    return await step(desk, acting, id, command)


async def waitlist(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The receiver has no room now, and keeps a place for her."""
    return await step(desk, acting, id, WaitlistReferral(agency=acting.agency, at=acting.at, reason=reason))


async def complete(
    desk: Desk, acting: Acting, id: UUID, outcome: Outcome, *, contact: UUID | None = None, visit: UUID | None = None
) -> Stepped:
    """The receiver says how it ended, and which contact or attended visit of its own shows it.

    Raises NotASide for one of others, NoEvidence for a visit that she did not come to.
    """

    async def command(desk: Desk, before: ReferralSeen) -> ReferralCommand:
        if before.side is not Side.RECEIVER:
            raise WrongSide
        evidence = await evidence_of(desk, acting, client_of(before.history), contact=contact, visit=visit)
        return CompleteReferral(
            agency=acting.agency,
            at=acting.at,
            referral=id,
            outcome=outcome,
            evidence=evidence,
            source=acting.source,
        )

    return await step(desk, acting, id, command)


async def cancel(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The sender takes back what nobody opened yet."""
    return await step(desk, acting, id, CancelReferral(agency=acting.agency, at=acting.at, reason=reason))


async def request_cancellation(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The sender asks the receiver to stop."""
    return await step(desk, acting, id, RequestCancellation(agency=acting.agency, at=acting.at, reason=reason))


async def confirm_cancellation(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The receiver stops, as it was asked."""
    return await step(desk, acting, id, ConfirmCancellation(agency=acting.agency, at=acting.at))


async def acknowledge(desk: Desk, acting: Acting, id: UUID, channel: ToldBy | None) -> Stepped:
    """The sender knows how it ended (R11); `channel` follows from who says so where it is not said."""
    return await step(desk, acting, id, told(acting, channel))


def told(acting: Acting, channel: ToldBy | None) -> AcknowledgeReferral:
    """That the caller's agency knows; by which way follows from who says so where it is not said."""
    way = channel or (ToldBy.SYSTEM if acting.is_system else ToldBy.PAGE)
    return AcknowledgeReferral(agency=acting.agency, at=acting.at, channel=way)


Asked = ReferralCommand | TakeBack


async def step(
    desk: Desk,
    acting: Acting,
    id: UUID,
    command: Asked | Callable[[Desk, ReferralSeen], Awaitable[ReferralCommand]],
    follow: Callable[[Desk, Draft, ReferralSeen], Awaitable[None]] | None = None,
) -> Stepped:
    """Load, decide and save a step of the caller's side; `follow` adds what follows from it. Raises as `carry_out`."""

    async def attempt(desk: Desk) -> Decided[ReferralSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            asked = await command(desk, before) if callable(command) else command
            facts = _decided(asked, before)
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, client_of(before.whole))
        after = seen(desk, acting, draft.add(before.whole, facts))
        if facts and isinstance(asked, AcceptReferral):
            served = await served_before(desk, acting, id, draft.client, after.state)
            after = seen(desk, acting, draft.add(after.whole, served))
        await call_off_at_end(desk, draft, id, before.state, after.state)
        if facts and follow is not None:
            await follow(desk, draft, after)
        return Decided(draft, Answer(200, {"referral": id}, after.version), after)

    return await stepped(desk, acting, id, await carry_out(desk, acting, attempt))


async def stepped(desk: Desk, acting: Acting, id: UUID, done: Done[ReferralSeen]) -> Stepped:
    """What was carried out, or what it came to the first time."""
    if done.view is not None:
        return Stepped(done.view, replayed=False)
    first = (await desk.history(id)).at(done.answer.version)
    return Stepped(seen(desk, acting, first), replayed=True)


def _decided(asked: Asked, before: ReferralSeen) -> tuple[ReferralFact, ...]:
    if isinstance(asked, TakeBack):
        return referral.take_back(asked, before.whole.happened())
    return referral.decide(asked, before.state)


def client_of(history: History) -> UUID:
    """The client whom a stream is about. Raises NotASide for an empty one."""
    if history.client is None:
        raise NotASide
    return history.client
