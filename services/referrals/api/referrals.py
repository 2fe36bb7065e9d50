"""Referrals over HTTP: send one or keep it as a draft, read it, and what she agreed to give."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Discriminator, RootModel, Tag

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.draft_shapes import DraftReferral, DraftShown, draft_shown, fields_of
from services.referrals.api.given import GivenShown, given_shown
from services.referrals.api.naming import AskedNames, Naming
from services.referrals.api.referral_shapes import (
    ReferralShown,
    SentShown,
    sent_shown,
    shown,
)
from services.referrals.api.sending import SendReferral, wish_of
from services.referrals.application import given as givens
from services.referrals.application import referral as referrals
from services.referrals.application import sending, unsent
from services.referrals.application.about import about
from services.referrals.application.closing import tried
from services.referrals.application.evidence import is_unproven
from services.referrals.application.in_force import coming_with
from services.referrals.application.letter_plan import printed
from services.referrals.domain.safe_contact import is_prohibited
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


def _kind(value: Any) -> str:
    """A draft says that it is one."""
    draft = value.get("draft") if isinstance(value, dict) else getattr(value, "draft", False)
    return "Draft" if draft is True else "Send"


class SendOrDraft(
    RootModel[
        Annotated[
            Annotated[SendReferral, Tag("Send")] | Annotated[DraftReferral, Tag("Draft")],
            Discriminator(_kind),
        ]
    ]
):
    """A referral to be sent, or with `draft: true` what there is of one."""


@router.post("/v1/referrals", status_code=201)
async def send_referral(
    principal: Agency, call: Call, desk: AtDesk, body: SendOrDraft
) -> Reply[SentShown | DraftShown]:
    """Send a referral: it is stored, whole, when this answers 201. With `draft: true` it is kept in the vault."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    if isinstance(body.root, DraftReferral):
        kept = await unsent.create(desk, who, fields_of(body.root))
        shown_kept = await draft_shown(naming, kept)
        return Reply(shown_kept, 201, kept.version, f"/v1/referrals/{kept.id}/draft", kept.replayed)
    done = await sending.send(desk, who, await wish_of(naming, who, body.root))
    return sent_shown(naming, done.seen, replayed=done.replayed)


@router.get("/v1/referrals/{referral}")
async def get_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, query: AskedNames
) -> Reply[ReferralShown]:
    """A referral as the caller's side may see it. Reading moves nothing: `receive` and `acknowledge` are steps.

    A name that she gave its receiver, who has not accepted, goes on her list of who saw her record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await referrals.read(desk, who, referral)
    beside = await about(desk, who, seen.id, seen.client, seen.state.sent.consent)
    client = await naming.client_in(seen.client, seen.work, names=query.names)
    plan = await coming_with(desk, who, seen)
    beside = replace(
        beside,
        tried=await tried(desk, who, seen),
        contact_prohibited=is_prohibited(plan, who.at),
        letter=await printed(desk, who, seen, plan),
        not_held=await givens.not_held(desk, who, seen),
        unproven=await is_unproven(desk, who, seen.id, seen.work.client_id, seen.state),
    )
    return shown(naming, seen, client, beside)


@router.get("/v1/referrals/{referral}/given")
async def get_referral_given(principal: Agency, call: Call, desk: AtDesk, referral: UUID) -> GivenShown:
    """What she agreed to give, for its receiver alone; that it was read is on her list of who saw her record."""
    who = acting(principal, call, desk)
    return given_shown(await givens.of_referral(desk, who, referral))
