"""Claims over HTTP: "I do it" of one thing on the work list, given back, or taken over from a colleague."""

from typing import cast
from uuid import UUID

from services.referrals.api.callers import AtDesk, Colleague, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import Answer, Instant, WorkKind
from services.referrals.application import claim as claims
from services.referrals.application.claim import Claimed, ClaimSeen
from services.referrals.domain.claim import Claim
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class ClaimShown(Answer):
    """Who does it (a sign-in's subject, and the name where it is known), since when, and until when it stands."""

    person: str
    name: str | None
    mine: bool
    since: Instant
    until: Instant


class WorkClaim(Answer):
    """A thing on the work list, and who does it: null where nobody said so."""

    id: UUID
    claim: ClaimShown | None


class ClaimLine(Answer):
    """What somebody of the agency does; of the client it says nothing."""

    kind: WorkKind
    id: UUID
    waits_for: str
    due: Instant | None
    claim: ClaimShown


class ClaimLines(Answer):
    """All claims of an agency that stand, the first to expire first."""

    items: list[ClaimLine]


@router.post("/v1/work/{work}/claim")
async def claim_work(principal: Staff, call: Call, desk: AtDesk, work: UUID, body: Nothing) -> Reply[WorkClaim]:
    """The caller does it, for one working day. A colleague who was first is 409 `work-already-claimed`."""
    who = acting(principal, call, desk)
    return _answer(Naming(desk, who), await claims.make(desk, who, work))


@router.post("/v1/work/{work}/release")
async def release_work(principal: Staff, call: Call, desk: AtDesk, work: UUID, body: Nothing) -> Reply[WorkClaim]:
    """The caller does it no more."""
    who = acting(principal, call, desk)
    return _answer(Naming(desk, who), await claims.release(desk, who, work))


@router.post("/v1/work/{work}/take-over")
async def take_over_work(principal: Staff, call: Call, desk: AtDesk, work: UUID, body: Nothing) -> Reply[WorkClaim]:
    """The caller does it in place of a colleague."""
    who = acting(principal, call, desk)
    return _answer(Naming(desk, who), await claims.take_over(desk, who, work))


@router.get("/v1/claims")
async def list_claims(principal: Colleague, call: Call, desk: AtDesk) -> ClaimLines:
    """Everybody's claims at the caller's agency."""
    who = acting(principal, call, desk)
    return _lines(Naming(desk, who), await claims.standing(desk, who))


def claim_shown(naming: Naming, claim: Claim | None) -> ClaimShown | None:
    """A claim as the caller's colleagues see it."""
    if claim is None or claim.person is None or claim.until is None:
        return None
    return ClaimShown(
        person=claim.person,
        name=naming.person(claim.person, naming.acting.agency),
        mine=claim.person == naming.acting.subject,
        since=claim.since,
        until=claim.until,
    )


def _answer(naming: Naming, seen: ClaimSeen) -> Reply[WorkClaim]:
    shown = WorkClaim(id=seen.work, claim=claim_shown(naming, seen.claim))
    return Reply(shown, version=seen.version or None, replayed=seen.replayed)


def _lines(naming: Naming, held: list[Claimed]) -> ClaimLines:
    return ClaimLines(items=[_line(naming, each, shown) for each in held if (shown := claim_shown(naming, each.claim))])


def _line(naming: Naming, held: Claimed, shown: ClaimShown) -> ClaimLine:
    return ClaimLine(
        kind=cast(WorkKind, held.row.kind),
        id=held.row.id,
        waits_for=held.claim.waits_for,
        due=held.row.due_at,
        claim=shown,
    )
