"""Questions over HTTP: "ask them something first", between the two sides of a referral or handoff."""

from uuid import UUID

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Instant, NoteText
from services.referrals.application import question as questions
from services.referrals.application.desk import Desk
from services.referrals.application.question import QuestionSeen
from services.runtime.auth import Principal
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class AskQuestion(Body):
    """What is asked, or answered: text that goes to the vault."""

    text: NoteText


class QuestionRef(Answer):
    """A question by this agency's own reference."""

    question: str


class QuestionShown(Answer):
    """What was asked and answered; `mine`: the caller is who has to answer it."""

    question: str
    asked_by: AgencyNamed
    asked_at: Instant
    text: str | None
    answer: str | None
    answered_at: Instant | None
    mine: bool


class Questions(Answer):
    """The questions of one referral or handoff, the oldest first."""

    items: list[QuestionShown]


@router.post("/v1/referrals/{referral}/questions", status_code=201)
async def ask_about_referral(
    principal: Staff, call: Call, desk: AtDesk, referral: UUID, body: AskQuestion
) -> Reply[QuestionRef]:
    """Ask the other side of a referral something before it is answered."""
    return await _asked(principal, call, desk, ("referral", referral), body)


@router.get("/v1/referrals/{referral}/questions")
async def list_referral_questions(principal: Staff, call: Call, desk: AtDesk, referral: UUID) -> Questions:
    """What the two sides asked each other; that it was read is on her list of who saw her record."""
    return await _listed(principal, call, desk, ("referral", referral))


@router.post("/v1/handoffs/{handoff}/questions", status_code=201)
async def ask_about_handoff(
    principal: Staff, call: Call, desk: AtDesk, handoff: UUID, body: AskQuestion
) -> Reply[QuestionRef]:
    """Ask the other side of a handoff something before it is answered."""
    return await _asked(principal, call, desk, ("handoff", handoff), body)


@router.get("/v1/handoffs/{handoff}/questions")
async def list_handoff_questions(principal: Staff, call: Call, desk: AtDesk, handoff: UUID) -> Questions:
    """What the two sides asked each other; that it was read is on her list of who saw her record."""
    return await _listed(principal, call, desk, ("handoff", handoff))


@router.post("/v1/questions/{question}/answer")
async def answer_question(
    principal: Staff, call: Call, desk: AtDesk, question: str, body: AskQuestion
) -> Reply[QuestionRef]:
    """Answer what the other side asked."""
    who = acting(principal, call, desk)
    done = await questions.answer(desk, who, Naming(desk, who).back("question", question), body.text)
    return Reply(QuestionRef(question=question), 200, replayed=done.view is None)


async def _asked(
    principal: Principal, call: Call, desk: Desk, about: tuple[str, UUID], body: AskQuestion
) -> Reply[QuestionRef]:
    who = acting(principal, call, desk)
    done = await questions.ask(desk, who, *about, body.text)
    reference = Naming(desk, who).answered("question", done.answer)
    return Reply(QuestionRef(question=reference), 201, replayed=done.view is None)


async def _listed(principal: Principal, call: Call, desk: Desk, about: tuple[str, UUID]) -> Questions:
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    found = await questions.of(desk, who, *about)
    return Questions(items=[_shown(naming, each) for each in found])


def _shown(naming: Naming, seen: QuestionSeen) -> QuestionShown:
    state = seen.state
    return QuestionShown(
        question=naming.out("question", seen.id),
        asked_by=naming.agency(state.agency),
        asked_at=state.at,
        text=seen.text,
        answer=seen.answer,
        answered_at=state.answered_at,
        mine=state.asked.to_agency == naming.acting.agency,
    )
