"""Claims: who of an agency does what waits for it, for one working day (R15)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, carry_out
from services.referrals.directory import Stage
from services.referrals.domain import claim
from services.referrals.domain.claim import Claim, ClaimCommand, ClaimWork, ReleaseWork, TakeOverWork
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, WrongSide, WrongState
from services.referrals.store.claims import LONGEST
from services.referrals.store.commit import Answer, WorkRow

Wish = Callable[[WorkRow, str], ClaimCommand]


@frozen
class ClaimSeen:
    """Whether a thing is claimed (None: nobody does it), at a version of its claims."""

    work: UUID
    claim: Claim | None
    version: int
    replayed: bool = False


@frozen
class Claimed:
    """A claim that stands, and the referral or handoff that it is of."""

    row: WorkRow
    claim: Claim


async def make(desk: Desk, acting: Acting, id: UUID) -> ClaimSeen:
    """The caller does it. Raises Conflict where somebody else does, NotASide, WrongSide, WrongState."""
    until = _until(desk, acting)

    def wish(row: WorkRow, waits_for: str) -> ClaimCommand:
        return ClaimWork(
            agency=acting.agency, at=acting.at, person=acting.subject, work=id, waits_for=waits_for, until=until
        )

    return await _ask(desk, acting, id, wish)


async def take_over(desk: Desk, acting: Acting, id: UUID) -> ClaimSeen:
    """The caller does it in place of whoever said so before. Raises NotASide, WrongSide, WrongState."""
    until = _until(desk, acting)

    def wish(row: WorkRow, waits_for: str) -> ClaimCommand:
        return TakeOverWork(
            agency=acting.agency, at=acting.at, person=acting.subject, work=id, waits_for=waits_for, until=until
        )

    return await _ask(desk, acting, id, wish)


async def release(desk: Desk, acting: Acting, id: UUID) -> ClaimSeen:
    """The caller does it no more. Raises as `make`."""

    def wish(row: WorkRow, waits_for: str) -> ClaimCommand:
        return ReleaseWork(agency=acting.agency, at=acting.at, person=acting.subject, work=id, waits_for=waits_for)

    return await _ask(desk, acting, id, wish)


async def standing(desk: Desk, acting: Acting) -> list[Claimed]:
    """Everybody's claims at the caller's agency, the first to expire first."""
    claims = await desk.claims.standing(acting.initiative, acting.agency, acting.at)
    rows = await desk.lists.some(acting.initiative, acting.agency, claims)
    held = [Claimed(row, claims[row.id]) for row in rows if claim_of(acting, claims, row)]
    return sorted(held, key=lambda each: (each.claim.until or acting.at, each.row.id))


async def handed_over(desk: Desk, draft: Draft, work: UUID, leaver: str, person: str) -> None:
    """What `leaver` said they do of one thing, `person` does from now on (R22). What moved on stays as it is."""
    acting = draft.acting
    history = await desk.history(claim.claim_id(work, acting.agency))
    state = claim.fold(history.happened())
    if state is None or claim.holder(state, state.waits_for, acting.at) != leaver:
        return
    command = TakeOverWork(
        agency=acting.agency,
        at=acting.at,
        person=person,
        work=work,
        waits_for=state.waits_for,
        until=_until(desk, acting),
    )
    draft.add(history, claim.decide(command, state))


def claim_of(acting: Acting, claims: Mapping[UUID, Claim], row: WorkRow) -> Claim | None:
    """The claim that stands of what a row waits for."""
    found = claims.get(row.id)
    return found if found and row.waits_for and claim.holder(found, row.waits_for, acting.at) else None


async def _ask(desk: Desk, acting: Acting, id: UUID, wish: Wish) -> ClaimSeen:
    row = await _waiting(desk, acting, id)
    stream = claim.claim_id(id, acting.agency)
    command = wish(row, row.waits_for or "")

    async def attempt(desk: Desk) -> Decided[ClaimSeen]:
        history = await desk.history(stream)
        with acting.call.meant_for(history.version):
            facts = claim.decide(command, claim.fold(history.happened()))
        if facts:
            acting.call.require(history.version)
        draft = Draft(acting, row.client_id)
        after = draft.add(history, facts)
        seen = _seen(acting, after, row)
        return Decided(draft, Answer(200, {"work": id}, seen.version), seen)

    done: Done[ClaimSeen] = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return done.view
    first = (await desk.history(stream)).at(done.answer.version)
    seen = _seen(acting, first, row)
    return ClaimSeen(seen.work, seen.claim, seen.version, replayed=True)


def _seen(acting: Acting, history: History, row: WorkRow) -> ClaimSeen:
    state = claim.fold(history.happened())
    return ClaimSeen(row.id, state and claim_of(acting, {row.id: state}, row), history.version)


async def _waiting(desk: Desk, acting: Acting, id: UUID) -> WorkRow:
    rows = await desk.lists.some(acting.initiative, acting.agency, [id], even_moot=True)
    if not rows:
        raise NotASide
    row = rows[0]
    moot = row.subject is not None and not await desk.lists.some(acting.initiative, acting.agency, [id])
    if row.waits_on is None or moot:
        raise WrongState(row.state, "nothing-waits")
    if row.waits_on != acting.agency:
        raise WrongSide
    return row


def _until(desk: Desk, acting: Acting) -> datetime:
    due = desk.directory.due(acting.initiative, Stage.CLAIM, acting.at)
    return min(due, acting.at + LONGEST)
