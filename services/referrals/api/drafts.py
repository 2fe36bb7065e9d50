"""Drafts over HTTP: a referral before it is sent, saved as often as somebody likes, open to the whole agency (R10)."""

from uuid import UUID

import orjson
from pydantic import ValidationError

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.draft_shapes import NEVER_SENT, DraftFields, DraftShown, draft_shown, fields_of, parent_of
from services.referrals.api.naming import Naming
from services.referrals.api.referral_shapes import SentShown, sent_shown
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.sending import SendReferral, wish_of
from services.referrals.api.shapes import Answer
from services.referrals.application import sending, unsent
from services.referrals.application.referral import Stepped
from services.referrals.application.unsent import DraftSeen
from services.referrals.domain.refusal import NotASide
from services.runtime.http import Call, Reply, fresh, lean_router
from services.runtime.http.malformed import field_errors
from services.runtime.http.problem import malformed

router = lean_router()


class DraftGone(Answer):
    """The draft that was thrown away."""

    referral: str


@router.get("/v1/referrals/{referral}/draft")
async def get_draft(principal: Agency, call: Call, desk: AtDesk, referral: UUID) -> Reply[DraftShown]:
    """A draft of the caller's agency; 404 once it is sent, thrown away or swept."""
    who = acting(principal, call, desk)
    seen = await fresh(call, lambda: unsent.read(desk, who, referral))
    return Reply(await draft_shown(Naming(desk, who), seen), version=seen.version)


@router.patch("/v1/referrals/{referral}")
async def change_draft(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: DraftFields
) -> Reply[DraftShown]:
    """Save a draft: members that are named take the place of what stood, those that are null go (RFC 7396)."""
    who = acting(principal, call, desk)
    seen = await unsent.change(desk, who, referral, fields_of(body))
    return Reply(await draft_shown(Naming(desk, who), seen), version=seen.version)


@router.delete("/v1/referrals/{referral}")
async def delete_draft(principal: Agency, call: Call, desk: AtDesk, referral: UUID) -> DraftGone:
    """Throw a draft away. What was sent is never deleted."""
    await unsent.delete(desk, acting(principal, call, desk), referral)
    return DraftGone(referral=str(referral))


@router.post("/v1/referrals/{referral}/send")
async def send_draft(principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Nothing) -> Reply[SentShown]:
    """Send a draft as it stands; the referral has the draft's id. What is missing is 422, and the draft stays.

    Once it is sent, the same again is 200.
    """
    who = acting(principal, call._replace(if_match=None), desk)  # it names a version of the draft
    naming = Naming(desk, who)
    try:
        draft = await unsent.read(desk, who, referral)
    except NotASide:
        done = await sending.sent_before(desk, who, referral)
        return _sent(naming, done)
    call.require(draft.version)
    wish = await wish_of(naming, who, _whole(draft))
    done = await sending.send(desk, who, wish, id=referral, parent=parent_of(draft))
    await unsent.sent(desk, who, referral)
    return _sent(naming, done)


def _sent(naming: Naming, done: Stepped) -> Reply[SentShown]:
    return sent_shown(naming, done.seen, replayed=done.replayed)._replace(status=200)


def _whole(draft: DraftSeen) -> SendReferral:
    """The referral that a draft comes to. Raises 422 for what it lacks."""
    fields = {name: value for name, value in draft.fields.items() if name not in NEVER_SENT}
    try:
        return SendReferral.model_validate_json(orjson.dumps(fields))
    except ValidationError as error:
        raise malformed(field_errors(error, SendReferral)) from None
