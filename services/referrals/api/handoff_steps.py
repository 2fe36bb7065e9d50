"""The steps of a handoff over HTTP, by which responsibility moves or stays."""

from typing import Annotated
from uuid import UUID

from pydantic import Discriminator, Tag

from services.referrals.api.births import agreed_after_birth
from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.consents import said_of
from services.referrals.api.handoff_shapes import HandoffStep, step_shown
from services.referrals.api.naming import Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.shapes import Body, ConsentById, ConsentNow, Day, Handle, Person, kind_of_consent
from services.referrals.application import handoff as handoffs
from services.referrals.application import handoff_seen
from services.referrals.domain.vocabulary import Reason
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class ClientAgrees(Body):
    """That she agreed: a consent that names the receiver, or what she says now."""

    consent: Annotated[
        Annotated[ConsentById, Tag("ById")] | Annotated[ConsentNow, Tag("Now")], Discriminator(kind_of_consent)
    ]


class NothingMore(Body):
    """No field at all."""


class WithdrawHandoff(Body):
    """Why the sender wants it no more."""

    reason: Reason


class IntroduceClient(Body):
    """Whether she was there when the two agencies spoke about her: that alone makes it warm."""

    client_present: bool


class AcceptHandoff(Body):
    """Who leads (the caller where nobody is named), and for which local date the first contact is planned.

    `own_client`: the receiver's own client whom it takes for her: its two references then show one page (R21).
    """

    person: Person | None = None
    on: Day | None = None
    own_client: Handle | None = None


class DeclineHandoff(Body):
    """Why not; the sender keeps the lead."""

    reason: Reason


class CompleteHandoff(Body):
    """The contact in which the receiver met her."""

    contact: Handle


@router.post("/v1/handoffs/{handoff}/client-agrees")
async def client_agrees_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: ClientAgrees
) -> Reply[HandoffStep]:
    """She agreed to it."""
    who = acting(principal, call, desk)
    if isinstance(body.consent, ConsentById):
        recorded = Naming(desk, who).back("consent", body.consent.id)
        return step_shown(await handoffs.client_agrees(desk, who, handoff, recorded))
    seen = await handoff_seen.read(desk, who, handoff)
    said = said_of(who, body.consent, seen.state.proposed.to_agency, None)
    await agreed_after_birth(desk, who, seen, said)
    return step_shown(await handoffs.client_agrees(desk, who, handoff, said))


@router.post("/v1/handoffs/{handoff}/client-declines")
async def client_declines_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: NothingMore
) -> Reply[HandoffStep]:
    """She does not want it: the sender leads as before."""
    return step_shown(await handoffs.client_declines(desk, acting(principal, call, desk), handoff))


@router.post("/v1/handoffs/{handoff}/withdraw")
async def withdraw_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: WithdrawHandoff
) -> Reply[HandoffStep]:
    """The sender wants it no more, as long as nobody has accepted it."""
    return step_shown(await handoffs.withdraw(desk, acting(principal, call, desk), handoff, body.reason))


@router.post("/v1/handoffs/{handoff}/introduce")
async def introduce_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: IntroduceClient
) -> Reply[HandoffStep]:
    """The two agencies spoke about her; it is warm where she was there."""
    who = acting(principal, call, desk)
    return step_shown(await handoffs.introduce(desk, who, handoff, client_present=body.client_present))


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
    own = Naming(desk, who).maybe_back("client", body.own_client)
    return step_shown(await handoffs.accept(desk, who, handoff, body.person, body.on, own_client=own))


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


@router.post("/v1/handoffs/{handoff}/acknowledge")
async def acknowledge_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: NothingMore
) -> Reply[HandoffStep]:
    """The sender has read that nobody took it up: it leads on, or again."""
    return step_shown(await handoffs.acknowledge(desk, acting(principal, call, desk), handoff))


@router.post("/v1/handoffs/{handoff}/take-back")
async def take_back_handoff(
    principal: Agency, call: Call, desk: AtDesk, handoff: UUID, body: NothingMore
) -> Reply[HandoffStep]:
    """The side that pressed the last step takes it back, within 15 minutes and until the other side came after it."""
    return step_shown(await handoffs.take_back(desk, acting(principal, call, desk), handoff))
