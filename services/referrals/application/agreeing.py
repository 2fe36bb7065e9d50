"""What becomes of a consent, and of what rests on it: changed, taken back, run out, entered in error (R1, R14)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.referrals.application import handing_back
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.client import taken_on
from services.referrals.application.consent import ConsentSeen, Said, asked_anew, folded, own, put_down, read
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import consent, referral
from services.referrals.domain.consent import (
    AcknowledgeConsent,
    ChangeConsent,
    ConsentCommand,
    ConsentStatus,
    ExpireConsent,
    RevokeConsent,
    VoidConsent,
    covers,
    overrules,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import BEFORE_ACCEPTANCE
from services.referrals.domain.referral import EDGES, ReferralVerb, WithdrawConsent
from services.referrals.domain.vocabulary import Category, GivenField, How
from services.referrals.store.commit import Answer, WorkRow

_UNACCEPTED = EDGES[ReferralVerb.CONSENT_WITHDRAWN].sources


async def record(desk: Desk, acting: Acting, client: UUID, said: Said) -> Done[ConsentSeen]:
    """Record what she said. What a no overrules, and nobody accepted, is taken back with it (R1).

    Raises NotASide for a client that this agency does not know.
    """
    id = new_id()

    async def attempt(desk: Desk) -> Decided[ConsentSeen]:
        found = await desk.look(client)
        taken_on(acting, found, client)
        acting.call.makes_new()
        draft = Draft(acting, client)
        agreement, history = put_down(draft, id, said)
        await asked_anew(desk, draft, found.work, agreement.consent.recorded)
        seen = ConsentSeen(id, client, agreement.consent, history.version)
        if agreement.consent.status is ConsentStatus.REFUSED:  # a new yes takes nothing back
            await _take_back(desk, draft, seen, found.work)
        return Decided(draft, Answer(201, {"consent": id, "client": client}, history.version), seen)

    return await carry_out(desk, acting, attempt)


async def change(desk: Desk, acting: Acting, id: UUID, said: Said) -> Done[ConsentSeen]:
    """She says it otherwise from now on. What it covers no more, and nobody accepted, is taken back with it (R1)."""
    return await _step(desk, acting, id, ChangeConsent(**said.asked_by(acting)))


async def revoke(desk: Desk, acting: Acting, id: UUID, how: How | None, on: date | None) -> Done[ConsentSeen]:
    """She takes it back: who has not accepted loses what it was given, and the referral is cancelled (R1).

    `how` is None where she does so herself.
    """
    command = RevokeConsent(agency=acting.agency, at=acting.at, today=acting.today, how=how, on=on or acting.today)
    return await _step(desk, acting, id, command)


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> Done[ConsentSeen]:
    """She never said it: it covers nothing from now on, as if she had taken it back (R14). Raises NotASide."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    client = (await read(desk, acting, id)).client
    note = await write_note(desk, acting, client, why, "reason")
    event = (await desk.history(id)).events[0].envelope.event_id
    void = VoidConsent(agency=acting.agency, at=acting.at, today=acting.today, event=event, note=note)
    return await _step(desk, acting, id, void)


async def acknowledge(desk: Desk, acting: Acting, id: UUID) -> Done[ConsentSeen]:
    """The agency has read that it ran out. What was sent while it held goes on. Raises NotASide, WrongState."""
    return await _step(desk, acting, id, AcknowledgeConsent(agency=acting.agency, at=acting.at))


async def expire(desk: Desk, draft: Draft, history: History) -> History:
    """The clock: its last day is over. What was sent while it held goes on; nothing new rests on it."""
    acting = draft.acting
    command = ExpireConsent(agency=acting.agency, at=acting.at, today=acting.today)
    return draft.add(history, consent.decide(command, consent.fold(history.happened())))


async def _step(desk: Desk, acting: Acting, id: UUID, command: ConsentCommand) -> Done[ConsentSeen]:
    async def attempt(desk: Desk) -> Decided[ConsentSeen]:
        before = await desk.history(id)
        seen = own(acting, before)
        with acting.call.meant_for(seen.version):
            facts = consent.decide(command, seen.state)
        if facts:
            acting.call.require(seen.version)
        draft = Draft(acting, seen.client)
        after = own(acting, draft.add(before, facts))
        if facts and not isinstance(command, AcknowledgeConsent):
            await _take_back(desk, draft, after, (await desk.look(after.client)).work)
        return Decided(draft, Answer(200, {"consent": id, "client": seen.client}, after.version), after)

    return await carry_out(desk, acting, attempt)


async def _take_back(desk: Desk, draft: Draft, after: ConsentSeen, work: Iterable[WorkRow]) -> None:
    """Cancel what rests on this consent, or on one that it overrules, may not go on, and was not accepted."""
    ours = [row for row in work if row.from_agency == draft.acting.agency]
    open_ones = [row.id for row in ours if row.kind == "referral" and row.state in _UNACCEPTED]
    for history in (await desk.histories(open_ones)).values() if open_ones else ():
        await _cancel(desk, draft, after, history)
    offered = [row.id for row in ours if row.kind == "handoff" and row.state in BEFORE_ACCEPTANCE]
    for history in (await desk.histories(offered)).values() if offered else ():
        await _withdraw(desk, draft, after, history)


async def _withdraw(desk: Desk, draft: Draft, after: ConsentSeen, history: History) -> None:
    """The same for a handoff that she agreed to by it."""
    state = handing_back.state_of(draft.acting, history)
    if state is None or state.consent is None:
        return
    if await _falls(desk, draft, after, _Resting(state.consent, state.proposed.to_agency, None, state.given)):
        handing_back.consent_taken_back(desk, draft, history)


async def _cancel(desk: Desk, draft: Draft, after: ConsentSeen, history: History) -> None:
    acting = draft.acting
    seen = referrals.seen(desk, acting, history)
    sent = seen.state.sent
    if sent.consent is None or seen.state.accepted_at is not None:
        return
    if await _falls(desk, draft, after, _Resting(sent.consent, sent.to_agency, sent.category, sent.given)):
        withdrawn = referral.decide(WithdrawConsent(agency=acting.agency, at=acting.at), seen.state)
        draft.work.append(referrals.seen(desk, acting, draft.add(history, withdrawn)).work)


@frozen
class _Resting:
    """What rests on a consent: whom it gives which fields, for what need."""

    on: UUID
    receiver: str
    category: Category | None
    given: Iterable[GivenField]


async def _falls(desk: Desk, draft: Draft, after: ConsentSeen, rests: _Resting) -> bool:
    """Whether what she says now is no yes to it any more."""
    if rests.on == after.id:
        return not covers(after.state, rests.receiver, rests.category, rests.given, on=draft.acting.today)
    if after.state.status is not ConsentStatus.REFUSED:
        return False
    return overrules(after.state, folded(await desk.history(rests.on)), rests.receiver, rests.category)
