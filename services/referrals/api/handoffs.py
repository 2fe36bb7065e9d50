"""Handoffs over HTTP: propose one, and read it."""

from dataclasses import replace
from uuid import UUID

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.given import GivenShown, given_shown
from services.referrals.api.handoff_shapes import HandoffShown, HandoffStep, shown, step_shown
from services.referrals.api.naming import AskedNames, Naming
from services.referrals.api.problems import unknown
from services.referrals.api.shapes import (
    Body,
    CodedReason,
    NoteText,
    Slug,
)
from services.referrals.application import given as givens
from services.referrals.application import handoff_seen, proposing
from services.referrals.application.about import about
from services.referrals.application.evidence import is_unmet
from services.referrals.application.handing_back import leads_now
from services.referrals.application.in_force import coming_with
from services.referrals.application.proposing import Proposal
from services.referrals.directory import NotInDirectory
from services.referrals.domain.safe_contact import is_prohibited
from services.referrals.domain.vocabulary import HandoffKind, ResponsibilityDomain
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class ProposeHandoff(Body):
    """What is to be handed over, to whom, and how. Nothing of hers leaves before she agreed and it is offered."""

    to: Slug
    domain: ResponsibilityDomain
    kind: HandoffKind
    reason_code: CodedReason | None = None
    note: NoteText | None = None


@router.post("/v1/clients/{client}/handoffs", status_code=201)
async def propose_handoff(
    principal: Agency, call: Call, desk: AtDesk, client: str, body: ProposeHandoff
) -> Reply[HandoffStep]:
    """Propose a handoff of what the agency leads, or of what nobody leads."""
    who = acting(principal, call, desk)
    wish = Proposal(to_agency=body.to, domain=body.domain, kind=body.kind, reason_code=body.reason_code, note=body.note)
    try:
        done = await proposing.propose(desk, who, Naming(desk, who).back("client", client), wish)
    except NotInDirectory:
        raise unknown("/to", "agency") from None
    return step_shown(done, 201)


@router.get("/v1/handoffs/{handoff}")
async def get_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, query: AskedNames
) -> Reply[HandoffShown]:
    """A handoff as the caller's side may see it; its receiver sees it once it is offered.

    A name that she gave its receiver, who has not accepted, goes on her list of who saw her record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await handoff_seen.read(desk, who, handoff)
    beside = await about(desk, who, seen.id, seen.client, seen.state.consent)
    plan = await coming_with(desk, who, seen)
    lead = await leads_now(desk, seen.state.proposed)
    unmet = await is_unmet(desk, who, seen.id, seen.work.client_id, seen.state)
    beside = replace(beside, contact_prohibited=is_prohibited(plan, who.at), lead=lead, unproven=unmet)
    client = await naming.client_in(seen.client, seen.work, names=query.names)
    return shown(naming, seen, client, beside, await givens.not_held(desk, who, seen))


@router.get("/v1/handoffs/{handoff}/given")
async def get_handoff_given(principal: Agency, call: Call, desk: AtDesk, handoff: UUID) -> GivenShown:
    """What she agreed to give, for its receiver alone; that it was read is on her list of who saw her record."""
    return given_shown(await givens.of_handoff(desk, acting(principal, call, desk), handoff))
