"""Redirects over HTTP: a receiver passes a referral on; what waits for its sender becomes a draft (R3)."""

from uuid import UUID

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.draft_shapes import DraftShown, draft_shown
from services.referrals.api.naming import Naming
from services.referrals.api.referral_shapes import ReferralStep, step_shown
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.sending import To
from services.referrals.api.shapes import Body
from services.referrals.application import redirecting
from services.referrals.application.redirecting import Passed, PassingOn
from services.referrals.domain.vocabulary import Reason
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class Redirect(Body):
    """Who could help instead, and why the receiver cannot."""

    to: To
    reason: Reason = Reason.BETTER_FIT_ELSEWHERE


@router.post("/v1/referrals/{referral}/redirect")
async def redirect_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Redirect
) -> Reply[ReferralStep]:
    """The receiver passes it on. It goes out at once where her agreement covers the new receiver; else its sender is
    asked to send it. The redirecting agency sees no more of it."""
    wish = PassingOn(body.to.agency, body.to.service, body.reason)
    done = await redirecting.redirect(desk, acting(principal, call, desk), referral, wish)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/draft")
async def open_redirected(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Nothing
) -> Reply[DraftShown]:
    """The sender opens what was passed on and waits for it: a draft with everything in it but her agreement."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    passed = await redirecting.passed_on(desk, who, referral)
    kept = await redirecting.open_draft(desk, who, passed, _fields(naming, passed))
    return Reply(await draft_shown(naming, kept), version=kept.version)


def _fields(naming: Naming, passed: Passed) -> dict[str, object]:
    """What was sent before, to the agency that it was passed on to, as the sending command takes it."""
    sent, redirected = passed.seen.state.sent, passed.seen.state.redirected
    to = redirected and {"agency": redirected.to_agency, "service": redirected.service}
    fields = {
        "client": naming.maybe("client", passed.seen.client),
        "to": to,
        "category": sent.category,
        "reason_code": sent.reason_code,
        "priority": sent.priority,
        "mode": sent.mode,
        "need": naming.maybe("need", sent.need),
        "episode": naming.maybe("episode", sent.episode),
        "note": passed.note,
        "identifier": sent.identifier,
        "parent": str(passed.seen.id),
    }
    return {name: value for name, value in fields.items() if value is not None}
