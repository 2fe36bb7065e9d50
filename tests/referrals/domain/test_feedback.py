"""A client's voice: asked once after the end, answered once to whoever asked, and never by the one who lost sight."""

from datetime import datetime
from uuid import UUID

import pytest

from services.referrals.domain import feedback, referral
from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.feedback import (
    EDGES,
    AnswerFeedback,
    AskFeedback,
    Feedback,
    FeedbackAnswered,
    FeedbackAsked,
    FeedbackStatus,
    FeedbackVerb,
    actions,
    feedback_id,
    status_of,
)
from services.referrals.domain.referral import ENDED, Referral, ReferralStatus
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, Unfit, WrongSide, WrongState
from services.referrals.domain.vocabulary import Degree, Mode, RestrictedClass
from tests.invented import CLINIC, PANTRY, REFERRAL, STRANGER, WAY_TO, later, referral_history, send

AT = later(days=90)
ASKED_ABOUT = ENDED - {ReferralStatus.ENTERED_IN_ERROR}


def about(status: ReferralStatus) -> Referral:
    state = referral.fold(referral_history(*WAY_TO[status]))
    assert state is not None
    return state


COMPLETED = about(ReferralStatus.COMPLETED)
DECLINED = about(ReferralStatus.DECLINED)


def ask(agency: str = CLINIC, state: Referral = COMPLETED) -> AskFeedback:
    return AskFeedback(agency=agency, at=AT, referral=REFERRAL, about=state)


def answer(
    agency: str = CLINIC, state: Referral = COMPLETED, need_met: Degree | None = Degree.YES, *, declined: bool = False
) -> AnswerFeedback:
    return AnswerFeedback(agency=agency, at=AT, referral=REFERRAL, about=state, need_met=need_met, declined=declined)


def standing(status: FeedbackStatus, asked_by: str = CLINIC) -> Feedback | None:
    facts: tuple[Fact, ...] = (FeedbackAsked(referral=REFERRAL),)
    if status is FeedbackStatus.ANSWERED:
        facts += (FeedbackAnswered(referral=REFERRAL, declined=False, need_met=Degree.YES),)
    return (
        None if status is FeedbackStatus.NOT_ASKED else feedback.fold([Happened(each, AT, asked_by) for each in facts])
    )


# What each side's step comes to by where her voice stands, when the clinic (the sender) asked: how many facts, or which
# refusal. The pantry is the receiver, and accepted.
TABLE: dict[tuple[FeedbackStatus, FeedbackVerb, str], int | type[Refusal]] = {
    (FeedbackStatus.NOT_ASKED, FeedbackVerb.ASK, CLINIC): 1,
    (FeedbackStatus.NOT_ASKED, FeedbackVerb.ASK, PANTRY): 1,
    (FeedbackStatus.NOT_ASKED, FeedbackVerb.ANSWER, CLINIC): WrongState,
    (FeedbackStatus.NOT_ASKED, FeedbackVerb.ANSWER, PANTRY): WrongState,
    (FeedbackStatus.ASKED, FeedbackVerb.ASK, CLINIC): 0,
    (FeedbackStatus.ASKED, FeedbackVerb.ASK, PANTRY): 0,
    (FeedbackStatus.ASKED, FeedbackVerb.ANSWER, CLINIC): 1,
    (FeedbackStatus.ASKED, FeedbackVerb.ANSWER, PANTRY): WrongSide,
    (FeedbackStatus.ANSWERED, FeedbackVerb.ASK, CLINIC): 0,
    (FeedbackStatus.ANSWERED, FeedbackVerb.ASK, PANTRY): 0,
    (FeedbackStatus.ANSWERED, FeedbackVerb.ANSWER, CLINIC): 0,
    (FeedbackStatus.ANSWERED, FeedbackVerb.ANSWER, PANTRY): WrongSide,
}


def test_the_table_is_whole() -> None:
    assert len(TABLE) == len(FeedbackStatus) * len(FeedbackVerb) * 2


@pytest.mark.parametrize(("status", "verb", "agency"), TABLE)
def test_every_step_in_every_state_by_either_side(status: FeedbackStatus, verb: FeedbackVerb, agency: str) -> None:
    state = standing(status)
    command = ask(agency) if verb is FeedbackVerb.ASK else answer(agency)
    expected = TABLE[status, verb, agency]
    if isinstance(expected, int):
        assert len(feedback.decide(command, state)) == expected
    else:
        with pytest.raises(expected):
            feedback.decide(command, state)
    assert (verb in actions(state, COMPLETED, agency)) == (expected == 1)
    if expected == 1:
        (fact,) = feedback.decide(command, state)
        after = feedback.evolve(state, fact, AT, agency)
        assert (status_of(state), status_of(after)) == EDGES[verb]


@pytest.mark.parametrize("verb", FeedbackVerb)
def test_a_stranger_is_nobody(verb: FeedbackVerb) -> None:
    for status in FeedbackStatus:
        with pytest.raises(NotASide):
            feedback.decide(ask(STRANGER) if verb is FeedbackVerb.ASK else answer(STRANGER), standing(status))
        assert actions(standing(status), COMPLETED, STRANGER) == ()


@pytest.mark.parametrize("status", WAY_TO)
def test_she_is_asked_when_it_is_over(status: ReferralStatus) -> None:
    state = about(status)
    if status in ASKED_ABOUT:
        assert feedback.decide(ask(state=state), None) == (FeedbackAsked(referral=REFERRAL),)
    else:
        with pytest.raises(WrongState) as refused:
            feedback.decide(ask(state=state), None)
        assert refused.value.slug == "referral-not-ended"
        assert actions(None, state, CLINIC) == ()


def test_r1_a_receiver_that_never_accepted_asks_her_nothing() -> None:
    with pytest.raises(WrongSide):
        feedback.decide(ask(PANTRY, DECLINED), None)
    assert actions(None, DECLINED, PANTRY) == ()
    assert actions(None, DECLINED, CLINIC) == (FeedbackVerb.ASK,)


def test_r11_nobody_is_asked_about_what_she_did_herself() -> None:
    state = referral.fold(referral_history(send(mode=Mode.INFORMATIONAL)))
    assert state is not None
    with pytest.raises(WrongState):
        feedback.decide(ask(state=state), None)


@pytest.mark.parametrize(("need_met", "declined"), [(None, False), (Degree.NO, True)])
def test_nothing_is_no_answer_and_no_answer_is_nothing_else(need_met: Degree | None, declined: bool) -> None:
    with pytest.raises(Unfit) as refused:
        feedback.decide(answer(need_met=need_met, declined=declined), standing(FeedbackStatus.ASKED))
    assert refused.value.slug == "feedback-says-nothing"


def test_r12_another_answer_does_not_replace_the_first() -> None:
    with pytest.raises(Conflict):
        feedback.decide(answer(need_met=Degree.NO), standing(FeedbackStatus.ANSWERED))


def test_she_may_rather_not_say() -> None:
    (fact,) = feedback.decide(answer(need_met=None, declined=True), standing(FeedbackStatus.ASKED))
    assert fact == FeedbackAnswered(referral=REFERRAL, declined=True)


def test_r6_her_voice_on_a_restricted_referral_is_restricted() -> None:
    restricted = Happened(
        COMPLETED.sent.model_copy(update={"restricted": RestrictedClass.BEHAVIORAL}), COMPLETED.sent_at, CLINIC
    )
    rest = referral_history(*WAY_TO[ReferralStatus.COMPLETED])[1:]
    state = referral.fold((restricted, *rest))
    assert state is not None
    (asked,) = feedback.decide(ask(state=state), None)
    voice = feedback.evolve(None, asked, AT, CLINIC)
    (said,) = feedback.decide(answer(state=state), voice)
    assert (asked.restricted, said.restricted) == (RestrictedClass.BEHAVIORAL, RestrictedClass.BEHAVIORAL)


def test_one_referral_has_one_voice() -> None:
    other = UUID(int=REFERRAL.int + 1)
    assert feedback_id(REFERRAL) == feedback_id(REFERRAL) != feedback_id(other)


def test_a_damaged_stream_is_seen() -> None:
    alone = Happened(FeedbackAnswered(referral=REFERRAL, declined=True), datetime.now(AT.tzinfo), CLINIC)
    for facts in ((alone,), referral_history(send())):
        with pytest.raises(ForeignFact):
            feedback.fold(facts)
    assert feedback.fold(()) is None
