"""Handoffs over HTTP: propose, read, and the steps by which responsibility moves."""

from typing import Annotated
from uuid import UUID

from pydantic import Discriminator, Tag

from services.referrals.api.births import agreed_after_birth
from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.consents import said_of
from services.referrals.api.given import GivenShown, given_shown
from services.referrals.api.handoff_shapes import HandoffShown, HandoffStep, shown, step_shown
from services.referrals.api.naming import AskedNames, Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.problems import unknown
from services.referrals.api.shapes import (
    Body,
    CodedReason,
    ConsentById,
    ConsentNow,
    Day,
    Handle,
    NoteText,
    Person,
    Slug,
    kind_of_consent,
)
from services.referrals.application import given as givens
from services.referrals.application import handoff as handoffs
from services.referrals.application import proposing
from services.referrals.application.about import about
from services.referrals.application.proposing import Proposal
from services.referrals.directory import NotInDirectory
from services.referrals.domain.vocabulary import HandoffKind, Reason, ResponsibilityDomain
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class ProposeHandoff(Body):
    """What is to be handed over, to whom, and how. Nothing of hers leaves before she agreed and it is offered."""

    to: Slug
    domain: ResponsibilityDomain
    kind: HandoffKind
    reason_code: CodedReason | None = None
    note: NoteText | None = None


class ClientAgrees(Body):
    """That she agreed: a consent that names the receiver, or what she says now."""

    consent: Annotated[
        Annotated[ConsentById, Tag("ById")] | Annotated[ConsentNow, Tag("Now")], Discriminator(kind_of_consent)
    ]


class NothingMore(Body):
    """No field at all."""


class AcceptHandoff(Body):
    """Who leads (the caller where nobody is named), and for which local date the first contact is planned."""

    person: Person | None = None
    on: Day | None = None


class DeclineHandoff(Body):
    """Why not; the sender keeps the lead."""

    reason: Reason


class CompleteHandoff(Body):
    """The contact in which the receiver met her."""

    contact: Handle


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
    seen = await handoffs.read(desk, who, handoff)
    beside = await about(desk, who, seen.id, seen.client, seen.state.consent)
    client = await naming.client_in(seen.client, seen.work, names=query.names)
    return shown(naming, seen, client, beside, await givens.not_held(desk, who, seen))


@router.get("/v1/handoffs/{handoff}/given")
async def get_handoff_given(principal: Agency, call: Call, desk: AtDesk, handoff: UUID) -> GivenShown:
    """What she agreed to give, for its receiver alone; that it was read is on her list of who saw her record."""
    return given_shown(await givens.of_handoff(desk, acting(principal, call, desk), handoff))


@router.post("/v1/handoffs/{handoff}/client-agrees")
async def client_agrees_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: ClientAgrees
) -> Reply[HandoffStep]:
    """She agreed to it."""
    who = acting(principal, call, desk)
    if isinstance(body.consent, ConsentById):
        recorded = Naming(desk, who).back("consent", body.consent.id)
        return step_shown(await handoffs.client_agrees(desk, who, handoff, recorded))
    seen = await handoffs.read(desk, who, handoff)
    said = said_of(who, body.consent, seen.state.proposed.to_agency, None)
    await agreed_after_birth(desk, who, seen, said)
    return step_shown(await handoffs.client_agrees(desk, who, handoff, said))


@router.post("/v1/handoffs/{handoff}/offer")
async def offer_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: NothingMore
) -> Reply[HandoffStep]:
    """Ask the receiver, and give what she agreed to give."""
    return step_shown(await handoffs.offer(desk, acting(principal, call, desk), handoff))


@router.post("/v1/handoffs/{handoff}/accept")
async def accept_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: AcceptHandoff
) -> Reply[HandoffStep]:
    """The receiver leads from now on."""
    who = acting(principal, call, desk)
    within_reach(who, body.on, "/on")
    return step_shown(await handoffs.accept(desk, who, handoff, body.person, body.on))


@router.post("/v1/handoffs/{handoff}/decline")
async def decline_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: DeclineHandoff
) -> Reply[HandoffStep]:
    """The receiver cannot: the sender keeps the lead."""
    return step_shown(await handoffs.decline(desk, acting(principal, call, desk), handoff, body.reason))


@router.post("/v1/handoffs/{handoff}/complete")
async def complete_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: CompleteHandoff
) -> Reply[HandoffStep]:
    """The receiver met her."""
    who = acting(principal, call, desk)
    return step_shown(await handoffs.complete(desk, who, handoff, Naming(desk, who).back("contact", body.contact)))
