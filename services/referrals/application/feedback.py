"""A client's voice: asking her how a referral that has ended went for her, and writing down what she said."""

from uuid import UUID

from services.referrals.application import referral
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.referral import ReferralSeen, client_of
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import feedback
from services.referrals.domain.feedback import AnswerFeedback, AskFeedback, Feedback, FeedbackVerb, feedback_id
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import Degree
from services.referrals.store.commit import Answer
from services.runtime.http.freshness import fresh


@frozen(kw_only=True)
class HerWords:
    """What she said, as far as she said it; or that she would rather not."""

    need_met: Degree | None = None
    respectful_care: Degree | None = None
    declined: bool = False


@frozen
class FeedbackSeen:
    """Her voice on one referral as one side sees it: that she was asked and answered; what she said, who asked her."""

    referral: UUID
    state: Feedback | None
    version: int
    own: bool
    actions: tuple[FeedbackVerb, ...]


@frozen
class Voiced:
    """What a step came to; `replayed`: it was the first answer, once more."""

    seen: FeedbackSeen
    replayed: bool


async def read(desk: Desk, acting: Acting, id: UUID) -> FeedbackSeen:
    """Her voice on a referral. Raises NotASide as for the referral itself."""

    async def look() -> FeedbackSeen:
        about = await _about(desk, acting, id)
        return await _shown(desk, acting, about, await desk.history(feedback_id(id)))

    return await fresh(acting.call, look)


async def ask(desk: Desk, acting: Acting, id: UUID) -> Voiced:
    """She is asked, by either side; once, whoever is first. Raises WrongState while nobody reaches out to her (R5)."""
    return await _step(desk, acting, id, None)


async def answer(desk: Desk, acting: Acting, id: UUID, said: HerWords) -> Voiced:
    """What she said to the agency that asked her."""
    return await _step(desk, acting, id, said)


async def _step(desk: Desk, acting: Acting, id: UUID, said: HerWords | None) -> Voiced:
    async def attempt(desk: Desk) -> Decided[FeedbackSeen]:
        about = await _about(desk, acting, id)
        history = await desk.history(feedback_id(id))
        if said is None and not history.events and await _is_quiet(desk, acting, about):
            raise WrongState("paused", "outreach-paused")
        with acting.call.meant_for(history.version):
            facts = feedback.decide(_command(acting, about, said), feedback.fold(history.happened()))
        if facts:
            acting.call.require(history.version)
        draft = Draft(acting, client_of(about.history))
        after = draft.add(history, facts)
        return Decided(draft, Answer(200, {"referral": id}, after.version), await _shown(desk, acting, about, after))

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return Voiced(done.view, replayed=False)
    first = (await desk.history(feedback_id(id))).at(done.answer.version)
    return Voiced(await _shown(desk, acting, await _about(desk, acting, id), first), replayed=True)


def _command(acting: Acting, about: ReferralSeen, said: HerWords | None) -> AskFeedback | AnswerFeedback:
    if said is None:
        return AskFeedback(agency=acting.agency, at=acting.at, referral=about.id, about=about.state)
    return AnswerFeedback(
        agency=acting.agency,
        at=acting.at,
        referral=about.id,
        about=about.state,
        need_met=said.need_met,
        respectful_care=said.respectful_care,
        declined=said.declined,
    )


async def _about(desk: Desk, acting: Acting, id: UUID) -> ReferralSeen:
    return referral.seen(desk, acting, await desk.history(id))


async def _is_quiet(desk: Desk, acting: Acting, about: ReferralSeen) -> bool:
    return bool(await desk.lists.paused(acting.initiative, [client_of(about.history)]))


async def _shown(desk: Desk, acting: Acting, about: ReferralSeen, history: History) -> FeedbackSeen:
    state = feedback.fold(history.happened())
    own = state is not None and state.agency == acting.agency
    actions = feedback.actions(state, about.state, acting.agency)
    if FeedbackVerb.ASK in actions and await _is_quiet(desk, acting, about):
        actions = ()
    return FeedbackSeen(about.id, state, history.version, own, actions)
