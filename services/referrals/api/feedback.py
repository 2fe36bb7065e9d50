"""A client's voice over HTTP: asked and answered, on a referral that has ended."""

from uuid import UUID

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Instant
from services.referrals.application import feedback as voices
from services.referrals.application.feedback import FeedbackSeen, HerWords
from services.referrals.domain.feedback import FeedbackStatus, FeedbackVerb, status_of
from services.referrals.domain.vocabulary import Degree
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class AnswerFeedback(Body):
    """What she said, as far as she said it; or `declined`: she would rather not."""

    need_met: Degree | None = None
    respectful_care: Degree | None = None
    declined: bool = False


class Words(Answer):
    """What she said."""

    declined: bool
    need_met: Degree | None
    respectful_care: Degree | None


class FeedbackShown(Answer):
    """Whether she was asked and has answered, and by which agency; what she said is shown to the agency that asked."""

    referral: UUID
    state: FeedbackStatus
    asked_by: AgencyNamed | None
    asked_at: Instant | None
    answered_at: Instant | None
    said: Words | None
    actions: list[FeedbackVerb]
    version: int


@router.get("/v1/referrals/{referral}/feedback")
async def get_referral_feedback(principal: Staff, call: Call, desk: AtDesk, referral: UUID) -> Reply[FeedbackShown]:
    """Her voice on a referral, for its two sides."""
    who = acting(principal, call, desk)
    seen = await voices.read(desk, who, referral)
    return _shown(Naming(desk, who), seen, replayed=False)


@router.post("/v1/referrals/{referral}/feedback/ask")
async def ask_referral_feedback(
    principal: Staff, call: Call, desk: AtDesk, referral: UUID, body: Nothing
) -> Reply[FeedbackShown]:
    """She is asked how it went. She is asked once: where the other side did, this changes nothing."""
    who = acting(principal, call, desk)
    done = await voices.ask(desk, who, referral)
    return _shown(Naming(desk, who), done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/feedback")
async def answer_referral_feedback(
    principal: Staff, call: Call, desk: AtDesk, referral: UUID, body: AnswerFeedback
) -> Reply[FeedbackShown]:
    """What she said, written down by the agency that asked her."""
    who = acting(principal, call, desk)
    said = HerWords(need_met=body.need_met, respectful_care=body.respectful_care, declined=body.declined)
    done = await voices.answer(desk, who, referral, said)
    return _shown(Naming(desk, who), done.seen, replayed=done.replayed)


def _shown(naming: Naming, seen: FeedbackSeen, *, replayed: bool) -> Reply[FeedbackShown]:
    state = seen.state
    said = state.answered if state and seen.own else None
    answer = FeedbackShown(
        referral=seen.referral,
        state=status_of(state),
        asked_by=naming.agency(state.agency) if state else None,
        asked_at=state.asked_at if state else None,
        answered_at=state.answered_at if state else None,
        said=Words(declined=said.declined, need_met=said.need_met, respectful_care=said.respectful_care)
        if said
        else None,
        actions=list(seen.actions),
        version=seen.version,
    )
    return Reply(answer, version=seen.version or None, replayed=replayed)
